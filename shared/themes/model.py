"""What gatherings and webinars are about: themes in an order, renamed and merged without losing an address."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from shared import free_text
from shared.gatherings.model import RESERVED_SLUGS, Text, slug_of
from shared.refusals import N_, Fault, Invalid, Refusal

MOST_THEMES: Final = 100
LONGEST_NAME: Final = 80
LONGEST_DESCRIPTION: Final = 600


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme. Its `slug` is its address and never changes; `goals` are Sustainable Development Goals, 1 to 17.

    One that has become part of another keeps its address, which leads to the slug `merged_into`. `version` rises with
    every saved change and guards against two people editing at once.
    """

    slug: str
    name: Text
    description: Text = field(default_factory=dict)
    goals: tuple[int, ...] = ()
    merged_into: str | None = None
    version: int = 1

    def check(self, *, languages: tuple[str, ...]) -> None:
        """Raise Invalid with every fault, all at once."""
        if faults := tuple(self._faults(languages)):
            raise Invalid(*faults)

    def _faults(self, languages: tuple[str, ...]) -> Iterator[Fault]:
        if not self.name.get(languages[0], "").strip():
            yield Fault(f"name.{languages[0]}", N_("Give the theme a name."))
        for part, longest in (("name", LONGEST_NAME), ("description", LONGEST_DESCRIPTION)):
            yield from free_text.by_language(part, getattr(self, part), languages=languages, longest=longest)
        if not self.slug or self.slug != slug_of(self.slug) or self.slug in RESERVED_SLUGS:
            yield Fault(
                "slug", N_("Use small letters a-z, digits and single hyphens, and not a word the site itself uses.")
            )
        if any(not 1 <= goal <= 17 for goal in self.goals):
            yield Fault("goals", N_("The goals have the numbers 1 to 17."))


@dataclass(frozen=True, slots=True)
class Themes:
    """All themes of a network, in the order in which people see them, merged ones among them."""

    all: tuple[Theme, ...] = ()
    version: int = 0

    @property
    def standing(self) -> tuple[Theme, ...]:
        """Those that are not part of another."""
        return tuple(one for one in self.all if one.merged_into is None)

    def get(self, slug: str) -> Theme:
        """Return the theme of exactly this slug, merged or not. Raise ThemeNotFound."""
        for one in self.all:
            if one.slug == slug:
                return one
        raise ThemeNotFound

    def current(self, slug: str) -> Theme:
        """Return the theme that a slug leads to. Raise ThemeNotFound."""
        found = self.get(slug)
        return found if found.merged_into is None else self.current(found.merged_into)

    def slugs(self, slug: str) -> frozenset[str]:
        """Return all slugs that lead to the same theme: what was kept before a merger has the old one."""
        leads_to = self.target(slug)
        return frozenset({slug, *(one.slug for one in self.all if self.target(one.slug) == leads_to)})

    def target(self, slug: str) -> str:
        """Return the slug of the theme that a slug leads to; itself if nobody has described it."""
        try:
            return self.current(slug).slug
        except ThemeNotFound:
            return slug

    def targets(self, slugs: Iterable[str]) -> tuple[str, ...]:
        """Return the slugs of the themes that slugs lead to, in their order; then those that nobody has described."""
        slugs = tuple(slugs)
        return (*(one.slug for one in self.known(slugs)), *self.unknown(slugs))

    def known(self, slugs: Iterable[str]) -> tuple[Theme, ...]:
        """Return the themes that slugs lead to, each once, in their order. What nobody has described is left out."""
        wanted = {self.target(slug) for slug in slugs}
        return tuple(one for one in self.standing if one.slug in wanted)

    def unknown(self, slugs: Iterable[str]) -> tuple[str, ...]:
        """Return the slugs of themes that nobody has described."""
        there = {one.slug for one in self.all}
        return tuple(slug for slug in dict.fromkeys(slugs) if slug not in there)

    def with_added(self, theme: Theme) -> "Themes":
        """Return them with one more, at the end. Raise ThemeExists or Invalid."""
        if any(one.slug == theme.slug for one in self.all):
            raise ThemeExists
        if len(self.all) >= MOST_THEMES:
            raise Invalid(Fault("slug", N_("There can be at most %(limit)s themes."), {"limit": MOST_THEMES}))
        return self._with((*self.all, replace(theme, merged_into=None, version=1)))

    def with_changed(self, wanted: Theme) -> "Themes":
        """Return them with a theme that was changed from the version it states. Raise ThemeNotFound, ThemeIsMerged or
        ThemeChangedMeanwhile.
        """
        self._changeable(wanted.slug, wanted.version)
        return self._replaced(replace(wanted, merged_into=None, version=wanted.version + 1))

    def with_merged(self, slug: str, into: str, *, version: int) -> "Themes":
        """Return them with a theme that has become part of another. Raise as `with_changed`, or Invalid.

        It can be part neither of itself nor of one that is part of another, so every address leads somewhere.
        """
        theme = self._changeable(slug, version)
        other = next((one for one in self.standing if one.slug == into and one.slug != slug), None)
        if other is None:
            raise Invalid(Fault("into", N_("Choose another theme that takes over.")))
        return self._replaced(replace(theme, merged_into=other.slug, version=theme.version + 1))

    def in_order(self, slugs: Sequence[str]) -> "Themes":
        """Return them in the order of the slugs; those that are not named keep theirs, behind them."""
        places = {slug: at for at, slug in enumerate(dict.fromkeys(slugs))}
        return self._with(tuple(sorted(self.all, key=lambda one: places.get(one.slug, len(places)))))

    def _changeable(self, slug: str, version: int) -> Theme:
        theme = self.get(slug)
        if theme.merged_into is not None:
            raise ThemeIsMerged(into=theme.merged_into)
        if theme.version != version:
            raise ThemeChangedMeanwhile
        return theme

    def _replaced(self, theme: Theme) -> "Themes":
        return self._with(tuple(theme if one.slug == theme.slug else one for one in self.all))

    def _with(self, all: tuple[Theme, ...]) -> "Themes":
        return self if all == self.all else Themes(all, self.version + 1)


class ThemeNotFound(Refusal):
    """There is no theme at this address."""

    kind = "theme-not-found"
    status = 404
    message = N_("There is no such theme.")


class ThemeExists(Refusal):
    """There is a theme at this address already."""

    kind = "theme-exists"
    status = 409
    message = N_("There is a theme with this address already.")


class ThemeIsMerged(Refusal):
    """The theme has become part of another: `into` says which."""

    kind = "theme-merged"
    status = 409
    message = N_("This theme has become part of another one and cannot be changed.")


class ThemeChangedMeanwhile(Refusal):
    """Somebody else saved a change of the theme since it was read."""

    kind = "changed-meanwhile"
    status = 409
    message = N_("Somebody else has changed this theme meanwhile. Look at both, and save again.")
