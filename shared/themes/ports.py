"""What the use cases of themes need."""

from typing import Any, Protocol

from events.envelope import Envelope
from shared.themes.model import Themes


class ThemesMoved(Exception):
    """Somebody saved another theme between our reading and writing."""


class ThemeStore(Protocol):
    """Where themes are kept, all together."""

    def read(self) -> Themes: ...

    def save(self, themes: Themes, fact: Envelope[Any]) -> None:
        """Keep them in place of those of the version before, and announce the fact. Raise ThemesMoved."""
        ...
