"""Videos as people send them: a picture by ffmpeg, and Danish by espeak-ng."""

import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

SAID: Final = "Velkommen til webinaret. I dag taler vi om borgerforskning, og om hvordan I kommer i gang."
CODED: Final[dict[str, tuple[str, ...]]] = {
    "mp4": ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "50", "-c:a", "aac", "-movflags", "+faststart"),
    "webm": ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"),
    "mov": ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac"),
}
"""As Zoom and Teams save it, as browsers do, and as telephones do."""

NOT_PLAYED: Final[dict[str, tuple[str, ...]]] = {
    "hevc.mp4": ("-c:v", "libx265", "-x265-params", "log-level=error", "-c:a", "aac"),
    "four-four-four.mp4": ("-c:v", "libx264", "-pix_fmt", "yuv444p", "-c:a", "aac"),
    "ac3.mp4": ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "ac3"),
    "sound.mp4": ("-vn", "-c:a", "aac"),
    "film.avi": ("-c:v", "mpeg4", "-c:a", "mp3"),
}
"""What browsers do not play."""


@cache
def _folder() -> Path:
    return Path(mkdtemp(prefix="videos-"))


@cache
def speech() -> Path:
    """Return somebody speaking, some seconds long."""
    path = _folder() / "tale.wav"
    subprocess.run(["espeak-ng", "-v", "da", "-w", path, SAID], check=True)
    return path


@cache
def video(name: str, *coded: str, seconds: int = 6, picture: str = "640x360") -> Path:
    """Return a video: `name` says which kind, unless it is said how it is coded."""
    path = _folder() / name
    kind = coded or NOT_PLAYED.get(name) or CODED[path.suffix[1:]]
    command = ["ffmpeg", "-loglevel", "error", "-y", "-f", "lavfi", "-i", f"testsrc2=size={picture}:rate=25"]
    subprocess.run([*command, "-i", speech(), "-t", str(seconds), *kind, path], check=True)
    return path


@cache
def turned(degrees: int) -> Path:
    """Return a video as a telephone notes that it was held otherwise."""
    path = _folder() / f"turned-{degrees}.mp4"
    command = ["ffmpeg", "-loglevel", "error", "-y", "-i", str(video("zoom.mp4")), "-c", "copy"]
    subprocess.run([*command, "-metadata:s:v", f"rotate={degrees}", path], check=True)
    return path
