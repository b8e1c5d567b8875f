"""Reminders in forms: how long before, in days at a time on the clock, in hours or in minutes."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from chalicelib.forms import fields, times
from chalicelib.forms.fields import Fields, Reader
from shared.gatherings.reminders import Reminder
from shared.refusals import N_

DAYS: Final = "days"
MINUTES: Final = {"hours": 60, "minutes": 1}

UNITS: Final = {DAYS: N_("days before"), "hours": N_("hours before"), "minutes": N_("minutes before")}
"""What a number can be of, to be translated."""

LABELS: Final = {
    "reminders": N_("Reminders"),
    "reminders.*.number": N_("How long before"),
    "reminders.*.unit": N_("Days, hours or minutes"),
    "reminders.*.at": N_("At what time"),
    "reminders.*.paused": N_("Paused: it is not sent"),
}
"""What the fields are called, to be translated. `*` is the number of a row."""


def to_fields(reminders: Sequence[Reminder]) -> Iterator[tuple[str, list[str]]]:
    """Yield the fields of reminders."""
    for at, one in enumerate(reminders):
        row = f"reminders.{at}"
        number, unit = _said(one)
        yield f"{row}.id", [one.key]
        yield f"{row}.number", [str(number)]
        yield f"{row}.unit", [unit]
        yield f"{row}.at", [times.shown_clock(one.at) if one.at else ""]
        yield from fields.tick(f"{row}.paused", one.paused)


def read(reader: Reader) -> list[dict[str, Any]]:
    """Return the reminders that the fields describe, as the API takes them."""
    return [_reminder(reader, row) for row in reader.rows("reminders")]


def without(typed: Fields) -> dict[str, list[str]]:
    """Return the fields without those of reminders."""
    return {name: values for name, values in typed.items() if not name.startswith("reminders.")}


def _said(one: Reminder) -> tuple[int, str]:
    if one.days_before is not None:
        return one.days_before, DAYS
    minutes = one.minutes_before or 0
    return (minutes // 60, "hours") if minutes and minutes % 60 == 0 else (minutes, "minutes")


def _reminder(reader: Reader, row: str) -> dict[str, Any]:
    unit, number = reader.long(f"{row}.unit"), reader.number(f"{row}.number")
    reader.required(f"{row}.number", N_("Say how long before."))
    paused = reader.ticked(f"{row}.paused")
    if unit == DAYS:
        at = reader.clock(f"{row}.at")
        return {"days_before": number, "at": at and f"{at:%H:%M}", "paused": paused}
    return {"minutes_before": None if number is None else number * MINUTES.get(unit, 1), "paused": paused}
