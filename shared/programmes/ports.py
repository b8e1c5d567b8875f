"""What planning programmes needs of its surroundings."""

from dataclasses import dataclass
from typing import Any, Protocol

from events.envelope import Envelope
from shared.gatherings.rounds import Round
from shared.programmes.model import Programme


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    """Some programmes, and the cursor behind the last of them if there are more."""

    programmes: tuple[Programme, ...]
    next: str | None


class ProgrammeStore(Protocol):
    """Where programmes are kept."""

    def get(self, programme_id: str) -> Programme: ...

    def id_of(self, slug: str) -> str: ...

    def rounds(self, programme_id: str, track: str | None) -> tuple[Round, ...] | None: ...

    def create(self, programme: Programme) -> None: ...

    def save(self, before: Programme, after: Programme, fact: Envelope[Any]) -> None: ...

    def listed(self, *, after: str | None = None, limit: int = 100) -> ProgrammePage: ...
