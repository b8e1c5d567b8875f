"""What telling people once needs of its surroundings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Protocol

from events.envelope import Envelope
from events.registration import LinksRequested, RoundOpened
from shared.gatherings.model import Gathering
from shared.limits import Limit
from shared.notices.model import Interest, LinksRequest


class Gatherings(Protocol):
    """Gatherings as they are."""

    def fresh(self, slug: str) -> Gathering: ...

    def by_id(self, gathering_id: str) -> Gathering: ...


class Library(Protocol):
    """What needs to be known of a library."""

    @property
    def id(self) -> str: ...

    def certification(self, on: date) -> str: ...


class Libraries(Protocol):
    """Which libraries there are, and whose an e-mail domain is."""

    def knows(self, number: str) -> bool: ...

    def current(self, number: str) -> Library: ...

    def numbers(self, number: str) -> frozenset[str]: ...

    def of_domain(self, email_domain: str) -> Sequence[Library]: ...


class NoticeStore(Protocol):
    """Where addresses are kept until they have been told."""

    def leave(self, interest: Interest, *, limits: Sequence[Limit], now: datetime) -> None:
        """Keep an interest, in the place of one of the same address. Raise TooManyAttempts."""
        ...

    def interest(self, gathering_id: str, interest_id: str) -> Interest | None:
        """Return an interest, waiting or not; None if it is forgotten."""
        ...

    def left_for(self, gathering_id: str) -> Iterable[Interest]:
        """Yield the interests in a gathering, waiting or not."""
        ...

    def due(self, now: datetime) -> Iterable[tuple[str, str]]:
        """Yield gathering's id and own id of the interests whose moment has come, the oldest first."""
        ...

    def retime(self, interest: Interest, opens_at: datetime) -> bool:
        """Let it wait for another moment. Return False when it is no longer as it was."""
        ...

    def ripen(self, interest: Interest, fact: Envelope[RoundOpened], *, now: datetime) -> bool:
        """Let it wait no longer, and announce that. Return False when it is no longer as it was."""
        ...

    def drop(self, interest: Interest) -> bool:
        """Forget one that nobody is to be told of. Return False when it is no longer as it was."""
        ...

    def forget(self, gathering_id: str, interest_id: str) -> None:
        """Forget one that has been told. If its address was left anew meanwhile, that stays."""
        ...

    def ask(
        self, request: LinksRequest, fact: Envelope[LinksRequested], *, limits: Sequence[Limit], now: datetime
    ) -> None:
        """Keep a request for links and announce it. Raise TooManyAttempts."""
        ...

    def request(self, request_id: str) -> LinksRequest | None:
        """Return a request; None if it is forgotten."""
        ...

    def forget_request(self, request_id: str) -> None:
        """Forget a request that has been answered."""
        ...


@dataclass(frozen=True, slots=True)
class Openings:
    """What it takes to know when registration opens to somebody. `zone` is the network's wall clock."""

    gatherings: Gatherings
    libraries: Libraries
    zone: tzinfo
    store: NoticeStore
