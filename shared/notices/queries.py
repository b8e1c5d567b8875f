"""What somebody sees who asked for all their own links."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from shared import addresses
from shared.gatherings.model import Gathering
from shared.gatherings.seating import Seats
from shared.registration.model import Registration, Role

See = Callable[[str], Seats | None]
"""Returns the seats of a gathering by its id; None if it was never published."""


@dataclass(frozen=True, slots=True)
class Own:
    """A registration of one's own."""

    registration: Registration
    gathering: Gathering


@dataclass(frozen=True, slots=True)
class LibraryCount:
    """How many people of a library are registered for a gathering, seated or waiting."""

    gathering: Gathering
    library: str
    people: int


class Registrations(Protocol):
    """Registrations by person."""

    def of_person(self, person: str) -> tuple[Registration, ...]: ...


class Gatherings(Protocol):
    """Gatherings by id."""

    def get(self, gathering_id: str) -> Gathering: ...


class Libraries(Protocol):
    """Which e-mail domains prove that somebody works at a library."""

    def domain_is_of(self, email_domain: str, library_id: str) -> bool: ...


def own(person: str, *, registrations: Registrations, gatherings: Gatherings) -> tuple[Own, ...]:
    """Return all registrations of a person, named by the keyed hash of the address; the latest gathering first."""
    found = [Own(one, gatherings.get(one.gathering_id)) for one in registrations.of_person(person)]
    return tuple(sorted(found, key=lambda one: one.gathering.starts_at, reverse=True))


def led_by(mine: Iterable[Own], libraries: Libraries) -> tuple[str, ...]:
    """Return the libraries whose leader somebody is: said on a form, from an address that is the library's."""
    people = (one.registration.participant for one in mine)
    leaders = [who for who in people if who.role is Role.LEADER]
    return tuple(
        dict.fromkeys(
            who.library for who in leaders if libraries.domain_is_of(addresses.domain(who.email), who.library)
        )
    )


def counts(led: Iterable[str], coming: Iterable[Gathering], see: See) -> tuple[LibraryCount, ...]:
    """Return where people of the libraries are registered, and how many; never who."""
    return tuple(_counts(tuple(led), coming, see))


def _counts(led: tuple[str, ...], coming: Iterable[Gathering], see: See) -> Iterator[LibraryCount]:
    for gathering in coming if led else ():
        seats = see(gathering.id)
        for library in led:
            people = seats.libraries.get(library, 0) if seats is not None else 0
            if people:
                yield LibraryCount(gathering, library, people)
