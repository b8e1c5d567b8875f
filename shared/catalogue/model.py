"""Which webinars are in the catalogue, in which order, and which page leads to which."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import Final

from shared.documents.model import DOCUMENTS, Document
from shared.gatherings.model import GOALS, Text
from shared.resources.model import Resource, newest_first
from shared.themes.model import Theme, Themes
from shared.webinars.model import State, Webinar
from shared.webinars.recording import Recording

AT_ONCE: Final = 50
"""How many webinars a page lists."""

MOST_RELATED: Final = 3
MOST_RESOURCES: Final = 5
"""How many resources stand on the page of a webinar."""

INDEX: Final = "webinarer/katalog.json"
"""The key of what is shown, for programs and for our own API."""

SITEMAP: Final = "sitemap-webinarer.xml"
"""The key of which pages there are, for search engines. A sitemap speaks of what lies beside and below it."""


@dataclass(frozen=True, slots=True)
class Card:
    """A webinar as it stands in lists. `themes` are those that its own lead to by now."""

    id: str
    slug: str
    title: Text
    summary: Text
    speakers: Text
    held_on: date
    published_at: datetime
    spoken: str
    captions: tuple[str, ...]
    themes: frozenset[str]
    goals: frozenset[int]
    recording: Recording | None

    @classmethod
    def of(cls, webinar: Webinar, themes: Themes) -> "Card":
        """Return the card of a webinar."""
        return cls(
            webinar.id,
            webinar.slug,
            webinar.title,
            webinar.summary,
            webinar.speakers,
            webinar.held_on,
            webinar.published_at or datetime.combine(webinar.held_on, time(), UTC),
            webinar.spoken,
            tuple(one.language for one in webinar.captions),
            frozenset(themes.target(slug) for slug in webinar.themes),
            frozenset(webinar.goals),
            webinar.recording,
        )

    @property
    def path(self) -> str:
        """The address of its page, without language."""
        return f"/webinarer/{self.slug}"

    def in_common(self, other: "Card") -> tuple[int, int]:
        """Return how many themes, and how many goals, it has in common with another."""
        return len(self.themes & other.themes), len(self.goals & other.goals)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A page of a list: its number, from 1, of how many, and what is on it. `path` is the list's own address."""

    path: str
    number: int
    of: int
    cards: tuple[Card, ...]

    @property
    def address(self) -> str:
        """The page's own address, without language."""
        return self.at(self.number)

    def at(self, number: int) -> str:
        """The address of another page of the list."""
        return self.path if number == 1 else f"{self.path.rstrip('/')}/side/{number}"


@dataclass(frozen=True)
class Catalogue:
    """All that is shown, the newest recording first, and the themes by which it is found. The `resources` are on the
    themes that their own lead to by now.
    """

    cards: tuple[Card, ...]
    themes: Themes
    resources: tuple[Resource, ...] = ()

    @classmethod
    def of(cls, webinars: Iterable[Webinar], themes: Themes, resources: Iterable[Resource] = ()) -> "Catalogue":
        """Return the catalogue of those that everybody may see."""
        shown = (Card.of(one, themes) for one in webinars if one.state is State.PUBLISHED)
        return cls(
            tuple(sorted(shown, key=lambda one: (one.held_on, one.id), reverse=True)),
            themes,
            tuple(one.on_current(themes) for one in newest_first(resources) if one.shown),
        )

    @cached_property
    def themes_in_use(self) -> tuple[tuple[Theme, int], ...]:
        """The themes that something is on, in their order, each with how many webinars: none where there are only
        resources.
        """
        counted = Counter(theme for card in self.cards for theme in card.themes)
        in_use = counted.keys() | {theme for one in self.resources for theme in one.themes}
        return tuple((one, counted[one.slug]) for one in self.themes.standing if one.slug in in_use)

    @cached_property
    def goals_in_use(self) -> tuple[tuple[int, int], ...]:
        """The goals that something is about, each with how many webinars, as `themes_in_use`."""
        counted = Counter(goal for card in self.cards for goal in card.goals)
        in_use = counted.keys() | {goal for one in self.resources for goal in one.goals}
        return tuple((goal, counted[goal]) for goal in GOALS if goal in in_use)

    def on(self, theme: str) -> tuple[Card, ...]:
        """Return what is on a theme."""
        return tuple(card for card in self.cards if theme in card.themes)

    def shared_on(self, theme: str) -> tuple[Resource, ...]:
        """Return what libraries share on a theme."""
        return tuple(one for one in self.resources if theme in one.themes)

    def shared_about(self, goal: int) -> tuple[Resource, ...]:
        """Return what libraries share about a goal."""
        return tuple(one for one in self.resources if goal in one.goals)

    def about(self, goal: int) -> tuple[Card, ...]:
        """Return what is about a goal."""
        return tuple(card for card in self.cards if goal in card.goals)

    def related(self, webinar: Webinar) -> tuple[Card, ...]:
        """Return what has most in common with a webinar: themes first, then goals, then the newest."""
        one = Card.of(webinar, self.themes)
        near = [card for card in self.cards if card.id != one.id and any(card.in_common(one))]
        # Sorting keeps the order of what is equally near: the newest first.
        return tuple(sorted(near, key=one.in_common, reverse=True)[:MOST_RELATED])

    def shared_for(self, webinar: Webinar) -> tuple[Resource, ...]:
        """Return what libraries share on the themes of a webinar: most of them in common first, then the newest."""
        themes = Card.of(webinar, self.themes).themes
        near = [one for one in self.resources if not themes.isdisjoint(one.themes)]
        return tuple(sorted(near, key=lambda one: len(themes.intersection(one.themes)), reverse=True)[:MOST_RESOURCES])


def stretches(path: str, cards: Sequence[Card]) -> Iterator[Stretch]:
    """Yield the pages of a list; an empty one has a page, too."""
    of = max(1, -(-len(cards) // AT_ONCE))
    for number in range(1, of + 1):
        yield Stretch(path, number, of, tuple(cards[(number - 1) * AT_ONCE : number * AT_ONCE]))


def caption_key(key: str) -> str:
    """Return where everybody finds captions that are kept at a key."""
    name = key.removeprefix("captions/").removesuffix(".json").replace("/", "-")
    return f"webinarer/undertekster/{name}.vtt"


def recording_key(key: str) -> str:
    """Return where everybody finds a recording, or its picture, that is kept at a key."""
    return f"webinarer/optagelser/{'-'.join(key.split('/')[1:])}"


def recording_addresses(recording: Recording, base_url: str) -> tuple[str, str]:
    """Return the whole addresses of a recording and of its picture."""
    return f"{base_url}/{recording_key(recording.file)}", f"{base_url}/{recording_key(recording.poster)}"


def document_key(document: Document) -> str:
    """Return where everybody finds a document."""
    return f"webinarer/dokumenter/{document.file.removeprefix(DOCUMENTS).replace('/', '-')}/{document.name}"
