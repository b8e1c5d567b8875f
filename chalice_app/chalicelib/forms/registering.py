"""The registration form: one person, or a group that somebody else signs up."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from chalicelib.forms import questions as asking
from shared.gatherings.model import Gathering
from shared.gatherings.questions import Given, from_form
from shared.refusals import Fault
from shared.registration.applying import MOST_TOGETHER, Application, Booker, Booking

Fields = Mapping[str, list[str]]
"""A form's fields, each with all its values."""

GROUP_STARTS_WITH: Final = 2

_BUTTON: Final = re.compile(r"(add|alone|group)|remove-([0-9]{1,2})")
_ASKED_ONCE: Final = re.compile(r"participants\.[0-9]+\.(library|gln|reference)")
_FAULT: Final = re.compile(r"(?:participants\.([0-9]+)\.|(booker)\.)?(.+)")


@dataclass(frozen=True, slots=True)
class Person:
    """What stands in one person's fields."""

    name: str = ""
    email: str = ""
    library: str = ""
    role: str = ""
    mode: str = ""
    sessions: tuple[str, ...] = ()
    answers: Mapping[str, Given] = field(default_factory=dict)
    diet: str = ""
    accommodation: str = ""
    gln: str = ""
    reference: str = ""

    @property
    def needs(self) -> dict[str, str]:
        """Diet and accommodation, as the fields for them are filled."""
        return {"diet": self.diet, "accommodation": self.accommodation}


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the whole form. A `group` has a booker, and people who answer questions on their own pages."""

    people: tuple[Person, ...] = (Person(),)
    group: bool = False
    booker_name: str = ""
    booker_email: str = ""
    together: bool = True

    def booking(self, gathering: Gathering, language: str) -> Booking:
        """Return what the form asks for."""
        return Booking(
            participants=tuple(_application(person, gathering) for person in self.people),
            language=language,
            booker=Booker(self.booker_name, self.booker_email) if self.group else None,
            together=self.together,
        )

    def after(self, button: str) -> "Typed | None":
        """Return the form after one of its own buttons; None if what was pressed sends it."""
        found = _BUTTON.fullmatch(button)
        if found is None:
            return None
        word, number = found.groups()
        if word == "alone":
            return replace(self, group=False, people=self.people[:1])
        if word == "group":
            return replace(self, group=True, people=_grown(self.people, GROUP_STARTS_WITH))
        if word == "add":
            return replace(self, people=_grown(self.people, min(len(self.people) + 1, MOST_TOGETHER)))
        people = tuple(person for at, person in enumerate(self.people) if at != int(number))
        return replace(self, people=people or (Person(),))


def read(fields: Fields, gathering: Gathering) -> Typed:
    """Return what was typed into the form."""
    count = min(max(_number(fields), 1), MOST_TOGETHER)
    return Typed(
        people=tuple(_person(fields, at, gathering) for at in range(count)),
        group=_one(fields, "group") == "1",
        booker_name=_one(fields, "booker-name"),
        booker_email=_one(fields, "booker-email"),
        together=_one(fields, "together") != "as_many",
    )


def prefix(at: int) -> str:
    """Return what the names of a person's fields begin with."""
    return f"p{at}-" if at else ""


def asked_once(fault: str) -> str:
    """Return the field of a fault on a form that asks for library and invoice once, for everybody."""
    return _ASKED_ONCE.sub(r"participants.0.\1", fault)


def field_of(fault: Fault) -> str:
    """Return the form field that a fault is about: `participants.1.name` is `p1-name`."""
    found = _FAULT.fullmatch(fault.field)
    if found is None:
        return fault.field
    person, booker, name = found.groups()
    if booker:
        return f"booker-{name}"
    return prefix(int(person or 0)) + (asking.field_of(name) or name)


def by_field(faults: Sequence[Fault]) -> dict[str, tuple[Fault, ...]]:
    """Return faults by the form field that they are about, in their order."""
    found: dict[str, tuple[Fault, ...]] = {}
    for fault in faults:
        found[field_of(fault)] = (*found.get(field_of(fault), ()), fault)
    return found


def _application(person: Person, gathering: Gathering) -> Application:
    chooses = gathering.choose_sessions or gathering.choices()
    return Application(
        name=person.name,
        email=person.email,
        library=person.library,
        role=person.role,
        mode=person.mode,
        sessions=_sessions(person, gathering) if chooses else None,
        answers=person.answers,
        diet=person.diet,
        accommodation=person.accommodation,
        gln=person.gln,
        reference=person.reference,
    )


def _sessions(person: Person, gathering: Gathering) -> tuple[str, ...]:
    """Sessions that all come to are not asked about."""
    given = () if gathering.choose_sessions else tuple(s.id for s in gathering.sessions_without_choice())
    return (*given, *person.sessions)


def _person(fields: Fields, at: int, gathering: Gathering) -> Person:
    before = prefix(at)
    chosen: Iterator[str] = (
        value
        for name in (f"{before}session", *(f"{before}choice-{number}" for number in range(len(gathering.choices()))))
        for value in fields.get(name, [])
    )
    return Person(
        **{name: _one(fields, before + name) for name in ("name", "email", "role", "mode")},
        # Colleagues are of one library, which is asked once, and has one invoice.
        **{name: _one(fields, before + name) or _one(fields, name) for name in ("library", "gln", "reference")},
        sessions=tuple(chosen),
        answers=from_form(gathering.questions, fields, before),
        diet=_one(fields, f"{before}needs-diet"),
        accommodation=_one(fields, f"{before}needs-accommodation"),
    )


def _grown(people: tuple[Person, ...], count: int) -> tuple[Person, ...]:
    return people + (Person(),) * (count - len(people))


def _number(fields: Fields) -> int:
    text = _one(fields, "people")
    return int(text) if re.fullmatch(r"[0-9]{1,3}", text) else 1


def _one(fields: Fields, name: str) -> str:
    return fields.get(name, [""])[-1]
