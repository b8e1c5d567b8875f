"""When those who come are reminded: so many days before at a time on the clock, or so many minutes before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from shared.refusals import N_, Fault

MOST: Final = 10
"""Reminders of one gathering."""

MOST_DAYS: Final = 90
MOST_MINUTES: Final = 3 * 24 * 60


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder of each session: `days_before` it, `at` a wall-clock time in its zone, or `minutes_before` it.

    A `paused` one is not sent.
    """

    days_before: int | None = None
    at: time | None = None
    minutes_before: int | None = None
    paused: bool = False

    @property
    def key(self) -> str:
        """What tells it from the others of its gathering: `d7-0900`, `m30`."""
        if self.days_before is None or self.at is None:
            return f"m{self.minutes_before}"
        return f"d{self.days_before}-{self.at:%H%M}"

    def moment(self, starts_at: datetime) -> datetime:
        """Return when it is due for a session that starts then, in UTC.

        `starts_at` is in the zone whose clock counts. A time that the clock skips in spring is an hour later, and of
        one that it shows twice in autumn the first is meant.
        """
        if self.days_before is None or self.at is None:
            return starts_at.astimezone(UTC) - timedelta(minutes=self.minutes_before or 0)
        day = starts_at.date() - timedelta(days=self.days_before)
        return datetime.combine(day, self.at, tzinfo=starts_at.tzinfo).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Planned:
    """A reminder of one session, and its moment in UTC."""

    session: str
    reminder: Reminder
    moment: datetime

    @property
    def which(self) -> tuple[str, str, datetime]:
        """Which reminder it is: of which session, its key, and its moment."""
        return self.session, self.reminder.key, self.moment


_ONLINE: Final = (Reminder(days_before=1, at=time(9)), Reminder(minutes_before=30))
_ON_SITE: Final = (Reminder(days_before=7, at=time(9)), Reminder(days_before=1, at=time(9)))

USUAL: Final[Mapping[str, tuple[Reminder, ...]]] = {
    "webinar": _ONLINE,
    "inspiration_day": _ON_SITE,
    "festival": _ON_SITE,
    "workshop": _ON_SITE,
    "course": _ON_SITE,
}
"""What is usual, by the kind of gathering."""


def faults(reminders: Sequence[Reminder]) -> Iterator[Fault]:
    """Yield what is wrong with reminders."""
    if len(reminders) > MOST:
        yield Fault("reminders", N_("There can be at most %(limit)s reminders."), {"limit": MOST})
    keys = [one.key for one in reminders]
    for at, one in enumerate(reminders):
        by_days = one.days_before is not None and one.at is not None and one.minutes_before is None
        by_minutes = one.days_before is None and one.at is None and one.minutes_before is not None
        if not (by_days or by_minutes):
            yield Fault(f"reminders.{at}", N_("Say how many days before and at what time, or how many minutes before."))
        elif not 0 <= (one.days_before or 0) <= MOST_DAYS or not 0 <= (one.minutes_before or 0) <= MOST_MINUTES:
            yield Fault(f"reminders.{at}", N_("At most 90 days before, or three days in minutes."))
        elif one.key in keys[:at]:
            yield Fault(f"reminders.{at}", N_("This reminder is there twice."))
