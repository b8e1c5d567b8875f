"""What the coordinators' pages about a gathering's participants share."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.desk import DeskScreen
from chalicelib.registration_words import Teller
from chalicelib.visit import DeskVisit
from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Gathering
from shared.libraries.model import Library
from shared.refusals import N_, Fault, Invalid, StoreUnavailable
from shared.registration.line import positions
from shared.registration.model import Awaits, Registration, Role as WorkRole, Status
from shared.registration.queries import Sought, everybody
from shared.roles import Role

GATHERING: Final = "/tovholder/arrangementer/{gathering_id}"
PATH: Final = f"{GATHERING}/deltagere"


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody in a list, with the name of the library, and the number in line."""

    one: Registration
    library: str
    position: int | None


@dataclass(frozen=True, slots=True)
class GatheringScreen(DeskScreen):
    """Base of the screens about one gathering's people. `tell` puts registrations into words."""

    gathering: Gathering
    tell: Teller

    @property
    def gathering_path(self) -> str:
        """The address of the gathering's own page, without language."""
        return GATHERING.format(gathering_id=self.gathering.id)

    @property
    def path(self) -> str:
        """The address of the list of participants, without language."""
        return PATH.format(gathering_id=self.gathering.id)


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody in a gathering, and where they stand in the line. `library` finds the one that stands for a number."""

    registrations: tuple[Registration, ...]
    positions: Mapping[str, int]
    library: Callable[[str], Library]

    @classmethod
    def of(cls, gathering_id: str) -> "Roster":
        """Read it."""
        store = bootstrap.registrations()
        return cls(
            everybody(gathering_id, store=store), positions(store.line(gathering_id)), bootstrap.libraries().shown
        )

    def entry(self, one: Registration) -> Entry:
        """Return somebody as an entry of a list."""
        return Entry(one, self.library(one.participant.library).name, self.positions.get(one.id))


def coordinators(visit: DeskVisit, one: Registration) -> Mapping[str, str]:
    """Return the addresses by id of those who signed in and did something to a registration, for coordinators.

    Without them the page tells less, and is none the worse for that.
    """
    if Role.COORDINATOR not in visit.who.roles or not any(step.by.id for step in one.history):
        return {}
    try:
        return {person.id: person.email for person in bootstrap.people().everybody()}
    except StoreUnavailable:
        return {}


def about(visit: DeskVisit, gathering_id: str) -> tuple[Gathering, Teller]:
    """Return a gathering, and what tells of those in it. Raise GatheringNotFound."""
    gathering = bootstrap.gatherings().get(gathering_id)
    return gathering, Teller(gathering, visit.voice)


def sought(query: Mapping[str, str]) -> Sought:
    """Return what a query looks for. Raise Invalid for a word that there is not."""
    names = ("status", "session", "library", "role", "round", "awaits")
    wrong = (name for name, (known, _) in _WORDS.items() if query.get(name, "") not in ("", *known))
    if faults := [Fault(name, _WORDS[name][1]) for name in wrong]:
        raise Invalid(*faults)
    asked = {name: query.get(name, "") for name in names}
    mail_problem = query.get("mail_problem", "") in ("1", "true")
    return Sought(text=query.get("q", "").strip(), mail_problem=mail_problem, **asked)


_WORDS: Final[Mapping[str, tuple[Iterable[str], str]]] = {
    "status": (Status, N_("There is no such status.")),
    "role": (WorkRole, N_("There is no such role.")),
    "awaits": (Awaits, N_("Nobody can wait for that.")),
    "mail_problem": (("1", "true", "false"), N_("Write true or false.")),
}
