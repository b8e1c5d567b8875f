"""Reads what stands in a video, by the libraries of FFmpeg."""

from contextlib import closing
from fractions import Fraction
from struct import unpack
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast

import av
from av.codec.context import CodecContext
from av.error import FFmpegError
from av.filter import Graph

from shared.buckets import opened
from shared.refusals import N_
from shared.webinars.recording import MP4, VIDEO, WEBM, Media, Unplayable, poster_measures, type_of

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.codeccontext import VideoCodecContext
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

READERS: Final = {MP4: "mp4", WEBM: "matroska"}
"""What reads each type. It is never left to be guessed: some other readers open what a file tells them to open."""

UNKNOWN: Final = "?"
BEGINNING: Final = 16
SHOWN_AT: Final = 0.1
"""How far into the recording its picture is taken: it begins with a greeting, or with nothing."""

BEFORE_THE_END: Final = 3
"""Seconds before the end at which there must be something left."""


def look_into(file: BinaryIO) -> Media:
    """Return what stands in a file. Raise Unplayable."""
    type = type_of(file.read(BEGINNING))
    file.seek(0)
    try:
        container = av.open(file, mode="r", format=READERS[type])
        with closing(container):
            return _told(container, type)
    except FFmpegError as error:
        raise _Damaged from error


class _Damaged(Unplayable):
    """Something is missing in the file, or wrong."""

    def __init__(self) -> None:
        super().__init__(
            N_("The file is damaged, or not all of it was saved. Save it anew, and see that it plays to its end.")
        )


def _told(container: "InputContainer", type: str) -> Media:
    audio, video = next(iter(container.streams.audio), None), next(iter(container.streams.video), None)
    told: dict[str, Any] = {
        "type": type,
        "duration": None if container.duration is None else container.duration // 1000,
        "audio": _codec(audio),
        "video": _codec(video),
    }
    # What browsers do not play is not decoded here either.
    if video is None or container.duration is None or told["video"] not in VIDEO[type]:
        return Media(**told, width=0, height=0, pixels=None, poster=b"")
    shown = _upright(_frame(container, video, int(container.duration * SHOWN_AT)))
    _require_end(container, video)
    pixels = video.codec_context.pix_fmt
    return Media(**told, width=shown.width, height=shown.height, pixels=pixels, poster=_jpeg(shown))


def _codec(stream: "AudioStream | VideoStream | None") -> str | None:
    """Return how a stream is coded; the libraries know no name for what they cannot decode."""
    if stream is None:
        return None
    known: Any = stream.codec_context
    return known.name if known else UNKNOWN


def _frame(container: "InputContainer", video: "VideoStream", at: int) -> "VideoFrame":
    """Return what is seen at a moment, in microseconds, or shortly before it. Raise FFmpegError or Unplayable."""
    container.seek(at)
    for frame in container.decode(video):
        return frame
    raise _Damaged


def _upright(frame: "VideoFrame") -> "VideoFrame":
    """Return a picture as players show it: telephones note how they were held (ISO/IEC 14496-12, 8.3.2)."""
    noted: Any = frame.side_data
    matrix = next((bytes(one) for one in noted if one.type.name == "DISPLAYMATRIX"), b"")
    a, b = unpack("<2i", matrix[:8]) if matrix else (1, 0)
    turns = []
    if b:
        turns = [("transpose", "clock" if b > 0 else "cclock")]
    elif a < 0:
        turns = [("hflip", ""), ("vflip", "")]
    if not turns:
        return frame
    graph = Graph()
    source = graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=Fraction(1, 25))
    graph.link_nodes(source, *(graph.add(*one) for one in turns), graph.add("buffersink"))
    graph.configure()
    graph.push(frame)
    return cast("VideoFrame", graph.pull())


def _require_end(container: "InputContainer", video: "VideoStream") -> None:
    """Raise FFmpegError or Unplayable when the picture breaks off before it should."""
    assert container.duration is not None and video.time_base is not None
    end = container.duration / 1_000_000 if video.duration is None else video.duration * video.time_base
    container.seek(container.duration)
    # One picture may stand for long: slides do.
    ends = (packet.pts + (packet.duration or 0) for packet in container.demux(video) if packet.pts is not None)
    seen = max(ends, default=0) * video.time_base
    if seen < end - BEFORE_THE_END:
        raise _Damaged


def _jpeg(frame: "VideoFrame") -> bytes:
    picture = frame.reformat(*poster_measures(frame.width, frame.height), format="yuvj420p")
    encoder = cast("VideoCodecContext", CodecContext.create("mjpeg", "w"))
    encoder.width, encoder.height, encoder.pix_fmt = picture.width, picture.height, "yuvj420p"
    encoder.time_base = Fraction(1, 25)
    picture.pts = 0
    return b"".join(bytes(packet) for packet in (*encoder.encode(picture), *encoder.encode(None)))


class BucketPlayer:
    """Reads recordings where they lie in S3."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def look_into(self, key: str, size: int) -> Media:
        """Return what stands in a file of so many bytes. Raise Unplayable."""
        return look_into(opened(self._client, self._bucket, key, size))
