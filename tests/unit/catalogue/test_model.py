"""What is in the catalogue, in which order, and what is near what."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given, strategies as st

from shared.catalogue.model import AT_ONCE, MOST_RELATED, MOST_RESOURCES, Card, Catalogue, stretches
from shared.themes.model import Theme, Themes
from shared.webinars.model import State, Webinar
from tests.support.builders import NOW, a_resource, a_webinar

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


def test_what_libraries_share_is_on_the_themes_that_its_own_lead_to_the_newest_first() -> None:
    old, new = a_resource(themes=("forbrug",)), a_resource(themes=("gammelt",), added_at=NOW + timedelta(days=1))
    hidden = a_resource(themes=("forbrug",), shown=False)

    catalogue = Catalogue.of([], THEMES, [old, new, hidden])

    assert [one.id for one in catalogue.shared_on("forbrug")] == [new.id, old.id]
    assert catalogue.shared_on("gammelt") == ()


def test_a_theme_that_only_resources_are_on_is_in_use_with_no_webinar() -> None:
    catalogue = Catalogue.of([shown(themes=("unge",))], THEMES, [a_resource(themes=("gammelt", "unge"))])

    assert [(theme.slug, count) for theme, count in catalogue.themes_in_use] == [("unge", 1), ("forbrug", 0)]


def test_what_is_shared_for_a_webinar_has_most_themes_in_common_and_then_is_newest() -> None:
    both = a_resource(themes=("unge", "gammelt"))
    others = [a_resource(themes=("unge",), added_at=NOW + timedelta(days=day)) for day in range(MOST_RESOURCES)]
    elsewhere = a_resource(themes=("tomt",), added_at=NOW + timedelta(days=99))
    catalogue = Catalogue.of([], THEMES, [elsewhere, both, *others])

    found = catalogue.shared_for(shown(themes=("unge", "forbrug")))

    assert [one.id for one in found] == [one.id for one in (both, *reversed(others[1:]))]


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
