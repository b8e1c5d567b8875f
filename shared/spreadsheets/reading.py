"""Reads a spreadsheet as a coordinator has it: CSV of any make, rows pasted from a sheet, or XLSX.

A sheet is read in three steps: the bytes become tables (a file of text has one, a workbook one for each sheet to be
seen), a table with the headings that are looked for is found, and what stands below them becomes rows. Lines are
counted as a spreadsheet counts them. Nothing is ever calculated: of a formula, the value that was last shown is read.
"""

import csv
import io
import re
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import ClassVar, Final

from shared.refusals import N_, Fault, Invalid
from shared.spreadsheets.writing import BEGINS_A_FORMULA

MOST_LINES: Final = 10_000
"""How many lines below the heading are taken at once."""

LARGEST_UNPACKED: Final = 25_000_000
"""Bytes that a workbook may take when it is unpacked: a few times what so many lines need."""

MOST_COLUMNS: Final = 100
HEADING_WITHIN: Final = 20
"""In how many lines, from the first, headings are looked for."""

_SAMPLE: Final = 50

_DELIMITERS: Final = "\t;,"
_BLANK: Final = " \t\r\n\v\f\u00a0\ufeff\u200b"
_ESCAPED: Final = re.compile("_x(?![dD][89a-fA-F])([0-9A-Fa-f]{4})_")
"""How a workbook writes what XML cannot hold (ISO/IEC 29500-1, 22.9.2.19), which openpyxl leaves as it is."""

_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1f]")
_END: Final = "\x1e"

Cells = tuple[str, ...]


class SheetUnreadable(Invalid):
    """What was sent cannot be taken as a spreadsheet. Its one fault lies in `sheet`; the details say more."""

    sentence: ClassVar[str]

    def __init__(self, **values: object) -> None:
        super().__init__(Fault("sheet", self.sentence, values))
        self.details = values


class SheetEmpty(SheetUnreadable):
    """There is nothing in it, or no line below the headings."""

    kind = "sheet-empty"
    sentence = N_("There are no lines in it.")


class NotASpreadsheet(SheetUnreadable):
    """It is something else, or broken, or larger inside than any list of people."""

    kind = "not-a-spreadsheet"
    sentence = N_("This cannot be read as a spreadsheet. Save it as XLSX or CSV and try again.")


class SheetEncrypted(SheetUnreadable):
    """It needs a password."""

    kind = "sheet-encrypted"
    sentence = N_("This spreadsheet is locked with a password. Save it without one and try again.")


class QuoteNotClosed(SheetUnreadable):
    """A quotation mark opens in a line and swallows all that follows."""

    kind = "sheet-quote-not-closed"
    sentence = N_("A cell in line %(line)s begins with a quotation mark that never ends.")


class TooManyLines(SheetUnreadable):
    """There are more lines than are taken at once."""

    kind = "sheet-too-many-lines"
    sentence = N_("There are %(lines)s lines in it, and at most %(most)s can be read at once.")


class ColumnsMissing(SheetUnreadable):
    """There is no line with the headings that were looked for."""

    kind = "sheet-columns-missing"
    sentence = N_("There is no line with the headings that we look for: %(sought)s. We saw: %(seen)s.")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns an import knows: by field, the headings it goes by. Of each group in `needed`, one must be there.

    Case, blanks, hyphens and what stands in brackets do not count: `E-mail`, `email` and `E-mail (arbejde)` are one.
    """

    headings: Mapping[str, Sequence[str]]
    needed: Sequence[Sequence[str]]

    def recognised(self, cells: Sequence[str]) -> dict[str, int]:
        """Return where each field stands, if the cells are headings. The first of two columns counts."""
        wanted = {_heading(name): field for field, names in self.headings.items() for name in names}
        found: dict[str, int] = {}
        for at, cell in enumerate(cells):
            field = wanted.get(_heading(cell))
            if field is not None:
                found.setdefault(field, at)
        return found

    def suffice(self, found: Mapping[str, int]) -> bool:
        """Whether enough of them were recognised."""
        return all(any(field in found for field in group) for group in self.needed)

    @property
    def sought(self) -> str:
        """What is looked for, in words: the first heading of each field that is needed."""
        return ", ".join("/".join(self.headings[field][0] for field in group) for group in self.needed)


@dataclass(frozen=True, slots=True)
class Row:
    """A line with something in it. `line` is its number in the sheet, from 1.

    `cells` has every field that was recognised, perhaps empty; `filled` counts the cells that hold something, those of
    unknown columns among them.
    """

    line: int
    cells: Mapping[str, str]
    filled: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A spreadsheet: the headings as they stand there, where, and the lines below."""

    header: Cells
    header_line: int
    fields: tuple[str, ...]
    rows: tuple[Row, ...]


def read(content: bytes, columns: Columns) -> Sheet:
    """Return the sheet. Raise a SheetUnreadable that says what is wrong."""
    seen: Cells = ()
    for table in tables(content):
        lines = enumerate(table, start=1)
        for line, cells in islice(lines, HEADING_WITHIN):
            found = columns.recognised(cells)
            if columns.suffice(found):
                return _sheet(cells, line, found, lines)
            seen = max(seen, tuple(filter(None, cells)), key=len)
    if not seen:
        raise SheetEmpty
    raise ColumnsMissing(sought=columns.sought, seen=in_short(seen))


def in_short(cells: Cells) -> str:
    """Return what a line holds, as a refusal tells it: so much that the line is known again, and never a page."""
    return ", ".join(cell[:40] for cell in cells[:12])


def _sheet(header: Cells, line: int, found: Mapping[str, int], lines: Iterable[tuple[int, Cells]]) -> Sheet:
    rows, count = [], 0
    for number, cells in lines:
        filled = sum(map(bool, cells))
        if not filled:
            continue
        count += 1
        if count <= MOST_LINES:
            taken = {field: cells[at] if at < len(cells) else "" for field, at in found.items()}
            rows.append(Row(number, taken, filled))
    if count > MOST_LINES:
        raise TooManyLines(lines=count, most=MOST_LINES)
    if not rows:
        raise SheetEmpty
    return Sheet(header, line, tuple(found), tuple(rows))


def _heading(text: str) -> str:
    """Return a heading without what does not count."""
    plain = re.sub(r"\([^()]*\)", "", unicodedata.normalize("NFC", text).casefold())
    return re.sub(r"[\W_]", "", plain)


def tables(content: bytes, *, tabs_quote: bool = True) -> Iterator[Iterable[Cells]]:
    """Yield the lines of each table: a text is one, and a workbook has one for each sheet to be seen.

    Raise a SheetUnreadable. There are programs that part cells by tabs and quote none, so that a quotation mark is a
    letter as any other: with `tabs_quote` False it means something only where it stands at both ends of a cell.
    """
    if content.startswith(b"PK\x03\x04"):
        yield from _workbook(content)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        # A compound file: what Excel makes of a workbook with a password, and what it wrote before 2007.
        raise SheetEncrypted if "EncryptedPackage".encode("utf-16-le") in content else NotASpreadsheet
    else:
        yield _text_table(_decoded(content), tabs_quote)


def _decoded(content: bytes) -> str:
    """Return a file of text, by its byte order mark or by what fits. Raise NotASpreadsheet."""
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return text
    raise NotASpreadsheet


def _encodings(content: bytes) -> tuple[str, ...]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    if b"\0" in content[:200]:
        # Western text in UTF-16 has a zero in every other byte, from the first if the large end comes first.
        return ("utf-16-be",) if content[0] == 0 else ("utf-16-le",)
    return ("utf-8-sig", "cp1252")


def _text_table(text: str, tabs_quote: bool) -> Iterable[Cells]:
    """Return the lines of a text. Raise QuoteNotClosed."""
    # Excel takes a first line `sep=;` as an instruction, and does not count it.
    told = re.match(r"sep=([;,\t])\r?\n", text)
    text = text[told.end() :] if told else text
    delimiter = told.group(1) if told else _delimiter(text, tabs_quote)
    # Were a quotation mark open at the end, the mark we put there would not stand alone.
    records = list(_records(f"{text}\n{_END}", delimiter, tabs_quote))
    if records[-1] != [_END]:
        raise QuoteNotClosed(line=len(records))
    return (_cells(record) for record in records[:-1])


def _delimiter(text: str, tabs_quote: bool) -> str:
    """Return what parts the cells: what makes the most of them in the first lines, where a tab wins a tie."""

    def parts(delimiter: str) -> int:
        sample = islice(_records(text, delimiter, tabs_quote), _SAMPLE)
        return sum(len(record) - 1 for record in sample)

    return max(_DELIMITERS, key=parts)


def _records(text: str, delimiter: str, tabs_quote: bool) -> Iterator[list[str]]:
    lines = io.StringIO(text, newline="")
    try:
        if tabs_quote or delimiter != "\t":
            yield from csv.reader(lines, delimiter=delimiter)
        else:
            for record in csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE):
                yield [_unquoted(cell) for cell in record]
    except csv.Error as error:
        # A cell of over 128 KB: no cell of a list is.
        raise NotASpreadsheet from error


def _unquoted(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell


def _cells(record: Sequence[str]) -> Cells:
    return tuple(_unguarded(cell.strip(_BLANK)) for cell in record[:MOST_COLUMNS])


def _unguarded(cell: str) -> str:
    """Return a cell without the apostrophe by which `writing.csv_text` keeps it from being a formula."""
    return cell[1:].strip(_BLANK) if cell.startswith("'") and cell[1:].startswith(BEGINS_A_FORMULA) else cell


def _workbook(content: bytes) -> Iterator[Iterable[Cells]]:
    """Yield the sheets that are there to be seen. Raise NotASpreadsheet."""
    import openpyxl

    with _reading():
        _refuse_a_bomb(content)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in sheets:
        with _reading():
            # What a file says of its own size may be wrong, and then lines would be missing.
            sheet.reset_dimensions()
            rows = [_values(row) for row in sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)]
        yield rows


@contextmanager
def _reading() -> Iterator[None]:
    """Take what goes wrong in a workbook for what it is: no workbook."""
    with warnings.catch_warnings():
        # Of what it does not know, such as a list to choose from, openpyxl warns; cells are not touched by it.
        warnings.simplefilter("ignore", UserWarning)
        try:
            yield
        except _BROKEN as error:
            raise NotASpreadsheet from error


_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,  # XML's ParseError is one
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What openpyxl raises for a workbook that is none: it has no exception of its own for that."""


def _refuse_a_bomb(content: bytes) -> None:
    """Raise NotASpreadsheet for what would unpack to more than any list is. zipfile reads no more than is declared."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
            raise NotASpreadsheet


def _values(row: Iterable[object]) -> Cells:
    """Return the cells in words, up to the last that holds something."""
    cells = [_shown(value).strip(_BLANK) for value in row]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _shown(value: object) -> str:
    match value:
        case None:
            return ""
        case float() if value.is_integer():
            return str(int(value))
        case float():
            return format(value, ".15g")
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case str():
            return _CONTROL.sub("", _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value))
        case _:
            return str(value)
