"""Noting who was there: one by one at the door, by hand afterwards, or all at once from a meeting's report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from pydantic import TypeAdapter

from shared.attendance.matching import Matched, match, seconds_of
from shared.attendance.model import NoSeat, SessionNotFound, check_begun, comes
from shared.attendance.ports import Registrations
from shared.attendance.reports import Tool, read_report
from shared.gatherings.model import Gathering, Mode, Session
from shared.ids import new_id
from shared.patience import tries
from shared.refusals import StoreUnavailable
from shared.registration.attendance import Attendance, Source
from shared.registration.model import Registration, RegistrationChangedMeanwhile
from shared.registration.ports import Batch, Change
from shared.registration.queries import everybody
from shared.spreadsheets.previews import KeptPreview, PreviewNotFound, PreviewStore

KIND: Final = "attendance"

AT_ONCE: Final = 50
"""Registrations that are written together."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a report says of a session of a gathering: who was there, matched with those who are registered."""

    gathering_id: str
    session_id: str
    tool: Tool
    people: tuple[Matched, ...]


@dataclass(frozen=True, slots=True)
class Noted:
    """Of how many it was noted that they were there, and that they were not."""

    were_there: int
    were_not: int


_PREVIEW: Final = TypeAdapter(Preview)


def session_of(gathering: Gathering, session_id: str) -> Session:
    """Return a session of a gathering. Raise SessionNotFound."""
    found = next((session for session in gathering.sessions if session.id == session_id), None)
    if found is None:
        raise SessionNotFound
    return found


def mark(
    gathering: Gathering,
    session_id: str,
    registration_id: str,
    *,
    was_there: bool,
    source: Source,
    store: Registrations,
    now: datetime,
) -> Registration:
    """Note whether somebody was there, and return the registration. Twice is once.

    Raise SessionNotFound, NotBegun, RegistrationNotFound or NoSeat.
    """
    session = session_of(gathering, session_id)
    check_begun(session, now)
    said = Attendance(was_there, source, now)
    for _ in tries():
        before = store.get(gathering.id, registration_id)
        if not comes(before, session):
            raise NoSeat
        after = before.attending(session.id, said)
        if after is before or _written([(before, after)], store, now):
            return after
    raise StoreUnavailable


def preview_report(
    content: bytes,
    gathering: Gathering,
    session_id: str,
    *,
    store: Registrations,
    previews: PreviewStore,
    now: datetime,
) -> str:
    """Read a report of a session, keep what it says, and return the id to look at it and confirm it by.

    Raise SessionNotFound, NotBegun or a ReportUnreadable.
    """
    session = session_of(gathering, session_id)
    check_begun(session, now)
    report = read_report(content)
    coming = [one for one in everybody(gathering.id, store=store) if comes(one, session)]
    preview = Preview(gathering.id, session.id, report.tool, match(report.people, coming))
    kept = KeptPreview(new_id(), KIND, _PREVIEW.dump_json(preview).decode())
    previews.keep(kept, now=now)
    return kept.id


def shown_report(preview_id: str, gathering_id: str, *, previews: PreviewStore, now: datetime) -> Preview:
    """Return what a report says. Raise PreviewNotFound."""
    kept = previews.get(preview_id, now=now)
    if kept.kind != KIND or not kept.document:
        raise PreviewNotFound
    preview = _PREVIEW.validate_json(kept.document)
    if preview.gathering_id != gathering_id:
        raise PreviewNotFound
    return preview


def confirm_report(
    preview: Preview,
    gathering: Gathering,
    chosen: Mapping[int, str],
    *,
    minutes: int,
    store: Registrations,
    now: datetime,
) -> Noted:
    """Note of all who had a seat online whether they were there, for so many minutes at least. Twice is once.

    `chosen` matches those whom no address matches, by their place in the preview, with registrations.
    """
    session = session_of(gathering, preview.session_id)
    seconds = seconds_of(preview.people, chosen)
    coming = [one for one in everybody(gathering.id, store=store) if comes(one, session)]
    said = {
        one.id: Attendance(seconds.get(one.id, 0) >= max(minutes * 60, 1), Source.REPORT, now, seconds.get(one.id, 0))
        for one in coming
        # Who sat on site is no part of the meeting, unless they were.
        if one.id in seconds or Mode.ONLINE in one.ways(gathering, session)
    }
    _mark_all(gathering.id, session.id, said, store, now)
    were_there = sum(one.was_there for one in said.values())
    return Noted(were_there, len(said) - were_there)


def mark_all(
    gathering: Gathering,
    session_id: str,
    said: Mapping[str, bool],
    *,
    store: Registrations,
    now: datetime,
) -> None:
    """Note by hand of several whether they were there, all of them or none where one has no seat.

    Raise SessionNotFound, NotBegun or NoSeat.
    """
    session = session_of(gathering, session_id)
    check_begun(session, now)
    seated = {one.id for one in everybody(gathering.id, store=store) if comes(one, session)}
    if said.keys() - seated:
        raise NoSeat
    marks = {id: Attendance(was_there, Source.HAND, now) for id, was_there in said.items()}
    _mark_all(gathering.id, session.id, marks, store, now)


def _mark_all(
    gathering_id: str, session_id: str, said: Mapping[str, Attendance], store: Registrations, now: datetime
) -> None:
    left = iter(said.items())
    while some := dict(islice(left, AT_ONCE)):
        for _ in tries():
            found = store.many([(gathering_id, id) for id in some]).values()
            pairs = [(one, one.attending(session_id, some[one.id])) for one in found]
            if _written([(one, after) for one, after in pairs if after is not one], store, now):
                break
        else:
            raise StoreUnavailable


def _written(pairs: Sequence[tuple[Registration, Registration]], store: Registrations, now: datetime) -> bool:
    """Write registrations that nothing else follows from. Return False when one has changed meanwhile."""
    if not pairs:
        return True
    changes = tuple(Change(before, after) for before, after in pairs)
    try:
        store.write(Batch(pairs[0][0].gathering_id, changes=changes), now=now)
    except RegistrationChangedMeanwhile:
        return False
    return True
