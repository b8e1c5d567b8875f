"""Programmes in memory. They refuse what the table refuses, which `tests/contract/test_programmes.py` holds them to."""

from typing import Any

from events.envelope import Envelope
from shared.gatherings.rounds import Round
from shared.programmes.model import (
    Programme,
    ProgrammeChangedMeanwhile,
    ProgrammeExists,
    ProgrammeNotFound,
    ProgrammeSlugTaken,
)
from shared.programmes.ports import ProgrammePage


class InMemoryProgrammeStore:
    """Programmes in memory. Facts go to the outbox that is given."""

    def __init__(self, outbox: list[Envelope[Any]]) -> None:
        self._programmes: dict[str, Programme] = {}
        self._slugs: dict[str, str] = {}
        self._outbox = outbox

    def get(self, programme_id: str) -> Programme:
        try:
            return self._programmes[programme_id]
        except KeyError:
            raise ProgrammeNotFound from None

    def id_of(self, slug: str) -> str:
        try:
            return self._slugs[slug]
        except KeyError:
            raise ProgrammeNotFound from None

    def rounds(self, programme_id: str, track: str | None) -> tuple[Round, ...] | None:
        found = self._programmes.get(programme_id)
        return None if found is None else found.rounds_of(track)

    def create(self, programme: Programme) -> None:
        if programme.id in self._programmes:
            raise ProgrammeExists
        if programme.slug in self._slugs:
            raise ProgrammeSlugTaken
        self._slugs[programme.slug] = programme.id
        self._programmes[programme.id] = programme

    def save(self, before: Programme, after: Programme, fact: Envelope[Any]) -> None:
        kept = self._programmes.get(after.id)
        if kept is None or kept.version != before.version:
            raise ProgrammeChangedMeanwhile
        self._programmes[after.id] = after
        self._outbox.append(fact)

    def listed(self, *, after: str | None = None, limit: int = 100) -> ProgrammePage:
        by_key = {f"{one.starts_on.isoformat()}#{one.id}": one for one in self._programmes.values()}
        keys = sorted((key for key in by_key if after is None or key < after), reverse=True)
        shown = keys[:limit]
        return ProgrammePage(tuple(by_key[key] for key in shown), shown[-1] if len(keys) > limit else None)
