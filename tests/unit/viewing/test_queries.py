"""Figures of webinars and themes, made of what was counted by month."""

from datetime import timedelta

import pytest

from shared.limits import Limit
from shared.themes.model import Theme, Themes
from shared.viewing.model import Tally, Viewing
from shared.viewing.queries import Report, report
from shared.webinars.model import State, Webinar
from tests.support.builders import NOW, a_ready_webinar, a_recording
from tests.support.memory_viewing import InMemoryViewStore

NO_LIMIT = Limit("views", "subject", 1000, timedelta(hours=1))
THEMES = Themes((Theme("unge", {"da": "Unge"}), Theme("boern", {"da": "Børn"}, merged_into="unge")), 1)

OWN = a_ready_webinar(
    slug="vores", state=State.PUBLISHED, link=None, recording=a_recording(), themes=("unge", "boern", "bier")
)
AT_A_HOST = a_ready_webinar(slug="hos-andre", state=State.PUBLISHED, themes=("unge",))
HIDDEN = a_ready_webinar(slug="skjult", state=State.HIDDEN, themes=())
DRAFT = a_ready_webinar(slug="kladde", themes=("bier",))


@pytest.fixture
def store() -> InMemoryViewStore:
    return InMemoryViewStore()


def watched(store: InMemoryViewStore, webinar: Webinar, month: str, plays: int, completed: int = 0) -> None:
    for viewing in [Viewing.PLAY] * plays + [Viewing.COMPLETE] * completed:
        store.add(webinar.id, viewing, month, limit=NO_LIMIT, now=NOW)


def told(store: InMemoryViewStore, since: str | None = None, until: str = "2026-11") -> Report:
    return report(since, until, store=store, webinars=[DRAFT, HIDDEN, AT_A_HOST, OWN], themes=THEMES)


def test_months_are_added_and_the_most_played_comes_first(store: InMemoryViewStore) -> None:
    watched(store, OWN, "2026-10", 2, 1)
    watched(store, OWN, "2026-11", 1, 1)
    watched(store, AT_A_HOST, "2026-11", 4)

    found = told(store)

    assert found.webinars == ((AT_A_HOST, Tally(4)), (OWN, Tally(3, 3, 2)))
    assert found.total == Tally(plays=7, followed=3, completed=2)


def test_what_is_on_two_themes_counts_in_both_and_once_in_one_that_took_over(store: InMemoryViewStore) -> None:
    watched(store, OWN, "2026-11", 3, 1)
    watched(store, AT_A_HOST, "2026-11", 1)

    assert told(store).themes == (("unge", Tally(4, 3, 1)), ("bier", Tally(3, 3, 1)))


def test_only_months_of_the_period_count(store: InMemoryViewStore) -> None:
    for month in ("2025-12", "2026-01", "2026-11", "2026-12"):
        watched(store, OWN, month, 1)

    assert told(store, "2026-01", "2026-11").total.plays == 2
    assert told(store, None, "2026-11").total.plays == 3


def test_what_is_shown_is_told_of_unwatched_and_what_was_hidden_if_it_was_watched(store: InMemoryViewStore) -> None:
    assert [one for one, _ in told(store).webinars] == [AT_A_HOST, OWN]

    watched(store, HIDDEN, "2026-11", 1)

    assert [one for one, _ in told(store).webinars] == [HIDDEN, AT_A_HOST, OWN]
