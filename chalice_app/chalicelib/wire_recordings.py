"""JSON of recordings on their way, for the page that sends them and for programs."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field

from chalicelib.wire import Wire
from shared.webinars.recording import MOST_LINKS, PART, Recording, Upload

Mark = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
"""A SHA-256 of what the sender knows the file by, in hexadecimal."""

Key = Annotated[str, Field(max_length=200)]


class BeginBody(Wire):
    """A file that is to be sent: its size in bytes, and what tells it again."""

    size: int
    mark: Mark


class PartsBody(Wire):
    """Parts that links are wanted for."""

    key: Key
    numbers: list[int] = Field(min_length=1, max_length=MOST_LINKS)


class FinishBody(Wire):
    """An upload of which all parts have been sent."""

    key: Key


def begun(upload: Upload, here: Iterable[int]) -> dict[str, Any]:
    """Return an upload: how many parts of which size there are, the last one being what is left, and which are here."""
    return {
        "key": upload.key,
        "state": upload.state,
        "size": upload.size,
        "part_size": PART,
        "parts": upload.parts,
        "here": sorted(here),
    }


def links(by_number: Mapping[int, str]) -> dict[str, Any]:
    """Return where parts are to be put."""
    return {"links": [{"number": number, "url": url} for number, url in by_number.items()]}


def recording(kept: Recording | None) -> dict[str, Any] | None:
    """Return a recording that is kept: size in bytes, duration in ms, width and height in pixels."""
    if kept is None:
        return None
    return {
        "type": kept.type,
        "size": kept.size,
        "duration": kept.duration,
        "width": kept.width,
        "height": kept.height,
        "video": kept.video,
        "audio": kept.audio,
    }
