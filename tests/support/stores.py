"""All stores of one test, in memory or in the table, and the few questions that tests ask behind their backs."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, Final, TypeVar

from events.catalog import decode
from events.envelope import Envelope
from shared import seats
from shared.gatherings import service as planning
from shared.gatherings.dynamo import DynamoGatheringStore
from shared.gatherings.model import Gathering
from shared.gatherings.ports import GatheringStore
from shared.gatherings.queries import GatheringReader
from shared.gatherings.rounds import Round
from shared.gatherings.seating import Seats, places_left
from shared.libraries.model import Certification, Certified
from shared.libraries.service import Directory
from shared.messages.dynamo import DynamoMessageStore
from shared.messages.ports import MessageStore
from shared.messaging.outbox import unsent_since
from shared.notify.dynamo import DynamoLedger
from shared.notify.ports import Ledger
from shared.registration import changes, service as registering, waiting
from shared.registration.allowance import Allowance
from shared.registration.applying import Application, Booker, Booking
from shared.registration.dynamo import DynamoRegistrationStore
from shared.registration.line import Party
from shared.registration.model import Actor, By, Registration
from shared.registration.ports import Answer, Answers, Surroundings
from shared.registration.service import Invitation, keyed
from shared.workdays import Workdays
from tests.support import aws
from tests.support.builders import NETWORK, NOW, an_application
from tests.support.memory import InMemoryGatheringStore, InMemoryRegistrationStore, Memory
from tests.support.memory_libraries import InMemoryLibraryStore
from tests.support.memory_mail import InMemoryLedger
from tests.support.memory_messages import InMemoryMessageStore

GENEROUS: Final = Allowance(
    network_per_second=1000, domain_per_second=1000, address_per_hour=1000, unproven_per_domain=1000
)
PERSON: Final = By(Actor.PARTICIPANT)
BOOKER: Final = By(Actor.BOOKER)
COORDINATOR: Final = By(Actor.COORDINATOR, "a-coordinator", "They come from the furthest away")
_ALWAYS: Final = datetime(9000, 1, 1, tzinfo=UTC)

T = TypeVar("T")


@dataclass(frozen=True)
class Stores:
    """The stores. `guards` tells whose registration each guard is."""

    gatherings: GatheringStore
    registrations: Any
    ledger: Ledger
    messages: MessageStore
    facts: Callable[[], list[Envelope[Any]]]
    seats_left: Callable[[str], Mapping[str, int | None]]
    guards: Callable[[], Mapping[str, str]]

    def fact_types(self) -> list[str]:
        """Return what was announced, by name, in no order."""
        return sorted(fact.type for fact in self.facts())


def in_memory() -> Stores:
    """Return stores in memory."""
    memory = Memory()
    return Stores(
        InMemoryGatheringStore(memory),
        InMemoryRegistrationStore(memory),
        InMemoryLedger(memory),
        InMemoryMessageStore(memory),
        lambda: list(memory.outbox),
        lambda gathering_id: memory.seats[gathering_id].shown() if gathering_id in memory.seats else {},
        lambda: memory.guards,
    )


def in_the_table() -> Stores:
    """Return the real stores."""
    return Stores(
        DynamoGatheringStore(),
        DynamoRegistrationStore(),
        DynamoLedger(),
        DynamoMessageStore(),
        lambda: [decode(body) for body in unsent_since(_ALWAYS)],
        seats.left_in,
        lambda: {
            row["pk"]["S"].removeprefix("GUARD#"): row["registration_id"]["S"]
            for row in aws.rows()
            if row["pk"]["S"].startswith("GUARD#")
        },
    )


KINDS: Final[Mapping[str, Callable[[], Stores]]] = {"memory": in_memory, "dynamo": in_the_table}


class NoProgrammes:
    """A network without programmes."""

    def rounds(self, programme_id: str, track: str | None) -> tuple[Round, ...] | None:
        return None


class Desk:
    """Where people register: the use cases, with everything they need at hand."""

    def __init__(self, stores: Stores, *, allowance: Allowance = GENEROUS) -> None:
        self.stores = stores
        self.reader = GatheringReader(stores.gatherings)
        self.allowance = allowance
        self.now = NOW
        self._keys = 0

    @cached_property
    def libraries(self) -> Directory:
        """The profile's libraries, and what became of them."""
        return Directory(NETWORK, InMemoryLibraryStore(), lambda: self.now)

    @cached_property
    def around(self) -> Surroundings:
        """What registering needs."""
        return Surroundings(
            gatherings=self.reader,
            deadlines=Workdays(NETWORK),
            store=self.stores.registrations,
            libraries=self.libraries,
            secret=keyed(b"guard key"),
            zone=NETWORK.zone,
        )

    def certify(self, library: str, *, since: date = date(2026, 1, 1)) -> None:
        """Let a library be certified."""
        self.libraries.change(self.libraries.get(library).with_certification(Certified(Certification.CERTIFIED, since)))

    def plan(self, gathering: Gathering) -> Gathering:
        """Plan a gathering: a draft."""
        return planning.plan(
            gathering, languages=NETWORK.languages, programmes=NoProgrammes(), store=self.stores.gatherings
        )

    def publish(self, gathering: Gathering) -> Gathering:
        """Plan and publish a gathering."""
        store = self.stores.gatherings
        self.plan(gathering)
        return planning.publish(gathering.id, store=store, now=NOW - timedelta(days=1), correlation_id="correlation")

    def change(self, wanted: Gathering, *, version: int | None = None, words: str = "") -> Gathering:
        """Save a changed gathering."""
        return planning.change(
            wanted,
            version=wanted.version if version is None else version,
            languages=NETWORK.languages,
            programmes=NoProgrammes(),
            store=self.stores.gatherings,
            now=self.now,
            correlation_id="correlation",
            words=words,
        )

    def edit(self, gathering: Gathering, *, words: str = "", **changed: Any) -> Gathering:
        """Change a gathering as it is now."""
        return self.change(replace(self.stores.gatherings.get(gathering.id), **changed), words=words)

    def call_off(self, gathering: Gathering, words: str = "") -> Gathering:
        """Cancel a gathering."""
        store = self.stores.gatherings
        return planning.cancel(gathering.id, words, store=store, now=self.now, correlation_id="correlation")

    def register(self, gathering: Gathering, application: Application | None = None, **more: Any) -> Answer:
        """Register somebody. See `book`."""
        [answer] = self.book(gathering, application or an_application(), **more)
        return answer

    def book(
        self,
        gathering: Gathering,
        *applications: Application,
        together: bool = True,
        booker: Booker | None = None,
        key: str | None = None,
        network: str = "198.51.100.7",
        invitation: Invitation | None = None,
        counted: bool = False,
    ) -> Answers:
        """Register people on one form, each time under a key of its own unless told."""
        self._keys += 1
        return registering.register(
            gathering.slug,
            Booking(applications, "da", booker, together),
            key=key or f"key {self._keys}",
            network=network,
            allowance=self.allowance,
            around=self.around,
            now=self.now,
            correlation_id="correlation",
            invitation=invitation,
            counted=counted,
        )

    def do(
        self, use_case: Callable[..., T], gathering: Gathering, registration_id: str | None, *details: Any, **more: Any
    ) -> T:
        """Change a registration by one of the use cases."""
        assert registration_id is not None, "nobody got one"
        key = (gathering.id, registration_id)
        return use_case(key, *details, around=self.around, now=self.now, correlation_id="correlation", **more)

    def cancel(self, gathering: Gathering, registration_id: str | None, by: By = PERSON) -> Registration:
        """Give a seat, or a place in the line, back."""
        return self.do(changes.cancel, gathering, registration_id, by)

    def hand_over(
        self, gathering: Gathering, registration_id: str | None, name: str, email: str, by: By = PERSON
    ) -> Registration:
        """Give the seat to a colleague."""
        return self.do(changes.hand_over, gathering, registration_id, name, email, by, allowance=self.allowance)

    def accept(self, gathering: Gathering, registration_id: str | None) -> Registration:
        """Accept an offer."""
        return self.do(changes.accept, gathering, registration_id, PERSON)

    def move_line(self, gathering: Gathering) -> int:
        """Offer what is free to who waits."""
        return waiting.move_line(gathering.id, around=self.around, now=self.now, correlation_id="correlation")

    def roll_over(self, gathering: Gathering) -> bool:
        """Give everybody what ended rounds have left."""
        return waiting.roll_over(gathering.id, around=self.around, now=self.now, correlation_id="correlation")

    def get(self, gathering: Gathering, registration_id: str | None) -> Registration:
        """Return a registration as it is kept."""
        found: Registration = self.stores.registrations.get(gathering.id, registration_id)
        return found

    def statuses(self, gathering: Gathering, answers: Iterable[Answer]) -> list[str]:
        """Return where registrations are now."""
        return [str(self.get(gathering, answer.registration_id).status) for answer in answers]

    def everybody(self, gathering: Gathering) -> list[Registration]:
        """Return all registrations of a gathering, live or not."""
        return list(self._registrations(gathering))

    def seats(self, gathering: Gathering) -> Seats:
        """Return the seats as they are."""
        found: Seats | None = self.stores.registrations.seats(gathering.id)
        assert found is not None, "it was never published"
        return found

    def line(self, gathering: Gathering) -> tuple[Party, ...]:
        """Return who waits."""
        found: tuple[Party, ...] = self.stores.registrations.line(gathering.id)
        return found

    def left(self, gathering: Gathering) -> int | None:
        """Return how many seats are left for somebody who wants all of it."""
        return places_left(gathering, self.stores.seats_left(gathering.id))

    def _registrations(self, gathering: Gathering) -> Iterator[Registration]:
        after = None
        while True:
            page, after = self.stores.registrations.of_gathering(gathering.id, after=after, limit=100)
            yield from page
            if after is None:
                return


def everybody(desk: Desk, gathering: Gathering, applications: Iterable[Application]) -> list[Answer]:
    """Register one after the other."""
    return [desk.register(gathering, application) for application in applications]
