"""What partners paste into their own pages: chosen here, and shown as the lines to paste."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from chalice.app import Response

from chalicelib import desk, frames, routing
from chalicelib.desk import DeskScreen
from chalicelib.visit import DeskVisit
from shared.bootstrap import web as bootstrap
from shared.i18n import Voice, voice
from shared.network import Network
from shared.refusals import N_
from shared.roles import Role
from shared.themes.model import Theme

pages = routing.desk()

PATH: Final = "/tovholder/indlejring"

SHOWN: Final = {
    "recordings": N_("Recordings"),
    "gatherings": N_("Gatherings to come, with a link to sign up"),
    "both": N_("Both"),
}
"""What can be shown, to be translated."""

COUNTS: Final = (3, 5, 10)


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody picked. Empty: all themes, all recordings."""

    show: str
    theme: str
    webinar: str
    language: str
    most: int


@dataclass(frozen=True, slots=True)
class EmbeddingScreen(DeskScreen):
    """What can be picked, what is, and the lines for it."""

    choice: Choice
    themes: tuple[Theme, ...]
    webinars: tuple[tuple[str, Mapping[str, str]], ...]
    path: str
    words: str
    base_url: str

    @property
    def shown(self) -> tuple[tuple[str, str], ...]:
        """What can be shown, to be translated."""
        return tuple(SHOWN.items())

    @property
    def counts(self) -> tuple[int, ...]:
        """How many can be shown at most."""
        return COUNTS

    @property
    def link(self) -> str:
        """The plain link that is left where scripts are taken out."""
        return frames.link(self.base_url + self.path, self.words)

    @property
    def component(self) -> str:
        """The lines that show it in the page's own look."""
        one = self.choice
        picked = {"show": one.show, "theme": one.theme, "webinar": one.webinar, "language": one.language}
        said = "".join(f' {name}="{escape(value)}"' for name, value in picked.items() if value)
        return (
            f'<script type="module" src="{escape(self.base_url)}/embed.js"></script>\n'
            f'<tovholder-list{said} most="{one.most}">{self.link}</tovholder-list>'
        )

    @property
    def frame(self) -> str | None:
        """The line that shows our own page in a frame. Pages with forms may not be in one."""
        if self.choice.show != "recordings" and not self.choice.webinar:
            return None
        return frames.frame(self.base_url + self.path, self.words)


@pages.get(PATH, *Role)
def embedding(visit: DeskVisit) -> Response:
    """Show what can be picked, and the lines for what is."""
    themes = bootstrap.themes().themes().standing
    webinars = tuple((one["slug"], one["title"]) for one in bootstrap.catalogue().every())
    choice = _choice(visit, themes, dict(webinars))
    theirs = voice(choice.language, visit.network.languages, visit.network.time_zone)
    path, words = _plainly(choice, themes, dict(webinars), theirs, visit.network)
    screen = EmbeddingScreen(visit.login, choice, themes, webinars, path, words, visit.network.base_url)
    return desk.page(visit, "desk/embedding.html", screen)


def _choice(visit: DeskVisit, themes: tuple[Theme, ...], webinars: Mapping[str, object]) -> Choice:
    """Return what was picked; what there is not is as if nothing had been."""
    query, languages = visit.query, visit.network.languages
    show, language, most = query.get("show", ""), query.get("language", ""), query.get("most", "")
    slugs = {one.slug for one in themes}
    return Choice(
        show if show in SHOWN else "recordings",
        theme if (theme := query.get("theme", "")) in slugs else "",
        webinar if (webinar := query.get("webinar", "")) in webinars else "",
        language if language in languages else languages[0],
        int(most) if most in map(str, COUNTS) else COUNTS[1],
    )


def _plainly(
    choice: Choice,
    themes: tuple[Theme, ...],
    webinars: Mapping[str, Mapping[str, str]],
    said: Voice,
    network: Network,
) -> tuple[str, str]:
    """Return the address of the page of ours that comes nearest, and its name, in the language that was picked."""
    if choice.webinar:
        path, name = f"/webinarer/{choice.webinar}", said.text(webinars[choice.webinar])
    elif choice.theme:
        path = f"/temaer/{choice.theme}"
        name = next(said.text(one.name) for one in themes if one.slug == choice.theme)
    elif choice.show == "gatherings":
        path, name = "/arrangementer/", said.say("Gatherings")
    else:
        path, name = "/webinarer/", said.say("Webinars")
    return network.address(path, choice.language), f"{network.short_name}: {name}"
