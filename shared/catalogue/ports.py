"""What writing the catalogue needs of its surroundings."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from shared.catalogue.model import Card, Catalogue, Stretch
from shared.resources.model import Resource
from shared.themes.model import Theme, Themes
from shared.webinars.captions import Cue, Paragraph
from shared.webinars.model import Captions, Webinar


@dataclass(frozen=True, slots=True)
class File:
    """A file of the site: its key is its address without the stroke it begins with."""

    key: str
    content: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Copy:
    """One of our files that is to lie on the site, too: from where, to where, and of what type. `saved` says whether
    browsers save it instead of showing it.
    """

    original: str
    key: str
    content_type: str
    saved: bool = False


Entry = Mapping[str, Any]
"""A webinar as programs have it: its address, texts by language, and the slugs of its themes."""


class Index(Protocol):
    """What is shown, as it was when the catalogue was last written."""

    def read(self) -> tuple[Entry, ...]:
        """Return all that is shown, the newest recording first. Raise StoreUnavailable."""
        ...


class Site(Protocol):
    """The files that everybody can read."""

    def there(self) -> Mapping[str, str]:
        """Return what the catalogue has written: a hash of the content by key."""
        ...

    def hashed(self, content: bytes) -> str:
        """Return the hash of a content."""
        ...

    def write(self, file: File) -> None: ...

    def bring(self, copy: Copy) -> None:
        """Copy one of our files to where everybody can read it."""
        ...

    def remove(self, keys: Iterable[str]) -> None: ...

    def refresh(self, keys: Iterable[str]) -> None:
        """Let everybody see these files as they are now."""
        ...


class Webinars(Protocol):
    """All webinars, of every state, as they are now."""

    def every(self) -> Iterator[Webinar]: ...


class ThemesRead(Protocol):
    """All themes as they are now."""

    def read(self) -> Themes: ...


class Resources(Protocol):
    """All resources, those that nobody sees among them, as they are now."""

    def every(self) -> tuple[Resource, ...]: ...


class CaptionFiles(Protocol):
    """What captions contain, by key."""

    def get(self, key: str) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is said in a webinar, in a language: as captions and to be read."""

    captions: Captions
    cues: tuple[Cue, ...]
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A webinar with what is said in it, in each language of its captions."""

    webinar: Webinar
    spoken: tuple[Spoken, ...]


class Pages(Protocol):
    """What makes pages, one for each language of the network."""

    def webinar(self, told: Told, catalogue: Catalogue) -> Iterator[File]: ...

    def hidden(self, webinar: Webinar) -> Iterator[File]: ...

    def theme(self, theme: Theme, stretch: Stretch, catalogue: Catalogue) -> Iterator[File]: ...

    def merged(self, slug: str, into: Theme) -> Iterator[File]: ...

    def goal(self, goal: int, stretch: Stretch, catalogue: Catalogue) -> Iterator[File]: ...

    def search(self, catalogue: Catalogue) -> Iterator[File]: ...

    def feed(self, path: str, cards: Sequence[Card], catalogue: Catalogue, theme: Theme | None) -> Iterator[File]: ...

    def index(self, catalogue: Catalogue) -> File: ...

    def sitemap(self, catalogue: Catalogue) -> File: ...

    def all(self, stretch: Stretch, catalogue: Catalogue) -> Iterator[File]: ...


class Turns(Protocol):
    """Who writes: one at a time, and whoever comes meanwhile leaves it to them."""

    def ask(self) -> None:
        """Note that there is something new to write."""
        ...

    def take(self, now: datetime) -> int | None:
        """Take the turn, and return how often it had been asked for; None while somebody else has it."""
        ...

    def give_back(self) -> None:
        """Give the turn back unfinished."""
        ...

    def done(self, seen: int) -> bool:
        """Give the turn back, and return whether nobody has asked since `seen`."""
        ...
