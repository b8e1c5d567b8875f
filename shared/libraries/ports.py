"""What the use cases of libraries need."""

from collections.abc import Iterable, Sequence
from typing import Final, Protocol

from shared.libraries.model import Library

MOST_AT_ONCE: Final = 90
"""How many libraries can be kept in one transaction."""


class LibraryStore(Protocol):
    """Where libraries are kept."""

    def all(self) -> Iterable[Library]:
        """Return every library that is kept, as it is now."""
        ...

    def add(self, library: Library) -> Library:
        """Keep a new library and return it in its first version. Raise LibraryExists."""
        ...

    def save(self, libraries: Sequence[Library], *, relying_on: Sequence[Library] = ()) -> tuple[Library, ...]:
        """Keep changed libraries, all or none, at most MOST_AT_ONCE, and return them a version on.

        Raise LibraryChangedMeanwhile unless each of them, and each `relying_on`, is kept in the version it states.
        """
        ...
