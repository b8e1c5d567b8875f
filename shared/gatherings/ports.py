"""What planning needs of its surroundings."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from events.envelope import Envelope
from shared.gatherings.model import Gathering
from shared.gatherings.rounds import Round


@dataclass(frozen=True, slots=True)
class Page:
    """Some gatherings, and the cursor behind the last of them if there are more."""

    gatherings: tuple[Gathering, ...]
    next: str | None


class Programmes(Protocol):
    """The rounds that a gathering inherits from its programme or track; None when there is no such programme."""

    def rounds(self, programme_id: str, track: str | None) -> tuple[Round, ...] | None: ...


class GatheringStore(Protocol):
    """Where gatherings are kept."""

    def get(self, gathering_id: str) -> Gathering: ...

    def many(self, ids: Collection[str]) -> Mapping[str, Gathering]: ...

    def id_of(self, slug: str) -> str: ...

    def create(self, gathering: Gathering) -> None: ...

    def save(self, before: Gathering, after: Gathering, facts: Sequence[Envelope[Any]], now: datetime) -> None: ...

    def of_programme(self, programme_id: str) -> tuple[Gathering, ...]: ...

    def listed(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        latest_first: bool = False,
        after: str | None = None,
        limit: int = 100,
    ) -> Page: ...
