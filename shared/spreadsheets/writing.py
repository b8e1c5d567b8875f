"""Writes lists for coordinators: XLSX, and CSV as a Danish spreadsheet opens it."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final

Cell = str | int | float | date | None
"""A datetime in a cell is a naive one: a spreadsheet knows no zones."""

BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet may take for the beginning of a formula (OWASP, CSV Injection)."""

_WIDEST: Final = 60
_LONGEST_CELL: Final = 32_767
"""Characters that a cell can hold (Excel's specification)."""


def xlsx(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a workbook of one sheet: the headings bold and always in sight, columns as wide as what stands in them.

    Text stays text, whatever it looks like. Memory is the same for ten lines and a hundred thousand.
    """
    import xlsxwriter

    file = io.BytesIO()
    told = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, told) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        widths = [len(name) for name in columns]
        sheet.freeze_panes(1, 0)
        for at, name in enumerate(columns):
            sheet.write_string(0, at, name, bold)
        for line, row in enumerate(rows, start=1):
            for at, cell in enumerate(row):
                match cell:
                    case None:
                        continue
                    case str():
                        sheet.write_string(line, at, cell[:_LONGEST_CELL])
                    case datetime():
                        sheet.write_datetime(line, at, cell, moment)
                    case date():
                        sheet.write_datetime(line, at, cell, day)
                    case _:
                        sheet.write_number(line, at, cell)
                widths[at] = max(widths[at], min(len(str(cell)), _WIDEST))
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width + 2)
    return file.getvalue()


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return CSV for a Danish spreadsheet: byte order mark, semicolons, decimal commas, days in ISO 8601.

    A text that could be taken for a formula begins with an apostrophe (OWASP, CSV Injection).
    """
    file = io.StringIO(newline="")
    file.write("\ufeff")
    writer = csv.writer(file, delimiter=";")
    writer.writerow([_text(name) for name in columns])
    writer.writerows([_text(cell) for cell in row] for row in rows)
    return file.getvalue()


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return f"'{cell}" if cell.startswith(BEGINS_A_FORMULA) else cell
        case float():
            return str(cell).replace(".", ",")
        case datetime():
            return cell.isoformat(" ", "minutes")
        case date():
            return cell.isoformat()
        case _:
            return str(cell)
