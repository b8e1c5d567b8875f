"""A recording as a file of ours: its way here in parts, and what browsers can play of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from shared.refusals import N_, Fault, Invalid

PART: Final = 16 * 2**20
"""Bytes of each part but the last. S3 takes 5 MiB to 5 GiB, and 10 000 parts."""

LARGEST: Final = 4 * 2**30
"""Bytes. S3 copies up to 5 GiB in one step, and three hours of a meeting take one."""

MOST_LINKS: Final = 20
"""For how many parts links are given at once: they are valid for a while only."""

RECORDINGS: Final = "recordings/"
POSTERS: Final = "posters/"
"""What the keys of recordings, and of their pictures, begin with."""

JPEG: Final = "image/jpeg"
WIDEST_POSTER: Final = 1280
"""Pixels: no page shows it wider."""

MP4: Final = "video/mp4"
WEBM: Final = "video/webm"

VIDEO: Final[Mapping[str, Mapping[str, str]]] = {
    MP4: {"h264": "H.264"},
    WEBM: {"vp8": "VP8", "vp9": "VP9"},
}
AUDIO: Final[Mapping[str, Mapping[str, str]]] = {
    MP4: {"aac": "AAC", "mp3float": "MP3", "opus": "Opus"},
    WEBM: {"opus": "Opus", "vorbis": "Vorbis"},
}
"""What Chromium, Firefox and Safari all play on any machine, by its decoder in libavcodec, and how people know it."""

EIGHT_BITS: Final = frozenset({"yuv420p", "yuvj420p"})
"""How H.264 may keep its picture: browsers decode no other way of it."""


class UploadState(StrEnum):
    """Where a file is on its way."""

    SENDING = "sending"
    CHECKING = "checking"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Upload:
    """A recording on its way here. It will lie at `key`; `multipart` is what S3 calls the way. `size` is in bytes,
    `mark` what the browser knows the file by, to go on with it later. `fault` is why it was refused.
    """

    key: str
    multipart: str
    size: int
    mark: str
    began_at: datetime
    state: UploadState = UploadState.SENDING
    fault: Fault | None = None

    @property
    def parts(self) -> int:
        """How many parts it comes in, numbered from 1."""
        return -(-self.size // PART)

    def length(self, number: int) -> int:
        """Return how many bytes a part has. Raise Invalid for a number that is not one of them."""
        if not 1 <= number <= self.parts:
            raise Invalid(Fault("numbers", N_("There is no such part.")))
        return min(PART, self.size - (number - 1) * PART)

    def whole(self, lengths: Mapping[int, int]) -> bool:
        """Whether all parts are here, given their numbers and lengths."""
        return all(lengths.get(number) == self.length(number) for number in range(1, self.parts + 1))


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording that browsers can play, and a picture of it.

    `file` and `poster` are keys among the files. `size` is in bytes, `duration` in ms, `width` and `height` in pixels;
    `video` and `audio` say how it is coded, `audio` None when there is nothing to hear.
    """

    file: str
    poster: str
    type: str
    size: int
    duration: int
    width: int
    height: int
    video: str
    audio: str | None

    @property
    def poster_measures(self) -> tuple[int, int]:
        """Width and height of its picture, in pixels."""
        return poster_measures(self.width, self.height)


@dataclass(frozen=True, slots=True)
class Media:
    """What stands in a file: names as libavcodec has them, `duration` in ms or None where the file does not say, and a
    picture as JPEG."""

    type: str
    duration: int | None
    width: int
    height: int
    video: str | None
    pixels: str | None
    audio: str | None
    poster: bytes


class Unplayable(Exception):
    """The file cannot be used; `fault` says why, and what to do about it."""

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message)
        self.fault = Fault("recording", message, values)


def poster_measures(width: int, height: int) -> tuple[int, int]:
    """Return how large the picture of a recording is, in pixels: of odd measures there is none."""
    shown = min(WIDEST_POSTER, width)
    scaled = round(height * shown / width)
    return shown - shown % 2, scaled - scaled % 2


def check_size(size: int) -> None:
    """Raise Invalid unless a file of so many bytes can come here."""
    if size <= 0:
        raise Invalid(Fault("recording", N_("The file is empty.")))
    if size > LARGEST:
        raise Invalid(
            Fault(
                "recording",
                N_("The file is too large: at most %(most)s GB. Save it with a smaller picture, as 1280 × 720."),
                {"most": LARGEST // 2**30},
            )
        )


def type_of(beginning: bytes) -> str:
    """Return the type of a file by its first bytes, whatever it is called (MP4: ISO/IEC 14496-12; WebM: RFC 8794).

    Raise Unplayable.
    """
    if beginning[4:8] == b"ftyp":
        return MP4
    if beginning.startswith(b"\x1a\x45\xdf\xa3"):
        return WEBM
    raise Unplayable(
        N_("This is no video that browsers can play. Save it as MP4, as Zoom and Teams do, and send that.")
    )


def playable(media: Media, *, file: str, poster: str, size: int) -> Recording:
    """Return what stands in a file as a recording. Raise Unplayable."""
    if media.video is None:
        raise Unplayable(N_("There is no picture in this file, only sound. Save it as a video, and send that."))
    if media.duration is None:
        raise Unplayable(
            N_("The file does not say how long it is, so nobody could wind it. Save it anew as MP4, and send that.")
        )
    video = VIDEO[media.type].get(media.video)
    if video is None or (media.video == "h264" and media.pixels not in EIGHT_BITS):
        raise Unplayable(
            N_("Browsers cannot show this picture (%(codec)s). Save it as MP4 with H.264 and AAC, and send that."),
            codec=media.video.upper(),
        )
    audio = AUDIO[media.type].get(media.audio) if media.audio else None
    if media.audio and audio is None:
        raise Unplayable(
            N_("Browsers cannot play this sound (%(codec)s). Save it as MP4 with H.264 and AAC, and send that."),
            codec=media.audio.upper(),
        )
    return Recording(file, poster, media.type, size, media.duration, media.width, media.height, video, audio)
