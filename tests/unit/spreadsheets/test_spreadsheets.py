"""Spreadsheets of any make are read alike, and what is none is refused in words."""

import io
import time
import zipfile
from datetime import date, datetime
from typing import Any, Final

import openpyxl
import pytest
from hypothesis import given, settings, strategies as st

from shared.spreadsheets.reading import (
    LARGEST_UNPACKED,
    MOST_LINES,
    Columns,
    ColumnsMissing,
    NotASpreadsheet,
    QuoteNotClosed,
    Sheet,
    SheetEmpty,
    SheetEncrypted,
    SheetUnreadable,
    TooManyLines,
    read,
)
from shared.spreadsheets.writing import BEGINS_A_FORMULA, csv_text, xlsx
from tests.support.data import DATA

PEOPLE: Final = Columns(
    {"name": ("navn", "name"), "email": ("e-mail",), "library": ("bibliotek",)}, needed=(("name",), ("email",))
)
ANY_TEXT: Final = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff\u200b"), max_size=30
)


def cells(sheet: Sheet) -> list[tuple[int, dict[str, str]]]:
    return [(row.line, dict(row.cells)) for row in sheet.rows]


def a_workbook(*rows: tuple[Any, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


TEXT: Final = "Navn;E-mail;Bibliotek\r\nDeltager Ærø;deltager1@example.org;Århus\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_text_is_read_in_any_encoding_and_with_any_delimiter(encoding: str, delimiter: str) -> None:
    sheet = read(TEXT.replace(";", delimiter).encode(encoding), PEOPLE)

    assert cells(sheet) == [(2, {"name": "Deltager Ærø", "email": "deltager1@example.org", "library": "Århus"})]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way(end: str) -> None:
    assert len(read(TEXT.replace("\r\n", end).encode(), PEOPLE).rows) == 1


def test_excels_word_about_the_delimiter_is_no_line() -> None:
    sheet = read(b"sep=,\r\nNavn,E-mail\r\nDeltager;1,deltager1@example.org\r\n", PEOPLE)

    assert cells(sheet) == [(2, {"name": "Deltager;1", "email": "deltager1@example.org"})]


def test_headings_are_recognised_however_they_are_written() -> None:
    sheet = read(b"EMAIL (arbejde)\tName\nx@example.org\tDeltager 1\n", PEOPLE)

    assert sheet.fields == ("email", "name")
    assert sheet.rows[0].cells == {"name": "Deltager 1", "email": "x@example.org"}


def test_lines_are_counted_as_the_spreadsheet_shows_them() -> None:
    text = 'Liste;;\n\nNavn;E-mail;Bibliotek\nEn;en@example.org;"Her\nog der"\n;;\nTo;to@example.org;\n\n\n'

    sheet = read(text.encode(), PEOPLE)

    assert sheet.header_line == 3
    assert [row.line for row in sheet.rows] == [4, 6]
    assert sheet.rows[0].cells["library"] == "Her\nog der"


@pytest.mark.parametrize("name", ["deltagere-regneark-windows-1252.csv", "deltagere-regneark.xlsx"])
def test_a_coordinators_own_list_is_read_below_its_title(name: str) -> None:
    sheet = read((DATA / "participants" / name).read_bytes(), PEOPLE)

    assert sheet.header_line == 3
    assert [row.line for row in sheet.rows] == [*range(4, 20), *range(21, 25)]
    assert sheet.rows[5].cells == {
        "name": "Deltager 6",
        "email": "deltager6@hoeje-taastrup.example.org",
        "library": "Høje-Tåstrup",
    }


def test_cells_of_a_workbook_are_read_as_they_are_shown() -> None:
    content = a_workbook(
        ("Navn", "E-mail", "Bibliotek"),
        (765700.0, date(2026, 3, 1), " x\u00a0"),
        (1.25, datetime(2026, 3, 1, 9, 30), None),
        ("=1+1", True, 0.1 + 0.2),
    )

    assert [tuple(row.cells.values()) for row in read(content, PEOPLE).rows] == [
        ("765700", "2026-03-01", "x"),
        ("1.25", "2026-03-01T09:30:00", ""),
        ("", "True", "0.3"),
    ]


def test_a_hidden_or_empty_sheet_is_passed_over() -> None:
    book = openpyxl.Workbook()
    hidden, shown = book.active, book.create_sheet("Liste")
    for sheet, name in ((hidden, "Skjult"), (shown, "Synlig")):
        sheet.append(("Navn", "E-mail"))
        sheet.append((name, "x@example.org"))
    hidden.sheet_state = "hidden"
    book.create_sheet("Tom", 0)
    file = io.BytesIO()
    book.save(file)

    assert [row.cells["name"] for row in read(file.getvalue(), PEOPLE).rows] == ["Synlig"]


@pytest.mark.parametrize("content", [b"", b"\n\n;;;\n", b"\xef\xbb\xbf", b"Navn;E-mail\n;\n", a_workbook()])
def test_an_empty_sheet_is_refused(content: bytes) -> None:
    with pytest.raises(SheetEmpty):
        read(content, PEOPLE)


def test_a_sheet_with_other_columns_says_what_was_sought_and_seen() -> None:
    with pytest.raises(ColumnsMissing) as refused:
        read(b"Fornavn;Alder\nDeltager;40\n", PEOPLE)

    assert refused.value.details == {"sought": "navn, e-mail", "seen": "Fornavn, Alder"}
    [fault] = refused.value.faults
    assert fault.message % fault.values == (
        "There is no line with the headings that we look for: navn, e-mail. We saw: Fornavn, Alder."
    )


@pytest.mark.parametrize("as_file", [lambda c, r: csv_text(c, r).encode(), xlsx], ids=["csv", "xlsx"])
def test_ten_thousand_lines_are_taken_and_one_more_is_refused_with_the_number(as_file: Any) -> None:
    rows = [(f"Deltager {n}", f"deltager{n}@example.org") for n in range(MOST_LINES + 1)]

    assert len(read(as_file(("Navn", "E-mail"), rows[:-1]), PEOPLE).rows) == MOST_LINES
    with pytest.raises(TooManyLines) as refused:
        read(as_file(("Navn", "E-mail"), rows), PEOPLE)

    assert refused.value.details["lines"] == MOST_LINES + 1


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


WORKBOOK: Final = a_workbook(("Navn", "E-mail"), ("Deltager 1", "deltager1@example.org"))


@pytest.mark.parametrize(
    "content",
    [
        WORKBOOK[:-40],
        WORKBOOK[:200],
        zipped(),
        zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"),
        zipped(bomb=b"0" * (LARGEST_UNPACKED + 1)),
        b"\xd0\xcf\x11\xe0" + b"\0" * 100,
        b"%PDF-1.7\n\x00\x01\x02\xff",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xfea",
        b"Navn;E-mail\n" + b"x" * 200_000 + b";y\n",
    ],
    ids=["cut", "cut short", "no parts", "ods", "bomb", "xls", "pdf", "png", "half a letter", "endless cell"],
)
def test_what_is_no_spreadsheet_is_refused(content: bytes) -> None:
    with pytest.raises(NotASpreadsheet):
        read(content, PEOPLE)


def test_a_workbook_of_laughs_is_refused_at_once() -> None:
    lol = b'<!DOCTYPE x [<!ENTITY a "' + b"ha" * 50 + b'">'
    lol += b"".join(b'<!ENTITY %c "%b">' % (c, b"&%c;" % (c - 1) * 50) for c in range(ord("b"), ord("h")))
    parts = {}
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"<sheetData>", b"<sheetData><row><c><v>&g;</v></c></row>")
    parts[sheet] = lol + b"]>" + parts[sheet]
    began = time.monotonic()

    with pytest.raises(NotASpreadsheet):
        read(zipped(**parts), PEOPLE)

    assert time.monotonic() - began < 5


def test_a_sheet_with_a_password_is_told_from_a_broken_one() -> None:
    content = b"\xd0\xcf\x11\xe0" + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le")

    with pytest.raises(SheetEncrypted):
        read(content, PEOPLE)


def test_a_quotation_mark_that_never_ends_is_found_where_it_begins() -> None:
    with pytest.raises(QuoteNotClosed) as refused:
        read(b'Navn;E-mail\nEn;en@example.org\n"To;to@example.org\nTre;tre@example.org\n', PEOPLE)

    assert refused.value.details == {"line": 3}


@given(st.data())
@settings(max_examples=150)
def test_a_damaged_workbook_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(WORKBOOK)
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))

    try:
        read(bytes(content), PEOPLE)
    except SheetUnreadable:
        return


@given(st.binary(max_size=400))
def test_anything_is_read_or_refused(content: bytes) -> None:
    try:
        read(content, PEOPLE)
    except SheetUnreadable:
        return


def stripped(cell: str) -> str:
    return cell.strip(" \t\r\n\v\f\u00a0\ufeff\u200b")


@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT), min_size=1, max_size=20), st.sampled_from(["utf-8", "utf-16"]))
def test_what_is_written_as_csv_is_read_back(rows: list[tuple[str, str]], encoding: str) -> None:
    rows = [("x", "y"), *rows]

    sheet = read(csv_text(("Navn", "E-mail"), rows).removeprefix("\ufeff").encode(encoding), PEOPLE)

    # An apostrophe before what looks like a formula is the guard, whoever wrote it.
    back = [tuple(row.cells.values()) for row in sheet.rows]
    wanted = [(stripped(name), stripped(mail)) for name, mail in rows]
    assert back == [pair for pair in map(lambda pair: tuple(map(unguarded, pair)), wanted) if any(pair)]


def unguarded(cell: str) -> str:
    return stripped(cell[1:]) if cell.startswith("'") and cell[1:].startswith(BEGINS_A_FORMULA) else cell


@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT), min_size=1, max_size=5))
@settings(max_examples=20)
def test_what_is_written_as_a_workbook_is_read_back_and_is_no_formula(rows: list[tuple[str, str]]) -> None:
    rows = [("=1+1", "https://example.org"), ("a_x0041_b", "linje\nto"), *rows]

    content = xlsx(("Navn", "E-mail"), rows)

    book = openpyxl.load_workbook(io.BytesIO(content))
    assert {cell.data_type for row in book.active.iter_rows(min_row=2) for cell in row if cell.value} <= {
        "s",
        "inlineStr",
    }
    wanted = [tuple(map(stripped, row)) for row in rows]
    assert [tuple(row.cells.values()) for row in read(content, PEOPLE).rows] == [row for row in wanted if any(row)]
    assert book.active.freeze_panes == "A2"
    assert book.active["A1"].font.bold


@given(st.text(max_size=20))
def test_no_cell_of_csv_begins_as_a_formula(text: str) -> None:
    import csv

    [_, row] = csv.reader(io.StringIO(csv_text(("Navn",), [(text,)]).removeprefix("\ufeff"), newline=""), delimiter=";")

    assert not (row or [""])[0].startswith(BEGINS_A_FORMULA)


def test_numbers_and_days_are_written_for_danish_eyes() -> None:
    text = csv_text(("A", "B"), [(1.5, date(2026, 3, 1)), (-2, datetime(2026, 3, 1, 9, 30)), (None, "a;b")])

    assert text == '\ufeffA;B\r\n1,5;2026-03-01\r\n-2;2026-03-01 09:30\r\n;"a;b"\r\n'
