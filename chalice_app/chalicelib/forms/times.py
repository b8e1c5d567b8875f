"""Days and times as people write them, and as fields show them.

Browsers send 2026-10-05 and 09:00; who types in a plain text field writes 5/10-2026 and 9.00.
"""

import re
from datetime import UTC, date, datetime, time, tzinfo
from enum import StrEnum
from typing import Final

from shared.gatherings.model import YEARS

_ISO_DAY: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DANISH_DAY: Final = re.compile(r"(\d{1,2})\.?\s*[./ -]\s*(\d{1,2})\.?\s*[./ -]\s*(\d{4}|\d{2})")
_CLOCK: Final = re.compile(r"(?:kl\.?\s*)?(\d{1,2})(?:[.:](\d{2})(?:[.:](\d{2}(?:\.\d{1,6})?))?)?", re.IGNORECASE)
_CENTURY: Final = 2000


class Pass(StrEnum):
    """Which of the two, in the hour that the clock shows twice when summer time ends."""

    FIRST = "first"
    SECOND = "second"


class OutOfReach(ValueError):
    """Nothing can be planned for that year."""


class ClockSkips(ValueError):
    """The clock never shows this time: it is put forward over it when summer time begins."""


class ClockRepeats(ValueError):
    """The clock shows this time twice, and it was not said which of the two is meant."""


def day(text: str) -> date:
    """Return the day of `05.10.2026`, `5/10-2026`, `5.10.26` or `2026-10-05`. Raise ValueError for what is none,
    OutOfReach for one that is too far away."""
    written = text.strip()
    if found := _ISO_DAY.fullmatch(written):
        year, month, of_month = found.groups()
    elif found := _DANISH_DAY.fullmatch(written):
        of_month, month, year = found.groups()
    else:
        raise ValueError(text)
    found_day = date(int(year) + (_CENTURY if len(year) == 2 else 0), int(month), int(of_month))
    if found_day.year not in YEARS:
        raise OutOfReach(text)
    return found_day


def clock(text: str) -> time:
    """Return the time of `9.00`, `09:00`, `9` or `kl. 9.00`. Raise ValueError for what is none."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    hour, minute, second = found.groups(default="0")
    whole, _, fraction = second.partition(".")
    return time(int(hour), int(minute), int(whole), int(fraction.ljust(6, "0")))


def on_the_wall(day: date, clock: time, zone: tzinfo) -> datetime:
    """Return the moment at which the clock in the zone shows this, in the zone; of two, the first.

    Raise ClockSkips when it never does.
    """
    moment = datetime.combine(day, clock, tzinfo=zone)
    if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise ClockSkips(moment)
    return moment


def moment(day: date, clock: time, zone: tzinfo, which: Pass | None = None) -> datetime:
    """Return the moment as `on_the_wall` does. Raise ClockRepeats when there are two and it is not said `which`."""
    first = on_the_wall(day, clock, zone)
    if not repeats(day, clock, zone):
        return first
    if which is None:
        raise ClockRepeats(first)
    return first.replace(fold=which is Pass.SECOND)


def repeats(day: date, clock: time, zone: tzinfo) -> bool:
    """Whether the clock in the zone shows this twice."""
    moment = datetime.combine(day, clock, tzinfo=zone)
    later = moment.replace(fold=1)
    return later.utcoffset() != moment.utcoffset() and later.astimezone(UTC) > moment.astimezone(UTC)


def which(moment: datetime, zone: tzinfo) -> Pass:
    """Return which of the two it is; the first where there is only one."""
    return Pass.SECOND if moment.astimezone(zone).fold else Pass.FIRST


def shown_clock(clock: time) -> str:
    """Return the time as a field for times shows it: seconds only where there are any."""
    return clock.isoformat("auto" if clock.second or clock.microsecond else "minutes")
