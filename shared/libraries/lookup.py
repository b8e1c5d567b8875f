"""Finds libraries in one list of them, by number, spelling or domain. What a question needs is made on first use."""

from collections import defaultdict
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cached_property

from shared.i18n import danish_order
from shared.libraries.model import Library, LibraryNotFound, spelling


class Lookup:
    """A list of libraries that does not change."""

    def __init__(self, libraries: Mapping[str, Library]) -> None:
        self.by_number = libraries

    def current(self, number: str) -> Library:
        """Return the library that a number stands for now: of one that was merged, the one that took over."""
        library = self.by_number.get(number)
        if library is None:
            raise LibraryNotFound
        # Mergers never make a circle (model.mergeable); had a hand in the table made one, nobody must hang in it.
        for _ in self.by_number:
            heir = self.by_number.get(library.merged_into or "")
            if heir is None:
                break
            library = heir
        return library

    def numbers(self, number: str) -> frozenset[str]:
        """Return all numbers that stand for the same library now. A number that nobody knows stands for itself."""
        if number not in self.by_number:
            return frozenset({number})
        return self._numbers[self.current(number).id]

    @cached_property
    def all(self) -> tuple[Library, ...]:
        """All libraries by name, those that were merged among them, as Danish sorts them."""
        return tuple(sorted(self.by_number.values(), key=lambda library: danish_order(library.name)))

    @cached_property
    def standing(self) -> tuple[Library, ...]:
        """The libraries that were not merged into another."""
        return tuple(library for library in self.all if self.current(library.id) is library)

    def search(self, text: str) -> tuple[Library, ...]:
        """Return the standing libraries that have the text in their name, number or another spelling, or once had."""
        sought = text.strip().casefold()
        return tuple(one for one in self.standing if any(sought in name.casefold() for name in self._names[one.id]))

    def find(self, text: str) -> tuple[Library, ...]:
        """Return the standing libraries that go by this number or name, however it is spelt: mostly one or none."""
        if (number := text.strip()) in self.by_number:
            return (self.current(number),)
        return tuple(self.current(number) for number in self._spelt.get(spelling(text), ()))

    def similar(self, text: str) -> tuple[Library, ...]:
        """Return up to three libraries that may have been meant: by a name, for a number is near to any other."""
        if not any(letter.isalpha() for letter in text):
            return ()
        close = get_close_matches(spelling(text), self._spelt, n=3, cutoff=0.7)
        numbers = dict.fromkeys(number for name in close for number in self._spelt[name])
        return tuple(self.current(number) for number in numbers)[:3]

    def of_domain(self, domain: str) -> tuple[Library, ...]:
        """Return the libraries that a domain proves to be somebody's workplace, by number."""
        parts = domain.lower().split(".")
        listed = [domain.lower(), *("." + ".".join(parts[at:]) for at in range(len(parts)))]
        return tuple(self.by_number[number] for number in sorted({n for one in listed for n in self._at.get(one, ())}))

    @cached_property
    def _numbers(self) -> dict[str, frozenset[str]]:
        """All numbers by that of the library that stands for them now."""
        numbers: dict[str, set[str]] = defaultdict(set)
        for number in self.by_number:
            numbers[self.current(number).id].add(number)
        return {standing: frozenset(those) for standing, those in numbers.items()}

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        """Names, numbers and other spellings by the number of the library that stands for them now."""
        names: dict[str, list[str]] = defaultdict(list)
        for library in self.by_number.values():
            names[self.current(library.id).id] += (library.name, library.id, *library.aliases)
        return names

    @cached_property
    def _spelt(self) -> dict[str, list[str]]:
        """The numbers of standing libraries by spelling."""
        spelt: dict[str, list[str]] = defaultdict(list)
        for number, names in self._names.items():
            for name in {spelling(name) for name in names}:
                spelt[name].append(number)
        return spelt

    @cached_property
    def _at(self) -> dict[str, set[str]]:
        """The numbers of standing libraries by listed domain. Who took over a library took over its domains."""
        at: dict[str, set[str]] = defaultdict(set)
        for library in self.by_number.values():
            for domain in library.domains:
                at[domain].add(self.current(library.id).id)
        return at
