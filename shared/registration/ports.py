"""What registration needs of its surroundings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from events.envelope import Envelope
from shared.gatherings.model import Gathering
from shared.limits import Limit
from shared.registration.model import Registration, Status


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request for a seat was answered: kept beside the idempotency key, so that a repeat hears the same."""

    registration_id: str
    status: Status


@dataclass(frozen=True, slots=True)
class Once:
    """A request's idempotency key and the hash of its body: the same key with another body is a mistake."""

    key: str
    body_hash: str


@dataclass(frozen=True, slots=True)
class SomebodyThere:
    """The person has a registration already: `registration_id`."""

    registration_id: str


@dataclass(frozen=True, slots=True)
class GatheringMoved:
    """The gathering has changed since its rules were checked: read it anew."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The seat is taken, or was by the first of these requests."""

    answer: Answer


class Gatherings(Protocol):
    """Gatherings by address. `remembered` may be old, and `fresh` never is."""

    def remembered(self, slug: str) -> Gathering: ...

    def fresh(self, slug: str) -> Gathering: ...

    def by_id(self, gathering_id: str) -> Gathering: ...


class Libraries(Protocol):
    """Which libraries there are."""

    def knows(self, library: str) -> bool: ...


class RegistrationStore(Protocol):
    """Where registrations are kept."""

    def take_seat(
        self,
        registration: Registration,
        fact: Envelope[Any],
        *,
        guard: str,
        gathering_version: int,
        once: Once,
        limits: Sequence[Limit],
        now: datetime,
    ) -> Taken | SomebodyThere | GatheringMoved: ...

    def ask_for_link(
        self, answer: Answer, fact: Envelope[Any], *, once: Once, limits: Sequence[Limit], now: datetime
    ) -> Answer: ...

    def get(self, gathering_id: str, registration_id: str) -> Registration: ...

    def give_back(self, before: Registration, after: Registration, fact: Envelope[Any]) -> None: ...

    def note_mail_problem(
        self, gathering_id: str, registration_id: str, problem: str, fact: Envelope[Any], *, now: datetime
    ) -> bool: ...
