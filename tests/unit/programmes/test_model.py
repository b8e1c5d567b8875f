"""The rules of programmes."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from shared.gatherings.copies import moment_moved
from shared.gatherings.model import RESERVED_SLUGS, State, slug_of
from shared.gatherings.rounds import Who
from shared.programmes.model import Programme, ProgrammeIsCancelled, Targets, Track
from shared.refusals import Invalid
from tests.support.builders import NOW, ZONE
from tests.support.programmes import a_programme, a_round


def faulty(programme: Programme) -> list[str]:
    with pytest.raises(Invalid) as refused:
        programme.check(languages=("da", "en"))
    return [fault.field for fault in refused.value.faults]


def test_a_programme_with_everything_in_it_holds() -> None:
    a_programme(
        summary={"da": "Kort", "en": "Short"},
        tracks=(Track("staff", {"da": "Medarbejdere"}, ("staff",)), Track("all", {"da": "Alle"}, (), (a_round(),))),
        rounds=(a_round(),),
        targets=Targets(50, 40, 600),
        budget=1_000_000,
        own_share=400_000,
    ).check(languages=("da", "en"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": {"en": "Only English"}}, "title.da"),
        ({"title": {"da": " "}}, "title.da"),
        ({"description": {"sv": "Svenska"}}, "description.sv"),
        ({"slug": ""}, "slug"),
        ({"slug": "Med Store"}, "slug"),
        ({"slug": "a--b"}, "slug"),
        ({"slug": "-a"}, "slug"),
        ({"slug": "a" * 81}, "slug"),
        ({"slug": "tilmelding"}, "slug"),
        ({"ends_on": date(2026, 9, 6)}, "ends_on"),
        ({"own_share": 1}, "own_share"),
        ({"certificate_share": 101}, "certificate_share"),
        ({"budget": 10, "own_share": 11}, "own_share"),
        ({"rounds": (a_round(), a_round())}, "rounds"),
        ({"rounds": (a_round(closes_at=NOW),)}, "rounds.0.closes_at"),
        ({"tracks": (Track("t", {"da": "En"}), Track("t", {"da": "To"}))}, "tracks"),
        ({"tracks": (Track("t", {}),)}, "tracks.0.name.da"),
        ({"tracks": (Track("t", {"da": "Spor", "sv": "Spår"}),)}, "tracks.0.name.sv"),
        ({"tracks": (Track("t", {"da": "Spor"}, ("boss",)),)}, "tracks.0.roles"),
        ({"tracks": (Track("t", {"da": "Spor"}, (), (a_round(name={}),)),)}, "tracks.0.rounds.0.name.da"),
    ],
    ids=str,
)
def test_what_breaks_a_rule_is_named(changes: dict[str, Any], field: str) -> None:
    assert faulty(a_programme(**changes)) == [field]


def test_a_programme_of_one_day_holds() -> None:
    a_programme(ends_on=date(2026, 9, 7)).check(languages=("da",))


@given(st.text(st.characters(codec="ascii"), max_size=90))
def test_a_slug_is_what_a_title_may_become(slug: str) -> None:
    programme = a_programme(slug=slug)

    if slug and slug == slug_of(slug) and slug not in RESERVED_SLUGS:
        programme.check(languages=("da",))
    else:
        assert faulty(programme) == ["slug"]


def test_every_fault_is_told_at_once() -> None:
    assert faulty(a_programme(title={}, slug="", ends_on=date(2000, 1, 1))) == ["title.da", "slug", "ends_on"]


def test_a_tracks_rounds_override_the_programmes() -> None:
    own, common = a_round("own"), a_round("common")
    programme = a_programme(
        rounds=(common,),
        tracks=(Track("own", {"da": "A"}, (), (own,)), Track("none", {"da": "B"}, (), ()), Track("all", {"da": "C"})),
    )

    assert programme.rounds_of(None) == (common,)
    assert programme.rounds_of("own") == (own,)
    assert programme.rounds_of("none") == ()
    assert programme.rounds_of("all") == (common,)
    assert programme.rounds_of("gone") is None


def test_a_change_keeps_what_it_may_not_touch() -> None:
    before = a_programme().published(NOW)

    after = before.changed_to(a_programme(id="other", slug="andet", title={"da": "Nyt"}, version=9))

    assert (after.id, after.slug, after.published_at) == (before.id, before.slug, NOW)
    assert (after.state, after.version, after.title) == (State.PUBLISHED, before.version + 1, {"da": "Nyt"})


def test_publishing_twice_is_publishing_once() -> None:
    published = a_programme().published(NOW)

    assert published.is_public
    assert published.published(NOW + timedelta(days=1)) is published


def test_what_is_taken_off_stays_off_and_stays_visible() -> None:
    cancelled = a_programme().published(NOW).cancelled()

    assert cancelled.is_public
    assert cancelled.cancelled() is cancelled
    with pytest.raises(ProgrammeIsCancelled):
        cancelled.published(NOW)
    with pytest.raises(ProgrammeIsCancelled):
        cancelled.changed_to(replace(cancelled, title={"da": "Nyt"}))


def test_a_draft_that_is_taken_off_was_never_seen() -> None:
    assert not a_programme().cancelled().is_public


@given(st.integers(-300, 300))
def test_everything_in_a_copy_is_as_many_weeks_later(weeks: int) -> None:
    zone, later = ZoneInfo(ZONE), timedelta(weeks=weeks)
    one = a_round(who=Who(roles=("leader",)), reserved_seats=3)
    programme = replace(
        a_programme(rounds=(one,), tracks=(Track("a", {"da": "A"}, (), (one,)), Track("b", {"da": "B"}))).published(
            NOW
        ),
        version=8,
    )

    copy = programme.moved(weeks, id="new", zone=zone)

    assert (copy.id, copy.slug, copy.state, copy.published_at, copy.version) == ("new", "", State.DRAFT, None, 1)
    assert (copy.starts_on, copy.ends_on) == (programme.starts_on + later, programme.ends_on + later)
    [moved] = copy.rounds
    assert moved == replace(
        one, opens_at=moment_moved(one.opens_at, weeks, zone), closes_at=moment_moved(one.closes_at, weeks, zone)
    )
    assert [track.rounds for track in copy.tracks] == [(moved,), None]
    assert {track.id for track in copy.tracks}.isdisjoint({"a", "b"})
    assert copy == programme.moved(weeks, id="new", zone=zone)
