"""The libraries there are: the profile's, and what coordinators have added to them."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from shared.i18n import danish_order
from shared.libraries.model import Library, LibraryExists, LibraryNotFound
from shared.network import Municipality, Network
from shared.refusals import N_, Fault, Invalid, StoreUnavailable

REMEMBERED_FOR: Final = timedelta(minutes=1)


class LibraryStore(Protocol):
    """Where libraries are kept."""

    def all(self) -> Iterable[Library]: ...

    def add(self, library: Library) -> None: ...

    def save(self, library: Library) -> None: ...


class Directory:
    """All libraries. The profile's are known without asking the store; the store's are remembered for a minute."""

    def __init__(self, network: Network, store: LibraryStore, clock: Callable[[], datetime]) -> None:
        self._network = network
        self._store = store
        self._clock = clock
        self._municipalities = {municipality.code: municipality for municipality in network.areas.municipalities}
        self._profile = {library.id: library for library in _of_profile(network)}
        self._kept: dict[str, Library] = {}
        self._stale_at: datetime | None = None

    def knows(self, number: str) -> bool:
        """Whether there is such a library."""
        return number in self._profile or number in self._libraries()

    def get(self, number: str) -> Library:
        """Return a library; raise LibraryNotFound."""
        try:
            return self._libraries()[number]
        except KeyError:
            raise LibraryNotFound from None

    def all(self) -> tuple[Library, ...]:
        """Return all libraries by name, as Danish sorts them."""
        return tuple(sorted(self._libraries().values(), key=lambda library: danish_order(library.name)))

    def search(self, text: str) -> tuple[Library, ...]:
        """Return the libraries whose name, municipality or another spelling has the text in it."""
        sought = text.strip().casefold()
        return tuple(
            library
            for library in self.all()
            if any(sought in spelling.casefold() for spelling in (library.name, library.id, *library.aliases))
        )

    def add(self, library: Library) -> None:
        """Keep a new library. Raise Invalid when its number is none of this network's, or taken."""
        match = re.fullmatch(self._network.libraries.number_pattern, library.id)
        if match is None or match.group(1) != library.id:
            raise Invalid(Fault("id", N_("This is not a library number.")))
        if library.id in self._profile:
            raise LibraryExists
        if library.municipality is not None and library.municipality not in self._municipalities:
            raise Invalid(Fault("municipality", N_("There is no municipality with this code.")))
        self._store.add(library)
        self._stale_at = None

    def change(self, library: Library) -> None:
        """Keep what has changed of a library that there is."""
        self._store.save(library)
        self._stale_at = None

    def municipality(self, library: Library) -> str | None:
        """Return the name of the library's municipality, if it has one."""
        return self._municipalities[library.municipality].name if library.municipality else None

    def region(self, library: Library, on: date) -> str | None:
        """Return the name of the region that the library lies in on a day."""
        if library.municipality is None:
            return None
        belongs: Municipality = self._municipalities[library.municipality]
        return next((r.name for r in self._network.areas.regions if r.id in belongs.regions and r.exists(on)), None)

    def _libraries(self) -> dict[str, Library]:
        now = self._clock()
        if self._stale_at is None or now >= self._stale_at:
            try:
                self._kept = self._profile | {library.id: library for library in self._store.all()}
            except StoreUnavailable:
                # An old list serves a form better than none.
                self._kept = self._kept or self._profile
            self._stale_at = now + REMEMBERED_FOR
        return self._kept


def _of_profile(network: Network) -> Iterable[Library]:
    for municipality in network.areas.municipalities:
        yield Library(
            municipality.library, municipality.name, municipality.code, municipality.aliases, municipality.domains
        )
    for other in network.libraries.others:
        yield Library(other.number, other.name, None, other.aliases, other.domains)
