"""Themes in memory, under the conditions of the table."""

from typing import Any

from events.envelope import Envelope
from shared.refusals import StoreUnavailable
from shared.themes.model import Themes
from shared.themes.ports import ThemesMoved


class InMemoryThemeStore:
    """Themes in memory. It is away while `away` is set."""

    def __init__(self) -> None:
        self.kept = Themes()
        self.away = False
        self.asked = 0
        self.facts: list[Envelope[Any]] = []

    def read(self) -> Themes:
        self.asked += 1
        if self.away:
            raise StoreUnavailable
        return self.kept

    def save(self, themes: Themes, fact: Envelope[Any]) -> None:
        if themes.version != self.kept.version + 1:
            raise ThemesMoved
        self.kept = themes
        self.facts.append(fact)
