"""Libraries in memory, under the conditions of the table."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from shared.libraries.model import Library, LibraryChangedMeanwhile, LibraryExists
from shared.refusals import StoreUnavailable


class InMemoryLibraryStore:
    """Libraries in memory. It is away while `away` is set."""

    def __init__(self) -> None:
        self.kept: dict[str, Library] = {}
        self.away = False
        self.asked = 0

    def all(self) -> Iterable[Library]:
        self.asked += 1
        if self.away:
            raise StoreUnavailable
        return tuple(self.kept.values())

    def add(self, library: Library) -> Library:
        if library.id in self.kept:
            raise LibraryExists
        self.kept[library.id] = replace(library, version=1)
        return self.kept[library.id]

    def save(self, libraries: Sequence[Library], *, relying_on: Sequence[Library] = ()) -> tuple[Library, ...]:
        for library in (*libraries, *relying_on):
            if self._version(library) != library.version:
                raise LibraryChangedMeanwhile
        changed = tuple(replace(library, version=library.version + 1) for library in libraries)
        self.kept |= {library.id: library for library in changed}
        return changed

    def _version(self, library: Library) -> int:
        kept = self.kept.get(library.id)
        return kept.version if kept else 0
