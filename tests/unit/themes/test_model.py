"""Themes in an order, and addresses that go on leading somewhere whatever is merged."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, strategies as st

from shared.refusals import Invalid
from shared.themes.model import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    MOST_THEMES,
    Theme,
    ThemeChangedMeanwhile,
    ThemeExists,
    ThemeIsMerged,
    ThemeNotFound,
    Themes,
)

LANGUAGES = ("da", "en")


def a_theme(slug: str = "borgerforskning", **changes: Any) -> Theme:
    return replace(Theme(slug, {"da": "Et tema"}), **changes)


def some(*slugs: str) -> Themes:
    themes = Themes()
    for slug in slugs:
        themes = themes.with_added(a_theme(slug))
    return themes


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": {"en": "Citizen science"}}, "name.da"),
        ({"name": {"da": " "}}, "name.da"),
        ({"name": {"da": "x" * (LONGEST_NAME + 1)}}, "name.da"),
        ({"description": {"da": "x" * (LONGEST_DESCRIPTION + 1)}}, "description.da"),
        ({"description": {"sv": "Svenska"}}, "description.sv"),
        ({"slug": "Borger forskning"}, "slug"),
        ({"slug": ""}, "slug"),
        ({"slug": "kalender"}, "slug"),
        ({"goals": (0,)}, "goals"),
        ({"goals": (18,)}, "goals"),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_theme_is_said_at_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        a_theme(**changes).check(languages=LANGUAGES)

    assert [fault.field for fault in refused.value.faults] == [field]


def test_a_theme_with_everything_in_it_holds() -> None:
    a_theme(description={"da": "Kort", "en": "Short"}, goals=(1, 17)).check(languages=LANGUAGES)


def test_a_theme_is_added_once_behind_the_others() -> None:
    themes = some("et", "to")

    assert [one.slug for one in themes.with_added(a_theme("tre")).standing] == ["et", "to", "tre"]
    with pytest.raises(ThemeExists):
        themes.with_added(a_theme("et"))
    with pytest.raises(Invalid):
        some(*(f"tema-{n}" for n in range(MOST_THEMES))).with_added(a_theme("et-for-meget"))


def test_slugs_lead_to_themes_in_their_order_and_to_themselves_where_nobody_has_described_one() -> None:
    themes = some("et", "to", "tre").with_merged("to", "et", version=1)

    assert themes.targets(("ukendt", "tre", "to", "ukendt", "et")) == ("et", "tre", "ukendt")
    assert themes.targets(()) == ()


def test_a_change_counts_from_the_newest_version_only() -> None:
    themes = some("et")

    changed = themes.with_changed(a_theme("et", name={"da": "Nyt navn"}))

    assert (changed.get("et").name, changed.get("et").version) == ({"da": "Nyt navn"}, 2)
    with pytest.raises(ThemeChangedMeanwhile):
        changed.with_changed(a_theme("et"))
    with pytest.raises(ThemeNotFound):
        themes.with_changed(a_theme("to"))


def test_what_was_merged_leads_on_and_is_changed_no_more() -> None:
    themes = some("et", "to", "tre").with_merged("et", "to", version=1).with_merged("to", "tre", version=1)

    assert themes.current("et") == themes.current("to") == themes.get("tre")
    assert [one.slug for one in themes.standing] == ["tre"]
    assert themes.slugs("tre") == themes.slugs("et") == {"et", "to", "tre"}
    with pytest.raises(ThemeIsMerged):
        themes.with_changed(a_theme("et", version=2))
    with pytest.raises(ThemeIsMerged):
        themes.with_merged("et", "tre", version=2)


@pytest.mark.parametrize("into", ["et", "findes-ikke", "", "fire"])
def test_a_theme_becomes_part_of_another_that_stands(into: str) -> None:
    themes = some("et", "to", "fire").with_merged("fire", "to", version=1)

    with pytest.raises(Invalid) as refused:
        themes.with_merged("et", into, version=1)

    assert [fault.field for fault in refused.value.faults] == ["into"]


def test_what_stands_at_gatherings_is_shown_once_in_order_and_what_nobody_described_by_itself() -> None:
    themes = some("et", "to", "tre").with_merged("et", "tre", version=1)

    assert [one.slug for one in themes.known(["tre", "et", "to", "nyt"])] == ["to", "tre"]
    assert themes.unknown(["nyt", "et", "nyt"]) == ("nyt",)
    assert themes.slugs("nyt") == {"nyt"}


SLUGS = st.sampled_from(["et", "to", "tre", "fire", "fem"])


@given(st.lists(st.tuples(SLUGS, SLUGS), max_size=8))
def test_however_themes_are_merged_every_address_leads_to_one_that_stands(mergers: list[tuple[str, str]]) -> None:
    themes = some("et", "to", "tre", "fire", "fem")
    for slug, into in mergers:
        try:
            themes = themes.with_merged(slug, into, version=themes.get(slug).version)
        except (Invalid, ThemeIsMerged):
            continue

    assert {themes.current(one.slug).slug for one in themes.all} == {one.slug for one in themes.standing}
    for one in themes.all:
        assert one.slug in themes.slugs(themes.current(one.slug).slug)


@given(st.lists(SLUGS | st.just("findes-ikke")))
def test_an_order_loses_nothing(order: list[str]) -> None:
    themes = some("et", "to", "tre", "fire", "fem")

    arranged = themes.in_order(order)

    assert sorted(one.slug for one in arranged.all) == sorted(one.slug for one in themes.all)
    named = [slug for slug in dict.fromkeys(order) if slug != "findes-ikke"]
    assert [one.slug for one in arranged.all][: len(named)] == named
    assert arranged.version == themes.version + (arranged.all != themes.all)
