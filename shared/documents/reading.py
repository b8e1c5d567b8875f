"""What a file is, by what stands in it: what it is called says nothing."""

from collections.abc import Mapping
from typing import BinaryIO, Final
from zipfile import BadZipFile, ZipFile

from shared.documents.model import DOCX, JPEG, ODP, ODS, ODT, PDF, PNG, PPTX, XLSX
from shared.refusals import N_, Fault, Invalid

_SIGNS: Final[Mapping[bytes, str]] = {b"%PDF-": PDF, b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG}
"""Which bytes files begin with: ISO 32000-1, 7.5.2; PNG, 5.2; ISO/IEC 10918-1, B.1.1.3."""

_ARCHIVE: Final = b"PK\x03\x04"
_OPEN: Final[Mapping[bytes, str]] = {b"mimetype" + type.encode() + _ARCHIVE: type for type in (ODT, ODP, ODS)}
_NAMES_AT: Final = 30
"""Where archives of OpenDocument say which type they are, the first file in them (OpenDocument 1.3, part 2, 3.3)."""

_OFFICE: Final[Mapping[str, str]] = {
    "word/document.xml": DOCX,
    "ppt/presentation.xml": PPTX,
    "xl/workbook.xml": XLSX,
}
"""Which file archives of Office Open XML have, beside that of `_TYPES` (ISO/IEC 29500-2)."""

_TYPES: Final = "[Content_Types].xml"


def type_of(file: BinaryIO) -> str:
    """Return the type of a file. Raise Invalid for one that cannot be used here."""
    beginning = file.read(_NAMES_AT + 100)
    for sign, type in _SIGNS.items():
        if beginning.startswith(sign):
            return type
    if beginning.startswith(_ARCHIVE):
        return _of_archive(beginning, _names(file))
    raise _unusable()


def _of_archive(beginning: bytes, names: frozenset[str]) -> str:
    if any(_is_program(name.lower()) for name in names):
        raise Invalid(
            Fault("document", N_("There are macros in this file. Save it without them, or as PDF, and send that."))
        )
    found = [type for sign, type in _OPEN.items() if beginning[_NAMES_AT:].startswith(sign)]
    if _TYPES in names:
        found += [type for name, type in _OFFICE.items() if name in names]
    if len(found) != 1:
        raise _unusable()
    return found[0]


def _names(file: BinaryIO) -> frozenset[str]:
    """What lies in an archive: only its directory is read, and nothing is unpacked."""
    try:
        return frozenset(ZipFile(file).namelist())
    except (BadZipFile, NotImplementedError, ValueError) as error:
        raise _unusable() from error


def _is_program(name: str) -> bool:
    return name.endswith("vbaproject.bin") or name.startswith(("basic/", "scripts/"))


def _unusable() -> Invalid:
    return Invalid(
        Fault(
            "document",
            N_("This kind of file cannot be used here, or the file is broken. Save it as PDF, and send that."),
        )
    )
