"""The Jinja environment of all pages: strict and escaping, with the frame, and the few words templates speak."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from shared.network import Network

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

    from shared.i18n import Voice

FRAME: Final = Path(__file__).parent / "templates"

TOP_HEADING: Final = 3
"""The level of a description's topmost heading: the page's title and its sections stand above it."""

_TAGS: Final = {"p", "br", "hr", "ul", "ol", "li", "a", "em", "strong", "blockquote", "code", "pre"} | {
    f"h{level}" for level in range(TOP_HEADING, 7)
}
_SCHEMES: Final = {"https", "http", "mailto", "tel"}


def environment(
    templates: Path, asset_name: Callable[[str], str], *, bytecode_cache: BytecodeCache | None = None
) -> Environment:
    """Return the environment of the templates in a folder. `asset_name` tells the name that a file goes by."""
    made = Environment(
        loader=FileSystemLoader((templates, FRAME)),
        bytecode_cache=bytecode_cache,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"text": _text, "long_text": _long_text}
    made.globals |= {
        "asset": lambda name: f"/assets/{asset_name(name)}",
        "full_href": full_href,
        "href": _href,
        "language_and_country": language_and_country,
        "language_name": language_name,
        "language_word": _language_word,
    }
    return made


def context(*, voice: "Voice", network: Network, path: str, indexed: bool) -> dict[str, Any]:
    """Return what the frame needs to know. `path` is the page's address without language; `indexed`: it may be found
    by search."""
    return {
        "voice": voice,
        "network": network,
        "path": path,
        "indexed": indexed,
        "_": voice.say,
        "ngettext": voice.count,
    }


@lru_cache
def markdown(source: str) -> Markup:
    """Return Markdown as HTML that cannot do harm, its headings moved so that the topmost stands where it should on the
    page: people begin with any number of `#`."""
    import nh3

    tokens = _commonmark().parse(source)
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    top = min((int(token.tag[1]) for token in headings), default=1)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) - top + TOP_HEADING, 6)}"
    html = _commonmark().renderer.render(tokens, _commonmark().options, {})
    return Markup(nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes=_SCHEMES))


@lru_cache
def language_name(language: str) -> str:
    """Return a language's own name for itself."""
    from babel import Locale

    return (Locale.parse(language).get_language_name(language) or language).capitalize()


@lru_cache
def language_and_country(language: str) -> str:
    """Return a language with the country where most speak it, as Open Graph wants it: `da_DK`."""
    from babel.core import get_global

    spoken, _, country = get_global("likely_subtags")[language].split("_")
    return f"{spoken}_{country}"


@pass_context
def full_href(context: Context, path: str, language: str | None = None) -> str:
    """Return a page's whole address, in the page's language or another."""
    base: str = context["network"].base_url
    return base + _href(context, path, language)


@pass_context
def _href(context: Context, path: str, language: str | None = None) -> str:
    network: Network = context["network"]
    return network.address(path, language or context["voice"].language)


@pass_context
def _language_word(context: Context, language: str) -> str:
    from babel import Locale

    # Few languages are known in their own words where functions run, and each knows the names of all.
    names: Mapping[str, str] = Locale.parse(context["voice"].language).languages
    return names.get(language, language)


@lru_cache
def _commonmark() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).disable("image")


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
