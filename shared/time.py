"""Time is aware UTC inside and the profile's wall clock at the edges."""

import calendar
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

MONTH: Final = r"20\d\d-(0[1-9]|1[0-2])"
"""What a month looks like: `2026-09`."""


def utcnow() -> datetime:
    """Return the present moment. Only entry points call this; everything below takes `now`."""
    return datetime.now(UTC)


def utc_text(moment: datetime) -> str:
    """Return RFC 3339 in UTC, to the microsecond and always equally long, so that text sorts as time does."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def utc_moment(text: str) -> datetime:
    """Return the moment that `utc_text` wrote."""
    return datetime.fromisoformat(text)


def on_wall_clock(moment: datetime, zone: str) -> datetime:
    """Return the moment as the clock on the wall in `zone` shows it, aware."""
    return moment.astimezone(ZoneInfo(zone))


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later; the last of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
