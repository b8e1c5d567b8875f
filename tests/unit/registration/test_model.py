"""A registration's life: from one state to the next, and never back."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from shared.gatherings.model import Gathering, GatheringIsCancelled, Window
from shared.refusals import Refusal
from shared.registration.model import (
    MOST_STEPS,
    Actor,
    Awaits,
    By,
    ClaimedMeanwhile,
    HoldOver,
    OfferOver,
    Registration,
    RegistrationClosed,
    Status,
    TooLateToChange,
    What,
)
from shared.registration.service import admit
from tests.support.builders import NOW, a_gathering, a_published_gathering, a_registration, a_session

LATER = NOW + timedelta(hours=1)
UNTIL = NOW + timedelta(days=2)
PERSON, BOOKER, COORDINATOR = By(Actor.PARTICIPANT), By(Actor.BOOKER), By(Actor.COORDINATOR, "id", "Derfor")
GATHERING = a_published_gathering()
EVERYTHING = frozenset(Awaits)


def waiting(*awaits: Awaits, **changes: Any) -> Registration:
    """Return somebody in the line."""
    one = a_registration(GATHERING, pools=(), awaits=frozenset(awaits), unproven="domain", **changes)
    return one.waiting(("whole",), 7, NOW, PERSON, hold_until=UNTIL)


def offered(*awaits: Awaits, until: datetime = UNTIL) -> Registration:
    return waiting(*awaits).offered(("whole", "online"), until, NOW)


def seated(*awaits: Awaits) -> Registration:
    one = a_registration(GATHERING, awaits=frozenset(awaits), unproven="domain")
    return one.seated(one.pools, NOW, PERSON, hold_until=UNTIL)


@pytest.mark.parametrize(
    ("gathering", "refusal"),
    [
        (a_published_gathering(), None),
        (a_published_gathering(registration=Window(opens_at=NOW)), None),
        (a_published_gathering(registration=Window(opens_at=LATER)), None),
        (a_published_gathering(registration=Window(closes_at=LATER)), None),
        (a_published_gathering(registration=Window(closes_at=NOW)), RegistrationClosed),
        (a_published_gathering(sessions=(a_session("2026-09-01T10:00"),)), RegistrationClosed),
        (a_published_gathering().cancelled(), GatheringIsCancelled),
        (a_gathering(), RegistrationClosed),
    ],
    ids=["open", "opening", "not yet", "closing", "closed", "started", "cancelled", "draft"],
)
def test_nobody_registers_for_what_is_over_or_a_draft(gathering: Gathering, refusal: type[Refusal] | None) -> None:
    if refusal is None:
        admit(gathering, NOW)
    else:
        with pytest.raises(refusal):
            admit(gathering, NOW)


@pytest.mark.parametrize(
    ("awaits", "status", "deadline"),
    [
        ((), Status.CONFIRMED, None),
        ((Awaits.PROOF,), Status.PENDING, UNTIL),
        ((Awaits.LIBRARY,), Status.PENDING, UNTIL),
        ((Awaits.APPROVAL,), Status.PENDING, None),
        ((Awaits.PROOF, Awaits.APPROVAL), Status.PENDING, UNTIL),
    ],
)
def test_a_seat_is_held_as_long_as_something_is_awaited(
    awaits: tuple[Awaits, ...], status: Status, deadline: datetime | None
) -> None:
    one = seated(*awaits)

    assert (one.status, one.deadline) == (status, deadline)
    assert (one.version, [step.what for step in one.history]) == (1, [What.REGISTERED])


@given(
    st.frozensets(st.sampled_from(Awaits)),
    st.permutations(["proven", "library_accepted", "approved"]),
)
def test_what_is_awaited_may_come_in_any_order(awaits: frozenset[Awaits], order: list[str]) -> None:
    one = seated(*awaits)

    for what in order:
        one = getattr(one, what)(COORDINATOR, LATER)

    assert (one.status, one.awaits, one.deadline, one.unproven) == (Status.CONFIRMED, frozenset(), None, "")


@pytest.mark.parametrize("what", ["proven", "library_accepted", "approved"])
def test_what_is_not_awaited_changes_nothing(what: str) -> None:
    one = replace(seated(), unproven="")

    assert getattr(one, what)(COORDINATOR, LATER) is one


def test_who_waits_holds_no_seat_and_counts_among_those_who_have_proven_nothing() -> None:
    one = waiting(Awaits.PROOF)

    assert (one.status, one.place, one.waits_in, one.pools) == (Status.WAITLISTED, 7, ("whole",), ())
    assert one.unproven == "domain"
    assert one.status.is_live
    assert not one.status.holds_seat


@pytest.mark.parametrize(
    ("awaits", "deadline"), [((Awaits.PROOF,), UNTIL), ((Awaits.LIBRARY, Awaits.APPROVAL), None), ((), None)]
)
def test_a_place_in_the_line_is_kept_until_the_address_has_to_be_proven(
    awaits: tuple[Awaits, ...], deadline: datetime | None
) -> None:
    assert waiting(*awaits).deadline == deadline


def test_who_proves_the_address_in_time_goes_on_waiting_without_a_deadline() -> None:
    one = waiting(Awaits.PROOF).proven(PERSON, UNTIL - timedelta(seconds=1))

    assert (one.status, one.deadline, one.awaits, one.unproven) == (Status.WAITLISTED, None, frozenset(), "")
    assert one.lapsed(UNTIL + timedelta(days=9)) is one


def test_a_place_that_nobody_has_proven_ends() -> None:
    one = waiting(Awaits.PROOF)

    with pytest.raises(HoldOver):
        one.proven(PERSON, UNTIL)
    ended = one.lapsed(UNTIL)
    assert (ended.status, ended.waits_in, ended.deadline) == (Status.EXPIRED, (), None)


def test_a_coordinators_word_for_the_library_is_proof_for_a_place_too() -> None:
    one = waiting(Awaits.PROOF, Awaits.LIBRARY).library_accepted(COORDINATOR, NOW)

    assert (one.status, one.awaits, one.deadline) == (Status.WAITLISTED, frozenset(), None)


def test_proof_that_comes_while_waiting_is_not_asked_for_again() -> None:
    proven = waiting(Awaits.PROOF).proven(PERSON, LATER)

    assert (proven.status, proven.awaits) == (Status.WAITLISTED, frozenset())
    assert proven.offered((), UNTIL, LATER).accepted(PERSON, LATER, hold_until=UNTIL).status is Status.CONFIRMED


@pytest.mark.parametrize(
    ("awaits", "by", "status", "left"),
    [
        ((), PERSON, Status.CONFIRMED, frozenset()),
        ((Awaits.PROOF,), PERSON, Status.CONFIRMED, frozenset()),
        ((Awaits.PROOF,), BOOKER, Status.PENDING, frozenset({Awaits.PROOF})),
        ((Awaits.PROOF, Awaits.LIBRARY), PERSON, Status.PENDING, frozenset({Awaits.LIBRARY})),
        ((Awaits.APPROVAL,), PERSON, Status.PENDING, frozenset({Awaits.APPROVAL})),
    ],
)
def test_an_offer_accepted_is_a_seat(
    awaits: tuple[Awaits, ...], by: By, status: Status, left: frozenset[Awaits]
) -> None:
    accepted = offered(*awaits).accepted(by, LATER, hold_until=UNTIL)

    assert (accepted.status, accepted.awaits) == (status, left)
    assert accepted.pools == ("whole", "online")
    assert accepted.accepted(by, LATER, hold_until=UNTIL) is accepted


def test_an_offer_ends_with_its_deadline() -> None:
    one = offered(until=LATER)

    assert one.lapsed(LATER - timedelta(seconds=1)) is one
    with pytest.raises(OfferOver):
        one.accepted(PERSON, LATER, hold_until=UNTIL)
    lapsed = one.lapsed(LATER)
    assert (lapsed.status, lapsed.deadline, lapsed.history[-1].what) == (Status.EXPIRED, None, What.OFFER_ENDED)
    with pytest.raises(OfferOver):
        lapsed.accepted(PERSON, NOW, hold_until=UNTIL)


def test_a_hold_ends_with_its_deadline() -> None:
    one = seated(Awaits.PROOF)

    with pytest.raises(HoldOver):
        one.proven(PERSON, UNTIL)
    lapsed = one.lapsed(UNTIL)
    assert (lapsed.status, lapsed.history[-1].what, lapsed.awaits) == (Status.EXPIRED, What.HOLD_ENDED, frozenset())
    with pytest.raises(HoldOver):
        lapsed.proven(PERSON, NOW)


@pytest.mark.parametrize("one", [seated(), seated(Awaits.APPROVAL), waiting()], ids=["seated", "to approve", "waiting"])
def test_what_has_no_deadline_never_lapses(one: Registration) -> None:
    assert one.lapsed(NOW + timedelta(days=9999)) is one


@pytest.mark.parametrize(
    "one", [seated(), seated(*EVERYTHING), waiting(), offered()], ids=["confirmed", "pending", "waiting", "offered"]
)
def test_everything_is_given_back_once(one: Registration) -> None:
    cancelled = one.cancelled(GATHERING, PERSON, LATER)

    assert (cancelled.status, cancelled.version) == (Status.CANCELLED, one.version + 1)
    assert (cancelled.awaits, cancelled.deadline, cancelled.waits_in) == (frozenset(), None, ())
    assert (cancelled.history[-1].at, cancelled.history[-1].by) == (LATER, PERSON)
    assert cancelled.cancelled(GATHERING, PERSON, LATER) is cancelled


@pytest.mark.parametrize(
    "gathering",
    [a_published_gathering(registration=Window(changes_until=NOW)), a_published_gathering().cancelled()],
    ids=["too late", "cancelled"],
)
def test_only_a_coordinator_is_never_too_late(gathering: Gathering) -> None:
    for by in (PERSON, BOOKER):
        with pytest.raises(TooLateToChange) as refused:
            seated().cancelled(gathering, by, NOW)
        assert refused.value.details == {"contact": gathering.contact}

    assert seated().cancelled(gathering, COORDINATOR, NOW).status is Status.CANCELLED


def test_what_was_given_back_stays_so_however_late_one_asks() -> None:
    cancelled = seated().cancelled(GATHERING, PERSON, NOW)

    assert cancelled.cancelled(GATHERING, PERSON, GATHERING.ends_at) is cancelled


def test_who_booked_does_not_change_what_has_been_taken_over() -> None:
    claimed = seated(Awaits.PROOF).claimed(PERSON, LATER)

    assert (claimed.status, claimed.claimed_at) == (Status.CONFIRMED, LATER)
    assert claimed.claimed(PERSON, UNTIL) is claimed
    with pytest.raises(ClaimedMeanwhile):
        claimed.cancelled(GATHERING, BOOKER, LATER)
    assert claimed.cancelled(GATHERING, PERSON, LATER).status is Status.CANCELLED


def test_a_seat_out_of_turn_awaits_nothing_more() -> None:
    seat = waiting(*EVERYTHING).seated_out_of_turn(("whole",), COORDINATOR, LATER)

    assert (seat.status, seat.awaits, seat.pools, seat.waits_in) == (Status.CONFIRMED, frozenset(), ("whole",), ())
    assert seat.history[-1].by.why == "Derfor"


def test_history_is_remembered_up_to_a_point() -> None:
    one = seated()
    for number in range(MOST_STEPS + 5):
        one = one.step(What.NOTED, COORDINATOR, NOW, note=str(number))

    assert len(one.history) == MOST_STEPS
    assert (one.version, one.note) == (MOST_STEPS + 6, str(MOST_STEPS + 4))


def test_the_pools_needed_are_a_general_one_the_mode_and_each_session() -> None:
    sessions = (a_session(), a_session("2026-10-06T09:00", id="two"))
    one = a_registration(a_published_gathering(sessions=sessions), general=("round-first", "whole"))

    assert one.others == ("online", "session-one", "session-two")
    assert one.needed == {"round-first", "whole", *one.others}


@pytest.mark.parametrize("status", Status)
def test_a_seat_is_held_only_by_what_is_live(status: Status) -> None:
    assert status.is_live or not status.holds_seat
