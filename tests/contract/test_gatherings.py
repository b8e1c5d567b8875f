"""Gatherings are kept, changed on condition and listed alike by the fake and by the table."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.gatherings import service as planning
from shared.gatherings.dynamo import GatheringItem
from shared.gatherings.model import (
    CapacityTaken,
    FairShare,
    Gathering,
    GatheringChangedMeanwhile,
    GatheringIsCancelled,
    GatheringNotFound,
    Place,
    SlugTaken,
    State,
    Window,
)
from shared.gatherings.questions import Condition, Option, Question, QuestionKind
from shared.gatherings.rounds import Who
from shared.ids import new_id
from shared.refusals import Invalid
from tests.support.builders import NETWORK, NOW, a_gathering, a_session, an_application, applicants
from tests.support.faults import meanwhile
from tests.support.programmes import a_round
from tests.support.stores import Desk, NoProgrammes, Stores, everybody, in_the_table


def plan(stores: Stores, gathering: Gathering) -> Gathering:
    return planning.plan(gathering, languages=NETWORK.languages, programmes=NoProgrammes(), store=stores.gatherings)


def test_a_gathering_comes_back_as_it_was_kept(stores: Stores) -> None:
    sessions = (
        a_session(title={"da": "Dag 1"}, capacity=3),
        a_session("2026-10-25T02:30", id="night", choose_one_of="place"),
        a_session("2026-10-25T03:30", id="morning", choose_one_of="place"),
    )
    gathering = a_gathering(
        sessions=sessions,
        summary={"da": "Kort", "en": "Short"},
        speakers={"da": "En forsker"},
        place=Place("Herning Bibliotek", "Østergade 8"),
        registration=Window(NOW, NOW + timedelta(days=1), None),
        themes=("citizen-science",),
        goals=(4, 13),
        capacity=40,
        on_site_capacity=30,
        waiting_list=True,
        approval=True,
        choose_sessions=True,
        rounds=(a_round(who=Who(("certified",), ("765700",), ("staff",), ("a@example.org",)), reserved_seats=5),),
        inherited_rounds=(a_round(),),
        fair_share=FairShare(3, NOW + timedelta(days=3)),
        questions=(
            Question(
                "q",
                QuestionKind.CHOICE,
                {"da": "Hvilken?"},
                options=(Option("1", {"da": "1"}), Option("2", {"da": "2"})),
            ),
            Question("r", QuestionKind.TEXT, {"da": "Hvorfor?"}, required=True, shown_if=Condition("q", ("1",))),
        ),
        asks_needs=True,
        programme="programme",
        track="staff",
    )

    stores.gatherings.create(gathering)

    assert stores.gatherings.get(gathering.id) == gathering
    assert stores.gatherings.id_of(gathering.slug) == gathering.id


def test_a_gathering_that_was_kept_before_speakers_were_told_has_none() -> None:
    gathering = a_gathering()
    item = GatheringItem.of(gathering)
    document = json.loads(item.document)
    del document["speakers"]
    item.document = json.dumps(document)

    assert item.to_domain() == gathering


def test_what_is_not_there_is_not_found(stores: Stores) -> None:
    with pytest.raises(GatheringNotFound):
        stores.gatherings.get("nothing")
    with pytest.raises(GatheringNotFound):
        stores.gatherings.id_of("nothing")


def test_a_slug_asked_for_is_given_once(stores: Stores) -> None:
    plan(stores, a_gathering())

    with pytest.raises(SlugTaken):
        plan(stores, a_gathering())


def test_a_gathering_without_a_slug_gets_one_of_its_title_and_a_number_if_that_is_taken(stores: Stores) -> None:
    slugs = [plan(stores, a_gathering(slug="", title={"da": "Fælles læring på Ærø"})).slug for _ in range(3)]

    assert slugs == ["faelles-laering-paa-aeroe", "faelles-laering-paa-aeroe-2", "faelles-laering-paa-aeroe-3"]


def test_a_numbered_slug_keeps_the_rules_of_slugs(stores: Stores) -> None:
    title = {"da": "a" * 75 + " " + "b" * 10}

    slugs = [plan(stores, a_gathering(slug="", title=title)).slug for _ in range(2)]

    assert slugs[1] == "a" * 75 + "-2"


def test_publishing_opens_the_seats_and_is_announced_once(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=3))
    again = planning.publish(
        gathering.id, store=desk.stores.gatherings, now=NOW + timedelta(days=1), correlation_id="correlation"
    )

    assert again == gathering
    assert (gathering.state, gathering.version) == (State.PUBLISHED, 2)
    assert desk.left(gathering) == 3
    [fact] = desk.stores.facts()
    assert (fact.type, fact.subject, fact.subject_version) == ("GatheringPublished", gathering.id, 2)


def test_a_draft_is_changed_without_anybody_being_told(desk: Desk) -> None:
    draft = plan(desk.stores, a_gathering())

    changed = desk.change(replace(draft, capacity=7))

    assert changed.version == 2
    assert desk.stores.facts() == []


@pytest.mark.parametrize(
    ("changes", "on_the_calendar"),
    [
        ({"title": {"da": "Nyt navn"}}, False),
        ({"sessions": (a_session("2026-10-05T10:00"),)}, True),
        ({"online_link": "https://moede.example.org/andet"}, True),
        ({"place": Place("Herning Bibliotek", "Østergade 8")}, True),
    ],
    ids=["title", "time", "link", "place"],
)
def test_a_changed_gathering_is_announced_and_says_if_calendars_must_change(
    desk: Desk, changes: dict[str, object], on_the_calendar: bool
) -> None:
    gathering = desk.publish(a_gathering())

    changed = desk.change(replace(gathering, **changes))  # type: ignore[arg-type]

    [fact] = [fact for fact in desk.stores.facts() if fact.type == "GatheringChanged"]
    assert fact.data.on_the_calendar is on_the_calendar
    assert changed.sequence == int(on_the_calendar)
    assert fact.subject_version == changed.version == 3


def test_of_two_who_edit_at_once_the_second_is_told(desk: Desk) -> None:
    draft = plan(desk.stores, a_gathering())
    desk.change(replace(draft, capacity=7))

    with pytest.raises(GatheringChangedMeanwhile):
        desk.change(replace(draft, capacity=8))


def test_a_save_over_a_change_is_refused_by_the_store_itself(stores: Stores) -> None:
    draft = plan(stores, a_gathering())
    stores.gatherings.save(draft, draft.changed_to(replace(draft, capacity=7), NOW), (), NOW)

    with pytest.raises(GatheringChangedMeanwhile):
        stores.gatherings.save(draft, draft.changed_to(replace(draft, capacity=8), NOW), (), NOW)

    assert stores.gatherings.get(draft.id).capacity == 7


def test_a_change_that_breaks_the_rules_is_not_kept(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())

    with pytest.raises(Invalid):
        desk.change(replace(gathering, title={}))

    assert desk.stores.gatherings.get(gathering.id) == gathering


def test_a_cancelled_gathering_gives_no_seat_and_is_announced_once(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())

    cancelled = desk.call_off(gathering)
    again = desk.call_off(gathering)

    assert again == cancelled
    assert cancelled.state is State.CANCELLED
    assert desk.stores.fact_types() == ["GatheringCancelled", "GatheringPublished"]
    with pytest.raises(GatheringIsCancelled):
        desk.register(gathering)


def test_a_draft_is_cancelled_in_silence(desk: Desk) -> None:
    draft = plan(desk.stores, a_gathering())

    desk.call_off(draft)

    assert desk.stores.facts() == []


# The number of seats changes while people take them.


def test_a_larger_gathering_has_more_seats(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1))
    first, second = applicants(2)
    desk.register(gathering, first)

    desk.change(replace(gathering, capacity=2))

    assert desk.register(gathering, second).status == "confirmed"
    assert desk.left(gathering) == 0


def test_a_gathering_cannot_become_smaller_than_those_who_come(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=3))
    everybody(desk, gathering, applicants(2))

    with pytest.raises(CapacityTaken) as refused:
        desk.change(replace(gathering, capacity=1))

    assert refused.value.details == {"least": 2, "needed": {"whole": 2}}
    assert desk.stores.gatherings.get(gathering.id) == gathering
    smaller = desk.change(replace(gathering, capacity=2))
    assert desk.left(smaller) == 0


def test_what_is_too_small_is_named_with_the_number_there_must_be(desk: Desk) -> None:
    sessions = (a_session(capacity=2), a_session("2026-10-06T09:00", id="two"))
    gathering = desk.publish(a_gathering(sessions=sessions, choose_sessions=True))
    people = applicants(4)
    everybody(desk, gathering, [replace(one, sessions=("one",)) for one in people[:2]])
    everybody(desk, gathering, [replace(one, sessions=("two",)) for one in people[2:]])

    with pytest.raises(CapacityTaken) as refused:
        desk.change(replace(gathering, sessions=(replace(sessions[0], capacity=1), sessions[1])))

    assert refused.value.details == {"least": 2, "needed": {"session-one": 2}}


@pytest.mark.parametrize("status", ["pending", "offered"])
def test_a_seat_that_is_held_or_offered_is_taken(desk: Desk, status: str) -> None:
    gathering = desk.publish(a_gathering(capacity=1, waiting_list=True))
    mine = desk.register(gathering, an_application(email="deltager1@gratis.example.net"))
    if status == "offered":
        desk.register(gathering, an_application(name="Deltager 2"))
        desk.cancel(gathering, mine.registration_id)
        desk.move_line(gathering)
    assert status in {str(one.status) for one in desk.everybody(gathering)}

    with pytest.raises(CapacityTaken) as refused:
        desk.edit(gathering, capacity=0)

    assert refused.value.details == {"least": 1, "needed": {"whole": 1}}


def test_a_limit_put_on_later_counts_those_who_came_before(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=None))
    everybody(desk, gathering, applicants(2))

    with pytest.raises(CapacityTaken) as refused:
        desk.change(replace(gathering, capacity=1))
    assert refused.value.details == {"least": 2, "needed": {"whole": 2}}
    limited = desk.change(replace(gathering, capacity=3))
    assert desk.left(limited) == 1

    assert desk.left(desk.change(replace(limited, capacity=None))) is None


def test_an_edit_of_anything_else_loses_no_count(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=2, waiting_list=True))
    everybody(desk, gathering, applicants(3))
    before = desk.seats(gathering)

    changed = desk.change(replace(gathering, title={"da": "Nyt navn"}))

    assert desk.seats(gathering) == replace(before, gathering_version=changed.version)


def test_a_seat_taken_between_look_and_save_is_counted(table: None) -> None:
    desk = Desk(in_the_table())
    gathering = desk.publish(a_gathering(capacity=3))

    with meanwhile(lambda: desk.register(gathering)), pytest.raises(CapacityTaken) as refused:
        desk.change(replace(gathering, capacity=0))

    assert refused.value.details["least"] == 1
    assert desk.seats(gathering).left["whole"] == 2


def test_a_programme_knows_its_gatherings_by_start(stores: Stores) -> None:
    later, sooner, other = (
        a_gathering(slug=f"slug-{day}", programme=programme, sessions=(a_session(f"2026-10-0{day}T09:00"),))
        for day, programme in ((3, "mine"), (2, "mine"), (1, "other"))
    )
    for gathering in (later, sooner, other):
        stores.gatherings.create(gathering)

    assert stores.gatherings.of_programme("mine") == (sooner, later)
    assert stores.gatherings.of_programme("nothing") == ()

    moved = later.changed_to(replace(later, programme="other"), NOW)
    stores.gatherings.save(later, moved, (), NOW)
    assert stores.gatherings.of_programme("mine") == (sooner,)
    assert stores.gatherings.of_programme("other") == (other, moved)

    free = moved.changed_to(replace(moved, programme=None), NOW)
    stores.gatherings.save(moved, free, (), NOW)
    assert stores.gatherings.of_programme("other") == (other,)


def test_a_programme_that_is_not_there_is_told(stores: Stores) -> None:
    with pytest.raises(Invalid) as refused:
        plan(stores, a_gathering(programme="nothing"))

    assert [fault.field for fault in refused.value.faults] == ["programme"]


def three_days(stores: Stores) -> list[Gathering]:
    return [
        plan(stores, a_gathering(id=new_id(), slug=f"dag-{day}", sessions=(a_session(f"2026-10-0{day}T09:00"),)))
        for day in (3, 1, 2)
    ]


def slugs(gatherings: tuple[Gathering, ...]) -> list[str]:
    return [gathering.slug for gathering in gatherings]


def test_gatherings_are_listed_by_start(stores: Stores) -> None:
    three_days(stores)

    assert slugs(stores.gatherings.listed().gatherings) == ["dag-1", "dag-2", "dag-3"]
    assert slugs(stores.gatherings.listed(latest_first=True).gatherings) == ["dag-3", "dag-2", "dag-1"]


def test_a_span_holds_what_starts_in_it(stores: Stores) -> None:
    three_days(stores)
    day = datetime(2026, 10, 2, 0, 0, tzinfo=UTC)

    assert slugs(stores.gatherings.listed(since=day).gatherings) == ["dag-2", "dag-3"]
    assert slugs(stores.gatherings.listed(until=day).gatherings) == ["dag-1"]
    assert slugs(stores.gatherings.listed(since=day, until=day + timedelta(days=1)).gatherings) == ["dag-2"]


def test_a_span_that_ends_before_it_begins_holds_nothing(stores: Stores) -> None:
    three_days(stores)

    assert stores.gatherings.listed(since=NOW + timedelta(days=1), until=NOW).gatherings == ()


@pytest.mark.parametrize("latest_first", [False, True])
def test_pages_together_hold_everything_once(stores: Stores, latest_first: bool) -> None:
    three_days(stores)
    found: list[str] = []
    after = None

    for _ in range(3):
        page = stores.gatherings.listed(limit=1, after=after, latest_first=latest_first)
        found += slugs(page.gatherings)
        after = page.next

    assert sorted(found) == ["dag-1", "dag-2", "dag-3"]
    assert found == sorted(found, reverse=latest_first)
    assert after is None


def test_the_public_sees_what_is_published_and_not_over(desk: Desk) -> None:
    store = desk.stores.gatherings
    three_days(desk.stores)
    for gathering in store.listed().gatherings[:2]:
        planning.publish(gathering.id, store=store, now=NOW, correlation_id="correlation")
    second_day = datetime(2026, 10, 2, 8, 0, tzinfo=UTC)

    assert slugs(planning.coming(store=store, now=NOW)) == ["dag-1", "dag-2"]
    assert slugs(planning.coming(store=store, now=second_day)) == ["dag-2"]
    assert slugs(planning.past(store=store, now=second_day).gatherings) == ["dag-1"]
    assert slugs(planning.between(None, second_day, store=store)) == ["dag-1", "dag-2"]


def test_nothing_is_left_out_of_a_long_list(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "AT_ONCE", 2)
    desk = Desk(stores)
    for day in range(1, 6):
        desk.publish(a_gathering(id=new_id(), slug=f"dag-{day}", sessions=(a_session(f"2026-10-0{day}T09:00"),)))

    assert len(planning.coming(store=stores.gatherings, now=NOW)) == 5


def test_a_course_under_way_is_still_coming(desk: Desk) -> None:
    sessions = (a_session("2026-10-05T09:00"), a_session("2026-12-15T09:00", id="two"))
    gathering = desk.publish(a_gathering(sessions=sessions))

    found = planning.coming(store=desk.stores.gatherings, now=datetime(2026, 12, 1, tzinfo=UTC))

    assert found == (gathering,)


def test_nobody_sees_a_draft(desk: Desk) -> None:
    draft = plan(desk.stores, a_gathering())

    with pytest.raises(GatheringNotFound):
        planning.public(draft.slug, store=desk.stores.gatherings)


def test_a_cancelled_gathering_stays_visible(desk: Desk) -> None:
    gathering = desk.call_off(desk.publish(a_gathering()))

    assert planning.public(gathering.slug, store=desk.stores.gatherings) == gathering
