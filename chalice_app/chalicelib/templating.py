"""The Jinja environment: strict and escaping, templates compiled ahead, and the few words they speak beside their own.

Compiling takes a fifth of a second, which somebody would wait for at every cold start. So the build does it, by
`python -m chalicelib.templating FOLDER`, and a function only reads. What fits no longer is compiled again.
"""

import json
import sys
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.bccache import Bucket
from jinja2.runtime import Context
from markupsafe import Markup, escape

from chalicelib import structured_data
from chalicelib.render import address
from chalicelib.screens import Listing

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

    from shared.i18n import Voice

HERE: Final = Path(__file__).parent
TEMPLATES: Final = HERE / "templates"
COMPILED: Final = HERE / "compiled"

TOP_HEADING: Final = 3
"""The level of a description's topmost heading: the page's title and its sections stand above it."""

_TAGS: Final = {"p", "br", "hr", "ul", "ol", "li", "a", "em", "strong", "blockquote", "code", "pre"} | {
    f"h{level}" for level in range(TOP_HEADING, 7)
}
_SCHEMES: Final = {"https", "http", "mailto", "tel"}


@lru_cache
def environment() -> Environment:
    """Return the environment that every page is made in."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        bytecode_cache=CompiledAhead(),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"text": _text, "long_text": _long_text, "when": _when}
    made.globals |= {
        "asset": _asset,
        "event": _event,
        "full_href": _full_href,
        "href": _href,
        "language_name": language_name,
        "language_word": _language_word,
    }
    return made


class CompiledAhead(BytecodeCache):
    """Reads what the build compiled, wherever the templates have been moved to since."""

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """A template goes by its name alone."""
        return name

    def load_bytecode(self, bucket: Bucket) -> None:
        """Load it if it is there. Jinja itself sees whether it fits the source and the Python."""
        path = COMPILED / bucket.key
        if path.exists():
            with path.open("rb") as file:
                bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write nothing: a function's files are read-only."""


class CompilingAhead(CompiledAhead):
    """Writes into a folder, for the build."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        """Compile everything anew."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        path = self._folder / bucket.key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bucket.bytecode_to_string())


@lru_cache
def markdown(source: str) -> Markup:
    """Return Markdown as HTML that cannot do harm, its headings lowered to where they stand on the page."""
    import nh3

    tokens = _commonmark().parse(source)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + TOP_HEADING - 1, 6)}"
    html = _commonmark().renderer.render(tokens, _commonmark().options, {})
    return Markup(nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes=_SCHEMES))


@lru_cache
def language_name(language: str) -> str:
    """Return a language's own name for itself."""
    from babel import Locale

    return (Locale.parse(language).get_language_name(language) or language).capitalize()


@pass_context
def _language_word(context: Context, language: str) -> str:
    from babel import Locale

    return Locale.parse(language).get_language_name(context["voice"].language) or language


@lru_cache
def _commonmark() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).disable("image")


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
    url = _full_href(context, listing.path)
    return structured_data.event(listing, url=url, voice=context["voice"], network=context["network"])


if __name__ == "__main__":
    compiling = environment().overlay(bytecode_cache=CompilingAhead(Path(sys.argv[1])))
    for template in compiling.list_templates():
        compiling.get_template(template)
