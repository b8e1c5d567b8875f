"""Reads who was in a meeting from the file that Microsoft Teams or Zoom gives a coordinator."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Final

from shared.attendance import teams, zoom
from shared.attendance.durations import Stay, covered
from shared.refusals import N_, Fault, Invalid
from shared.spreadsheets.reading import (
    HEADING_WITHIN,
    MOST_LINES,
    Cells,
    SheetEmpty,
    SheetUnreadable,
    TooManyLines,
    in_short,
    tables,
)


class Tool(StrEnum):
    """What held the meeting."""

    TEAMS = "teams"
    ZOOM = "zoom"


@dataclass(frozen=True, slots=True)
class Presence:
    """One who was in the meeting.

    `email` is in small letters, and empty where the tool does not know it; `seconds` is how long they were there.
    """

    name: str
    email: str
    seconds: int


@dataclass(frozen=True, slots=True)
class AttendanceReport:
    """Who was there, in the order of the file.

    A person with an address is there once. Those without are there one by one, though they share a name: they may be
    several. Only the Teams reports of 2020 and 2021, which tell each join, take those of one name as one person.
    """

    tool: Tool
    people: tuple[Presence, ...]


class ReportUnreadable(Invalid):
    """What was sent cannot be taken as a report, nor as a spreadsheet. Its one fault lies in `report`."""

    kind = "report-unreadable"

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(Fault("report", sentence, values))
        self.details = values


class NotAReport(ReportUnreadable):
    """It is a list of something else."""

    kind = "not-a-report"

    def __init__(self, seen: str) -> None:
        sentence = N_(
            "This is not a report that we know. We look for the numbered sections of Teams, or for a line with the"
            " headings of Zoom: %(sought)s. We saw: %(seen)s."
        )
        super().__init__(sentence, sought=zoom.COLUMNS.sought, seen=seen)


class NobodyThere(ReportUnreadable):
    """It is a report, but no line tells how long somebody was there."""

    kind = "report-of-nobody"

    def __init__(self, seen: str) -> None:
        sentence = N_(
            "There is nobody in this report. We look for lines with a name and how long they were there. We saw:"
            " %(seen)s."
        )
        super().__init__(sentence, seen=seen)


_READERS: Final = ((Tool.TEAMS, teams.stays), (Tool.ZOOM, zoom.stays))


def read_report(content: bytes) -> AttendanceReport:
    """Return the report in a file: text in any encoding and with any delimiter, or a workbook it was saved as.

    Raise a ReportUnreadable that says what is wrong.
    """
    try:
        sheets = [
            rows for table in tables(content, tabs_quote=False) if (rows := [line for line in table if any(line)])
        ]
    except SheetUnreadable as error:
        raise ReportUnreadable(error.sentence, **error.details) from error
    if not sheets:
        raise ReportUnreadable(SheetEmpty.sentence)
    if (lines := max(map(len, sheets))) > MOST_LINES:
        raise ReportUnreadable(TooManyLines.sentence, lines=lines, most=MOST_LINES)
    for rows in sheets:
        for tool, stays in _READERS:
            if (found := stays(rows)) is not None:
                if people := _people(found):
                    return AttendanceReport(tool, people)
                raise NobodyThere(_fullest(rows))
    raise NotAReport(_fullest(sheets[0]))


def _people(stays: Iterable[Stay]) -> tuple[Presence, ...]:
    own: dict[str, list[Stay]] = {}
    for stay in stays:
        if stay.name or stay.email:
            own.setdefault(stay.whose, []).append(stay)
    return tuple(Presence(those[0].name, those[0].email, _seconds(those)) for those in own.values())


def _seconds(stays: Sequence[Stay]) -> int:
    return covered(stay.span for stay in stays if stay.span) + sum(stay.seconds for stay in stays if not stay.span)


def _fullest(rows: Iterable[Cells]) -> str:
    """Return the line with most in it, of the first, in short."""
    return in_short(max((tuple(filter(None, cells)) for cells in islice(rows, HEADING_WITHIN)), key=len))
