"""What the use cases of webinars need."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Protocol

from events.envelope import Envelope
from shared.webinars.model import Webinar


@dataclass(frozen=True, slots=True)
class WebinarPage:
    """Some webinars, and the cursor behind the last of them if there are more."""

    webinars: tuple[Webinar, ...]
    next: str | None


class WebinarStore(Protocol):
    """Where webinars are kept."""

    def get(self, webinar_id: str) -> Webinar:
        """Return a webinar; raise WebinarNotFound."""
        ...

    def create(self, webinar: Webinar) -> None:
        """Keep a new one; raise WebinarSlugTaken."""
        ...

    def save(self, before: Webinar, after: Webinar, facts: Sequence[Envelope[Any]]) -> None:
        """Replace `before` by `after` and announce the facts, all or nothing; raise WebinarChangedMeanwhile."""
        ...

    def listed(self, *, after: str | None = None, limit: int = 100) -> WebinarPage:
        """Return webinars of every state, the newest recording first, from behind the cursor `after`."""
        ...

    def every(self) -> Iterator[Webinar]:
        """Yield all webinars, of every state, as they are now."""
        ...

    def due(self, now: datetime) -> Iterator[str]:
        """Yield the ids of those whose moment may have come."""
        ...


class Files(Protocol):
    """Where what belongs to webinars lies, by key."""

    def put(self, key: str, content: bytes, content_type: str) -> None: ...

    def get(self, key: str) -> bytes: ...

    def remove(self, key: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What webinars are worked on with. `hosts` are the allowed video hosts, `languages` the network's, the first one
    first."""

    store: WebinarStore
    languages: tuple[str, ...]
    hosts: tuple[str, ...]
    zone: tzinfo
