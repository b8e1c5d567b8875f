"""Forms of rows and parts: fields are named as the API names what they fill, `sessions.0.capacity`.

So a fault that names its place in the request names the field too, and one set of rules serves both.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from chalicelib.bodies import OUT_OF_REACH, validated
from chalicelib.forms import times
from chalicelib.forms.times import ClockRepeats, ClockSkips, OutOfReach, Pass
from shared import addresses
from shared.gatherings.model import YEARS, Text
from shared.refusals import N_, Fault, Invalid

Fields = Mapping[str, list[str]]
"""A form's fields, each with all its values."""

YES: Final = "yes"
"""What a ticked box says."""

_BUTTON: Final = re.compile(r"([a-z]+(?:\.[0-9]+\.[a-z]+)*)\.(?:add|([0-9]+)\.(remove|up|down))")
_NUMBER: Final = re.compile(r"[0-9]{1,3}(?:[. \u00a0][0-9]{3})+|[0-9]+")
_LIST: Final = re.compile(r"(.*\b(?:themes|goals|certification|libraries|roles|emails))\.[0-9]+")
_QUESTION: Final = re.compile(r"questions\.([0-9]+)(?:\.(label|help)\.([a-z]{2})|\.(kind|options)\b.*|\..*)?")

M = TypeVar("M", bound=BaseModel)


@dataclass(slots=True)
class Reader:
    """Reads fields, and notes in `faults` what cannot be read; what is noted is None."""

    fields: Fields
    languages: Sequence[str]
    zone: tzinfo
    faults: list[Fault] = field(default_factory=list)

    def long(self, name: str) -> str:
        """Return what stands in a field, its lines ended as everywhere else."""
        return self.fields.get(name, [""])[-1].replace("\r\n", "\n").strip()

    def line(self, name: str) -> str | None:
        """Return what stands in a field; None for nothing."""
        return self.long(name) or None

    def required(self, name: str, message: str) -> str:
        """Return what stands in a field, and note the fault if it is nothing."""
        said = self.long(name)
        if not said:
            self.fault(name, message)
        return said

    def words(self, name: str) -> dict[str, str]:
        """Return a text by language."""
        said = {language: self.long(f"{name}.{language}") for language in self.languages}
        return {language: text for language, text in said.items() if text}

    def title(self, name: str, message: str) -> dict[str, str]:
        """Return a text that there must be in the first language."""
        self.required(f"{name}.{self.languages[0]}", message)
        return self.words(name)

    def ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return YES in self.fields.get(name, [])

    def several(self, name: str) -> list[str]:
        """Return the boxes that are ticked."""
        return [value for value in self.fields.get(name, []) if value]

    def lines(self, name: str) -> list[str]:
        """Return what stands on lines of its own, or behind commas and semicolons."""
        return [one.strip() for one in re.split(r"[\n,;]", self.long(name)) if one.strip()]

    def number(self, name: str) -> int | None:
        """Return a whole number; None for nothing. Thousands may have their points."""
        said = self.long(name)
        if not said:
            return None
        if not _NUMBER.fullmatch(said):
            self.fault(name, N_("Write a whole number in digits."))
            return None
        return int(re.sub(r"[. \u00a0]", "", said))

    def link(self, name: str) -> str | None:
        """Return the address of a page; None for nothing."""
        said = self.line(name)
        if said is not None and not re.match(r"https?://[^\s/]", said):
            self.fault(name, N_("A link begins with https://, and has no blanks."))
        return said

    def email(self, name: str) -> str:
        """Return an e-mail address."""
        said = self.long(name)
        if addresses.sendable(said) is None:
            self.fault(name, N_("This is not an e-mail address. It should look like name@library.dk."))
        return said

    def day(self, name: str) -> date | None:
        """Return a day; None for nothing."""
        said = self.long(name)
        try:
            return times.day(said) if said else None
        except OutOfReach:
            self.fault(name, OUT_OF_REACH, first=YEARS[0], last=YEARS[-1])
            return None
        except ValueError:
            self.fault(name, N_("This is not a date. Write it like 05.10.2026."))
            return None

    def required_day(self, name: str) -> date | None:
        """Return a day that there must be."""
        return self.day(name) if self.required(name, N_("Write the date.")) else None

    def clock(self, name: str) -> time | None:
        """Return a time of day that there must be."""
        said = self.required(name, N_("Write the time."))
        try:
            return times.clock(said) if said else None
        except ValueError:
            self.fault(name, N_("This is not a time. Write it like 9.00."))
            return None

    def on_the_wall(self, name: str, day: date | None, clock: time | None) -> str | None:
        """Return what the clock on the wall shows then, as the API takes it. `name` is whose fault it is if it never
        does."""
        if day is None or clock is None:
            return None
        try:
            return times.on_the_wall(day, clock, self.zone).isoformat()
        except ClockSkips:
            self._skipped(name)
            return None

    def moment(self, name: str) -> str | None:
        """Return the moment of a day and a time, as the API takes it; None for nothing."""
        if not self.long(name) and not self.long(f"{name}.time"):
            return None
        day, clock = self.required_day(name), self.clock(f"{name}.time")
        if day is None or clock is None:
            return None
        said = self.long(f"{name}.pass")
        try:
            return times.moment(day, clock, self.zone, Pass(said) if said in tuple(Pass) else None).isoformat()
        except ClockSkips:
            self._skipped(name)
        except ClockRepeats:
            self.fault(f"{name}.pass", N_("The clock is put back that night and shows this time twice. Choose which."))
        return None

    def rows(self, name: str) -> list[str]:
        """Return the rows of a list, each as what its fields' names begin with."""
        return rows(self.fields, name)

    def fault(self, name: str, message: str, **values: object) -> None:
        """Note what is wrong with a field."""
        self.faults.append(Fault(name, message, values))

    def checked(self, model: type[M], body: Mapping[str, Any]) -> M:
        """Return the body as the model. Raise Invalid with what was noted, and what the model finds besides."""
        found: tuple[Fault, ...] = ()
        try:
            read = validated(model, body)
            if not self.faults:
                return read
        except Invalid as invalid:
            found = invalid.faults
        noted = [fault.field for fault in self.faults]
        # What could not be read is missing for the model. It has been said already, and better.
        raise Invalid(*self.faults, *(fault for fault in found if not _is_noted(fault.field, noted)))

    def _skipped(self, name: str) -> None:
        self.fault(name, N_("There is no such time: the clock is put forward over it that night."))


def rows(fields: Fields, name: str) -> list[str]:
    """Return the rows of a list, each as what its fields' names begin with. A row has a field `id`."""
    found: list[str] = []
    while f"{name}.{len(found)}.id" in fields:
        found.append(f"{name}.{len(found)}")
    return found


def pressed(button: str, fields: Fields, *, new_id: Callable[[], str]) -> dict[str, list[str]] | None:
    """Return the fields after a button that adds, removes or moves a row; None when it was another button."""
    found = _BUTTON.fullmatch(button)
    if found is None:
        return None
    name, row, action = found.groups()
    there = len(rows(fields, name))
    if action is None:
        return {**fields, f"{name}.{there}.id": [new_id()]}
    at = int(row)
    order = [number for number in range(there) if number != at]
    if action != "remove" and at < there:
        order.insert(max(0, at - 1) if action == "up" else at + 1, at)
    return _reordered(fields, name, order)


def moved_row(button: str) -> str | None:
    """Return the list that such a button belongs to."""
    found = _BUTTON.fullmatch(button)
    return found.group(1) if found else None


def where(fault: Fault) -> Fault:
    """Return the fault at the field that shows what it is about: lists are one field, and questions have their own."""
    if found := _LIST.fullmatch(fault.field):
        return Fault(found.group(1), fault.message, fault.values)
    return fault


def anchor(name: str) -> str:
    """Return the id of the element that a fault of this field leads to."""
    found = _QUESTION.fullmatch(name)
    if found is None:
        return name
    at, part, language, other = found.groups()
    if part:
        return f"question-{at}-{part}-{language}"
    return f"question-{at}-kind" if other == "kind" else f"questions.{at}"


def text_fields(name: str, text: Text, languages: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the fields of a text."""
    for language in languages:
        yield f"{name}.{language}", [text.get(language, "")]


def tick(name: str, ticked: bool) -> Iterator[tuple[str, list[str]]]:
    """Yield the field of a box."""
    if ticked:
        yield name, [YES]


def moment_fields(name: str, moment: datetime | None, zone: tzinfo) -> Iterator[tuple[str, list[str]]]:
    """Yield the fields of a moment: the day, the time, and which of two it is where the clock shows it twice."""
    local = moment.astimezone(zone) if moment else None
    yield name, [local.date().isoformat() if local else ""]
    yield f"{name}.time", [times.shown_clock(local.time()) if local else ""]
    if local and times.repeats(local.date(), local.time(), zone):
        yield f"{name}.pass", [times.which(local, zone).value]


def _reordered(fields: Fields, name: str, order: Sequence[int]) -> dict[str, list[str]]:
    to = {old: new for new, old in enumerate(order)}
    pattern = re.compile(re.escape(name) + r"\.([0-9]+)(\..+)")
    after: dict[str, list[str]] = {}
    for field_name, values in fields.items():
        found = pattern.fullmatch(field_name)
        if found is None:
            after[field_name] = values
        elif (old := int(found.group(1))) in to:
            after[f"{name}.{to[old]}{found.group(2)}"] = values
    return after


def _is_noted(name: str, noted: Iterable[str]) -> bool:
    """Whether something was noted for the field, for what it is a part of, or for its row."""
    row = _row(name)
    return any(
        name == one or name.startswith(f"{one}.") or one.startswith(f"{name}.") or (row and row == _row(one))
        for one in noted
    )


def _row(name: str) -> str:
    found = re.fullmatch(r"(.+\.[0-9]+)\..+", name)
    return found.group(1) if found else ""
