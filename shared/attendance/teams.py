"""Reads the attendance report of Microsoft Teams, in each of the shapes it has had.

Headings and units are translated, and nobody tells into what: sections are known by their number, and lines by their
shape, which is a name, two moments, a duration and an address. Only the log of 2020 is known by its headings.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from shared.attendance.durations import Stay, duration, is_moment, moments, span
from shared.spreadsheets.reading import HEADING_WITHIN, Cells, Columns

if TYPE_CHECKING:
    from datetime import datetime

LOG: Final = Columns(
    {"name": ("Full Name",), "action": ("User Action",), "time": ("Timestamp",)},
    needed=(("name",), ("action",), ("time",)),
)
_TITLE: Final = re.compile(r"([1-9])\s?[.)](?!\d)")
_ADDRESS: Final = re.compile(r"[^@\s#]+@[^@\s#]+")
"""What may be an address. The account of somebody from outside (`a_b.org#EXT#@c.org`) is none."""


def stays(rows: Sequence[Cells]) -> Iterator[Stay] | None:
    """Return the lines about people of a Teams report, or None if it is no such report.

    - Three numbered sections, since 2022: those of section 2, and for who has an address, the times of section 3. Who
      has none is one of their own, though another has the same name.
    - A summary and one line for each time somebody joined, 2021: who has no address goes by their full name.
    - A log of who joined and left, 2020: there are no addresses, and all go by their full name.
    """
    sections = _sections(rows)
    if "2" in sections:
        return _of_sections(list(_shaped(sections["2"])), list(_shaped(sections.get("3", ()))))
    for at, cells in enumerate(islice(rows, HEADING_WITHIN)):
        columns = LOG.recognised(cells)
        if LOG.suffice(columns):
            return _of_log(rows[at + 1 :], columns)
    # A duration with units is what Zoom has not.
    joins = [cells for cells in rows if _said(cells) is not None]
    return (replace(stay, whose=stay.email or stay.name) for stay in _shaped(joins)) if joins else None


def _sections(rows: Iterable[Cells]) -> Mapping[str, Sequence[Cells]]:
    """Return the lines below each numbered title."""
    found: dict[str, list[Cells]] = {}
    below: list[Cells] = []
    for cells in rows:
        title = _TITLE.match(cells[0])
        if title and not any(cells[1:]):
            below = found.setdefault(title[1], [])
        else:
            below.append(cells)
    return found


def _shaped(rows: Iterable[Cells]) -> Iterator[Stay]:
    """Yield the lines that have the shape, each by its address or as one of its own."""
    lines = [(cells, [cell for cell in cells[1:] if is_moment(cell)][:2]) for cells in rows]
    known = moments(cell for _, times in lines for cell in times)
    for number, (cells, times) in enumerate(lines):
        between = span(*map(known.get, times)) if len(times) == 2 else None
        said = _said(cells)
        if said is None and between:
            said = between.seconds
        if said is not None:
            email = next((cell.lower() for cell in cells[1:] if _ADDRESS.fullmatch(cell)), "")
            yield Stay(email or f"line {number}", cells[0], email, said, between)


def _said(cells: Cells) -> int | None:
    return next((seconds for cell in cells[1:] if (seconds := duration(cell)) is not None), None)


def _of_sections(people: Iterable[Stay], joins: Iterable[Stay]) -> Iterator[Stay]:
    """Yield each join of section 3 under the name of section 2, or what section 2 says of who has none.

    From the first join to the last leave, which section 2 tells, somebody may have been away.
    """
    joined: defaultdict[str, list[Stay]] = defaultdict(list)
    for join in joins:
        if join.email and join.span:
            joined[join.email].append(join)
    for person in people:
        for stay in joined.get(person.email, [replace(person, span=None)]):
            yield replace(stay, name=person.name)


def _of_log(rows: Iterable[Cells], columns: Mapping[str, int]) -> Iterator[Stay]:
    """Yield the time from each joining to a leaving of the same name.

    The log was taken while the meeting went on. Who did not leave was there until its last moment, and who left
    without having joined had been there from its first.
    """
    log = [{field: cells[at] if at < len(cells) else "" for field, at in columns.items()} for cells in rows]
    known = moments(line["time"] for line in log)
    by_name: defaultdict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for line in log:
        if line["time"] in known:
            by_name[line["name"]].append((known[line["time"]], line["action"].casefold()))
    for name, actions in by_name.items():
        since: list[datetime] = []
        for at, action in sorted(actions, key=lambda one: one[0]):
            if action.startswith("joined"):
                since.append(at)
            elif action == "left":
                yield Stay(name, name, "", 0, span(since.pop() if since else min(known.values()), at))
        yield from (Stay(name, name, "", 0, span(at, max(known.values()))) for at in since)
