"""What is in the catalogue, in which order, and what is near what."""

from datetime import date
from typing import Any

from hypothesis import given, strategies as st

from shared.catalogue.model import AT_ONCE, MOST_RELATED, Card, Catalogue, stretches
from shared.themes.model import Theme, Themes
from shared.webinars.model import State, Webinar
from tests.support.builders import a_webinar

THEMES = Themes(
    (
        Theme("unge", {"da": "Unge"}),
        Theme("forbrug", {"da": "Forbrug"}),
        Theme("gammelt", {"da": "Gammelt"}, merged_into="forbrug"),
        Theme("tomt", {"da": "Tomt"}),
    ),
    1,
)


def shown(**changes: Any) -> Webinar:
    return a_webinar(state=State.PUBLISHED, **changes)


def test_only_what_everybody_may_see_is_in_it_the_newest_recording_first() -> None:
    webinars = [
        shown(slug="gammel", held_on=date(2025, 1, 1)),
        shown(slug="ny", held_on=date(2026, 1, 1)),
        *(a_webinar(slug=state, state=state) for state in State if state is not State.PUBLISHED),
    ]

    assert [card.slug for card in Catalogue.of(webinars, THEMES).cards] == ["ny", "gammel"]


def test_what_is_on_a_merged_theme_is_on_the_one_that_took_over() -> None:
    catalogue = Catalogue.of([shown(themes=("gammelt", "forbrug", "ukendt"))], THEMES)

    assert [card.slug for card in catalogue.on("forbrug")] == ["fremtidens-bibliotek"]
    assert catalogue.on("gammelt") == ()
    assert [(theme.slug, count) for theme, count in catalogue.themes_in_use] == [("forbrug", 1)]


def test_goals_are_counted_in_their_order() -> None:
    catalogue = Catalogue.of([shown(goals=(13, 4)), shown(goals=(4, 4))], THEMES)

    assert catalogue.goals_in_use == ((4, 2), (13, 1))
    assert len(catalogue.about(4)) == 2


def test_what_is_related_has_most_in_common_and_then_is_newest() -> None:
    one = shown(themes=("unge", "forbrug"), goals=(4,))
    others = [
        shown(slug="intet", themes=("tomt",), goals=(1,)),
        shown(slug="maal", goals=(4,), held_on=date(2026, 5, 1)),
        shown(slug="tema", themes=("unge",), held_on=date(2025, 1, 1)),
        shown(slug="nyere-tema", themes=("unge",), held_on=date(2026, 1, 1)),
        shown(slug="begge", themes=("unge", "gammelt"), held_on=date(2020, 1, 1)),
    ]

    related = Catalogue.of([one, *others], THEMES).related(one)

    assert [card.slug for card in related] == ["begge", "nyere-tema", "tema"]
    assert len(related) == MOST_RELATED


@given(st.integers(min_value=0, max_value=3 * AT_ONCE + 1))
def test_every_card_is_on_one_page_of_a_list_in_order(number: int) -> None:
    cards = [Card.of(shown(slug=f"nummer-{at}"), THEMES) for at in range(number)]

    pages = list(stretches("/webinarer/", cards))

    assert [card for page in pages for card in page.cards] == cards
    assert pages and {page.of for page in pages} == {len(pages)}
    assert all(len(page.cards) <= AT_ONCE for page in pages)


def test_pages_of_a_list_have_addresses_below_it() -> None:
    cards = [Card.of(shown(), THEMES)] * (AT_ONCE + 1)

    assert [one.address for one in stretches("/webinarer/", cards)] == ["/webinarer/", "/webinarer/side/2"]
    assert [one.address for one in stretches("/temaer/unge", cards)] == ["/temaer/unge", "/temaer/unge/side/2"]
