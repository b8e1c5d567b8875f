"""The rules for planning a gathering."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from shared.gatherings.model import (
    LONGEST_SPEAKERS,
    FairShare,
    Gathering,
    GatheringIsCancelled,
    Mode,
    Moved,
    State,
    Where,
    Window,
    slug_of,
)
from shared.refusals import Invalid
from tests.support.builders import HERNING, KOLDING, NOW, a_gathering, a_published_gathering, a_seminar, a_session
from tests.support.programmes import a_round

LANGUAGES = ("da", "en")
LATER = NOW + timedelta(hours=1)


def faults(gathering: Gathering) -> list[str]:
    try:
        gathering.check(languages=LANGUAGES)
    except Invalid as invalid:
        return [fault.field for fault in invalid.faults]
    return []


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, []),
        ({"title": {"da": "Titel", "en": "Title"}}, []),
        ({"title": {}}, ["title.da"]),
        ({"title": {"da": " ", "en": "Title"}}, ["title.da"]),
        ({"title": {"da": "Titel", "sv": "Titel"}}, ["title.sv"]),
        ({"summary": {"sv": "x"}}, ["summary.sv"]),
        ({"description": {"sv": "x"}}, ["description.sv"]),
        ({"speakers": {"da": "En forsker", "en": "A researcher"}}, []),
        ({"speakers": {"sv": "x"}}, ["speakers.sv"]),
        ({"speakers": {"da": "x" * LONGEST_SPEAKERS}}, []),
        ({"speakers": {"da": "x" * (LONGEST_SPEAKERS + 1)}}, ["speakers.da"]),
        ({"speakers": {"da": "En forsker, 010170-1234"}}, ["speakers.da"]),
        ({"accessibility": {"sv": "x"}}, ["accessibility.sv"]),
        ({"price_text": {"sv": "x"}}, ["price_text.sv"]),
        ({"slug": ""}, ["slug"]),
        ({"slug": "Store-bogstaver"}, ["slug"]),
        ({"slug": "to--streger"}, ["slug"]),
        ({"slug": "-foran"}, ["slug"]),
        ({"slug": "bagved-"}, ["slug"]),
        ({"slug": "blåbær"}, ["slug"]),
        ({"slug": "a/b"}, ["slug"]),
        ({"slug": "tilmelding"}, ["slug"]),
        ({"slug": "kalender"}, ["slug"]),
        ({"slug": "a" * 80}, []),
        ({"slug": "a" * 81}, ["slug"]),
        ({"sessions": ()}, ["sessions"]),
        ({"sessions": (a_session(hours=0),)}, ["sessions.0.ends_at"]),
        ({"sessions": (a_session(), a_session(id="two", hours=-1))}, ["sessions.1.ends_at"]),
        ({"sessions": (a_session(), a_session("2026-10-06T09:00"))}, ["sessions"]),
        ({"goals": (0,)}, ["goals"]),
        ({"goals": (1, 17)}, []),
        ({"goals": (18,)}, ["goals"]),
        ({"registration": Window(opens_at=LATER, closes_at=NOW)}, ["registration.closes_at"]),
        ({"registration": Window(opens_at=NOW, closes_at=NOW)}, ["registration.closes_at"]),
        ({"registration": Window(opens_at=NOW, closes_at=LATER)}, []),
        ({"sessions": (a_session(choose_one_of="spor"),)}, ["sessions"]),
        ({"rounds": (a_round(reserved_seats=3),)}, ["capacity"]),
        ({"rounds": (a_round(reserved_seats=3),), "capacity": 3}, []),
        ({"rounds": (a_round(reserved_seats=3), a_round("other", reserved_seats=1)), "capacity": 3}, ["rounds"]),
        ({"inherited_rounds": (a_round(reserved_seats=4),), "capacity": 3}, ["rounds"]),
        ({"rounds": (), "inherited_rounds": (a_round(reserved_seats=4),), "capacity": 3}, []),
        ({"rounds": (a_round(name={}),)}, ["rounds.0.name.da"]),
        ({"texts": {"reminder": {"da": "Vi ses {tid}."}}}, []),
        ({"texts": {"reminder": {"da": "Hej {fornavn}"}}}, ["texts.reminder.da"]),
    ],
)
def test_a_draft_keeps_the_rules(changes: dict[str, Any], fields: list[str]) -> None:
    assert faults(a_gathering(**changes)) == fields


def test_every_fault_is_told_at_once() -> None:
    gathering = a_gathering(title={}, slug="", goals=(99,))

    assert faults(gathering) == ["title.da", "slug", "goals"]


def test_a_session_over_the_lost_hour_may_end_before_it_starts_on_the_wall() -> None:
    # 01:30 to 03:15 on the night when clocks go forward is 45 minutes.
    assert faults(a_gathering(sessions=(a_session("2026-03-29T01:30", hours=1.75),))) == []


def test_a_session_may_end_in_the_second_pass_of_the_hour_it_began_in() -> None:
    session = a_session("2026-10-25T02:30", hours=0)
    session = replace(session, ends=session.ends.replace(fold=1))

    assert faults(a_gathering(sessions=(session,))) == []


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, []),
        ({"online_link": None}, ["place"]),
        ({"online_link": None, "place": HERNING}, []),
        ({"online_link": None, "sessions": (a_session(place=HERNING),)}, []),
        ({"online_link": None, "sessions": (a_session(place=HERNING), a_session(id="two"))}, ["sessions.1.place.name"]),
        ({"sessions": a_seminar().sessions, "on_site_capacity": 9}, ["on_site_capacity"]),
        ({"sessions": a_seminar().sessions, "online_capacity": 9}, ["online_capacity"]),
        ({"sessions": a_seminar().sessions[1:]}, ["online_link"]),
        ({"sessions": a_seminar().sessions[1:], "online_capacity": 9}, []),
    ],
    ids=lambda one: "-".join(one) or "nothing",
)
def test_what_is_published_says_what_people_need_to_know(changes: dict[str, Any], fields: list[str]) -> None:
    gathering = a_gathering(**changes)

    try:
        published = gathering.published(NOW)
    except Invalid as invalid:
        assert [fault.field for fault in invalid.faults] == fields
    else:
        assert fields == []
        assert (published.state, published.published_at, published.version) == (State.PUBLISHED, NOW, 2)


def test_what_is_published_cannot_be_changed_into_what_could_not_be() -> None:
    gathering = a_published_gathering()

    with pytest.raises(Invalid):
        gathering.changed_to(replace(gathering, online_link=None), NOW)


def test_what_is_to_be_chosen_stays_so_once_people_have_chosen() -> None:
    sessions = [a_session("2026-10-06T09:00", id=id, choose_one_of="spor") for id in "ab"]
    gathering = a_published_gathering(sessions=(a_session(), *sessions))
    wanted = replace(gathering, sessions=(a_session(), *(replace(one, choose_one_of=None) for one in sessions)))

    with pytest.raises(Invalid) as refused:
        gathering.changed_to(wanted, NOW)

    assert [fault.field for fault in refused.value.faults] == ["sessions"]


def test_a_round_that_has_set_its_seats_free_keeps_their_number() -> None:
    before = a_published_gathering(capacity=9, rounds=(a_round(reserved_seats=2),))
    wanted = replace(before, rounds=(a_round(reserved_seats=3),))
    ended = NOW + timedelta(days=10)

    assert before.changed_to(wanted, ended - timedelta(seconds=1)).reserved() == {"round-first": 3}
    with pytest.raises(Invalid):
        before.changed_to(wanted, ended)
    assert before.changed_to(replace(before, rounds=()), ended).reserved() == {}


def test_rounds_are_its_own_or_those_of_its_programme() -> None:
    inherited, own = (a_round("inherited", reserved_seats=2),), (a_round("own"),)

    assert a_gathering(inherited_rounds=inherited).effective_rounds == inherited
    assert a_gathering(inherited_rounds=inherited, rounds=own).effective_rounds == own
    assert a_gathering(inherited_rounds=inherited, rounds=()).effective_rounds == ()


def test_a_gathering_inherits_rounds_as_a_change() -> None:
    gathering = a_published_gathering(capacity=9, inherited_rounds=(a_round(),))

    changed = gathering.inheriting((a_round("other"),), NOW)

    assert (changed.version, changed.inherited_rounds[0].id) == (gathering.version + 1, "other")
    assert changed.inheriting((a_round("other"),), NOW) is changed


TWO_DAYS = (a_session(), a_session("2026-10-06T09:00", id="two"))


@pytest.mark.parametrize(
    ("changes", "modes"),
    [
        ({}, ("online",)),
        ({"online_link": None}, ("on_site",)),
        ({"place": HERNING}, ("on_site", "online")),
        ({"place": HERNING, "sessions": TWO_DAYS}, ("on_site",)),
        ({"place": HERNING, "sessions": TWO_DAYS, "online_capacity": 9}, ("on_site", "online")),
        ({"place": HERNING, "sessions": TWO_DAYS, "on_site_capacity": 9}, ("on_site", "online")),
        ({"place": HERNING, "online_link": None, "on_site_capacity": 9}, ("on_site",)),
        ({"sessions": a_seminar().sessions}, ("on_site",)),
        ({"sessions": a_seminar().sessions, "on_site_capacity": 9}, ("on_site",)),
        ({"sessions": a_seminar().sessions[1:]}, ("on_site",)),
        ({"sessions": a_seminar().sessions[1:], "online_capacity": 9}, ("on_site", "online")),
        ({"sessions": (a_session(place=HERNING),)}, ("on_site", "online")),
    ],
)
def test_people_choose_how_to_take_part_where_a_session_is_both_or_seats_are_apart(
    changes: dict[str, Any], modes: tuple[str, ...]
) -> None:
    assert a_gathering(**changes).modes == modes


ONLINE = Where(None, a_gathering().online_link)
EITHER = Where(HERNING, ONLINE.online_link)


def test_a_session_with_a_place_of_its_own_is_there_and_others_are_where_the_gathering_is() -> None:
    seminar = a_seminar()

    assert [seminar.where(session) for session in seminar.sessions] == [
        ONLINE,
        Where(HERNING, None),
        Where(KOLDING, None),
    ]
    assert (seminar.places, seminar.is_online) == ((HERNING, KOLDING), True)
    assert seminar.wheres == (ONLINE, Where(HERNING, None), Where(KOLDING, None))


def test_nobody_takes_part_online_where_each_session_has_a_place() -> None:
    gathering = a_gathering(sessions=a_seminar().sessions[1:])

    assert not gathering.is_online


@pytest.mark.parametrize(
    ("mode", "where"),
    [(None, EITHER), (Mode.ON_SITE, Where(HERNING, None)), (Mode.ONLINE, ONLINE)],
)
def test_where_people_choose_how_to_take_part_they_do_so_in_every_session(mode: Mode | None, where: Where) -> None:
    sessions = (a_session(), a_session("2026-10-06T09:00", id="two", place=KOLDING))
    hybrid = a_gathering(place=HERNING, sessions=sessions, online_capacity=9)
    elsewhere = replace(where, place=where.place and KOLDING)

    assert [hybrid.where(session, mode) for session in sessions] == [where, elsewhere]


def test_of_several_sessions_without_a_choice_each_may_be_either() -> None:
    mixed = a_gathering(place=HERNING, sessions=TWO_DAYS)

    assert mixed.wheres == (EITHER,)
    assert mixed.where(mixed.sessions[0], Mode.ON_SITE) == EITHER


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"on_site_capacity": None}, ["online_capacity"]),
        ({"place": None}, ["online_capacity", "on_site_capacity"]),
        ({"place": None, "sessions": TWO_DAYS, "on_site_capacity": None}, []),
        ({"online_link": None}, []),
        ({"on_site_capacity": 5}, []),
    ],
    ids=["no seats apart", "one session online only", "all of it online", "all of it on site", "more seats"],
)
def test_what_people_have_chosen_stays_open_to_them(changes: dict[str, Any], fields: list[str]) -> None:
    sessions = (a_session(), a_session("2026-10-06T09:00", id="two", place=KOLDING))
    hybrid = a_published_gathering(place=HERNING, sessions=sessions, on_site_capacity=4)

    try:
        hybrid.changed_to(replace(hybrid, **changes), NOW)
    except Invalid as invalid:
        assert [fault.field for fault in invalid.faults] == fields
    else:
        assert fields == []


@pytest.mark.parametrize(("until", "holds"), [(None, True), (LATER, True), (NOW, False)])
def test_a_fair_share_is_in_force_until_its_end(until: datetime | None, holds: bool) -> None:
    assert FairShare(3, until).holds(NOW) is holds


def test_sessions_that_take_turns_are_told_by_their_label() -> None:
    sessions = (
        a_session(),
        a_session("2026-10-06T09:00", id="a", choose_one_of="spor"),
        a_session("2026-10-06T09:00", id="b", choose_one_of="spor"),
    )
    gathering = a_gathering(sessions=sessions)

    assert gathering.choices() == {"spor": sessions[1:]}
    assert gathering.sessions_without_choice() == sessions[:1]


def test_publishing_twice_changes_nothing() -> None:
    gathering = a_published_gathering()

    assert gathering.published(LATER) is gathering


def test_what_is_cancelled_stays_cancelled() -> None:
    cancelled = a_published_gathering().cancelled()

    assert cancelled.state is State.CANCELLED
    assert cancelled.cancelled() is cancelled
    with pytest.raises(GatheringIsCancelled):
        cancelled.published(NOW)
    with pytest.raises(GatheringIsCancelled):
        cancelled.changed_to(cancelled, NOW)


def test_a_change_keeps_what_it_may_not_touch() -> None:
    before = a_published_gathering()
    wanted = replace(
        before, id="other", slug="other", state=State.DRAFT, published_at=None, version=99, sequence=99, capacity=7
    )

    after = before.changed_to(wanted, NOW)

    assert after == replace(before, capacity=7, version=before.version + 1)


def test_sessions_of_a_published_gathering_stay_the_same_ones() -> None:
    gathering = a_published_gathering()
    more = replace(gathering, sessions=(*gathering.sessions, a_session("2026-10-06T09:00", id="two")))
    other = replace(gathering, sessions=(a_session(id="other"),))

    for wanted in (more, other):
        with pytest.raises(Invalid) as refused:
            gathering.changed_to(wanted, NOW)
        assert [fault.field for fault in refused.value.faults] == ["sessions"]


def test_sessions_of_a_draft_may_be_any() -> None:
    draft = a_gathering()
    sessions = (a_session(id="other"), a_session("2026-10-06T09:00", id="two"))

    assert draft.changed_to(replace(draft, sessions=sessions), NOW).sessions == sessions


def test_the_sequence_rises_only_with_what_a_calendar_shows() -> None:
    gathering = a_published_gathering()
    renamed = gathering.changed_to(replace(gathering, title={"da": "Nyt"}, capacity=3, contact="x@example.org"), NOW)
    moved = renamed.changed_to(replace(renamed, sessions=(a_session("2026-10-05T10:00"),)), NOW)
    back = moved.changed_to(replace(moved, sessions=(a_session(),)), NOW)
    at_a_place = back.changed_to(replace(back, sessions=(a_session(place=HERNING),)), NOW)

    assert [one.sequence for one in (gathering, renamed, moved, back, at_a_place)] == [0, 0, 1, 2, 3]


def test_of_each_session_the_last_move_is_remembered_with_what_was_said() -> None:
    first, second = a_session("2026-10-05T09:00", id="one"), a_session("2026-10-06T09:00", id="two")
    gathering = a_published_gathering(sessions=(first, second))
    later = a_session("2026-10-05T12:00", id="one"), a_session("2026-10-06T12:00", id="two")

    both = gathering.changed_to(replace(gathering, sessions=later), NOW, "Begge")
    one_more = both.changed_to(replace(both, sessions=(first, later[1])), NOW, "Den ene igen")
    renamed = one_more.changed_to(replace(one_more, title={"da": "Nyt"}), NOW, "Ingen hører det")

    assert both.moved == (Moved(1, ("one", "two"), NOW, "Begge"),)
    assert one_more.moved == (Moved(1, ("two",), NOW, "Begge"), Moved(2, ("one",), NOW, "Den ene igen"))
    assert renamed.moved == one_more.moved
    assert renamed.last_move("two") == one_more.moved[0]


def test_nobody_is_told_how_a_draft_was_moved() -> None:
    draft = a_gathering()

    assert draft.changed_to(replace(draft, sessions=(a_session("2026-10-07T09:00"),)), NOW).moved == ()


def test_what_is_to_come_cannot_be_moved_into_the_past_and_what_has_been_can() -> None:
    gathering = a_published_gathering()
    in_the_past = replace(gathering, sessions=(a_session("2026-01-05T09:00"),))

    with pytest.raises(Invalid) as refused:
        gathering.changed_to(in_the_past, NOW)
    assert [fault.field for fault in refused.value.faults] == ["sessions.0.starts_at"]

    held = gathering.ends_at + timedelta(days=1)
    corrected = gathering.changed_to(in_the_past, held)
    assert corrected.starts_at.isoformat() == "2026-01-05T09:00:00+01:00"


def test_a_choice_between_on_site_and_online_is_something_that_a_calendar_shows() -> None:
    mixed = a_published_gathering(place=HERNING, sessions=TWO_DAYS)

    assert mixed.changed_to(replace(mixed, online_capacity=9), NOW).sequence == mixed.sequence + 1


@pytest.mark.parametrize(
    ("window", "at", "open"),
    [
        (Window(), NOW, True),
        (Window(opens_at=LATER), NOW, False),
        (Window(opens_at=NOW), NOW, True),
        (Window(closes_at=NOW), NOW, False),
        (Window(closes_at=LATER), NOW, True),
        (Window(), datetime(2026, 10, 5, 7, 0, tzinfo=UTC), False),
        (Window(), datetime(2026, 10, 5, 6, 59, 59, tzinfo=UTC), True),
        (Window(closes_at=datetime(2027, 1, 1, tzinfo=UTC)), datetime(2026, 10, 5, 7, 0, tzinfo=UTC), False),
    ],
)
def test_registration_is_open_within_its_window_and_never_after_the_start(
    window: Window, at: datetime, open: bool
) -> None:
    assert a_published_gathering(registration=window).takes_registrations(at) is open


def test_drafts_and_cancelled_gatherings_take_no_registrations() -> None:
    assert not a_gathering().takes_registrations(NOW)
    assert not a_published_gathering().cancelled().takes_registrations(NOW)


def test_changes_end_with_the_start_unless_told() -> None:
    assert a_gathering().changes_until == datetime(2026, 10, 5, 7, 0, tzinfo=UTC)
    assert a_gathering(registration=Window(changes_until=NOW)).changes_until == NOW


def test_only_what_was_published_and_is_over_has_been_held() -> None:
    after = datetime(2026, 10, 5, 9, 30, tzinfo=UTC)

    assert a_published_gathering().held(after)
    assert not a_published_gathering().held(after - timedelta(seconds=1))
    assert not a_gathering().held(after)
    assert not a_published_gathering().cancelled().held(after)


def test_a_gathering_lasts_from_its_first_session_to_its_last() -> None:
    sessions = (a_session("2026-10-06T09:00", id="two"), a_session("2026-10-05T09:00"))
    gathering = a_gathering(sessions=sessions)

    assert gathering.starts_at == sessions[1].starts_at
    assert gathering.ends_at == sessions[0].ends_at


def test_there_is_a_pool_for_the_whole_each_way_and_each_session() -> None:
    sessions = (a_session(capacity=3), a_session("2026-10-06T09:00", id="two"))

    assert a_gathering(capacity=7, sessions=sessions, online_capacity=5).capacities() == {
        "whole": 7,
        "on_site": None,
        "online": 5,
        "session-one": 3,
        "session-two": None,
    }


@given(
    day=st.dates(date(2026, 1, 1), date(2030, 12, 31)), zone=st.sampled_from(["Europe/Copenhagen", "America/New_York"])
)
def test_nine_o_clock_stays_nine_o_clock(day: date, zone: str) -> None:
    session = a_session(f"{day}T09:00", zone=zone)

    assert session.starts_at.isoformat().startswith(f"{day}T09:00:00")
    assert session.ends_at.astimezone(UTC) - session.starts_at.astimezone(UTC) == timedelta(hours=2.5)


@pytest.mark.parametrize(
    ("day", "utc_hour"),
    [("2026-03-28", 8), ("2026-03-29", 7), ("2026-10-24", 7), ("2026-10-25", 8)],
    ids=["before spring", "after spring", "before autumn", "after autumn"],
)
def test_nine_o_clock_is_another_moment_when_clocks_have_changed(day: str, utc_hour: int) -> None:
    assert a_session(f"{day}T09:00").starts_at.astimezone(UTC).hour == utc_hour


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Inspirationsdag på Ærø", "inspirationsdag-paa-aeroe"),
        ("  Design thinking: et bæredygtigt lag!  ", "design-thinking-et-baeredygtigt-lag"),
        ("På Ærø".replace("å", "a\u030a"), "paa-aeroe"),
        ("ÉN café", "en-cafe"),
        ("2030", "2030"),
        ("!?", ""),
        ("a" * 79 + " b", "a" * 79),
    ],
)
def test_a_title_becomes_an_address(title: str, slug: str) -> None:
    assert slug_of(title) == slug


@given(st.text())
def test_what_becomes_of_a_title_is_nothing_or_a_good_address(title: str) -> None:
    slug = slug_of(title)

    assert slug == slug_of(slug)
    assert (
        not slug
        or slug in ("tilmelding", "kalender", "feed", "ny", "new", "arkiv")
        or faults(a_gathering(slug=slug)) == []
    )


def test_whether_sessions_are_chosen_stays_after_publication() -> None:
    gathering = a_published_gathering(sessions=(a_session(), a_session("2026-10-06T09:00", id="two")))

    with pytest.raises(Invalid) as refused:
        gathering.changed_to(replace(gathering, choose_sessions=True), NOW)

    assert [fault.field for fault in refused.value.faults] == ["choose_sessions"]
