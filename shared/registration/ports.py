"""What registration needs of its surroundings."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, Protocol

from events.envelope import Envelope
from shared.gatherings.model import Gathering
from shared.gatherings.seating import Move, Seats
from shared.limits import Limit
from shared.registration.line import Party
from shared.registration.model import Awaits, Registration

Secret = Callable[[str], str]
"""A keyed hash: nobody without the key can tell whose address it was made of."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one person: a registration with its status, and its position in the line; or neither, and why.

    `awaits` is what a seat that is held for somebody waits for who fills this in, whether it is held already or not: so
    it tells nobody that somebody else was registered before.
    """

    registration_id: str | None
    status: str
    position: int | None = None
    awaits: frozenset[Awaits] = frozenset()


Answers = tuple[Answer, ...]
"""What a request was answered, in the order of its participants: kept, so that a repeat hears the same."""


@dataclass(frozen=True, slots=True)
class Once:
    """A request's idempotency key, the hash of its body (the same key with another body is a mistake), its answer."""

    key: str
    body_hash: str
    answers: Answers


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody on a form for whom there was no room: the name as typed, the keyed hash of the address, and why."""

    name: str
    person: str
    why: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """That somebody registered others: whom, and where to send what became of them.

    `registrations` are of everybody on the form who has one. Only those whose `booking_id` it is are the booker's to
    change: the others were there before.
    """

    id: str
    gathering_id: str
    name: str
    email: str
    person: str
    language: str
    registrations: tuple[str, ...]
    made_at: datetime
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A registration as it was (None: it is new) and as it shall be, and the facts that make it known."""

    before: Registration | None
    after: Registration
    facts: tuple[Envelope[Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Overtaking:
    """That a coordinator seated somebody before others in the line, and why. Those behind may see it.

    Its `id` is the registration's: it goes with that one, for the reason may tell of the person.
    """

    id: str
    place: int
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What is written all or nothing, in one gathering. `parties` are those of the line, as they were and will be."""

    gathering_id: str
    changes: tuple[Change, ...] = ()
    move: Move | None = None
    parties: tuple[tuple[Party | None, Party | None], ...] = ()
    receipt: Receipt | None = None
    overtaking: Overtaking | None = None
    facts: tuple[Envelope[Any], ...] = ()
    once: Once | None = None
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """All of it is kept."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """The request came before, and was answered so."""

    answers: Answers


@dataclass(frozen=True, slots=True)
class Occupied:
    """Some have a registration already: its id by the id of the one that was wanted."""

    existing: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SeatsWere:
    """The seats were not as the move needs them, but so; None when the gathering has none."""

    seats: Seats | None


@dataclass(frozen=True, slots=True)
class Crossed:
    """Somebody else came at the same moment: the place in the line has to be another."""


Outcome = Written | Repeated | Occupied | SeatsWere | Crossed


class Gatherings(Protocol):
    """Gatherings by address. `remembered` may be old, and `fresh` never is."""

    def remembered(self, slug: str) -> Gathering: ...

    def fresh(self, slug: str) -> Gathering: ...

    def by_id(self, gathering_id: str) -> Gathering: ...


class Library(Protocol):
    """What registration needs to know of a library."""

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...

    def certification(self, on: date) -> str: ...


class Libraries(Protocol):
    """Which libraries there are, which one an old number stands for, and which e-mail domains are theirs."""

    def knows(self, number: str) -> bool: ...

    def current(self, number: str) -> Library: ...

    def numbers(self, number: str) -> frozenset[str]: ...

    def domain_is_of(self, domain: str, number: str) -> bool: ...


class Deadlines(Protocol):
    """Until when seats are held and offered; never after `latest`."""

    def hold_until(self, now: datetime, latest: datetime) -> datetime: ...

    def offer_until(self, now: datetime, latest: datetime) -> datetime: ...


class RegistrationStore(Protocol):
    """Where registrations, their line and receipts are kept."""

    def write(self, batch: Batch, *, now: datetime) -> Outcome: ...

    def get(self, gathering_id: str, registration_id: str) -> Registration: ...

    def many(self, keys: Sequence[tuple[str, str]]) -> Mapping[str, Registration]: ...

    def of_gathering(
        self, gathering_id: str, *, after: str | None, limit: int
    ) -> tuple[list[Registration], str | None]: ...

    def seats(self, gathering_id: str) -> Seats | None: ...

    def line(self, gathering_id: str) -> tuple[Party, ...]: ...

    def party(self, gathering_id: str, place: int) -> Party | None: ...

    def receipt(self, gathering_id: str, receipt_id: str) -> Receipt: ...

    def overtakings(self, gathering_id: str) -> tuple[Overtaking, ...]: ...

    def of_person(self, person: str) -> tuple[Registration, ...]: ...

    def due(self, until: datetime | None) -> Iterable[tuple[str, str]]: ...

    def rolling_over(self, now: datetime) -> Iterable[str]: ...

    def note_mail_problem(
        self, gathering_id: str, registration_id: str, problem: str, fact: Envelope[Any], *, now: datetime
    ) -> bool: ...

    def note_mail_arrival(
        self, gathering_id: str, registration_id: str, fact: Envelope[Any], *, now: datetime
    ) -> bool: ...


@dataclass(frozen=True, slots=True)
class Bookkeeping:
    """What it takes to change registrations that there are."""

    gatherings: Gatherings
    deadlines: Deadlines
    store: RegistrationStore


@dataclass(frozen=True, slots=True)
class Surroundings(Bookkeeping):
    """What it takes to make new ones, besides. `secret` is a keyed hash; `zone` the network's wall clock."""

    libraries: Libraries
    secret: Secret
    zone: tzinfo
