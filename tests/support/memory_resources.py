"""Resources in memory, under the conditions of the table."""

from collections.abc import Sequence
from typing import Any

from events.envelope import Envelope
from shared.resources.model import Resource, ResourceChangedMeanwhile, ResourceNotFound


class InMemoryResourceStore:
    """Resources in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, Resource] = {}
        self.facts: list[Envelope[Any]] = []

    def get(self, resource_id: str) -> Resource:
        if resource_id not in self.kept:
            raise ResourceNotFound
        return self.kept[resource_id]

    def every(self) -> tuple[Resource, ...]:
        return tuple(self.kept.values())

    def create(self, resource: Resource, facts: Sequence[Envelope[Any]]) -> None:
        if resource.id in self.kept:
            raise ResourceChangedMeanwhile
        self.kept[resource.id] = resource
        self.facts += facts

    def save(self, before: Resource, after: Resource, facts: Sequence[Envelope[Any]]) -> None:
        self._require(before)
        self.kept[after.id] = after
        self.facts += facts

    def remove(self, resource: Resource, facts: Sequence[Envelope[Any]]) -> None:
        self._require(resource)
        del self.kept[resource.id]
        self.facts += facts

    def _require(self, resource: Resource) -> None:
        kept = self.kept.get(resource.id)
        if kept is None or kept.version != resource.version:
            raise ResourceChangedMeanwhile
