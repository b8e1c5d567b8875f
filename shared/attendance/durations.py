"""How long somebody was there: what tools write for it, and the time between two moments."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

LONGEST: Final = timedelta(days=2)
"""What is longer is an error: both tools end a meeting after 30 hours."""

_PART: Final = re.compile(r"(\d{1,6})\s*([^\W\d_]+)\.?\s*")
_UNITS: Final = (("st", 3600), ("h", 3600), ("t", 3600), ("g", 3600), ("u", 3600), ("m", 60), ("s", 1))
"""Seconds by how a unit begins, in the languages around us: Stunden, hours, timer, godziny, uren. The first counts."""

_MOMENT: Final = re.compile(
    r"(\d{1,4}|[a-z]{3,9})\W{1,2}(\d{1,2})\W{1,2}(\d{1,4})(?:\W{1,3}|t)"
    r"(\d{1,2})[:.](\d\d)(?:[:.](\d\d)(?:\.\d+)?)?(?:\s*([ap])\.?\s?m\.?)?",
    re.IGNORECASE,
)
_ORDERS: Final = ("mdy", "dmy", "ymd")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The time from one moment to a later one. Moments have no zone: a report tells none."""

    start: datetime
    end: datetime

    @property
    def seconds(self) -> int:
        """How long it is."""
        return int((self.end - self.start).total_seconds())


@dataclass(frozen=True, slots=True)
class Stay:
    """One line of a report. Those of the same `whose` are one person's.

    `seconds` is what the tool says. Where there is a span, it is the span that counts.
    """

    whose: str
    name: str
    email: str
    seconds: int
    span: Span | None = None


def duration(cell: str) -> int | None:
    """Return the seconds of `1h 5m 3s`, `59 Min. 0 Sek.` or `1 godz. 5 min`, or None if it is no duration."""
    total, last, at = 0, LONGEST.total_seconds(), 0
    while part := _PART.match(cell, at):
        unit = next((size for begins, size in _UNITS if part[2].casefold().startswith(begins)), None)
        if unit is None or unit >= last:
            return None
        total, last, at = total + int(part[1]) * unit, unit, part.end()
    return total if at and at == len(cell) and total <= LONGEST.total_seconds() else None


def is_moment(cell: str) -> bool:
    """Whether a cell looks like a date with a time of day."""
    return _MOMENT.fullmatch(cell) is not None


def moments(cells: Iterable[str]) -> Mapping[str, datetime]:
    """Return what cells with a date and a time of day mean. Those that mean nothing are left out.

    A tool writes all of a file in one order of day, month and year, and does not tell which. It is the one in which
    most of them can be read, and then the one that puts them closest together: a meeting is over in hours.
    """
    parts = {cell: found for cell in cells if (found := _MOMENT.fullmatch(cell))}

    def read(order: str) -> Mapping[str, datetime]:
        found = {}
        for cell, part in parts.items():
            with suppress(ValueError):
                found[cell] = _moment(part, order)
        return found

    def likelihood(found: Mapping[str, datetime]) -> tuple[int, timedelta]:
        return len(found), min(found.values()) - max(found.values()) if found else timedelta()

    return max(map(read, _ORDERS), key=likelihood)


def span(start: datetime | None, end: datetime | None) -> Span | None:
    """Return the time between two moments, or None where one is not known or they do not belong together."""
    return Span(start, end) if start and end and timedelta() <= end - start <= LONGEST else None


def covered(spans: Iterable[Span]) -> int:
    """Return the seconds that lie in any of the spans: being there twice at once counts once."""
    total, until = 0, datetime.min
    for one in sorted(spans):
        if one.end > until:
            total += Span(max(one.start, until), one.end).seconds
            until = one.end
    return total


def _moment(found: re.Match[str], order: str) -> datetime:
    """Return the moment. Raise ValueError if there is none in this order."""
    date = dict(zip(order, found.group(1, 2, 3), strict=True))
    month = _MONTHS.index(date["m"][:3].lower()) + 1 if date["m"].isalpha() else int(date["m"])
    year, hour = int(date["y"]), int(found[4])
    if found[7]:
        hour = hour % 12 + (12 if found[7] in "pP" else 0)
    return datetime(year + 2000 if year < 100 else year, month, int(date["d"]), hour, int(found[5]), int(found[6] or 0))
