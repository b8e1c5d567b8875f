"""All stores of one test, in memory or in the table, and the few questions that tests ask behind their backs."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from events.catalog import decode
from events.envelope import Envelope
from shared import seats
from shared.gatherings import service as planning
from shared.gatherings.dynamo import DynamoGatheringStore
from shared.gatherings.model import Gathering
from shared.gatherings.ports import GatheringStore
from shared.gatherings.queries import GatheringReader
from shared.messaging.outbox import unsent_since
from shared.notify.dynamo import DynamoLedger
from shared.notify.ports import Ledger
from shared.registration import service as registering
from shared.registration.dynamo import DynamoRegistrationStore
from shared.registration.model import Application, Registration
from shared.registration.ports import Answer, RegistrationStore
from shared.registration.service import Allowance, keyed
from tests.support.builders import NETWORK, NOW, an_application
from tests.support.memory import (
    InMemoryGatheringStore,
    InMemoryLedger,
    InMemoryRegistrationStore,
    Memory,
    counted,
)

GENEROUS: Final = Allowance(network_per_second=1000, domain_per_second=1000, address_per_hour=1000)
KEPT_FOR: Final = timedelta(days=360)
_ALWAYS: Final = datetime(9000, 1, 1, tzinfo=UTC)


class Registrations(RegistrationStore, Protocol):
    """What registering and telling about it need together."""

    def many(self, keys: list[tuple[str, str]]) -> Mapping[str, Registration]: ...


@dataclass(frozen=True)
class Stores:
    """The stores."""

    gatherings: GatheringStore
    registrations: Any
    ledger: Ledger
    facts: Callable[[], list[Envelope[Any]]]
    seats_left: Callable[[str], Mapping[str, int | None]]

    def fact_types(self) -> list[str]:
        """Return what was announced, by name, in no order."""
        return sorted(fact.type for fact in self.facts())


def in_memory() -> Stores:
    """Return stores in memory."""
    memory = Memory()

    def seats_left(gathering_id: str) -> Mapping[str, int | None]:
        left = counted(memory, gathering_id)
        return {pool: None if count > seats.UNLIMITED // 2 else count for pool, count in left.items()}

    return Stores(
        InMemoryGatheringStore(memory),
        InMemoryRegistrationStore(memory),
        InMemoryLedger(memory),
        lambda: list(memory.outbox),
        seats_left,
    )


def in_the_table() -> Stores:
    """Return the real stores."""
    return Stores(
        DynamoGatheringStore(),
        DynamoRegistrationStore(),
        DynamoLedger(),
        lambda: [decode(body) for body in unsent_since(_ALWAYS)],
        seats.left_in,
    )


KINDS: Final[Mapping[str, Callable[[], Stores]]] = {"memory": in_memory, "dynamo": in_the_table}


class EveryLibrary:
    """Knows the profile's libraries."""

    _numbers: Final = frozenset(one.library for one in NETWORK.areas.municipalities)

    def knows(self, library: str) -> bool:
        return library in self._numbers


class Desk:
    """Where people register: the use cases, with everything they need at hand."""

    def __init__(self, stores: Stores, *, allowance: Allowance = GENEROUS) -> None:
        self.stores = stores
        self.reader = GatheringReader(stores.gatherings)
        self.allowance = allowance
        self.now = NOW
        self._keys = 0

    def publish(self, gathering: Gathering) -> Gathering:
        """Plan and publish a gathering."""
        planning.plan(gathering, languages=NETWORK.languages, store=self.stores.gatherings)
        return planning.publish(
            gathering.id, store=self.stores.gatherings, now=NOW - timedelta(days=1), correlation_id="correlation"
        )

    def change(self, wanted: Gathering, *, version: int | None = None) -> Gathering:
        """Save a changed gathering."""
        return planning.change(
            wanted,
            version=wanted.version if version is None else version,
            languages=NETWORK.languages,
            store=self.stores.gatherings,
            now=self.now,
            correlation_id="correlation",
        )

    def call_off(self, gathering: Gathering) -> Gathering:
        """Cancel a gathering."""
        return planning.cancel(gathering.id, store=self.stores.gatherings, now=self.now, correlation_id="correlation")

    def register(
        self,
        gathering: Gathering,
        application: Application | None = None,
        *,
        key: str | None = None,
        network: str = "198.51.100.7",
    ) -> Answer:
        """Register somebody, each time under a key of its own unless told."""
        self._keys += 1
        return registering.register(
            gathering.slug,
            application or an_application(),
            key=key or f"key {self._keys}",
            network=network,
            gatherings=self.reader,
            libraries=EveryLibrary(),
            store=self.stores.registrations,
            allowance=self.allowance,
            secret=keyed(b"guard key"),
            kept_for=KEPT_FOR,
            now=self.now,
            correlation_id="correlation",
        )

    def cancel(self, gathering: Gathering, registration_id: str) -> Registration:
        """Give a seat back."""
        return registering.cancel(
            gathering.id,
            registration_id,
            gatherings=self.reader,
            store=self.stores.registrations,
            now=self.now,
            correlation_id="correlation",
        )

    def get(self, gathering: Gathering, registration_id: str) -> Registration:
        """Return a registration as it is kept."""
        found: Registration = self.stores.registrations.get(gathering.id, registration_id)
        return found

    def left(self, gathering: Gathering) -> int | None:
        """Return how many seats are left for somebody who wants all of it."""
        return seats.tightest(self.stores.seats_left(gathering.id))


def everybody(desk: Desk, gathering: Gathering, applications: Iterable[Application]) -> list[Answer]:
    """Register one after the other."""
    return [desk.register(gathering, application) for application in applications]
