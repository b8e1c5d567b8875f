"""Reminders in forms: what goes out, and how long before or after, in months, days, hours or minutes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from chalicelib.audiences import PARTS
from chalicelib.forms import fields, times
from chalicelib.forms.fields import Fields, Reader
from shared.gatherings.reminders import SWITCHED_ON, Reminder, ReminderKind
from shared.refusals import N_

BEFORE: Final[Mapping[str, str]] = {
    "days": N_("days before"),
    "hours": N_("hours before"),
    "minutes": N_("minutes before"),
}
AFTER: Final[Mapping[str, str]] = {
    "months_after": N_("months after"),
    "days_after": N_("days after"),
    "hours_after": N_("hours after"),
    "minutes_after": N_("minutes after"),
}
"""What a number can be of, to be translated."""

_SPANS: Final[Mapping[str, tuple[str, int]]] = {
    "days": ("days_before", 1),
    "hours": ("minutes_before", 60),
    "minutes": ("minutes_before", 1),
    "months_after": ("months_after", 1),
    "days_after": ("days_after", 1),
    "hours_after": ("minutes_after", 60),
    "minutes_after": ("minutes_after", 1),
}
"""What of a reminder each is, and how many of it one is; of two that fit, the first is shown."""

_ON_THE_CLOCK: Final = frozenset({"days", "days_after", "months_after"})

LABELS: Final = {
    "reminders": N_("Reminders"),
    "reminders.*.kind": N_("What goes out"),
    "reminders.*.number": N_("How long before"),
    "reminders.*.unit": N_("Days, hours or minutes"),
    "reminders.*.at": N_("At what time"),
    "reminders.*.paused": N_("Paused: it is not sent"),
    **{f"reminders.*.audience.{part}": name for part, name in PARTS.items()},
}
"""What the fields are called, to be translated. `*` is the number of a row."""


def kinds(kept: str) -> tuple[ReminderKind, ...]:
    """Return the kinds to choose from: those that are sent, and the one that stands there."""
    return tuple(kind for kind in ReminderKind if kind in SWITCHED_ON or kind == kept)


def units(kept: str) -> Mapping[str, str]:
    """Return what a number can be of, for the kinds to choose from."""
    after = any(kind not in (ReminderKind.REMINDER, ReminderKind.RECORDING) for kind in kinds(kept))
    return {**BEFORE, **(AFTER if after else {})}


def to_fields(reminders: Sequence[Reminder]) -> Iterator[tuple[str, list[str]]]:
    """Yield the fields of reminders."""
    for at, one in enumerate(reminders):
        row = f"reminders.{at}"
        yield f"{row}.id", [one.key]
        yield f"{row}.kind", [one.kind]
        if one.is_by_clock:
            number, unit = _said(one)
            yield f"{row}.number", [str(number)]
            yield f"{row}.unit", [unit]
            yield f"{row}.at", [times.shown_clock(one.at) if one.at else ""]
        yield from fields.tick(f"{row}.paused", one.paused)
        yield from ((f"{row}.audience.{name}", [said]) for name, said in asdict(one.audience).items() if said)


def read(reader: Reader) -> list[dict[str, Any]]:
    """Return the reminders that the fields describe, as the API takes them."""
    return [_reminder(reader, row) for row in reader.rows("reminders")]


def without(typed: Fields) -> dict[str, list[str]]:
    """Return the fields without those of reminders."""
    return {name: values for name, values in typed.items() if not name.startswith("reminders.")}


def _said(one: Reminder) -> tuple[int, str]:
    """Return a number, and what it is of."""
    return next(
        (span // size, unit)
        for unit, (name, size) in _SPANS.items()
        if (span := getattr(one, name)) is not None and span % size == 0 and (span or size == 1)
    )


def _reminder(reader: Reader, row: str) -> dict[str, Any]:
    kind = reader.long(f"{row}.kind") or ReminderKind.REMINDER
    return {
        "kind": kind,
        **({} if kind == ReminderKind.RECORDING else _time(reader, row)),
        "audience": {part: reader.long(f"{row}.audience.{part}") for part in PARTS},
        "paused": reader.ticked(f"{row}.paused"),
    }


def _time(reader: Reader, row: str) -> dict[str, Any]:
    unit, number = reader.long(f"{row}.unit"), reader.number(f"{row}.number")
    reader.required(f"{row}.number", N_("Say how long before."))
    name, size = _SPANS.get(unit, _SPANS["minutes"])
    at = reader.clock(f"{row}.at") if unit in _ON_THE_CLOCK else None
    return {name: None if number is None else number * size, "at": at and f"{at:%H:%M}"}
