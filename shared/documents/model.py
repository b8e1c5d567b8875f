"""A file that people take with them: what it can be, how large, and what it is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shared.gatherings.model import slug_of
from shared.refusals import N_, Fault, Invalid

LARGEST: Final = 50 * 2**20
"""Bytes. Slides with many pictures have some ten million."""

ARRIVALS: Final = "arrivals/"
DOCUMENTS: Final = "documents/"
"""What the keys of files begin with that have just come, and of those that are kept."""

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_OPEN: Final = "application/vnd.oasis.opendocument"

PDF: Final = "application/pdf"
PNG: Final = "image/png"
JPEG: Final = "image/jpeg"
DOCX: Final = f"{_OFFICE}.wordprocessingml.document"
PPTX: Final = f"{_OFFICE}.presentationml.presentation"
XLSX: Final = f"{_OFFICE}.spreadsheetml.sheet"
ODT: Final = f"{_OPEN}.text"
ODP: Final = f"{_OPEN}.presentation"
ODS: Final = f"{_OPEN}.spreadsheet"

ENDINGS: Final[Mapping[str, str]] = {
    PDF: "pdf",
    PPTX: "pptx",
    DOCX: "docx",
    XLSX: "xlsx",
    ODP: "odp",
    ODT: "odt",
    ODS: "ods",
    PNG: "png",
    JPEG: "jpg",
}
"""The types that can come here, and what names of such files end with."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file that is kept: `file` is its key among the files, `name` what it is saved as, `size` in bytes."""

    file: str
    name: str
    type: str
    size: int

    @property
    def id(self) -> str:
        """What tells it from other files of the same thing."""
        return self.file.rpartition("/")[2]

    @property
    def kind(self) -> str:
        """What people call such files."""
        return ENDINGS[self.type].upper()


def check_size(size: int) -> None:
    """Raise Invalid unless a file of so many bytes can come here."""
    if size <= 0:
        raise Invalid(Fault("document", N_("Choose a file; an empty one cannot be used.")))
    if size > LARGEST:
        raise Invalid(
            Fault(
                "document",
                N_("The file is too large: at most %(most)s MB. Save it as PDF with smaller pictures."),
                {"most": LARGEST // 2**20},
            )
        )


def name_of(title: str, type: str) -> str:
    """Return what a file of that title is saved as. What it was called on somebody's machine is not kept: somebody may
    be named in it.
    """
    return f"{slug_of(title) or 'document'}.{ENDINGS[type]}"
