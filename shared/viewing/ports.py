"""What counting views needs of its surroundings."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Protocol

from shared.limits import Limit
from shared.registration.ports import Secret
from shared.viewing.model import Count, Viewing


class Shown(Protocol):
    """Which webinars everybody can watch."""

    def shown(self, slug: str) -> str:
        """Return the id of the webinar that is shown at an address; raise WebinarNotFound."""
        ...


class ViewStore(Protocol):
    """Where views are counted."""

    def add(self, webinar: str, viewing: Viewing, month: str, *, limit: Limit, now: datetime) -> None:
        """Count one more, against the limit. Raise TooManyAttempts."""
        ...

    def counted(self, since: str | None, until: str) -> Iterator[Count]:
        """Yield what was counted from one month until another, both included; with None, from the first."""
        ...


@dataclass(frozen=True, slots=True)
class Counting:
    """What it takes to count. One network address counts for `per_hour` at most; months are those of `zone`."""

    webinars: Shown
    store: ViewStore
    secret: Secret
    per_hour: int
    zone: tzinfo
