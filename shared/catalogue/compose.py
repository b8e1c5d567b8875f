"""Makes the pages of the catalogue, each in every language of the network."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from shared.catalogue import feeds, sitemap, structured_data
from shared.catalogue.model import (
    INDEX,
    SITEMAP,
    Card,
    Catalogue,
    Stretch,
    caption_key,
    document_key,
    recording_addresses,
    recording_key,
)
from shared.catalogue.ports import File, Spoken, Told
from shared.i18n import Voice, voice
from shared.network import Network
from shared.pages import templating
from shared.pages.goals import GOALS
from shared.pages.sitemap import KIND as XML
from shared.resources.model import KINDS, Resource
from shared.themes.model import Theme
from shared.webinars.captions import Paragraph
from shared.webinars.model import Webinar, place
from shared.webinars.recording import Recording

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES: Final = Path(__file__).parent / "templates"
JSON: Final = "application/json"
HTML: Final = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class ListScreen:
    """Some webinars, on a theme, about a goal, or of all; and what else they are found by."""

    stretch: Stretch
    catalogue: Catalogue
    theme: Theme | None = None
    goal: int | None = None

    @property
    def goals(self) -> tuple[tuple[int, str, int], ...]:
        """The goals that something is about: number, name to be translated, and how much."""
        return tuple((goal, GOALS[goal], count) for goal, count in self.catalogue.goals_in_use)

    @property
    def goal_name(self) -> str:
        """What the goal is called, to be translated."""
        assert self.goal is not None
        return GOALS[self.goal]

    @property
    def resources(self) -> tuple[Resource, ...]:
        """What libraries share on the theme or about the goal: it stands on the first page alone."""
        if self.stretch.number > 1:
            return ()
        if self.theme:
            return self.catalogue.shared_on(self.theme.slug)
        return self.catalogue.shared_about(self.goal) if self.goal else ()

    def themes_of(self, card: Card) -> tuple[Theme, ...]:
        """The themes of a webinar, in their order."""
        return self.catalogue.themes.known(card.themes)


@dataclass(frozen=True, slots=True)
class WebinarScreen:
    """One webinar, with what is said in it and what is near it."""

    webinar: Webinar
    themes: tuple[Theme, ...]
    related: tuple[Card, ...]
    spoken: tuple[Spoken, ...]
    data: Mapping[str, Any]
    resources: tuple[Resource, ...]

    @property
    def goals(self) -> tuple[tuple[int, str], ...]:
        """Its goals: numbers, and names to be translated."""
        return tuple((goal, GOALS[goal]) for goal in self.webinar.goals)

    @property
    def transcripts(self) -> tuple[tuple[str, str, tuple[Paragraph, ...]], ...]:
        """What is said in it: language, the address of the captions, and paragraphs; the spoken language first."""
        spoken = sorted(self.spoken, key=lambda one: one.captions.language != self.webinar.spoken)
        return tuple((one.captions.language, f"/{caption_key(one.captions.file)}", one.paragraphs) for one in spoken)

    @property
    def video(self) -> str:
        """The address of the recording, which lies here."""
        assert self.webinar.recording is not None
        return f"/{recording_key(self.webinar.recording.file)}"

    @property
    def poster(self) -> str:
        """The address of the recording's picture."""
        assert self.webinar.recording is not None
        return f"/{recording_key(self.webinar.recording.poster)}"

    @property
    def host(self) -> str:
        """Where the recording lies."""
        return urlsplit(self.webinar.link or "").netloc


class TemplatedPages:
    """Pages made of templates. `assets` are the names that files go by, by their own; `library_name` tells what the
    library of a number is called.
    """

    def __init__(self, network: Network, assets: Mapping[str, str], library_name: Callable[[str], str]) -> None:
        self._network = network
        self._environment: Environment = templating.environment(TEMPLATES, assets.__getitem__)
        self._environment.filters |= {"place": place, "address": lambda document: f"/{document_key(document)}"}
        self._environment.globals |= {"library_name": library_name, "resource_kinds": KINDS}
        self._voices = [voice(one, network.languages, network.time_zone) for one in network.languages]

    def webinar(self, told: Told, catalogue: Catalogue) -> Iterator[File]:
        """Yield the page of a webinar."""
        webinar, path = told.webinar, f"/webinarer/{told.webinar.slug}"
        themes, related = catalogue.themes.known(webinar.themes), catalogue.related(webinar)
        resources = catalogue.shared_for(webinar)
        for one in self._voices:
            url = self._network.base_url + self._network.address(path, one.language)
            data = structured_data.video(webinar, url=url, voice=one, network=self._network)
            screen = WebinarScreen(webinar, themes, related, told.spoken, data, resources)
            yield self._page("webinar.html", path, one, screen=screen)

    def hidden(self, webinar: Webinar) -> Iterator[File]:
        """Yield the page that says that a webinar is shown no longer."""
        yield from self._pages("hidden.html", f"/webinarer/{webinar.slug}", indexed=False, webinar=webinar)

    def theme(self, theme: Theme, stretch: Stretch, catalogue: Catalogue) -> Iterator[File]:
        """Yield a page of what is on a theme."""
        yield from self._pages("list.html", stretch.address, screen=ListScreen(stretch, catalogue, theme=theme))

    def merged(self, slug: str, into: Theme) -> Iterator[File]:
        """Yield the page that leads on to the theme that another has become part of."""
        yield from self._pages("merged.html", f"/temaer/{slug}", indexed=False, theme=into)

    def goal(self, goal: int, stretch: Stretch, catalogue: Catalogue) -> Iterator[File]:
        """Yield a page of what is about a goal."""
        yield from self._pages("list.html", stretch.address, screen=ListScreen(stretch, catalogue, goal=goal))

    def search(self, catalogue: Catalogue) -> Iterator[File]:
        """Yield what is searched in the browser: of each webinar its words."""
        for one in self._voices:
            told = [
                {
                    "path": self._network.address(card.path, one.language),
                    "title": one.text(card.title),
                    "summary": one.text(card.summary),
                    "words": " ".join(_words(card, catalogue, one)),
                    "day": one.say("Recorded on %(day)s", day=one.date(card.held_on)),
                }
                for card in catalogue.cards
            ]
            key = self._network.address("/webinarer/soegning.json", one.language).removeprefix("/")
            yield File(key, _json(told), JSON)

    def feed(self, path: str, cards: Sequence[Card], catalogue: Catalogue, theme: Theme | None) -> Iterator[File]:
        """Yield the feeds of some webinars, of all or on a theme. `path` is what the feeds' addresses begin with."""
        for one in self._voices:
            told = feeds.feed(path, cards, catalogue.themes, theme, voice=one, network=self._network)
            key = self._network.address(path, one.language).removeprefix("/")
            yield File(f"{key}feed.json", feeds.to_json(told), feeds.JSON)
            yield File(f"{key}feed.xml", feeds.to_rss(told), feeds.RSS)

    def index(self, catalogue: Catalogue) -> File:
        """Return all that is shown, for programs, in all languages at once, and the words around it on other sites."""
        told = [
            {
                "slug": card.slug,
                "url": self._network.base_url + card.path,
                "title": dict(card.title),
                "summary": dict(card.summary),
                "speakers": dict(card.speakers),
                "held_on": card.held_on.isoformat(),
                "published_at": _moment(card, self._network),
                "spoken": card.spoken,
                "captions": list(card.captions),
                "themes": [theme.slug for theme in catalogue.themes.known(card.themes)],
                "goals": sorted(card.goals),
                "recording": _recording(card.recording, self._network) if card.recording else None,
            }
            for card in catalogue.cards
        ]
        languages = {one.language: one for one in self._voices}
        return File(
            INDEX,
            _json(
                {
                    "webinars": told,
                    "moved": {
                        one.slug: catalogue.themes.current(one.slug).slug
                        for one in catalogue.themes.all
                        if one.merged_into
                    },
                    "zone": self._network.time_zone,
                    "prefixes": {language: self._network.address("", language) for language in languages},
                    "words": {
                        language: {"sign_up": one.say("Sign up"), "none": one.say("There is nothing here right now.")}
                        for language, one in languages.items()
                    },
                }
            ),
            JSON,
        )

    def sitemap(self, catalogue: Catalogue) -> File:
        """Return which pages there are."""
        return File(SITEMAP, sitemap.of(catalogue, self._network), XML)

    def all(self, stretch: Stretch, catalogue: Catalogue) -> Iterator[File]:
        """Yield a page of all webinars."""
        yield from self._pages("list.html", stretch.address, screen=ListScreen(stretch, catalogue))

    def _pages(self, template: str, path: str, *, indexed: bool = True, **given: Any) -> Iterator[File]:
        for one in self._voices:
            yield self._page(template, path, one, indexed=indexed, **given)

    def _page(self, template: str, path: str, voice: Voice, *, indexed: bool = True, **given: Any) -> File:
        context = templating.context(voice=voice, network=self._network, path=path, indexed=indexed)
        html = self._environment.get_template(f"catalogue/{template}").render(context, **given)
        return File(self._network.address(path, voice.language).removeprefix("/"), html.encode(), HTML)


def _recording(recording: Recording, network: Network) -> dict[str, Any]:
    """Return where a recording and its picture are: size in bytes, duration in ms, pixels."""
    url, poster = recording_addresses(recording, network.base_url)
    width, height = recording.poster_measures
    return {
        "url": url,
        "type": recording.type,
        "size": recording.size,
        "duration": recording.duration,
        "poster": {"url": poster, "width": width, "height": height},
    }


def _json(told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()


def _moment(card: Card, network: Network) -> str:
    return card.published_at.astimezone(network.zone).isoformat(timespec="seconds")


def _words(card: Card, catalogue: Catalogue, voice: Voice) -> Iterator[str]:
    """What else a webinar is found by: who speaks, its themes, and its goals."""
    yield voice.text(card.speakers)
    yield from (voice.text(theme.name) for theme in catalogue.themes.known(card.themes))
    yield from (voice.say(GOALS[goal]) for goal in sorted(card.goals))
