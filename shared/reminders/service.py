"""Reminding people in time: each reminder has a schedule, and the plan has the last word.

A schedule only says when to look. Whether a reminder is due is decided by the gathering as it is then, and whether it
has gone out, by the log. That a recording is online is told when it is, whenever that may be.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

from events.envelope import Envelope
from events.gatherings import ReminderDue
from events.registration import RecordingAnnounced, RegistrationsReminded
from events.webinars import WebinarPublished
from shared.gatherings.model import Gathering, GatheringNotFound
from shared.gatherings.reminders import Planned
from shared.registration.audience import reminded, seated
from shared.registration.fan_out import in_pages
from shared.registration.queries import each
from shared.reminders.model import Came, Entry, Kept
from shared.reminders.ports import Reminding, Timekeeping
from shared.webinars.model import WebinarNotFound, first_shown

AT_ONCE: Final = timedelta(seconds=90)
"""What is due within this is acted on at once: a schedule might be set too late."""

TOLD_FOR: Final = timedelta(days=365)
"""For how long after a gathering somebody hears that its recording is online. The mail ledger remembers for longer."""


def keep_time(gathering_id: str, *, around: Timekeeping, now: datetime) -> Kept:
    """Let the schedules be those of the plan. What is due and has not gone out is looked at now.

    Done again, it finds nothing to do, but for what could not be sent on its way.
    """
    try:
        gathering = around.gatherings.get(gathering_id)
    except GatheringNotFound:
        return Kept()
    clock = around.clock
    done = {one.which for one in around.log.of_gathering(gathering_id)}
    planned = [one for one in gathering.planned_reminders(around.kinds) if one.which not in done]
    due = [one for one in planned if one.moment <= now + AT_ONCE]
    wanted = {_name(gathering_id, one): one for one in planned if one not in due}
    there = clock.names(gathering_id)
    needless = sorted(there - wanted.keys())
    for name in needless:
        clock.remove(name)
    missing = sorted(wanted.keys() - there)
    for name in missing:
        one = wanted[name]
        clock.set(name, one.moment, _due(gathering_id, one).model_dump_json(), one.until)
    _, failed = around.send(_due(gathering_id, one) for one in due)
    return Kept(len(missing), len(needless), len(due), failed)


def remind(fact: Envelope[ReminderDue], *, around: Reminding, now: datetime) -> bool:
    """Send a reminder on its way to all whom it is for. Return False when it has to be done again.

    Nothing is sent for a plan that has changed, or that has gone out. When it is too late, it is noted as missed.
    """
    asked = fact.data
    try:
        gathering = around.gatherings.get(asked.gathering_id)
    except GatheringNotFound:
        return True
    planned = gathering.planned(asked.session, asked.reminder, asked.moment, around.kinds)
    if planned is None or planned.moment > now + AT_ONCE:
        return True
    if planned.which in {one.which for one in around.log.of_gathering(gathering.id)}:
        return True
    if now >= planned.until:
        around.log.note(gathering.id, Entry(asked.session, asked.reminder, asked.moment, Came.MISSED, now, 0))
        return True
    registrations = each(gathering.id, store=around.registrations)
    pages = in_pages(
        fact,
        (one.id for one in reminded(registrations, planned, gathering, around.libraries)),
        lambda ids: RegistrationsReminded(
            gathering_id=gathering.id,
            registration_ids=ids,
            session=asked.session,
            reminder=asked.reminder,
            moment=asked.moment,
            kind=planned.reminder.kind,
        ),
    )
    people = _sent(pages, around)
    if people is not None:
        around.log.note(gathering.id, Entry(asked.session, asked.reminder, asked.moment, Came.SENT, now, people))
    return people is not None


def tell_of_recording(fact: Envelope[WebinarPublished], *, around: Reminding, now: datetime) -> bool:
    """Send on its way to all who had a seat that a recording of theirs is online. Return False when it has to be done
    again.

    Of several recordings of a gathering the first tells for all. Who has been told already, the mail ledger knows, for
    longer than anybody is told.
    """
    with suppress(WebinarNotFound, GatheringNotFound):
        webinar = around.webinars.get(fact.data.webinar_id)
        if webinar.gathering is not None:
            return _tell_of_recording(around.gatherings.get(webinar.gathering), fact, around, now)
    return True


def _tell_of_recording(gathering: Gathering, fact: Envelope[Any], around: Reminding, now: datetime) -> bool:
    telling, first = gathering.telling_of_recording, first_shown(around.webinars.of_gathering(gathering.id))
    if telling is None or first is None or first.published_at is None or now > gathering.ends_at + TOLD_FOR:
        return True
    registrations = each(gathering.id, store=around.registrations)
    pages = in_pages(
        fact,
        (one.id for one in seated(registrations, telling.audience, around.libraries)),
        lambda ids: RecordingAnnounced(gathering_id=gathering.id, registration_ids=ids),
    )
    people = _sent(pages, around)
    told_before = any(one.reminder == telling.key for one in around.log.of_gathering(gathering.id))
    if people is not None and not told_before:
        around.log.note(gathering.id, Entry("", telling.key, first.published_at, Came.SENT, now, people))
    return people is not None


def _sent(pages: Iterator[Envelope[Any]], around: Reminding) -> int | None:
    """Send pages, and return how many people they are about; None when a queue did not take all."""
    people = 0

    def counted() -> Iterator[Envelope[Any]]:
        nonlocal people
        for page in pages:
            people += len(page.data.registration_ids)
            yield page

    _, failed = around.send(counted())
    return None if failed else people


def _name(gathering_id: str, one: Planned) -> str:
    """Return the name of a schedule: another moment is another schedule. They have at most 64 characters."""
    digest = hashlib.sha256(f"{one.session}|{one.reminder.key}|{one.moment.isoformat()}".encode()).hexdigest()
    return f"{gathering_id}-{digest[:24]}"


def _due(gathering_id: str, one: Planned) -> Envelope[ReminderDue]:
    name = _name(gathering_id, one)
    data = ReminderDue(gathering_id=gathering_id, session=one.session, reminder=one.reminder.key, moment=one.moment)
    return Envelope[ReminderDue].of(
        data, id=name, subject=gathering_id, subject_version=1, at=one.moment, correlation_id=name
    )
