"""What the use cases of resources need."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from events.envelope import Envelope
from shared.resources.model import Resource
from shared.themes.model import Themes


class ResourceStore(Protocol):
    """Where resources are kept. What is announced is announced with what is kept, or neither is."""

    def get(self, resource_id: str) -> Resource:
        """Return a resource; raise ResourceNotFound."""
        ...

    def every(self) -> tuple[Resource, ...]:
        """Return all resources, those that nobody sees among them, in no order."""
        ...

    def create(self, resource: Resource, facts: Sequence[Envelope[Any]]) -> None:
        """Keep a new one; raise ResourceChangedMeanwhile when there is one of this id."""
        ...

    def save(self, before: Resource, after: Resource, facts: Sequence[Envelope[Any]]) -> None:
        """Replace `before` by `after`; raise ResourceChangedMeanwhile."""
        ...

    def remove(self, resource: Resource, facts: Sequence[Envelope[Any]]) -> None:
        """Keep it no longer; raise ResourceChangedMeanwhile."""
        ...


class ThemesRead(Protocol):
    """All themes as they are now."""

    def read(self) -> Themes: ...


class Libraries(Protocol):
    """The libraries that can share something."""

    def knows(self, number: str) -> bool:
        """Whether there is such a library."""
        ...


class Files(Protocol):
    """Where files lie, by key."""

    def remove(self, key: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What resources are worked on with. `languages` are the network's, the first one first."""

    store: ResourceStore
    themes: ThemesRead
    libraries: Libraries
    languages: tuple[str, ...]
