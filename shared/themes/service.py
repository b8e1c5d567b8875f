"""Themes as coordinators change them, and as everybody else sees them: as they were at most a minute ago."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from events.envelope import Envelope
from events.themes import ThemesChanged
from shared.ids import new_id
from shared.refusals import StoreUnavailable
from shared.themes.model import Theme, ThemeChangedMeanwhile, Themes
from shared.themes.ports import ThemesMoved, ThemeStore

REMEMBERED_FOR: Final = timedelta(minutes=1)
MOST_TRIES: Final = 5


class ThemeReader:
    """All themes, remembered for a minute: they stand on most pages, and change a few times a year."""

    def __init__(self, store: ThemeStore, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._kept = Themes()
        self._stale_at: datetime | None = None

    def themes(self) -> Themes:
        """Return them. While the store does not answer, those that were known are better than none."""
        now = self._clock()
        if self._stale_at is None or now >= self._stale_at:
            with suppress(StoreUnavailable):
                self._kept = self._store.read()
            self._stale_at = now + REMEMBERED_FOR
        return self._kept

    def fresh(self) -> Themes:
        """Return them as they are now."""
        self._stale_at = None
        return self.themes()


@dataclass(frozen=True, slots=True)
class Arranging:
    """What somebody does with themes at a moment. `languages` are the network's, the first one first."""

    store: ThemeStore
    languages: tuple[str, ...]
    now: datetime
    correlation_id: str

    def add(self, theme: Theme) -> Theme:
        """Keep a new theme, behind the others, and return it. Raise Invalid or ThemeExists."""
        theme.check(languages=self.languages)
        return self._save(lambda themes: themes.with_added(theme)).get(theme.slug)

    def change(self, wanted: Theme) -> Theme:
        """Keep a changed theme and return it a version on.

        Raise Invalid, ThemeNotFound, ThemeIsMerged, or ThemeChangedMeanwhile when it is not of the newest version.
        """
        wanted.check(languages=self.languages)
        return self._save(lambda themes: themes.with_changed(wanted)).get(wanted.slug)

    def merge(self, slug: str, into: str, *, version: int) -> Theme:
        """Let a theme become part of another, to which its address leads, and return it. Raise as `change`."""
        return self._save(lambda themes: themes.with_merged(slug, into, version=version)).get(slug)

    def arrange(self, slugs: Sequence[str]) -> Themes:
        """Put themes in an order, and return them all."""
        return self._save(lambda themes: themes.in_order(slugs))

    def _save(self, changed: Callable[[Themes], Themes]) -> Themes:
        """Change what is kept. Who changes another theme at the same moment is in nobody's way."""
        for _ in range(MOST_TRIES):
            before = self.store.read()
            after = changed(before)
            if after is before:
                return before
            try:
                self.store.save(after, self._fact(after))
            except ThemesMoved:
                continue
            return after
        raise ThemeChangedMeanwhile

    def _fact(self, themes: Themes) -> Envelope[ThemesChanged]:
        return Envelope[ThemesChanged].of(
            ThemesChanged(),
            id=new_id(),
            subject="themes",
            subject_version=themes.version,
            at=self.now,
            correlation_id=self.correlation_id,
        )
