"""What the use cases of themes need."""

from typing import Protocol

from shared.themes.model import Themes


class ThemesMoved(Exception):
    """Somebody saved another theme between our reading and writing."""


class ThemeStore(Protocol):
    """Where themes are kept, all together."""

    def read(self) -> Themes: ...

    def save(self, themes: Themes) -> None:
        """Keep them in place of those of the version before. Raise ThemesMoved."""
        ...
