"""The web app's Jinja environment, its templates compiled ahead.

Compiling takes a fifth of a second, which somebody would wait for at every cold start. So the build does it, by
`python -m chalicelib.templating FOLDER`, and a function only reads. What fits no longer is compiled again.
"""

import json
import sys
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import BytecodeCache, Environment, pass_context
from jinja2.bccache import Bucket
from jinja2.runtime import Context
from markupsafe import Markup

from chalicelib import structured_data
from chalicelib.screens import Listing
from shared.pages import templating

if TYPE_CHECKING:
    from shared.i18n import Voice

HERE: Final = Path(__file__).parent
TEMPLATES: Final = HERE / "templates"
COMPILED: Final = HERE / "compiled"


@lru_cache
def environment() -> Environment:
    """Return the environment that every page is made in."""
    made = templating.environment(TEMPLATES, lambda name: _manifest()[name], bytecode_cache=CompiledAhead())
    made.filters["when"] = _when
    made.globals["event"] = _event
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
def _manifest() -> dict[str, str]:
    """The names that `infra/build/assets.py` gave. There are none yet while it compiles the templates."""
    names: dict[str, str] = json.loads((HERE / "assets.json").read_text(encoding="utf-8"))
    return names


@pass_context
def _when(context: Context, starts_at: datetime, ends_at: datetime) -> Markup:
    voice: Voice = context["voice"]
    said = voice.span(starts_at, ends_at)
    return Markup('<time datetime="{}">{}</time>').format(starts_at.isoformat(), said)


@pass_context
def _event(context: Context, listing: Listing) -> dict[str, Any]:
    url = templating.full_href(context, listing.path)
    return structured_data.event(listing, url=url, voice=context["voice"], network=context["network"])


if __name__ == "__main__":
    compiling = environment().overlay(bytecode_cache=CompilingAhead(Path(sys.argv[1])))
    for template in compiling.list_templates():
        compiling.get_template(template)
