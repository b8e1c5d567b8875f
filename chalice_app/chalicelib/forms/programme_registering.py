"""The form that signs one person up to several gatherings of a programme."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from chalicelib.forms.registering import Fields, Person
from shared.gatherings.model import Gathering
from shared.refusals import Fault


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody comes to in one gathering."""

    sessions: tuple[str, ...] = ()
    mode: str = ""


@dataclass(frozen=True, slots=True)
class TypedMany:
    """What stands in the form: the person, and by slug what was chosen."""

    person: Person = field(default_factory=Person)
    chosen: Mapping[str, Chosen] = field(default_factory=dict)

    def for_gathering(self, slug: str) -> Person:
        """Return the person as a form for one gathering alone would have it."""
        return replace(self.person, sessions=self.chosen[slug].sessions, mode=self.chosen[slug].mode)


def read(fields: Fields, gatherings: Sequence[Gathering]) -> TypedMany:
    """Return what was typed into the form."""
    wanted = set(fields.get("gathering", []))
    name, email, library, role = (fields.get(one, [""])[-1] for one in ("name", "email", "library", "role"))
    person = Person(name, email, library, role)
    return TypedMany(person, {one.slug: _chosen(fields, one) for one in gatherings if one.slug in wanted})


def of_gathering(fault: Fault, slug: str) -> Fault:
    """Return a fault of one person in one gathering as a fault of this form: what was chosen stands by gathering."""
    name = fault.field.removeprefix("participants.0.")
    return replace(fault, field=f"{slug}-{name}" if name in ("sessions", "mode") else name)


def _chosen(fields: Fields, gathering: Gathering) -> Chosen:
    before = f"{gathering.slug}-"
    names = [f"{before}session", *(f"{before}choice-{number}" for number in range(len(gathering.choices())))]
    sessions = tuple(value for name in names for value in fields.get(name, []))
    return Chosen(sessions, fields.get(f"{before}mode", [""])[-1])
