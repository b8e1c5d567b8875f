"""Rounds in forms: who may register when."""

from collections.abc import Callable, Iterator, Sequence
from datetime import tzinfo
from typing import Any, Final, Protocol

from chalicelib.forms import fields
from chalicelib.forms.fields import Fields, Reader
from shared import addresses
from shared.gatherings.rounds import NOBODY, Round
from shared.libraries.model import Library
from shared.refusals import N_

OWN: Final = "own"
INHERITED: Final = "inherited"

LABELS: Final = {
    "rounds": N_("Rounds"),
    "rounds.*.name": N_("What the round is called"),
    "rounds.*.opens_at": N_("Opens, date"),
    "rounds.*.opens_at.time": N_("Opens, time"),
    "rounds.*.opens_at.pass": N_("Opens, which of the two"),
    "rounds.*.closes_at": N_("Closes, date"),
    "rounds.*.closes_at.time": N_("Closes, time"),
    "rounds.*.closes_at.pass": N_("Closes, which of the two"),
    "rounds.*.who.certification": N_("Libraries by certification"),
    "rounds.*.who.libraries": N_("Only these libraries"),
    "rounds.*.who.roles": N_("Roles"),
    "rounds.*.who.emails": N_("Only these people, by e-mail address"),
    "rounds.*.reserved_seats": N_("Seats kept for this round"),
    "rounds.*.rolls_over_at": N_("Seats become everybody’s, date"),
    "rounds.*.rolls_over_at.time": N_("Seats become everybody’s, time"),
    "rounds.*.rolls_over_at.pass": N_("Seats become everybody’s, which of the two"),
    "rounds.from": N_("Who may sign up when"),
}
"""What the fields are called, to be translated. `*` is the number of a row."""


class Libraries(Protocol):
    """The libraries that there are, as people write them."""

    def knows(self, number: str) -> bool: ...

    def current(self, number: str) -> Library: ...

    def find(self, text: str) -> tuple[Library, ...]: ...

    def similar(self, text: str) -> tuple[Library, ...]: ...


def to_fields(
    name: str, rounds: Sequence[Round], *, languages: Sequence[str], zone: tzinfo, libraries: Libraries
) -> Iterator[tuple[str, list[str]]]:
    """Yield the fields of rounds. `name` is what the fields begin with."""
    for at, one in enumerate(rounds):
        row = f"{name}.{at}"
        yield f"{row}.id", [one.id]
        yield from fields.text_fields(f"{row}.name", one.name, languages)
        yield from fields.moment_fields(f"{row}.opens_at", one.opens_at, zone)
        yield from fields.moment_fields(f"{row}.closes_at", one.closes_at, zone)
        yield f"{row}.who.certification", list(one.who.certification)
        yield f"{row}.who.libraries", ["\n".join(_written(number, libraries) for number in one.who.libraries)]
        yield f"{row}.who.roles", list(one.who.roles)
        yield f"{row}.who.emails", ["\n".join(one.who.emails)]
        yield f"{row}.reserved_seats", [_digits(one.reserved_seats)]
        yield from fields.moment_fields(f"{row}.rolls_over_at", one.rolls_over_at, zone)


def read(reader: Reader, name: str, libraries: Libraries) -> list[dict[str, Any]]:
    """Return the rounds that the fields describe, as the API takes them."""
    return [_round(reader, row, libraries) for row in reader.rows(name)]


def pressed(button: str, typed: Fields, *, new_id: Callable[[], str]) -> dict[str, list[str]] | None:
    """Return the fields after a button of any list of the form. Who adds, removes or moves a round wants their own."""
    after = fields.pressed(button, typed, new_id=new_id)
    if after is not None and (of := fields.moved_row(button) or "").endswith("rounds"):
        after[f"{of}.from"] = [OWN]
    return after


def _round(reader: Reader, row: str, libraries: Libraries) -> dict[str, Any]:
    name = reader.title(f"{row}.name", N_("Give the round a name."))
    reader.required(f"{row}.opens_at", N_("Say when the round opens."))
    return {
        "id": reader.line(f"{row}.id"),
        "name": name,
        "opens_at": reader.moment(f"{row}.opens_at") if reader.line(f"{row}.opens_at") else None,
        "closes_at": reader.moment(f"{row}.closes_at"),
        "who": {
            "certification": reader.several(f"{row}.who.certification"),
            "libraries": _libraries(reader, f"{row}.who.libraries", libraries),
            "roles": reader.several(f"{row}.who.roles"),
            "emails": _emails(reader, f"{row}.who.emails"),
        },
        "reserved_seats": reader.number(f"{row}.reserved_seats"),
        "rolls_over_at": reader.moment(f"{row}.rolls_over_at"),
    }


def _libraries(reader: Reader, name: str, libraries: Libraries) -> list[str]:
    numbers = [_number(reader, name, typed, libraries) for typed in reader.lines(name)]
    return list(dict.fromkeys(number for number in numbers if number))


def _number(reader: Reader, name: str, typed: str, libraries: Libraries) -> str | None:
    """Return the number of a library that was written as a number or a name, however it is spelt."""
    if libraries.knows(typed):
        return libraries.current(typed).id
    found = libraries.find(typed)
    if len(found) == 1:
        return found[0].id
    meant = found or libraries.similar(typed)
    if meant:
        names = ", ".join(f"{one.name} ({one.id})" for one in meant)
        reader.fault(name, N_("There is no library “%(typed)s”. Did you mean %(names)s?"), typed=typed, names=names)
    else:
        reader.fault(name, N_("There is no library “%(typed)s”."), typed=typed)
    return None


def _emails(reader: Reader, name: str) -> list[str]:
    emails = reader.lines(name)
    if wrong := [one for one in emails if one != NOBODY and addresses.sendable(one) is None]:
        reader.fault(name, N_("These are no e-mail addresses: %(values)s."), values=", ".join(wrong))
    return list(dict.fromkeys(one.casefold() for one in emails))


def _written(number: str, libraries: Libraries) -> str:
    """Return the name of the library that stands for a number where it says which one is meant, else its number."""
    if not libraries.knows(number):
        return number
    library = libraries.current(number)
    alone = "," not in library.name and ";" not in library.name
    return library.name if alone and libraries.find(library.name) == (library,) else library.id


def _digits(number: int | None) -> str:
    return "" if number is None else str(number)
