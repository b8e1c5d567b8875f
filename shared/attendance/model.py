"""Who can have been there, from when that can be noted, and how many came."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shared.gatherings.model import Gathering, Session
from shared.refusals import N_, Refusal
from shared.registration.model import Registration, Status

DOORS_OPEN: Final = timedelta(hours=12)
"""How long before a session somebody can be noted as there."""


def comes(one: Registration, session: Session) -> bool:
    """Whether somebody has a seat in a session: only who has can be there."""
    return one.status is Status.CONFIRMED and session.id in one.sessions


def minutes_that_count(session: Session) -> int:
    """Return how long somebody has to be there as a rule: half of the session."""
    return int((session.ends_at - session.starts_at).total_seconds() // 120)


def check_begun(session: Session, now: datetime) -> None:
    """Raise NotBegun when nobody can be there yet."""
    if now < session.starts_at - DOORS_OPEN:
        raise NotBegun


@dataclass(frozen=True, slots=True)
class Tally:
    """How many came to a session.

    `seats` had one, `pressed` the button to join; `were_there` and `were_not` are those of whom somebody said so.
    """

    seats: int = 0
    pressed: int = 0
    were_there: int = 0
    were_not: int = 0

    @property
    def not_known(self) -> int:
        """Of how many nobody has said anything."""
        return self.seats - self.were_there - self.were_not


def tally(registrations: Iterable[Registration], gathering: Gathering) -> dict[str, Tally]:
    """Return the figures of each session, by its id."""
    everybody = list(registrations)
    found = {}
    for session in gathering.sessions:
        there = [one for one in everybody if comes(one, session)]
        marks = [one.attended.get(session.id) for one in there]
        found[session.id] = Tally(
            len(there),
            sum(session.id in one.joined for one in there),
            sum(mark is not None and mark.was_there for mark in marks),
            sum(mark is not None and not mark.was_there for mark in marks),
        )
    return found


class NotBegun(Refusal):
    """Nobody can have been there."""

    kind = "not-begun"
    status = 409
    message = N_("This session has not begun. Attendance can be noted from twelve hours before it.")


class NoSeat(Refusal):
    """Who has no seat cannot have been there: a coordinator adds them first."""

    kind = "no-seat"
    status = 409
    message = N_("This person has no seat in this session. Add the person as a participant first.")


class SessionNotFound(Refusal):
    """The gathering has no such session."""

    kind = "session-not-found"
    status = 404
    message = N_("There is no such session in this gathering.")
