"""What somebody sees who asked for all their own links."""

from collections.abc import Callable, Iterable, Iterator, Mapping
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


class Library(Protocol):
    """What stands for a number."""

    @property
    def id(self) -> str: ...


class Libraries(Protocol):
    """Which library a number stands for, which numbers it goes by, and which e-mail domains are its own."""

    def current(self, number: str) -> Library: ...

    def numbers(self, number: str) -> frozenset[str]: ...

    def domain_is_of(self, email_domain: str, library_id: str) -> bool: ...


def own(person: str, *, registrations: Registrations, gatherings: Gatherings) -> tuple[Own, ...]:
    """Return all registrations of a person, named by the keyed hash of the address; the latest gathering first."""
    found = [Own(one, gatherings.get(one.gathering_id)) for one in registrations.of_person(person)]
    return tuple(sorted(found, key=lambda one: one.gathering.starts_at, reverse=True))


def led_by(mine: Iterable[Own], libraries: Libraries) -> tuple[str, ...]:
    """Return the libraries whose leader somebody is: said on a form, from an address that is the library's."""
    people = (one.registration.participant for one in mine)
    leaders = [who for who in people if who.role is Role.LEADER]
    proven = [who for who in leaders if libraries.domain_is_of(addresses.domain(who.email), who.library)]
    return tuple(dict.fromkeys(libraries.current(who.library).id for who in proven))


def counts(led: Iterable[str], coming: Iterable[Gathering], see: See, libraries: Libraries) -> tuple[LibraryCount, ...]:
    """Return where people of the libraries are registered, and how many; never who."""
    return tuple(_counts({library: libraries.numbers(library) for library in led}, coming, see))


def _counts(led: Mapping[str, frozenset[str]], coming: Iterable[Gathering], see: See) -> Iterator[LibraryCount]:
    for gathering in coming if led else ():
        seats = see(gathering.id)
        for library, numbers in led.items():
            people = sum(seats.libraries.get(number, 0) for number in numbers) if seats is not None else 0
            if people:
                yield LibraryCount(gathering, library, people)
