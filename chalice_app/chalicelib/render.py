"""Turns a screen into a page: one Jinja environment, and the few words that templates speak beside their own.

Templates are strict: what is missing is an error, what is text is escaped. Markdown is imported on first use:
most requests need none, and a cold start pays for every import.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from chalicelib import structured_data
from chalicelib.screens import Listing, Screen
from shared.i18n import Voice
from shared.network import Network

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

HERE: Final = Path(__file__).parent

TOP_HEADING: Final = 3
"""The level of a description's topmost heading: the page's title and its sections stand above it."""

_TAGS: Final = {"p", "br", "hr", "ul", "ol", "li", "a", "em", "strong", "blockquote", "code", "pre"} | {
    f"h{level}" for level in range(TOP_HEADING, 7)
}


def page(template: str, screen: Screen, *, voice: Voice, network: Network, path: str, status: int = 200) -> str:
    """Return the page. `path` is its address without language; a page of an error is not indexed."""
    given = {
        "screen": screen,
        "voice": voice,
        "network": network,
        "path": path,
        "indexed": status == 200 and not screen.personal,
        "_": voice.say,
        "ngettext": voice.count,
    }
    return _environment().get_template(template).render(given)


def address(path: str, language: str, network: Network) -> str:
    """Return a page's path in a language: the profile's first one lies at the root, others at `/en/…`."""
    return path if language == network.languages[0] else f"/{language}{path}"


@lru_cache
def markdown(source: str) -> Markup:
    """Return Markdown as HTML that cannot do harm, its headings lowered to where they stand on the page."""
    import nh3

    tokens = _commonmark().parse(source)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + TOP_HEADING - 1, 6)}"
    html = _commonmark().renderer.render(tokens, _commonmark().options, {})
    clean = nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"https", "http", "mailto", "tel"})
    return Markup(clean)


@lru_cache
def language_name(language: str) -> str:
    """Return a language's own name for itself."""
    from babel import Locale

    return (Locale.parse(language).get_language_name(language) or language).capitalize()


@lru_cache
def _commonmark() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).disable("image")


@lru_cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {"text": _text, "when": _when, "long_text": _long_text}
    environment.globals |= {
        "asset": _asset,
        "href": _href,
        "full_href": _full_href,
        "language_name": language_name,
        "event": _event,
    }
    return environment


@lru_cache
def _manifest() -> dict[str, str]:
    """The names that `infra/build/assets.py` gave."""
    names: dict[str, str] = json.loads((HERE / "assets.json").read_text(encoding="utf-8"))
    return names


def _asset(name: str) -> str:
    return f"/assets/{_manifest()[name]}"


@pass_context
def _href(context: Context, path: str, language: str | None = None) -> str:
    return address(path, language or context["voice"].language, context["network"])


@pass_context
def _full_href(context: Context, path: str, language: str | None = None) -> str:
    base: str = context["network"].base_url
    return base + _href(context, path, language)


@pass_context
def _text(context: Context, text: Mapping[str, str]) -> Markup:
    """A text in the reader's language; marked as another language where it had to be (WCAG 2.2, 3.1.2)."""
    voice: Voice = context["voice"]
    other = voice.lang_of(text)
    said = escape(voice.text(text))
    return Markup('<span lang="{}">{}</span>').format(other, said) if other and said else said


@pass_context
def _long_text(context: Context, text: Mapping[str, str]) -> Markup:
    """A text in Markdown, as `_text`."""
    voice: Voice = context["voice"]
    other = voice.lang_of(text)
    said = markdown(voice.text(text))
    return Markup('<div lang="{}">{}</div>').format(other, said) if other and said else said


@pass_context
def _when(context: Context, starts_at: datetime, ends_at: datetime) -> Markup:
    voice: Voice = context["voice"]
    said = voice.span(starts_at, ends_at)
    return Markup('<time datetime="{}">{}</time>').format(starts_at.isoformat(), said)


@pass_context
def _event(context: Context, listing: Listing) -> dict[str, Any]:
    return structured_data.event(
        listing, url=_full_href(context, listing.path), voice=context["voice"], network=context["network"]
    )
