"""Registering colleagues on one form, to the sessions and in the way each of them wants."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from shared.gatherings.model import FairShare, Gathering, Mode, Place
from shared.gatherings.questions import Question, QuestionKind
from shared.refusals import Invalid
from shared.registration.applying import MOST_TOGETHER, Booker
from shared.registration.changes import prove
from shared.registration.model import (
    Actor,
    Awaits,
    By,
    FairShareReached,
    GatheringFull,
    GroupTooLarge,
    KeyReused,
    Participant,
    Role,
    Status,
    TooManyAttempts,
    TooManyUnproven,
)
from shared.registration.ports import LeftOut
from shared.registration.service import Invitation
from tests.support.builders import NOW, a_gathering, a_session, an_application, applicants
from tests.support.stores import COORDINATOR, GENEROUS, Desk, everybody

BOOKER = Booker("Booker", "booker@herning.example.org")
ELSEWHERE = {"library": "775100", "email": "deltager9@aarhus.example.org"}


def hybrid(**changes: Any) -> Gathering:
    return a_gathering(place=Place("Herning Bibliotek", "Østergade 8"), **changes)


def test_a_group_gets_seats_for_all_at_one_stroke(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=3))

    answers = desk.book(gathering, *applicants(3), booker=BOOKER)

    assert [answer.status for answer in answers] == ["confirmed"] * 3
    assert desk.left(gathering) == 0
    assert desk.stores.fact_types() == ["BookingMade", "GatheringPublished", *["RegistrationConfirmed"] * 3]


def test_who_booked_gets_a_receipt_and_takes_no_seat(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=3))

    answers = desk.book(gathering, *applicants(2), booker=replace(BOOKER, name="  Booker ", email=BOOKER.email.upper()))

    kept = [desk.get(gathering, answer.registration_id) for answer in answers]
    [booking] = {one.booking_id for one in kept}
    [made] = [fact for fact in desk.stores.facts() if fact.type == "BookingMade"]
    receipt = desk.stores.registrations.receipt(gathering.id, booking)
    assert (made.subject, made.data.booking_id, made.data.gathering_id) == (booking, booking, gathering.id)
    assert (receipt.name, receipt.email) == ("Booker", "BOOKER@herning.example.org")
    assert receipt.registrations == tuple(one.id for one in kept)
    assert receipt.person == desk.around.secret("mailbox|booker@herning.example.org")
    assert [one.history[0].by for one in kept] == [By(Actor.BOOKER)] * 2
    assert desk.left(gathering) == 1


def test_two_last_seats_are_not_for_a_group_of_three(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=3))
    *group, early = applicants(4)
    desk.register(gathering, early)

    with pytest.raises(GatheringFull):
        desk.book(gathering, *group, booker=BOOKER)

    assert desk.left(gathering) == 2
    assert [one.participant.name for one in desk.everybody(gathering)] == [early.name]
    assert "BookingMade" not in desk.stores.fact_types()


@pytest.mark.parametrize("waiting_list", [True, False])
def test_a_group_larger_than_the_gathering_keeps_nobody_from_a_seat(desk: Desk, waiting_list: bool) -> None:
    gathering = desk.publish(a_gathering(capacity=2, waiting_list=waiting_list))
    *group, late = applicants(4)

    with pytest.raises(GroupTooLarge):
        desk.book(gathering, *group, booker=BOOKER)

    assert desk.register(gathering, late).status == "confirmed"


def test_two_last_seats_are_for_two_of_three_who_want_as_many_as_there_are(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=2))

    answers = desk.book(gathering, *applicants(3), booker=BOOKER, together=False)

    assert [answer.status for answer in answers] == ["confirmed", "confirmed", "full"]
    assert answers[2].registration_id is None
    assert desk.left(gathering) == 0


def test_as_many_as_there_is_room_for_may_be_nobody(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1))
    desk.register(gathering)

    with pytest.raises(GatheringFull):
        desk.book(gathering, *applicants(3)[1:], booker=BOOKER, together=False)


def test_a_group_waits_together_and_keeps_the_seats_that_it_waits_for(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=3, waiting_list=True))
    early, *group, late = applicants(5)
    desk.register(gathering, early)

    answers = desk.book(gathering, *group, booker=BOOKER)

    assert [(answer.status, answer.position) for answer in answers] == [("waitlisted", n) for n in (1, 2, 3)]
    assert len({desk.get(gathering, answer.registration_id).place for answer in answers}) == 1
    assert desk.register(gathering, late).position == 4
    assert desk.seats(gathering).left["whole"] == 2


def test_those_of_a_group_for_whom_there_is_no_room_wait_one_by_one(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1, waiting_list=True))

    answers = desk.book(gathering, *applicants(3), booker=BOOKER, together=False)

    assert [(answer.status, answer.position) for answer in answers] == [
        ("confirmed", None),
        ("waitlisted", 1),
        ("waitlisted", 2),
    ]
    seated, second, third = (desk.get(gathering, answer.registration_id).place for answer in answers)
    assert seated is None
    assert second == third is not None


def test_a_group_is_announced_person_by_person(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1, waiting_list=True))

    answers = desk.book(gathering, *applicants(2), booker=BOOKER, together=False)

    told = {
        fact.subject: fact.type for fact in desk.stores.facts() if fact.subject in {a.registration_id for a in answers}
    }
    assert [told[answer.registration_id or ""] for answer in answers] == [
        "RegistrationConfirmed",
        "RegistrationWaitlisted",
    ]


def test_the_same_person_cannot_be_on_a_form_twice(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    twice = [an_application(), an_application(name=" DELTAGER 1", email="Deltager1@Herning.example.org ")]

    with pytest.raises(Invalid) as refused:
        desk.book(gathering, *twice, booker=BOOKER)

    assert [fault.field for fault in refused.value.faults] == ["participants.1.name"]


def test_a_colleague_who_is_registered_already_keeps_the_seat_and_gets_the_link(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=3))
    first, second, third = applicants(3)
    before = desk.register(gathering, second)

    answers = desk.book(gathering, first, second, third, booker=BOOKER)

    assert answers[1] == before
    assert [answer.status for answer in answers] == ["confirmed"] * 3
    assert desk.left(gathering) == 0
    assert desk.stores.fact_types().count("RegistrationLinkRequested") == 1
    assert desk.get(gathering, before.registration_id).booking_id is None


def test_a_group_that_is_there_already_gets_links_and_who_booked_a_receipt(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=2))
    before = everybody(desk, gathering, applicants(2))

    answers = desk.book(gathering, *applicants(2), booker=BOOKER)

    assert list(answers) == before
    assert desk.stores.fact_types().count("RegistrationLinkRequested") == 2
    [made] = [fact for fact in desk.stores.facts() if fact.type == "BookingMade"]
    receipt = desk.stores.registrations.receipt(gathering.id, made.data.booking_id)
    assert receipt.registrations == tuple(one.registration_id for one in before)
    assert {one.booking_id for one in desk.everybody(gathering)} == {None}


def test_a_receipt_has_everybody_on_the_form(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=2))
    first, second, third = applicants(3)
    before = desk.register(gathering, second)

    answers = desk.book(gathering, first, second, replace(third, name=" Deltager  3"), booker=BOOKER, together=False)

    booking = desk.get(gathering, answers[0].registration_id).booking_id
    receipt = desk.stores.registrations.receipt(gathering.id, booking)
    assert receipt.registrations == (answers[0].registration_id, before.registration_id)
    assert receipt.left_out == (LeftOut("Deltager 3", desk.around.secret(f"mailbox|{third.email}"), "full"),)


def test_what_is_awaited_is_told_alike_to_who_is_new_and_who_is_there(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(approval=True))
    unknown = an_application(email="deltager1@gratis.example.net")

    first = desk.register(gathering, unknown, key="the same")
    desk.do(prove, gathering, first.registration_id, By(Actor.PARTICIPANT))

    assert first.awaits == {Awaits.PROOF, Awaits.APPROVAL}
    assert desk.register(gathering, unknown) == first
    assert desk.register(gathering, unknown, key="the same") == first
    assert desk.register(gathering, an_application(name="Deltager 2")).awaits == {Awaits.APPROVAL}


def test_the_same_booking_twice_is_answered_alike_and_done_once(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=2, waiting_list=True))
    people = applicants(3)

    first = desk.book(gathering, *people, booker=BOOKER, together=False, key="the same")
    again = desk.book(gathering, *people, booker=BOOKER, together=False, key="the same")

    assert again == first
    assert len(desk.everybody(gathering)) == 3
    with pytest.raises(KeyReused):
        desk.book(gathering, *people, booker=BOOKER, together=True, key="the same")


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("waits", [True, False])
def test_the_largest_group_fits_in_one_write(desk: Desk, together: bool, waits: bool) -> None:
    gathering = desk.publish(a_gathering(capacity=MOST_TOGETHER, waiting_list=True))
    if waits:
        elsewhere = an_application(email="deltager@aarhus.example.org", library="775100")
        desk.book(gathering, *(replace(elsewhere, name=f"Deltager {at}") for at in range(5)), together=False)
        desk.edit(gathering, capacity=25 if together else 5)

    answers = desk.book(gathering, *applicants(MOST_TOGETHER), booker=BOOKER, together=together)

    assert {answer.status for answer in answers} == {"waitlisted" if waits else "confirmed"}


def test_an_address_in_two_spellings_is_one(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    one, two = (
        an_application(email=f"deltager1@{domain}") for domain in ("rødovre.example.org", "xn--rdovre-bya.example.org")
    )

    with pytest.raises(Invalid) as refused:
        desk.book(gathering, one, two, booker=BOOKER)

    assert [fault.field for fault in refused.value.faults] == ["participants.1.name"]


def test_the_link_goes_once_more_to_nobody_more_often_than_an_address_may_be_written_to(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    victim, other = applicants(2)
    desk.register(gathering, victim)
    desk.allowance = replace(GENEROUS, address_per_hour=2)
    bookers = [replace(BOOKER, email=f"booker{at}@herning.example.org") for at in range(2)]

    desk.book(gathering, other, victim, booker=bookers[0])
    with pytest.raises(TooManyAttempts):
        desk.book(gathering, other, victim, booker=bookers[1])


def test_the_largest_group_fits_in_one_write_when_most_are_left_out(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1))

    answers = desk.book(gathering, *applicants(MOST_TOGETHER), booker=BOOKER, together=False)

    booking = desk.get(gathering, answers[0].registration_id).booking_id
    receipt = desk.stores.registrations.receipt(gathering.id, booking)
    assert [one.name for one in receipt.left_out] == [f"Deltager {n}" for n in range(2, MOST_TOGETHER + 1)]


def test_the_largest_group_may_all_need_something(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(asks_needs=True))

    desk.book(gathering, *applicants(MOST_TOGETHER, diet="Vegetar"), booker=BOOKER)

    # One says that there is something to look at.
    assert desk.stores.fact_types().count("NeedsStated") == 1


@pytest.mark.parametrize("number", [0, MOST_TOGETHER + 1])
def test_a_group_has_somebody_in_it_and_not_too_many(desk: Desk, number: int) -> None:
    gathering = desk.publish(a_gathering())

    with pytest.raises(Invalid) as refused:
        desk.book(gathering, *applicants(number), booker=BOOKER)

    assert [fault.field for fault in refused.value.faults] == ["participants"]


def test_everything_wrong_on_a_form_is_told_at_once(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    people = [an_application(name=""), an_application(name="Deltager 2", library="999999")]

    with pytest.raises(Invalid) as refused:
        desk.book(gathering, *people, booker=Booker("", "x"))

    assert [fault.field for fault in refused.value.faults] == [
        "booker.name",
        "booker.email",
        "participants.0.name",
        "participants.1.library",
    ]


def test_questions_are_the_persons_own_to_answer_when_somebody_else_books(desk: Desk) -> None:
    question = Question("q", QuestionKind.TEXT, {"da": "Hvad arbejder du med?"}, required=True)
    gathering = desk.publish(a_gathering(questions=(question,)))

    assert desk.register(gathering, booker=BOOKER).status == "confirmed"
    with pytest.raises(Invalid) as refused:
        desk.register(gathering, an_application(name="Deltager 2"))

    assert [fault.field for fault in refused.value.faults] == ["participants.0.answers.q"]
    answered = desk.register(gathering, an_application(name="Deltager 2", answers={"q": "Formidling"}))
    assert desk.get(gathering, answered.registration_id).answers == {"q": "Formidling"}


def test_needs_are_kept_and_the_contact_is_to_look(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(asks_needs=True))

    answer = desk.register(gathering, an_application(diet="Vegetar"))

    needs = desk.get(gathering, answer.registration_id).needs
    assert needs is not None
    assert (needs.diet, needs.accommodation) == ("Vegetar", "")
    assert desk.stores.fact_types().count("NeedsStated") == 1


def test_a_group_counts_once_against_the_bookers_limits(desk: Desk) -> None:
    desk.allowance = replace(GENEROUS, address_per_hour=1)
    gathering = desk.publish(a_gathering())

    desk.book(gathering, *applicants(5), booker=BOOKER)

    with pytest.raises(TooManyAttempts):
        desk.book(gathering, an_application(name="Deltager 6"), booker=BOOKER)
    assert desk.register(gathering, an_application(name="Deltager 7")).status == "confirmed"


# Sessions, and the ways to take part.

TURNS = (
    a_session(capacity=2),
    a_session("2026-10-06T09:00", id="two"),
    a_session("2026-10-07T09:00", id="a", capacity=1, choose_one_of="spor"),
    a_session("2026-10-07T09:00", id="b", capacity=1, choose_one_of="spor"),
)


@pytest.mark.parametrize(
    ("wanted", "chosen", "pools"),
    [
        (("one", "two", "a"), ("one", "two", "a"), ("session-one", "session-two", "session-a")),
        (("b", "two", "one"), ("one", "two", "b"), ("session-one", "session-two", "session-b")),
    ],
)
def test_everybody_takes_one_of_those_that_take_turns_and_all_others(
    desk: Desk, wanted: tuple[str, ...], chosen: tuple[str, ...], pools: tuple[str, ...]
) -> None:
    gathering = desk.publish(a_gathering(sessions=TURNS))

    kept = desk.get(gathering, desk.register(gathering, an_application(sessions=wanted)).registration_id)

    assert kept.sessions == chosen
    assert kept.pools == ("whole", "online", *pools)


@pytest.mark.parametrize(
    "wanted", [None, (), ("one", "two"), ("one", "two", "a", "b"), ("two", "a"), ("one", "two", "a", "other")]
)
def test_a_choice_that_is_none_is_refused(desk: Desk, wanted: tuple[str, ...] | None) -> None:
    gathering = desk.publish(a_gathering(sessions=TURNS))

    with pytest.raises(Invalid) as refused:
        desk.register(gathering, an_application(sessions=wanted))

    assert {fault.field for fault in refused.value.faults} == {"participants.0.sessions"}


def test_people_choose_which_sessions_they_come_to_where_they_may(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(sessions=TURNS, choose_sessions=True))

    kept = desk.get(gathering, desk.register(gathering, an_application(sessions=("two", "b"))).registration_id)

    assert kept.sessions == ("two", "b")
    assert desk.seats(gathering).left["session-one"] == 2
    assert desk.seats(gathering).left["session-b"] == 0


def test_a_full_session_leaves_the_other_one_to_choose(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(sessions=TURNS, choose_sessions=True))
    first, second, third = applicants(3)
    desk.register(gathering, replace(first, sessions=("a",)))

    with pytest.raises(GatheringFull):
        desk.register(gathering, replace(second, sessions=("a",)))

    assert desk.register(gathering, replace(third, sessions=("b",))).status == "confirmed"


def test_seats_on_site_and_online_are_apart(desk: Desk) -> None:
    gathering = desk.publish(hybrid(on_site_capacity=1, online_capacity=1))
    first, second, third, fourth = applicants(4)
    desk.register(gathering, replace(first, mode="on_site"))

    with pytest.raises(GatheringFull):
        desk.register(gathering, replace(second, mode="on_site"))
    assert desk.register(gathering, replace(third, mode="online")).status == "confirmed"
    with pytest.raises(GatheringFull):
        desk.register(gathering, replace(fourth, mode="online"))


@pytest.mark.parametrize("capacities", [(3, 1, None), (1, 3, None), (3, None, 1)])
def test_the_tightest_pool_decides(desk: Desk, capacities: tuple[int | None, ...]) -> None:
    whole, on_site, session = capacities
    gathering = desk.publish(hybrid(capacity=whole, on_site_capacity=on_site, sessions=(a_session(capacity=session),)))
    first, second = applicants(2, mode="on_site")
    desk.register(gathering, first)

    with pytest.raises(GatheringFull):
        desk.register(gathering, second)


def test_who_takes_part_in_a_hybrid_says_how(desk: Desk) -> None:
    gathering = desk.publish(hybrid())
    first, second = applicants(2)

    with pytest.raises(Invalid) as refused:
        desk.register(gathering)
    on_site = desk.register(gathering, replace(first, mode="on_site"))
    online = desk.register(gathering, replace(second, mode="online"))

    assert [fault.field for fault in refused.value.faults] == ["participants.0.mode"]
    assert desk.get(gathering, on_site.registration_id).mode is Mode.ON_SITE
    assert desk.get(gathering, online.registration_id).mode is Mode.ONLINE


# Each library's share, and addresses that nobody has proven.


def test_a_library_has_no_more_than_its_share(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(fair_share=FairShare(2, NOW.replace(day=9))))
    *two, third = applicants(3)
    everybody(desk, gathering, two)

    with pytest.raises(FairShareReached) as refused:
        desk.register(gathering, third)

    assert refused.value.details == {"opens_at": NOW.replace(day=9)}
    assert desk.register(gathering, an_application(name="En anden", **ELSEWHERE)).status == "confirmed"
    assert desk.seats(gathering).libraries == {"765700": 2, "775100": 1}


def test_waiting_counts_against_the_share(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1, waiting_list=True, fair_share=FairShare(2)))
    *two, third = applicants(3)
    assert [answer.status for answer in everybody(desk, gathering, two)] == ["confirmed", "waitlisted"]

    with pytest.raises(FairShareReached):
        desk.register(gathering, third)


def test_the_share_is_counted_before_it_is_in_force_and_ends_with_its_day(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    everybody(desk, gathering, applicants(2))
    limited = desk.change(replace(gathering, fair_share=FairShare(2, NOW.replace(day=9))))
    third = applicants(3)[2]

    with pytest.raises(FairShareReached):
        desk.register(limited, third)

    desk.now = NOW.replace(day=9)
    assert desk.register(limited, third).status == "confirmed"


def test_a_seat_given_back_is_a_part_of_the_share_again(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(fair_share=FairShare(1)))
    first, second = applicants(2)
    desk.cancel(gathering, desk.register(gathering, first).registration_id)

    assert desk.register(gathering, second).status == "confirmed"


def test_a_group_larger_than_the_share_gets_nothing_or_the_share(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(fair_share=FairShare(2)))
    people = [*applicants(3), an_application(name="En anden", **ELSEWHERE)]

    with pytest.raises(FairShareReached):
        desk.book(gathering, *people, booker=BOOKER)
    assert desk.seats(gathering).libraries == {}

    answers = desk.book(gathering, *people, booker=BOOKER, together=False)
    assert [answer.status for answer in answers] == ["confirmed", "confirmed", "fair_share", "confirmed"]


UNKNOWN: Mapping[str, str] = {"email": "deltager@gratis.example.net"}


def test_an_address_that_proves_nothing_holds_a_seat_until_it_is_proven(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1))

    answer = desk.register(gathering, an_application(**UNKNOWN))

    kept = desk.get(gathering, answer.registration_id)
    assert (answer.status, kept.awaits) == ("pending", frozenset({Awaits.PROOF}))
    assert kept.deadline == desk.around.deadlines.hold_until(NOW, gathering.starts_at)
    assert desk.left(gathering) == 0
    assert "RegistrationPending" in desk.stores.fact_types()


def test_a_domain_can_have_so_many_seats_without_proof(desk: Desk) -> None:
    desk.allowance = replace(GENEROUS, unproven_per_domain=2)
    gathering = desk.publish(a_gathering())
    first, second, third = (an_application(name=f"Deltager {n}", **UNKNOWN) for n in (1, 2, 3))
    answers = everybody(desk, gathering, (first, second))

    with pytest.raises(TooManyUnproven):
        desk.register(gathering, third)

    desk.do(prove, gathering, answers[0].registration_id, By(Actor.PARTICIPANT))
    assert desk.register(gathering, third).status == "pending"


def test_waiting_without_proof_takes_nothing_from_anybody(desk: Desk) -> None:
    desk.allowance = replace(GENEROUS, unproven_per_domain=1)
    gathering = desk.publish(a_gathering(capacity=1, waiting_list=True))
    people = [an_application(name=f"Deltager {n}", **UNKNOWN) for n in (1, 2, 3)]

    desk.register(gathering, people[0])

    with pytest.raises(TooManyUnproven):
        desk.register(gathering, people[1])
    assert sum(desk.seats(gathering).unproven.values()) == 1


def test_a_gathering_that_asks_a_coordinator_holds_seats_until_the_answer(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(approval=True))

    kept = desk.get(gathering, desk.register(gathering).registration_id)

    assert (kept.status, kept.awaits, kept.deadline) == (Status.PENDING, frozenset({Awaits.APPROVAL}), None)


def test_a_coordinator_adds_whom_it_likes_when_it_likes(desk: Desk) -> None:
    desk.allowance = replace(GENEROUS, unproven_per_domain=0, address_per_hour=0)
    gathering = desk.publish(a_gathering(approval=True))
    invitation = Invitation(COORDINATOR, any_time=True)
    desk.now = gathering.starts_at

    answer = desk.register(gathering, an_application(**UNKNOWN), invitation=invitation)

    kept = desk.get(gathering, answer.registration_id)
    assert (kept.status, kept.awaits, kept.unproven) == (Status.CONFIRMED, frozenset(), "")
    assert kept.participant == Participant("Deltager 1", UNKNOWN["email"], "765700", Role.STAFF)
    assert kept.history[0].by == COORDINATOR
