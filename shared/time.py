"""Time is aware UTC inside and the profile's wall clock at the edges."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


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
