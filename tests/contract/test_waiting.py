"""Waiting, being offered a seat, and taking it or not: strictly in the order in which people came."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.gatherings.model import Gathering, Place, Window
from shared.refusals import Invalid
from shared.registration import changes
from shared.registration.applying import Booker
from shared.registration.line import position
from shared.registration.model import (
    Actor,
    Awaits,
    By,
    GatheringFull,
    OfferOver,
    RegistrationOver,
    Status,
    TooLateToChange,
    What,
)
from shared.registration.ports import Answer
from tests.support.builders import NOW, a_gathering, a_session, an_application, applicants
from tests.support.stores import BOOKER, COORDINATOR, PERSON, Desk, everybody

SECRETARY = Booker("Sekretær", "sekretaer@herning.example.org")


def full(desk: Desk, number: int = 3, **more: object) -> tuple[Gathering, Sequence[Answer]]:
    """Publish a gathering with one seat, and let so many people register."""
    gathering = desk.publish(a_gathering(**{"capacity": 1, "waiting_list": True} | more))
    return gathering, everybody(desk, gathering, applicants(number))


def test_who_comes_when_it_is_full_waits_in_the_order_of_coming(desk: Desk) -> None:
    gathering, answers = full(desk)

    assert [(answer.status, answer.position) for answer in answers] == [
        ("confirmed", None),
        ("waitlisted", 1),
        ("waitlisted", 2),
    ]
    waiting = [desk.get(gathering, answer.registration_id) for answer in answers[1:]]
    assert [one.place for one in waiting] == [party.place for party in desk.line(gathering)]
    assert [one.waits_in for one in waiting] == [("whole",), ("whole",)]
    assert [one.pools for one in waiting] == [(), ()]
    assert desk.stores.fact_types().count("RegistrationWaitlisted") == 2


def test_a_seat_given_back_is_not_for_who_comes_next_but_for_who_waits(desk: Desk) -> None:
    gathering, (seated, first, second) = full(desk)

    desk.cancel(gathering, seated.registration_id)
    late = desk.register(gathering, applicants(4)[3])

    assert (late.status, late.position) == ("waitlisted", 3)
    assert desk.left(gathering) == 0
    assert desk.move_line(gathering) == 1
    assert desk.statuses(gathering, (first, second, late)) == ["offered", "waitlisted", "waitlisted"]


def test_an_offer_is_a_seat_until_its_deadline(desk: Desk) -> None:
    gathering, (seated, first, _) = full(desk)
    desk.cancel(gathering, seated.registration_id)

    desk.move_line(gathering)

    offered = desk.get(gathering, first.registration_id)
    assert offered.pools == ("whole", "online", "session-one")
    assert offered.deadline == desk.around.deadlines.offer_until(NOW, gathering.registration_closes_at)
    assert desk.seats(gathering).left["whole"] == 0
    assert desk.stores.fact_types().count("RegistrationOffered") == 1


def test_to_move_the_line_twice_offers_a_seat_once(desk: Desk) -> None:
    gathering, (seated, *_) = full(desk)
    desk.cancel(gathering, seated.registration_id)

    assert [desk.move_line(gathering) for _ in range(3)] == [1, 0, 0]


def test_an_offer_is_accepted_once_however_often(desk: Desk) -> None:
    gathering, (seated, first, _) = full(desk)
    desk.cancel(gathering, seated.registration_id)
    desk.move_line(gathering)

    once = desk.accept(gathering, first.registration_id)
    twice = desk.accept(gathering, first.registration_id)

    assert once == twice
    assert (once.status, once.deadline) == (Status.CONFIRMED, None)
    assert desk.stores.fact_types().count("RegistrationConfirmed") == 2


def test_nobody_accepts_after_the_deadline_though_nobody_has_looked_yet(desk: Desk) -> None:
    gathering, (seated, first, _) = full(desk)
    desk.cancel(gathering, seated.registration_id)
    desk.move_line(gathering)
    desk.now = desk.get(gathering, first.registration_id).deadline or desk.now

    with pytest.raises(OfferOver):
        desk.accept(gathering, first.registration_id)


def test_an_offer_that_lapses_goes_on_to_the_next(desk: Desk) -> None:
    gathering, (seated, first, second) = full(desk)
    desk.cancel(gathering, seated.registration_id)
    desk.move_line(gathering)

    assert desk.do(changes.lapse, gathering, first.registration_id) is False
    desk.now = desk.get(gathering, first.registration_id).deadline or desk.now
    assert list(desk.stores.registrations.due(desk.now)) == [(gathering.id, first.registration_id)]
    assert desk.do(changes.lapse, gathering, first.registration_id) is True
    assert desk.do(changes.lapse, gathering, first.registration_id) is False

    assert desk.move_line(gathering) == 1
    assert desk.statuses(gathering, (first, second)) == ["expired", "offered"]
    assert desk.get(gathering, first.registration_id).history[-1].what is What.OFFER_ENDED
    with pytest.raises(OfferOver):
        desk.accept(gathering, first.registration_id)


def test_an_offer_that_is_declined_goes_on_to_the_next(desk: Desk) -> None:
    gathering, (seated, first, second) = full(desk)
    desk.cancel(gathering, seated.registration_id)
    desk.move_line(gathering)

    declined = desk.do(changes.cancel, gathering, first.registration_id, PERSON, what=What.NOT_INTERESTED)

    assert declined.status is Status.CANCELLED
    assert desk.move_line(gathering) == 1
    assert desk.statuses(gathering, (first, second)) == ["cancelled", "offered"]


def test_who_leaves_the_line_lets_the_others_move_up(desk: Desk) -> None:
    gathering, (_, first, second) = full(desk)

    desk.cancel(gathering, first.registration_id)

    assert position(desk.line(gathering), second.registration_id or "") == 1
    assert position(desk.line(gathering), first.registration_id or "") is None
    assert desk.seats(gathering).waiting["whole"] == 1


def test_who_left_the_line_comes_back_at_its_end(desk: Desk) -> None:
    gathering, (_, first, _second) = full(desk)
    desk.cancel(gathering, first.registration_id)

    again = desk.register(gathering, applicants(2)[1])

    assert again.registration_id != first.registration_id
    assert again.position == 2
    assert [party.members[0].registration_id for party in desk.line(gathering)][-1] == again.registration_id


def test_the_same_person_again_keeps_the_place(desk: Desk) -> None:
    gathering, (_, first, _second) = full(desk)

    again = desk.register(gathering, applicants(2)[1])

    assert (again.registration_id, again.status) == (first.registration_id, "waitlisted")
    assert desk.stores.fact_types().count("RegistrationLinkRequested") == 1


def test_who_accepts_has_the_mail_and_so_the_address(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1, waiting_list=True))
    seated = desk.register(gathering)
    unknown = an_application(name="Deltager 2", email="deltager2@gratis.example.net")
    waiting = desk.register(gathering, unknown)
    desk.cancel(gathering, seated.registration_id)
    desk.move_line(gathering)
    assert desk.get(gathering, waiting.registration_id).awaits == frozenset({Awaits.PROOF})

    accepted = desk.accept(gathering, waiting.registration_id)

    assert (accepted.status, accepted.awaits) == (Status.CONFIRMED, frozenset())


def test_an_accepted_offer_may_still_wait_for_a_coordinator(desk: Desk) -> None:
    gathering, (seated, first, _) = full(desk, approval=True)
    desk.cancel(gathering, seated.registration_id)
    desk.move_line(gathering)

    accepted = desk.accept(gathering, first.registration_id)

    assert (accepted.status, accepted.awaits) == (Status.PENDING, frozenset({Awaits.APPROVAL}))
    assert desk.do(changes.approve, gathering, first.registration_id, COORDINATOR).status is Status.CONFIRMED


def test_a_larger_gathering_lets_the_line_move(desk: Desk) -> None:
    gathering, (_, first, second) = full(desk)

    desk.edit(gathering, capacity=3)

    assert desk.left(gathering) == 0
    assert desk.move_line(gathering) == 2
    assert desk.statuses(gathering, (first, second)) == ["offered", "offered"]


def test_the_line_stands_still_once_registration_has_closed(desk: Desk) -> None:
    gathering, (seated, *_) = full(desk, registration=Window(closes_at=NOW + timedelta(hours=1)))
    desk.cancel(gathering, seated.registration_id)
    desk.now += timedelta(hours=1)

    assert desk.move_line(gathering) == 0


def test_an_offer_ends_when_registration_closes(desk: Desk) -> None:
    closes_at = NOW + timedelta(hours=1)
    gathering, (seated, first, _) = full(desk, registration=Window(closes_at=closes_at))
    desk.cancel(gathering, seated.registration_id)

    desk.move_line(gathering)

    assert desk.get(gathering, first.registration_id).deadline == closes_at


def test_the_line_of_a_cancelled_gathering_stands_still(desk: Desk) -> None:
    gathering, (seated, *_) = full(desk)
    desk.cancel(gathering, seated.registration_id)
    desk.call_off(gathering)

    assert desk.move_line(gathering) == 0


# Several who wait together, and for several pools.


def test_a_group_that_waits_together_is_offered_seats_together(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=2, waiting_list=True))
    *two, third, fourth, fifth = applicants(5)
    seated = everybody(desk, gathering, two)
    group = desk.book(gathering, third, fourth, booker=SECRETARY)
    late = desk.register(gathering, fifth)

    desk.cancel(gathering, seated[0].registration_id)
    assert desk.move_line(gathering) == 0
    assert desk.statuses(gathering, (*group, late)) == ["waitlisted"] * 3

    desk.cancel(gathering, seated[1].registration_id)
    assert desk.move_line(gathering) == 2
    assert desk.statuses(gathering, (*group, late)) == ["offered", "offered", "waitlisted"]


def test_a_group_for_which_the_gathering_became_too_small_is_offered_seats_one_by_one_and_blocks_nobody(
    desk: Desk,
) -> None:
    gathering = desk.publish(a_gathering(capacity=3, waiting_list=True))
    *three, fourth, fifth, sixth, seventh = applicants(7)
    seated = everybody(desk, gathering, three)
    group = desk.book(gathering, fourth, fifth, sixth, booker=SECRETARY)
    late = desk.register(gathering, seventh)
    desk.cancel(gathering, seated[0].registration_id)
    desk.edit(gathering, capacity=2)

    desk.cancel(gathering, seated[1].registration_id)
    desk.move_line(gathering)
    assert desk.statuses(gathering, (*group, late)) == ["offered", "waitlisted", "waitlisted", "waitlisted"]

    for one in group[1:]:
        desk.cancel(gathering, one.registration_id)
    desk.cancel(gathering, seated[2].registration_id)
    desk.move_line(gathering)
    assert desk.statuses(gathering, (late,)) == ["offered"]


def test_a_place_that_nobody_has_proven_is_given_up_and_the_line_moves(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=3, waiting_list=True))
    early, late, *_ = applicants(4)
    desk.register(gathering, early)
    made_up = [an_application(name=f"Opdigtet {at}", email=f"x{at}@gratis.example.net") for at in range(3)]
    group = desk.book(gathering, *made_up, booker=SECRETARY)
    waiting = desk.register(gathering, late)
    assert waiting.status == "waitlisted"
    deadline = desk.get(gathering, group[0].registration_id).deadline
    assert deadline is not None

    desk.now = deadline
    for key in list(desk.stores.registrations.due(desk.now)):
        assert desk.do(changes.lapse, gathering, key[1])

    assert desk.move_line(gathering) == 1
    assert desk.statuses(gathering, [*group, waiting]) == ["expired"] * 3 + ["offered"]


def test_who_leaves_a_group_makes_it_smaller(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=3, waiting_list=True))
    *people, early = applicants(4)
    desk.register(gathering, early)
    group = desk.book(gathering, *people, booker=SECRETARY)
    assert desk.move_line(gathering) == 0

    desk.cancel(gathering, group[1].registration_id, BOOKER)

    assert desk.move_line(gathering) == 2
    assert desk.statuses(gathering, group) == ["offered", "cancelled", "offered"]
    assert desk.line(gathering) == ()
    assert not any(desk.seats(gathering).waiting.values())


def test_those_of_a_form_who_wait_one_by_one_are_offered_seats_one_by_one(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1, waiting_list=True))
    answers = desk.book(gathering, *applicants(3), booker=SECRETARY, together=False)
    late = desk.register(gathering, applicants(4)[3])

    desk.cancel(gathering, answers[0].registration_id)

    assert desk.move_line(gathering) == 1
    assert desk.statuses(gathering, (*answers, late)) == ["cancelled", "offered", "waitlisted", "waitlisted"]
    assert position(desk.line(gathering), answers[2].registration_id or "") == 1
    assert position(desk.line(gathering), late.registration_id or "") == 2


def a_choice(**capacities: int) -> Gathering:
    """A gathering of sessions, each of which may be come to or not."""
    sessions = tuple(
        a_session(f"2026-10-0{day}T09:00", id=id, capacity=capacity)
        for day, (id, capacity) in enumerate(capacities.items(), start=1)
    )
    return a_gathering(sessions=sessions, choose_sessions=True, waiting_list=True)


def test_who_waits_for_one_session_keeps_nobody_from_another(desk: Desk) -> None:
    gathering = desk.publish(a_choice(one=1, two=1))
    first, second, third = applicants(3)
    desk.register(gathering, replace(first, sessions=("one",)))

    waiting = desk.register(gathering, replace(second, sessions=("one", "two")))
    seated = desk.register(gathering, replace(third, sessions=("two",)))

    assert (waiting.status, seated.status) == ("waitlisted", "confirmed")


def test_who_needs_two_sessions_is_not_overtaken_for_ever_by_those_who_need_one(desk: Desk) -> None:
    gathering = desk.publish(a_choice(one=1, two=1))
    people = applicants(5)
    in_one = desk.register(gathering, replace(people[0], sessions=("one",)))
    in_two = desk.register(gathering, replace(people[1], sessions=("two",)))
    both = desk.register(gathering, replace(people[2], sessions=("one", "two")))
    behind = desk.register(gathering, replace(people[3], sessions=("one",)))
    assert desk.get(gathering, both.registration_id).waits_in == ("session-one", "session-two")

    desk.cancel(gathering, in_one.registration_id)
    assert desk.move_line(gathering) == 0

    desk.cancel(gathering, in_two.registration_id)
    assert desk.move_line(gathering) == 1
    assert desk.statuses(gathering, (both, behind)) == ["offered", "waitlisted"]


def test_what_has_become_full_meanwhile_is_waited_for_too(desk: Desk) -> None:
    gathering = desk.publish(a_choice(one=1, two=1))
    people = applicants(4)
    in_one = desk.register(gathering, replace(people[0], sessions=("one",)))
    both = desk.register(gathering, replace(people[1], sessions=("one", "two")))
    in_two = desk.register(gathering, replace(people[2], sessions=("two",)))
    assert (both.status, in_two.status) == ("waitlisted", "confirmed")

    desk.cancel(gathering, in_one.registration_id)
    assert desk.move_line(gathering) == 0
    assert desk.seats(gathering).waiting["session-two"] == 1
    behind = desk.register(gathering, replace(people[3], sessions=("two",)))
    desk.cancel(gathering, in_two.registration_id)

    assert desk.move_line(gathering) == 1
    assert desk.statuses(gathering, (both, behind)) == ["offered", "waitlisted"]


def test_the_line_on_site_is_not_the_line_online(desk: Desk) -> None:
    gathering = desk.publish(
        a_gathering(
            place=Place("Herning Bibliotek", "Østergade 8"), on_site_capacity=1, online_capacity=5, waiting_list=True
        )
    )
    first, second, third = applicants(3)
    desk.register(gathering, replace(first, mode="on_site"))

    assert desk.register(gathering, replace(second, mode="on_site")).status == "waitlisted"
    assert desk.register(gathering, replace(third, mode="online")).status == "confirmed"


def test_who_alone_needed_a_pool_takes_the_waiting_for_it_along(desk: Desk) -> None:
    gathering = desk.publish(a_choice(one=1, two=1, three=2))
    people = applicants(6)
    desk.register(gathering, replace(people[0], sessions=("one",)))
    desk.register(gathering, replace(people[1], sessions=("two",)))
    pair = desk.book(
        gathering, replace(people[2], sessions=("one",)), replace(people[3], sessions=("two",)), booker=SECRETARY
    )
    behind = desk.register(gathering, replace(people[4], sessions=("two", "three")))
    seated_in_two = next(
        one for one in desk.everybody(gathering) if one.sessions == ("two",) and one.status is Status.CONFIRMED
    )

    desk.cancel(gathering, pair[1].registration_id)
    desk.cancel(gathering, seated_in_two.id)

    assert desk.move_line(gathering) == 1
    assert desk.statuses(gathering, (pair[0], behind)) == ["waitlisted", "offered"]


# A coordinator's exceptions.


def test_a_coordinator_seats_somebody_out_of_turn_and_all_can_see_it(desk: Desk) -> None:
    gathering, (seated, first, second) = full(desk)
    desk.cancel(gathering, seated.registration_id)

    after = desk.do(changes.seat_out_of_turn, gathering, second.registration_id, COORDINATOR)

    assert (after.status, after.pools[0], after.awaits) == (Status.CONFIRMED, "whole", frozenset())
    [overtaking] = desk.stores.registrations.overtakings(gathering.id)
    assert (overtaking.place, overtaking.at, overtaking.why) == (after.place, NOW, COORDINATOR.why)
    assert desk.move_line(gathering) == 0
    assert desk.statuses(gathering, (first, second)) == ["waitlisted", "confirmed"]
    assert after.history[-1].what is What.SEATED_OUT_OF_TURN


def test_one_of_a_group_is_seated_out_of_turn_though_others_of_it_keep_waiting(desk: Desk) -> None:
    gathering = desk.publish(a_choice(one=1, two=5))
    people = applicants(4)
    desk.register(gathering, replace(people[0], sessions=("one",)))
    pair = desk.book(
        gathering, replace(people[1], sessions=("one",)), replace(people[2], sessions=("two",)), booker=SECRETARY
    )
    assert desk.statuses(gathering, pair) == ["waitlisted", "waitlisted"]

    desk.do(changes.seat_out_of_turn, gathering, pair[1].registration_id, COORDINATOR)

    assert desk.statuses(gathering, pair) == ["waitlisted", "confirmed"]


def test_out_of_turn_needs_a_reason_a_seat_and_somebody_who_waits(desk: Desk) -> None:
    gathering, (seated, first, _) = full(desk)
    use_case = changes.seat_out_of_turn

    with pytest.raises(Invalid) as refused:
        desk.do(use_case, gathering, first.registration_id, By(Actor.COORDINATOR, "id", " "))
    assert [fault.field for fault in refused.value.faults] == ["why"]
    with pytest.raises(GatheringFull):
        desk.do(use_case, gathering, first.registration_id, COORDINATOR)
    with pytest.raises(RegistrationOver):
        desk.do(use_case, gathering, seated.registration_id, COORDINATOR)
    assert desk.stores.registrations.overtakings(gathering.id) == ()


def test_who_waits_or_has_an_offer_can_say_no_though_changes_have_ended(desk: Desk) -> None:
    gathering, (seated, first, second) = full(desk, registration=Window(changes_until=NOW + timedelta(hours=1)))
    desk.cancel(gathering, seated.registration_id)
    desk.move_line(gathering)
    desk.now += timedelta(hours=1)

    with pytest.raises(TooLateToChange):
        desk.cancel(gathering, first.registration_id, BOOKER)
    no = desk.do(changes.cancel, gathering, first.registration_id, PERSON, what=What.NOT_INTERESTED)

    assert no.status is Status.CANCELLED
    assert desk.move_line(gathering) == 1
    assert desk.cancel(gathering, second.registration_id).status is Status.CANCELLED
    assert desk.left(gathering) == 1


def test_who_waits_leaves_the_line_though_changes_have_ended(desk: Desk) -> None:
    gathering, (_, first, second) = full(desk, registration=Window(changes_until=NOW + timedelta(hours=1)))
    desk.now += timedelta(hours=1)

    desk.cancel(gathering, first.registration_id)

    [left] = desk.line(gathering)
    assert [one.registration_id for one in left.members] == [second.registration_id]
