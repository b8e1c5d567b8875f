"""Doing it again: copies that keep weekdays and wall-clock times.

A copy is moved by whole weeks, on the clock on the wall: what was at nine on a Tuesday is at nine on a Tuesday, also
when the clocks have changed between. The date that is asked for says which week; weeks begin on Monday (ISO 8601).
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import overload

from shared.gatherings.model import Gathering, Session, State, Window
from shared.gatherings.reminders import Reminder
from shared.gatherings.rounds import Round


def copy_of(gathering: Gathering, starts_on: date, *, id: str, session_ids: Sequence[str]) -> Gathering:
    """Return a new draft of the gathering whose first session is in the week of `starts_on`.

    It has no slug yet. There is one of `session_ids` for each session.
    """
    first = min(gathering.sessions, key=lambda session: session.starts_at.astimezone(UTC))
    return moved(gathering, weeks_between(first.starts.date(), starts_on), id=id, session_ids=session_ids)


def moved(gathering: Gathering, weeks: int, *, id: str, session_ids: Sequence[str]) -> Gathering:
    """Return a new draft of the gathering, everything in it so many weeks later. See `copy_of`."""
    zone = gathering.starts_at.tzinfo
    assert zone is not None, "sessions have a zone"
    window, fair_share = gathering.registration, gathering.fair_share
    renamed = dict(zip((session.id for session in gathering.sessions), session_ids, strict=True))
    return replace(
        gathering,
        id=id,
        slug="",
        state=State.DRAFT,
        published_at=None,
        version=1,
        sequence=0,
        reminders_since=None,
        moved=(),
        called_off="",
        sessions=tuple(_session(session, weeks, renamed[session.id]) for session in gathering.sessions),
        reminders=None
        if gathering.reminders is None
        else tuple(_reminder(one, renamed) for one in gathering.reminders),
        registration=Window(
            moment_moved(window.opens_at, weeks, zone),
            moment_moved(window.closes_at, weeks, zone),
            moment_moved(window.changes_until, weeks, zone),
        ),
        rounds=None if gathering.rounds is None else rounds_moved(gathering.rounds, weeks, zone),
        fair_share=fair_share and replace(fair_share, until=moment_moved(fair_share.until, weeks, zone)),
    )


def rounds_moved(rounds: Iterable[Round], weeks: int, zone: tzinfo) -> tuple[Round, ...]:
    """Return rounds that open, close and roll over so many weeks later.

    Who was invited to the last ones need not be to these, and would be kept for another year: addresses stay behind.
    """
    return tuple(
        replace(
            one.without_addresses(),
            opens_at=moment_moved(one.opens_at, weeks, zone),
            closes_at=moment_moved(one.closes_at, weeks, zone),
            rolls_over_at=moment_moved(one.rolls_over_at, weeks, zone),
        )
        for one in rounds
    )


@overload
def moment_moved(moment: datetime, weeks: int, zone: tzinfo) -> datetime: ...


@overload
def moment_moved(moment: datetime | None, weeks: int, zone: tzinfo) -> datetime | None: ...


def moment_moved(moment: datetime | None, weeks: int, zone: tzinfo) -> datetime | None:
    """Return the moment, in UTC, at which the clock in `zone` shows the same so many weeks later."""
    if moment is None:
        return None
    # Adding to a moment in a zone moves the hands of its clock, whatever happens to the offset.
    return (moment.astimezone(zone) + timedelta(weeks=weeks)).astimezone(UTC)


def weeks_between(first: date, wanted: date) -> int:
    """Return how many weeks after the week of `first` that of `wanted` is."""
    return (monday(wanted) - monday(first)).days // 7


def monday(day: date) -> date:
    """Return the day that its week begins with."""
    return day - timedelta(days=day.weekday())


def id_of_copy(*of: str) -> str:
    """Return an id, in the form of all ids, that is the same for the same parts: who begins again finds it there."""
    digest = hashlib.sha256("\n".join(of).encode()).digest()
    return base64.b32encode(digest[:10]).decode("ascii").lower()


def _session(session: Session, weeks: int, id: str) -> Session:
    later = timedelta(weeks=weeks)
    return replace(session, id=id, starts=session.starts + later, ends=session.ends + later)


def _reminder(reminder: Reminder, renamed: Mapping[str, str]) -> Reminder:
    """Return a reminder that is for the same session of the copy."""
    of = reminder.audience.session
    return replace(reminder, audience=replace(reminder.audience, session=renamed.get(of, of)))
