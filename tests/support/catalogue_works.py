"""Where the catalogue is written, in memory, from webinars that a test puts there."""

import re
from collections.abc import Mapping
from typing import Any, Final

from shared.catalogue.compose import TemplatedPages
from shared.catalogue.service import Surroundings, generate
from shared.resources.model import Resource
from shared.themes.model import Theme, Themes
from shared.webinars import captions
from shared.webinars.captions import Cue
from shared.webinars.model import Captions, State, Webinar
from tests.support.builders import NETWORK, NOW, a_ready_webinar, a_resource
from tests.support.memory_resources import InMemoryResourceStore
from tests.support.memory_site import InMemorySite
from tests.support.memory_themes import InMemoryThemeStore
from tests.support.memory_webinars import InMemoryFiles, InMemoryWebinarStore

KEPT: Final = captions.to_json([Cue(1000, 4000, "Velkommen til <biblioteket> & til bierne."), Cue(9000, 12000, "Tak.")])


class Assets(dict[str, str]):
    """Every asset goes by its own name."""

    def __missing__(self, name: str) -> str:
        return name


class Works:
    """Where the catalogue is written."""

    def __init__(self, assets: Mapping[str, str] | None = None) -> None:
        self.store = InMemoryWebinarStore()
        self.themes = InMemoryThemeStore()
        self.resources = InMemoryResourceStore()
        self.files = InMemoryFiles()
        self.site = InMemorySite()
        names = Assets() if assets is None else assets
        self.around = Surroundings(
            self.store,
            self.themes,
            self.resources,
            self.files,
            TemplatedPages(NETWORK, names, lambda number: f"Bibliotek {number}"),
            self.site,
        )
        self.themes.kept = Themes((Theme("unge", {"da": "Unge", "en": "Young people"}, {"da": "Om unge."}),), 1)

    def keep(self, webinar: Webinar) -> Webinar:
        self.store.kept[webinar.id] = webinar
        for one in webinar.captions:
            self.files.put(one.file, KEPT, "application/json")
        return webinar

    def shown(self, slug: str = "fremtidens-bibliotek", **changes: Any) -> Webinar:
        kept = Captions("da", f"captions/{slug}/da-0.json", 12_000)
        ready = {"themes": ("unge",), "captions": (kept,), "published_at": NOW} | changes
        return self.keep(a_ready_webinar(slug=slug, state=State.PUBLISHED, **ready))

    def shared(self, **changes: Any) -> Resource:
        resource = a_resource(**changes)
        self.resources.kept[resource.id] = resource
        return resource

    def generate(self, *, at_night: bool = False) -> list[str]:
        self.site.order.clear()
        return generate(self.around, at_night=at_night).keys

    def links_to_nothing(self, *, but: str = " ") -> set[str]:
        """Return the addresses of the catalogue that one of its pages leads to, and nothing is there. Pages with `but`
        in their key are left out.
        """
        found = {
            address
            for file in self.site.files.values()
            if file.content_type.startswith("text/html") and but not in file.key
            for address in re.findall(r'href="/((?:en/)?(?:webinarer|temaer)/[^"#]*)"', file.content.decode())
        }
        return {address for address in found - self.site.files.keys() if not address.endswith("kalender.ics")}
