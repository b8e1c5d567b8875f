"""JSON of attendance as the coordinator API takes and gives it."""

from dataclasses import asdict
from typing import Annotated, Any, Final

from pydantic import Field

from chalicelib.wire import Wire
from shared.attendance.model import Tally
from shared.registration.model import Registration

MOST: Final = 1_000
"""Marks in one request."""


class MarkBody(Wire):
    """Whether somebody was there."""

    registration: Annotated[str, Field(max_length=64)]
    was_there: bool


class AttendanceBody(Wire):
    """Who was in a session, and who was not: all of it is noted, or nothing."""

    session: Annotated[str, Field(max_length=64)]
    marks: Annotated[list[MarkBody], Field(min_length=1, max_length=MOST)]

    def said(self) -> dict[str, bool]:
        """Return whether somebody was there, by the registration's id. The last word counts."""
        return {mark.registration: mark.was_there for mark in self.marks}


def sessions(figures: dict[str, Tally]) -> dict[str, Any]:
    """Return how many came to each session."""
    shown = [{"session": id, **asdict(tally), "not_known": tally.not_known} for id, tally in figures.items()]
    return {"sessions": shown}


def attended(one: Registration) -> list[dict[str, Any]]:
    """Return what is known of where somebody was."""
    return [
        {
            "session": session,
            "was_there": said.was_there,
            "source": said.source,
            "at": said.at.isoformat(),
            "seconds": said.seconds,
        }
        for session, said in one.attended.items()
    ]
