"""What goes to those who come, by the clock: reminders before a session, and more after the end. And when there is a
recording, that it is online."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Final, Protocol

from shared.gatherings.audience import Audience
from shared.refusals import N_, Fault
from shared.time import months_later

MOST: Final = 10
"""Reminders of one gathering."""

LATE: Final = timedelta(days=1)
"""How long after its moment something after the end is still worth sending."""

FURTHEST: Final = timedelta(days=366)
"""How long after the end the last of it can be due."""


class ReminderKind(StrEnum):
    """What it says: a reminder before a session; after the end thanks, a nudge to who has not said how it was, that the
    recording is online, and the question what came of it."""

    REMINDER = "reminder"
    THANKS = "thanks"
    NUDGE = "nudge"
    RECORDING = "recording"
    FOLLOW_UP = "follow_up"


SWITCHED_ON: Final = frozenset({ReminderKind.REMINDER, ReminderKind.RECORDING})
"""What is sent at all: the others wait for the pages that they lead to."""

_SPANS: Final[Mapping[str, tuple[str, range]]] = {
    "days_before": ("d", range(91)),
    "minutes_before": ("m", range(3 * 24 * 60 + 1)),
    "minutes_after": ("pm", range(30 * 24 * 60 + 1)),
    "days_after": ("pd", range(1, 31)),
    "months_after": ("pmo", range(1, 13)),
}
"""How far from a session, each with its letters in a key and its limits."""

_BEFORE: Final = ({"days_before", "at"}, {"minutes_before"})
_AFTER: Final = ({"minutes_after"}, {"days_after", "at"}, {"months_after", "at"})


class Timed(Protocol):
    """A session, as far as it matters here. Both moments are in the zone whose clock counts."""

    @property
    def id(self) -> str: ...

    @property
    def starts_at(self) -> datetime: ...

    @property
    def ends_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Reminder:
    """What is due so long before a session's start or after its end, for the audience: minutes, or days or months and
    then `at` a wall-clock time in its zone. That the recording is online is told when it is, and has no time.

    A `paused` one is not sent.
    """

    kind: ReminderKind = ReminderKind.REMINDER
    days_before: int | None = None
    at: time | None = None
    minutes_before: int | None = None
    minutes_after: int | None = None
    days_after: int | None = None
    months_after: int | None = None
    audience: Audience = field(default_factory=Audience)
    paused: bool = False

    @property
    def is_before(self) -> bool:
        """Whether it is due before each session, and not after the last."""
        return self.kind is ReminderKind.REMINDER

    @property
    def is_by_clock(self) -> bool:
        """Whether it has a moment of its own."""
        return self.kind is not ReminderKind.RECORDING

    @property
    def key(self) -> str:
        """What tells it from the others of its gathering: `d7-0900`, `m30`, `thanks-pm60`, `recording`."""
        spans = ((letters, getattr(self, name)) for name, (letters, _) in _SPANS.items())
        said = [f"{letters}{span}" for letters, span in spans if span is not None]
        if self.at is not None:
            said.append(f"{self.at:%H%M}")
        # The key is a part of a mail's row, which has no `_` in it.
        return "-".join(said if self.is_before else [self.kind.replace("_", "-"), *said])

    def moment(self, session: Timed) -> datetime:
        """Return when it is due for a session, in UTC.

        A time that the clock skips in spring is an hour later, and of one that it shows twice in autumn the first is
        meant. A month that is too short has its last day instead.
        """
        origin = session.starts_at if self.is_before else session.ends_at
        if self.at is None:
            return origin.astimezone(UTC) + timedelta(minutes=(self.minutes_after or 0) - (self.minutes_before or 0))
        day = months_later(origin.date(), self.months_after or 0)
        day += timedelta(days=(self.days_after or 0) - (self.days_before or 0))
        return datetime.combine(day, self.at, tzinfo=origin.tzinfo).astimezone(UTC)

    def planned(self, session: Timed) -> "Planned":
        """Return it as planned for a session."""
        moment = self.moment(session)
        return Planned(session.id, self, moment, session.starts_at if self.is_before else moment + LATE)


@dataclass(frozen=True, slots=True)
class Planned:
    """A reminder of one session, its moment in UTC, and when it is too late for it.

    After the end the session stands for those whose last one it is.
    """

    session: str
    reminder: Reminder
    moment: datetime
    until: datetime

    @property
    def which(self) -> tuple[str, str, datetime]:
        """Which reminder it is: of which session, its key, and its moment."""
        return self.session, self.reminder.key, self.moment


_RECORDING: Final = Reminder(ReminderKind.RECORDING)
_ONLINE: Final = (Reminder(days_before=1, at=time(9)), Reminder(minutes_before=30), _RECORDING)
_ON_SITE: Final = (Reminder(days_before=7, at=time(9)), Reminder(days_before=1, at=time(9)), _RECORDING)

USUAL: Final[Mapping[str, tuple[Reminder, ...]]] = {
    "webinar": _ONLINE,
    "inspiration_day": _ON_SITE,
    "festival": _ON_SITE,
    "workshop": _ON_SITE,
    "course": _ON_SITE,
}
"""What is usual, by the kind of gathering."""


def faults(reminders: Sequence[Reminder], kinds: Collection[ReminderKind] = SWITCHED_ON) -> Iterator[Fault]:
    """Yield what is wrong with reminders, of which only these kinds are sent."""
    if len(reminders) > MOST:
        yield Fault("reminders", N_("There can be at most %(limit)s reminders."), {"limit": MOST})
    keys = [one.key for one in reminders]
    for at, one in enumerate(reminders):
        message = N_("That is not sent yet.") if one.kind not in kinds else _fault(one)
        if message is not None:
            yield Fault(f"reminders.{at}", message)
        elif one.key in keys[:at]:
            yield Fault(f"reminders.{at}", N_("This reminder is there twice."))


def _fault(one: Reminder) -> str | None:
    given = {name for name in (*_SPANS, "at") if getattr(one, name) is not None}
    if not one.is_by_clock:
        if given:
            return N_("It goes out when the recording is published. Leave out the time.")
    elif given not in (_BEFORE if one.is_before else _AFTER):
        if one.is_before:
            return N_("Say how many days before and at what time, or how many minutes before.")
        return N_("Say how many minutes after, or how many days or months after and at what time.")
    if any(getattr(one, name) not in limits for name, (_, limits) in _SPANS.items() if name in given):
        if one.is_before:
            return N_("At most 90 days before, or three days in minutes.")
        return N_("At least a day and at most 30 days after, or at most 12 months; in minutes at most 30 days.")
    if one.audience.status not in ("", "confirmed"):
        return N_("It goes to those who have a seat, and to nobody else.")
    return None
