"""Themes are kept alike by the fake and by the table, and two who change them at once are in nobody's way."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from events.envelope import Envelope
from events.themes import ThemesChanged
from shared.refusals import Invalid, StoreUnavailable
from shared.themes.dynamo import DynamoThemeStore
from shared.themes.model import Theme, ThemeChangedMeanwhile, Themes
from shared.themes.ports import ThemesMoved, ThemeStore
from shared.themes.service import Arranging, ThemeReader
from tests.support.builders import NOW, a_fact
from tests.support.memory_themes import InMemoryThemeStore

LANGUAGES = ("da", "en")
THEME = Theme("borgerforskning", {"da": "Borgerforskning", "en": "Citizen science"}, {"da": "Om bier."}, (4, 15))
OTHER = Theme("partnerskaber", {"da": "Partnerskaber"})


@pytest.fixture(params=["memory", "dynamo"])
def store(request: pytest.FixtureRequest) -> ThemeStore:
    if request.param == "memory":
        return InMemoryThemeStore()
    request.getfixturevalue("table")
    return DynamoThemeStore()


class Meanwhile:
    """A store in which somebody else saves something just before us, for so many times."""

    def __init__(self, store: ThemeStore, change: Callable[[Themes], Themes], times: int = 1) -> None:
        self._store, self._change, self._times = store, change, times

    def read(self) -> Themes:
        return self._store.read()

    def save(self, themes: Themes, fact: Envelope[Any]) -> None:
        if self._times:
            self._times -= 1
            self._store.save(self._change(self._store.read()), a_fact(ThemesChanged()))
        self._store.save(themes, fact)


def by(store: ThemeStore) -> Arranging:
    return Arranging(store, LANGUAGES, NOW, "correlation")


def test_themes_come_back_as_they_were_kept(store: ThemeStore) -> None:
    assert store.read() == Themes()

    added = by(store).add(THEME)

    assert added == THEME
    assert store.read() == Themes((THEME,), 1)


def test_only_the_version_before_is_replaced(store: ThemeStore) -> None:
    by(store).add(THEME)

    for version in (1, 3):
        with pytest.raises(ThemesMoved):
            store.save(Themes((OTHER,), version), a_fact(ThemesChanged()))

    assert store.read() == Themes((THEME,), 1)


def test_a_theme_is_changed_merged_and_moved(store: ThemeStore) -> None:
    for theme in (THEME, OTHER):
        by(store).add(theme)

    by(store).change(replace(THEME, name={"da": "Nyt"}))
    moved = by(store).arrange(["partnerskaber"])
    merged = by(store).merge("borgerforskning", "partnerskaber", version=2)

    assert [one.slug for one in moved.all] == ["partnerskaber", "borgerforskning"]
    assert (merged.name, merged.merged_into, merged.version) == ({"da": "Nyt"}, "partnerskaber", 3)
    assert store.read().current("borgerforskning") == OTHER


def test_who_changes_another_theme_at_the_same_moment_is_in_nobodys_way(store: ThemeStore) -> None:
    by(store).add(THEME)
    busy = Meanwhile(store, lambda themes: themes.with_added(OTHER))

    changed = by(busy).change(replace(THEME, name={"da": "Nyt"}))

    assert changed.name == {"da": "Nyt"}
    assert store.read().all == (changed, OTHER)


def test_who_changes_the_same_theme_at_the_same_moment_is_told(store: ThemeStore) -> None:
    by(store).add(THEME)
    theirs = replace(THEME, name={"da": "Deres"})
    busy = Meanwhile(store, lambda themes: themes.with_changed(theirs))

    with pytest.raises(ThemeChangedMeanwhile):
        by(busy).change(replace(THEME, name={"da": "Mit"}))

    assert store.read().get(THEME.slug).name == {"da": "Deres"}


def test_nobody_tries_for_ever(store: ThemeStore) -> None:
    by(store).add(THEME)
    busy = Meanwhile(store, lambda themes: Themes(themes.all, themes.version + 1), times=100)

    with pytest.raises(ThemeChangedMeanwhile):
        by(busy).add(OTHER)


def test_what_is_as_it_should_be_is_not_written(store: ThemeStore) -> None:
    by(store).add(THEME)

    assert by(store).arrange([THEME.slug]).version == 1


def test_a_bad_theme_is_kept_nowhere(store: ThemeStore) -> None:
    with pytest.raises(Invalid):
        by(store).add(replace(THEME, name={}))

    assert store.read() == Themes()


def test_themes_are_remembered_for_a_minute_and_while_the_store_is_away() -> None:
    store, now = InMemoryThemeStore(), [NOW]
    reader = ThemeReader(store, lambda: now[0])
    assert reader.themes() == Themes()
    by(store).add(THEME)

    assert reader.themes() == Themes(), "a minute is not over"
    now[0] += timedelta(minutes=1)
    assert reader.themes().all == (THEME,)

    store.away = True
    now[0] += timedelta(minutes=1)
    assert reader.themes().all == (THEME,)
    with pytest.raises(StoreUnavailable):
        store.read()


def test_who_changes_themes_sees_them_as_they_are() -> None:
    store = InMemoryThemeStore()
    reader = ThemeReader(store, lambda: NOW)
    reader.themes()
    by(store).add(THEME)

    assert reader.fresh().all == (THEME,)
