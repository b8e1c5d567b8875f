"""Reads the report of Zoom about a meeting's participants, its unique users, or a webinar."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from shared.attendance.durations import LONGEST, Stay, moments, span
from shared.spreadsheets.reading import Cells, Columns

COLUMNS: Final = Columns(
    {
        "name": ("Name (original name)", "User Name"),
        "first": ("First Name",),
        "last": ("Last Name",),
        "email": ("Email", "User Email"),
        "join": ("Join time",),
        "leave": ("Leave time",),
        "minutes": ("Duration (minutes)", "Total duration (minutes)", "Time in Session (minutes)"),
        "attended": ("Attended",),
        "waiting": ("In waiting room",),
    },
    needed=(("name", "first"), ("minutes",)),
)
"""Of a webinar, each section has its own. The block about a meeting as a whole has no name in it."""


def stays(rows: Sequence[Cells]) -> Iterator[Stay] | None:
    """Return the lines about people of a Zoom report, or None if it is no such report.

    Who has no address is one of their own. A line about the waiting room, or with no time at all, is nobody's.
    """
    lines = list(_lines(rows))
    return _of_lines(lines) if lines else None


def _lines(rows: Sequence[Cells]) -> Iterator[Mapping[str, str]]:
    """Yield headings and the lines below them by their fields."""
    columns: Mapping[str, int] = {}
    for cells in rows:
        recognised = COLUMNS.recognised(cells)
        if COLUMNS.suffice(recognised):
            columns = recognised
        if columns:
            yield {field: cells[at] for field, at in columns.items() if at < len(cells)}


def _of_lines(lines: Sequence[Mapping[str, str]]) -> Iterator[Stay]:
    known = moments(line.get(field, "") for line in lines for field in ("join", "leave"))
    for number, line in enumerate(lines):
        between = span(known.get(line.get("join", "")), known.get(line.get("leave", "")))
        minutes = _number(line.get("minutes", ""))
        absent = line.get("attended", "").casefold() == "no" or line.get("waiting", "").casefold() == "yes"
        if absent or between is None and minutes is None:
            continue
        name = line.get("name") or f"{line.get('first', '')} {line.get('last', '')}".strip()
        email = line.get("email", "").lower() if "@" in line.get("email", "") else ""
        yield Stay(email or f"line {number}", name, email, 60 * (minutes or 0), between)


def _number(cell: str) -> int | None:
    return int(cell) if re.fullmatch(r"\d{1,4}", cell) and int(cell) * 60 <= LONGEST.total_seconds() else None
