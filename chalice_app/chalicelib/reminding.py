"""What a gathering's page at the desk says of its reminders: the plan in words, and what is due and what came of it."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Final
from urllib.parse import urlencode

from chalicelib import mail_history
from shared.gatherings.audience import Audience
from shared.gatherings.model import Gathering, Text
from shared.gatherings.reminders import Reminder, ReminderKind
from shared.i18n import Voice
from shared.notify.model import OF_REMINDERS
from shared.registration.model import Status
from shared.reminders.model import Came, Entry

KINDS: Final[Mapping[ReminderKind, str]] = {kind: mail_history.KINDS[mail] for kind, mail in OF_REMINDERS.items()}
"""What each kind is, to be translated."""

_ANY_DAY: Final = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """One reminder of one session: when, of what, and how it stands, in the reader's words.

    `query` finds among a gathering's participants those who get one that is still to come.
    """

    moment: datetime
    session: Text
    said: str
    stands: str
    is_missed: bool = False
    query: str = ""


def in_words(reminder: Reminder, voice: Voice) -> str:
    """Return when a reminder is due, and what it is if it is none of a session to come."""
    said = _when(reminder, voice)
    if not reminder.is_before:
        said = f"{voice.say(KINDS[reminder.kind])}: {said}"
    if reminder.audience != Audience():
        said = voice.say("%(reminder)s (to some of them)", reminder=said)
    return voice.say("%(reminder)s (paused)", reminder=said) if reminder.paused else said


def _when(reminder: Reminder, voice: Voice) -> str:
    if not reminder.is_by_clock:
        return voice.say("when it is published")
    time = "" if reminder.at is None else voice.clock(datetime.combine(_ANY_DAY, reminder.at, tzinfo=voice.zone))
    if reminder.days_before is not None:
        return voice.count(
            "%(number)s day before at %(time)s", "%(number)s days before at %(time)s", reminder.days_before, time=time
        )
    if reminder.minutes_before is not None:
        return voice.count("%(number)s minute before", "%(number)s minutes before", reminder.minutes_before)
    if reminder.days_after is not None:
        return voice.count(
            "%(number)s day after at %(time)s", "%(number)s days after at %(time)s", reminder.days_after, time=time
        )
    if reminder.months_after is not None:
        return voice.count(
            "%(number)s month after at %(time)s",
            "%(number)s months after at %(time)s",
            reminder.months_after,
            time=time,
        )
    hours, minutes = divmod(reminder.minutes_after or 0, 60)
    if hours and not minutes:
        return voice.count("%(number)s hour after", "%(number)s hours after", hours)
    return voice.count("%(number)s minute after", "%(number)s minutes after", reminder.minutes_after or 0)


def lines(gathering: Gathering, log: tuple[Entry, ...], voice: Voice) -> tuple[ReminderLine, ...]:
    """Return what came of reminders, and what is to come, in the order of time."""
    return tuple(sorted(_lines(gathering, log, voice), key=lambda line: line.moment))


def _lines(gathering: Gathering, log: tuple[Entry, ...], voice: Voice) -> Iterator[ReminderLine]:
    titles: Mapping[str, Text] = {session.id: session.title for session in gathering.sessions}
    words = {one.key: in_words(one, voice) for one in gathering.effective_reminders}
    done = {one.which for one in log}
    for entry in log:
        said = words.get(entry.reminder, voice.say("an earlier plan"))
        yield ReminderLine(
            entry.moment, titles.get(entry.session, {}), said, _came(entry, voice), entry.came is Came.MISSED
        )
    for one in gathering.planned_reminders():
        if one.which not in done:
            stands = voice.say("planned")
            whom = {"status": Status.CONFIRMED, "session": one.session} | _given(one.reminder.audience)
            yield ReminderLine(one.moment, titles[one.session], words[one.reminder.key], stands, query=urlencode(whom))


def _given(audience: Audience) -> dict[str, str]:
    return {part: said for part, said in asdict(audience).items() if said}


def _came(entry: Entry, voice: Voice) -> str:
    if entry.came is Came.MISSED:
        return voice.say("not sent: it was too late before it could be")
    return voice.count("sent to %(number)s person", "sent to %(number)s people", entry.people)
