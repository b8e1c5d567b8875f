"""The libraries there are: the profile's, and what coordinators have added to them."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final, Self, TypeVar

from shared.libraries.lookup import Lookup
from shared.libraries.model import (
    Library,
    LibraryChangedMeanwhile,
    LibraryExists,
    LibraryIsMerged,
    LibraryNotFound,
    domain_fault,
    faults,
    mergeable,
    spelling,
    tidy_domain,
)
from shared.libraries.ports import MOST_AT_ONCE, LibraryStore
from shared.network import Municipality, Network
from shared.refusals import N_, Fault, Invalid, StoreUnavailable

_Kept = TypeVar("_Kept")

REMEMBERED_FOR: Final = timedelta(minutes=1)
MOST_TRIES: Final = 3


class Directory:
    """All libraries. The profile's are known without asking the store; the store's are remembered for a minute.

    People choose among `all`, the libraries that stand. One that was merged into another keeps its number: whoever asks
    by it gets the one that took over (`current`), and only coordinators see both (`every`, `get`).
    """

    def __init__(self, network: Network, store: LibraryStore, clock: Callable[[], datetime]) -> None:
        self._network = network
        self._store = store
        self._clock = clock
        self._municipalities = {municipality.code: municipality for municipality in network.areas.municipalities}
        self._profile = {library.id: library for library in _of_profile(network)}
        self._kept = Lookup({})
        self._stale_at: datetime | None = None

    def fresh(self) -> Self:
        """Forget what is remembered, for who is about to change something."""
        self._stale_at = None
        return self

    def knows(self, number: str) -> bool:
        """Whether there is such a library."""
        return number in self._profile or number in self._known().by_number

    def get(self, number: str) -> Library:
        """Return the library of exactly this number, merged or not; raise LibraryNotFound."""
        try:
            return self._known().by_number[number]
        except KeyError:
            raise LibraryNotFound from None

    def current(self, number: str) -> Library:
        """Return the library that a number stands for now; raise LibraryNotFound."""
        return self._known().current(number)

    def numbers(self, number: str) -> frozenset[str]:
        """Return all numbers that lead to the same library as this one.

        What was kept before a merger has the old number: whoever compares or counts by library goes by all of them.
        """
        return self._known().numbers(number)

    def all(self) -> tuple[Library, ...]:
        """Return the libraries to choose from, by name, as Danish sorts them."""
        return self._known().standing

    def every(self) -> tuple[Library, ...]:
        """Return all libraries, those that were merged into another among them, by name."""
        return self._known().all

    def shown(self, number: str) -> Library:
        """Return the library that a number stands for now; if there is none, one that is called by its number."""
        return self.current(number) if self.knows(number) else Library(number, number)

    def names(self) -> dict[str, str]:
        """Return by every number the name of the library that it stands for now."""
        known = self._known()
        return {number: known.current(number).name for number in known.by_number}

    def search(self, text: str) -> tuple[Library, ...]:
        """Return the libraries to choose from whose name, number or another spelling has the text in it."""
        return self._known().search(text)

    def find(self, text: str) -> tuple[Library, ...]:
        """Return the libraries that go by this name or number, however it is spelt: mostly one or none."""
        number = self.number(text)
        return self._known().find(number or text)

    def similar(self, text: str) -> tuple[Library, ...]:
        """Return up to three libraries that may have been meant."""
        return self._known().similar(text)

    def of_domain(self, email_domain: str) -> tuple[Library, ...]:
        """Return the libraries where somebody with such an address works: several where they share a service."""
        return self._known().of_domain(email_domain)

    def domain_is_of(self, email_domain: str, library_id: str) -> bool:
        """Whether an address at the domain proves that somebody works at the library. Raise LibraryNotFound."""
        known = self._known()
        return known.current(library_id) in known.of_domain(email_domain)

    def number(self, typed: str) -> str | None:
        """Return a library number as it is kept, or None if it is none of this network's."""
        match = re.fullmatch(self._network.libraries.number_pattern, typed.strip())
        return match.group(1) if match else None

    @property
    def municipalities(self) -> tuple[Municipality, ...]:
        """All municipalities of the network."""
        return tuple(self._municipalities.values())

    def municipality(self, library: Library) -> str | None:
        """Return the name of the library's municipality, if it has one."""
        return self._municipalities[library.municipality].name if library.municipality else None

    def municipalities_named(self, text: str) -> tuple[Municipality, ...]:
        """Return the municipalities of this code or name, however it is spelt."""
        if not (sought := text.strip()):
            return ()
        spelt = self._spelt
        return tuple(spelt[sought] if sought in spelt else spelt.get(spelling(sought), ()))

    @cached_property
    def _spelt(self) -> dict[str, list[Municipality]]:
        """Municipalities by code, with and without the zeros before it, and by spelling."""
        spelt: dict[str, list[Municipality]] = defaultdict(list)
        for one in self._municipalities.values():
            for name in {one.code, one.code.lstrip("0"), *map(spelling, (one.name, *one.aliases))}:
                spelt[name].append(one)
        return spelt

    def region(self, library: Library, on: date) -> str | None:
        """Return the name of the region that the library lies in on a day."""
        if library.municipality is None:
            return None
        belongs: Municipality = self._municipalities[library.municipality]
        return next((r.name for r in self._network.areas.regions if r.id in belongs.regions and r.exists(on)), None)

    def add(self, library: Library) -> Library:
        """Keep a new library and return it. Raise Invalid when its number is none of this network's, or taken."""
        if wrong := [*self._number_faults(library), *self._area_faults(library), *faults(library)]:
            raise Invalid(*wrong)
        if library.id in self._profile:
            raise LibraryExists
        return self._change(lambda: self._store.add(library))

    def change(self, library: Library) -> Library:
        """Keep what has changed of a library, and return it a version on.

        Raise Invalid, LibraryIsMerged, or LibraryChangedMeanwhile when it is not of the newest version.
        """
        before = self.get(library.id)
        if before.merged_into is not None:
            raise LibraryIsMerged(into=before.merged_into)
        if wrong := [*self._area_faults(library), *faults(library, before=before)]:
            raise Invalid(*wrong)
        [changed] = self._change(lambda: self._store.save([library]))
        return changed

    def accept_domain(self, number: str, typed: str) -> Library:
        """List a domain as one that proves work at the library. Raise Invalid for one that anybody can have."""
        domain = tidy_domain(typed)
        if fault := domain_fault(domain, "domain"):
            raise Invalid(fault)
        for _ in range(MOST_TRIES):
            library = self.fresh().current(number)
            if domain in library.domains:
                return library
            try:
                return self.change(library.with_domains([domain]))
            except LibraryChangedMeanwhile:
                # What somebody else has changed stands beside this.
                continue
        raise LibraryChangedMeanwhile

    def merge(self, number: str, into: str, *, version: int) -> Library:
        """Let a library become part of another and return it as it is kept. Its number leads to the other from then on.

        Raise LibraryNotFound, Invalid, LibraryIsMerged, or LibraryChangedMeanwhile when either has changed meanwhile.
        """
        library, other = self.fresh().get(number), self.get(into)
        mergeable(library, other)
        wanted = replace(library, merged_into=other.id, version=version)
        # Were the other merged at the same moment, the two could make a circle.
        [merged] = self._change(lambda: self._store.save([wanted], relying_on=[other]))
        return merged

    def keep(self, wanted: Sequence[Library]) -> tuple[Library, ...]:
        """Keep many libraries, each unless somebody has changed it meanwhile, and return those that somebody has.

        What is as wanted already stays as it is, so the same may be kept twice.
        """
        self.fresh()
        waiting = [one for one in wanted if not self._is_as(one)]
        some = (waiting[at : at + MOST_AT_ONCE] for at in range(0, len(waiting), MOST_AT_ONCE))
        left = [one for part in some for one in self._keep_all_or_some(part)]
        return tuple(one for one in left if not self._is_as(one))

    def _keep_all_or_some(self, wanted: Sequence[Library]) -> Sequence[Library]:
        """Keep them all, or if some cannot be, those in either half that can. Return the others."""
        try:
            self._change(lambda: self._store.save(wanted))
            return ()
        except LibraryChangedMeanwhile:
            if len(wanted) == 1:
                return wanted
            half = len(wanted) // 2
            return [*self._keep_all_or_some(wanted[:half]), *self._keep_all_or_some(wanted[half:])]

    def _is_as(self, wanted: Library) -> bool:
        kept = self._known().by_number.get(wanted.id)
        return kept is not None and kept.same_but_version(wanted)

    def _change(self, write: Callable[[], _Kept]) -> _Kept:
        try:
            return write()
        finally:
            # Also when it was refused: then what is remembered is what was wrong.
            self._stale_at = None

    def _number_faults(self, library: Library) -> Iterable[Fault]:
        if self.number(library.id) != library.id:
            yield Fault("id", N_("This is not a library number."))

    def _area_faults(self, library: Library) -> Iterable[Fault]:
        if library.municipality is not None and library.municipality not in self._municipalities:
            yield Fault("municipality", N_("There is no municipality with this code."))

    def _known(self) -> Lookup:
        now = self._clock()
        if self._stale_at is None or now >= self._stale_at:
            try:
                self._kept = Lookup(self._profile | {library.id: library for library in self._store.all()})
            except StoreUnavailable:
                # An old list serves a form better than none.
                self._kept = self._kept if self._kept.by_number else Lookup(self._profile)
            self._stale_at = now + REMEMBERED_FOR
        return self._kept


def _of_profile(network: Network) -> Iterable[Library]:
    for municipality in network.areas.municipalities:
        yield Library(
            municipality.library, municipality.name, municipality.code, municipality.aliases, municipality.domains
        )
    for other in network.libraries.others:
        yield Library(other.number, other.name, None, other.aliases, other.domains)
