"""Themes as coordinators change them, and as everybody else sees them: as they were at most a minute ago."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

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


def add(theme: Theme, *, languages: tuple[str, ...], store: ThemeStore) -> Theme:
    """Keep a new theme, behind the others, and return it. Raise Invalid or ThemeExists."""
    theme.check(languages=languages)
    return _save(lambda themes: themes.with_added(theme), store).get(theme.slug)


def change(wanted: Theme, *, languages: tuple[str, ...], store: ThemeStore) -> Theme:
    """Keep a changed theme and return it a version on.

    Raise Invalid, ThemeNotFound, ThemeIsMerged, or ThemeChangedMeanwhile when it is not of the newest version.
    """
    wanted.check(languages=languages)
    return _save(lambda themes: themes.with_changed(wanted), store).get(wanted.slug)


def merge(slug: str, into: str, *, version: int, store: ThemeStore) -> Theme:
    """Let a theme become part of another, and return it. Its address leads there from then on. Raise as `change`."""
    return _save(lambda themes: themes.with_merged(slug, into, version=version), store).get(slug)


def arrange(slugs: Sequence[str], *, store: ThemeStore) -> Themes:
    """Put themes in an order, and return them all."""
    return _save(lambda themes: themes.in_order(slugs), store)


def _save(changed: Callable[[Themes], Themes], store: ThemeStore) -> Themes:
    """Change what is kept. Who changes another theme at the same moment is in nobody's way."""
    for _ in range(MOST_TRIES):
        before = store.read()
        after = changed(before)
        if after is before:
            return before
        try:
            store.save(after)
        except ThemesMoved:
            continue
        return after
    raise ThemeChangedMeanwhile
