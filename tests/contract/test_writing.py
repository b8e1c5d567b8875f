"""One write is all or nothing, and what it was refused for is said in one order."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.gatherings.model import WHOLE, Gathering
from shared.gatherings.needs import Needs
from shared.gatherings.seating import Move
from shared.limits import Limit
from shared.registration.line import Member, Party
from shared.registration.model import (
    Invoice,
    KeyReused,
    Registration,
    RegistrationChangedMeanwhile,
    RegistrationNotFound,
    Status,
    TooManyAttempts,
    What,
)
from shared.registration.ports import (
    Answer,
    Batch,
    Change,
    Occupied,
    Once,
    Outcome,
    Overtaking,
    Receipt,
    Repeated,
    SeatsWere,
    Written,
)
from tests.support.builders import NOW, a_gathering, a_registration
from tests.support.stores import COORDINATOR, Desk

ANSWERS = (Answer("registration", "confirmed"), Answer("other", "waitlisted"), Answer(None, "full"))
ONCE = Once("key", "body", ANSWERS)
LIMIT = Limit("address", "somebody", 1, timedelta(hours=1))
TAKE = Move(take={WHOLE: 1}, unawaited=frozenset({WHOLE}))


@pytest.fixture
def gathering(desk: Desk) -> Gathering:
    return desk.publish(a_gathering(capacity=1))


@pytest.fixture
def somebody(gathering: Gathering) -> Registration:
    return a_registration(gathering)


def write(desk: Desk, gathering: Gathering, **parts: Any) -> Outcome:
    outcome: Outcome = desk.stores.registrations.write(Batch(gathering.id, **parts), now=NOW)
    return outcome


def new(registration: Registration) -> tuple[Change, ...]:
    return (Change(None, registration),)


def test_all_of_it_is_kept(desk: Desk, gathering: Gathering, somebody: Registration) -> None:
    party = Party(1, (Member(somebody.id, (WHOLE,), ("online",)),), frozenset({WHOLE}))
    receipt = Receipt("receipt", gathering.id, "Booker", "b@example.org", "hash", "da", (somebody.id,), NOW)
    overtaking = Overtaking("overtaking", 3, NOW, "Comes from the furthest away")

    outcome = write(
        desk,
        gathering,
        changes=new(somebody),
        move=TAKE,
        parties=((None, party),),
        receipt=receipt,
        overtaking=overtaking,
        once=ONCE,
        limits=(LIMIT,),
    )

    store = desk.stores.registrations
    assert outcome == Written()
    assert store.get(gathering.id, somebody.id) == somebody
    assert store.line(gathering.id) == (party,)
    assert store.party(gathering.id, 1) == party
    assert store.party(gathering.id, 2) is None
    assert store.receipt(gathering.id, "receipt") == receipt
    assert store.overtakings(gathering.id) == (overtaking,)
    assert desk.stores.guards() == {somebody.guard: somebody.id}
    assert desk.left(gathering) == 0


def test_a_registration_comes_back_with_all_there_is_to_know(
    desk: Desk, gathering: Gathering, somebody: Registration
) -> None:
    full = replace(
        somebody,
        status=Status.PENDING,
        waits_in=(WHOLE,),
        place=7,
        round_id="first",
        deadline=NOW + timedelta(days=1),
        unproven="0123456789abcdef",
        booking_id="booking",
        claimed_at=NOW,
        link_generation=3,
        answers={"text": "Ja", "choices": ("one", "two"), "yes": True},
        needs=Needs("", "Teleslynge"),
        invoice=Invoice("", "Konto 17"),
        note="Ring først",
        former_email="before@example.org",
        mail_problem="bounced",
    ).step(What.NOTED, COORDINATOR, NOW)

    write(desk, gathering, changes=new(full))

    assert desk.get(gathering, full.id) == full


def test_the_same_request_again_hears_the_same(desk: Desk, gathering: Gathering, somebody: Registration) -> None:
    write(desk, gathering, changes=new(somebody), move=TAKE, once=ONCE)

    again = write(desk, gathering, changes=new(a_registration(gathering)), move=TAKE, once=replace(ONCE, answers=()))

    assert again == Repeated(ANSWERS)


def test_the_same_key_for_something_else_is_refused(desk: Desk, gathering: Gathering) -> None:
    write(desk, gathering, once=ONCE)

    with pytest.raises(KeyReused):
        write(desk, gathering, once=replace(ONCE, body_hash="other"))


def test_somebody_who_is_there_is_told(desk: Desk, gathering: Gathering, somebody: Registration) -> None:
    write(desk, gathering, changes=new(somebody))
    twin = a_registration(gathering)

    assert write(desk, gathering, changes=new(twin), move=TAKE) == Occupied({twin.id: somebody.id})
    with pytest.raises(RegistrationNotFound):
        desk.get(gathering, twin.id)


def test_seats_that_are_not_as_needed_come_back_as_they_are(
    desk: Desk, gathering: Gathering, somebody: Registration
) -> None:
    write(desk, gathering, changes=new(somebody), move=TAKE)
    seats = desk.seats(gathering)

    assert write(desk, gathering, changes=new(a_registration(gathering, name="Deltager 2")), move=TAKE) == SeatsWere(
        seats
    )
    assert desk.seats(gathering) == seats


def test_a_gathering_without_seats_has_none_to_take(desk: Desk) -> None:
    draft = a_gathering()

    assert write(desk, draft, move=TAKE) == SeatsWere(None)


@pytest.mark.parametrize("before_is_there", [True, False])
def test_a_registration_that_has_changed_is_not_covered(
    desk: Desk, gathering: Gathering, somebody: Registration, before_is_there: bool
) -> None:
    if before_is_there:
        write(desk, gathering, changes=(Change(None, replace(somebody, version=2)),))
    after = somebody.ended(What.CANCELLED, COORDINATOR, NOW)

    with pytest.raises(RegistrationChangedMeanwhile):
        write(desk, gathering, changes=(Change(somebody, after),), move=Move(take={WHOLE: -1}))

    assert desk.left(gathering) == 1


@pytest.mark.parametrize("stays", [True, False])
def test_a_party_that_has_changed_is_not_covered(desk: Desk, gathering: Gathering, stays: bool) -> None:
    party = Party(1, (Member("one", (WHOLE,), ()), Member("two", (WHOLE,), ())), frozenset({WHOLE}))
    smaller = party.without("one")
    write(desk, gathering, parties=((None, party),))
    write(desk, gathering, parties=((party, smaller),))

    with pytest.raises(RegistrationChangedMeanwhile):
        write(desk, gathering, parties=((party, party.without("two") if stays else None),))

    assert desk.line(gathering) == (smaller,)
    assert write(desk, gathering, parties=((smaller, None),)) == Written()
    assert desk.line(gathering) == ()


def test_who_comes_back_to_life_needs_a_free_guard(desk: Desk, gathering: Gathering, somebody: Registration) -> None:
    gone = somebody.ended(What.CANCELLED, COORDINATOR, NOW)
    write(desk, gathering, changes=new(somebody))
    write(desk, gathering, changes=(Change(somebody, gone),))
    twin = a_registration(gathering)

    assert desk.stores.guards() == {}
    assert write(desk, gathering, changes=new(twin)) == Written()
    assert desk.stores.guards() == {twin.guard: twin.id}


def test_another_address_is_another_guard(desk: Desk, gathering: Gathering, somebody: Registration) -> None:
    other = a_registration(gathering, name="Deltager 2")
    write(desk, gathering, changes=(*new(somebody), *new(other)))

    moved = replace(somebody, version=2, guard="new")
    assert write(desk, gathering, changes=(Change(somebody, moved),)) == Written()
    assert desk.stores.guards() == {"new": somebody.id, other.guard: other.id}

    taken = replace(moved, version=3, guard=other.guard)
    assert write(desk, gathering, changes=(Change(moved, taken),)) == Occupied({somebody.id: other.id})


def test_what_is_wrong_is_said_in_one_order(desk: Desk, gathering: Gathering, somebody: Registration) -> None:
    write(desk, gathering, changes=new(somebody), move=TAKE, once=ONCE, limits=(LIMIT,))
    stale = replace(a_registration(gathering, name="Deltager 2"), guard="stale")
    twin = a_registration(gathering)
    wrong: dict[str, Any] = {
        "once": ONCE,
        "limits": (LIMIT,),
        "changes": (*new(twin), Change(stale, replace(stale, version=2))),
        "move": TAKE,
    }

    assert write(desk, gathering, **wrong) == Repeated(ANSWERS)
    del wrong["once"]
    with pytest.raises(TooManyAttempts):
        write(desk, gathering, **wrong)
    del wrong["limits"]
    assert write(desk, gathering, **wrong) == Occupied({twin.id: somebody.id})
    wrong["changes"] = wrong["changes"][1:]
    with pytest.raises(RegistrationChangedMeanwhile):
        write(desk, gathering, **wrong)
    del wrong["changes"]
    assert write(desk, gathering, **wrong) == SeatsWere(desk.seats(gathering))


def test_nothing_of_what_is_refused_is_kept(desk: Desk, gathering: Gathering, somebody: Registration) -> None:
    two = Move(take={WHOLE: 2})

    write(desk, gathering, changes=new(somebody), move=two, once=ONCE, limits=(LIMIT,))

    assert desk.stores.guards() == {}
    assert desk.everybody(gathering) == []
    assert write(desk, gathering, changes=new(somebody), move=TAKE, once=ONCE, limits=(LIMIT,)) == Written()


MOVES = {
    "a pool that is not there": (Move(take={"round-none": 1}), False),
    "back to a pool that is not there": (Move(take={"round-none": -1}), False),
    "seats that are left": (Move(take={WHOLE: 1}), True),
    "more seats than are left": (Move(take={WHOLE: 2}), False),
    "seats back": (Move(take={WHOLE: -3}), True),
    "of this version": (Move(version=2), True),
    "of another version": (Move(version=1), False),
    "nobody waits": (Move(unawaited=frozenset({WHOLE, "round-none"})), True),
    "somebody waits": (Move(unawaited=frozenset({"session-one"})), False),
    "less is left than that": (Move(full={WHOLE: 2, "round-none": 1}), True),
    "so much is left": (Move(full={WHOLE: 1}), False),
    "seats that somebody waits for": (Move(full={"session-one": 0}), True),
    "seats that nobody waits for": (Move(full={"online": 0}), False),
    "the next place": (Move(place=1), True),
    "a later place": (Move(place=1_788_249_600_000_000), True),
    "a place given out": (Move(place=0), False),
    "the line as seen": (Move(line=0), True),
    "another line": (Move(line=1), False),
    "a library below its share": (Move(most_of_library={"765700": 2, "775100": 0}), True),
    "a library above its share": (Move(most_of_library={"765700": 1}), False),
    "a domain below the limit": (Move(most_unproven={"domain": 1, "other": 0}), True),
    "a domain above the limit": (Move(most_unproven={"domain": 0}), False),
    "a pool more": (Move(opens={"round-new": 3}), True),
    "a pool closed": (Move(closes={WHOLE: 1}), True),
    "a pool with something else left": (Move(closes={WHOLE: 0}), False),
    "another version from now on": (Move(new_version=9), True),
    "another roll-over": (Move(retimed=True, next_rollover=NOW), True),
    "no roll-over": (Move(retimed=True), True),
    "people in line and out of it": (Move(wait={"session-one": -1, "online": 1}, libraries={"765700": -1}), True),
}


@pytest.mark.parametrize("name", MOVES)
def test_a_move_is_made_if_what_must_hold_does(desk: Desk, gathering: Gathering, name: str) -> None:
    write(
        desk,
        gathering,
        move=Move(wait={"session-one": 2}, libraries={"765700": 2}, unproven={"domain": 1}),
    )
    move, holds = MOVES[name]
    # No move does nothing, so each changes something that no condition is about.
    move = replace(move, libraries=move.libraries or {"746100": 1})
    before = desk.seats(gathering)

    outcome = write(desk, gathering, move=move)

    assert outcome == (Written() if holds else SeatsWere(before))
    assert move.holds(before) is holds
    after = desk.seats(gathering)
    expected = move.applied(before) if holds else before
    for counts in ("waiting", "libraries", "unproven"):
        assert _some(getattr(after, counts)) == _some(getattr(expected, counts))
    assert replace(after, waiting={}, libraries={}, unproven={}) == replace(
        expected, waiting={}, libraries={}, unproven={}
    )


def _some(counts: dict[str, int]) -> dict[str, int]:
    return {key: count for key, count in counts.items() if count}


def test_a_closed_gathering_gives_nothing_to_who_names_a_version(desk: Desk, gathering: Gathering) -> None:
    desk.call_off(gathering)

    assert isinstance(write(desk, gathering, move=Move(take={WHOLE: -1}, version=2)), SeatsWere)
    assert write(desk, gathering, move=Move(take={WHOLE: -1})) == Written()


def test_deadlines_are_listed_by_moment_and_forgotten_when_met(desk: Desk, gathering: Gathering) -> None:
    held = [
        a_registration(gathering, name=f"Deltager {hours}", guard=f"{hours}", deadline=NOW + timedelta(hours=hours))
        for hours in (3, 1, 2)
    ]
    write(desk, gathering, changes=tuple(Change(None, one) for one in held))
    due = desk.stores.registrations.due
    later, first, second = ((gathering.id, one.id) for one in held)

    assert list(due(None)) == [first, second, later]
    assert list(due(NOW + timedelta(hours=2))) == [first, second]
    assert list(due(NOW)) == []

    write(desk, gathering, changes=(Change(held[1], held[1].ended(What.CANCELLED, COORDINATOR, NOW)),))
    assert list(due(None)) == [second, later]


def test_a_persons_registrations_are_found_by_the_address(desk: Desk, gathering: Gathering) -> None:
    other = desk.publish(a_gathering(slug="andet"))
    first, last, stranger = (
        a_registration(gathering, guard="1"),
        a_registration(other, guard="2", registered_at=NOW + timedelta(hours=1)),
        a_registration(gathering, guard="3", person="somebody else"),
    )
    for one in (first, last, stranger):
        there = other if one is last else gathering
        write(desk, there, changes=new(one))
    receipt = Receipt("receipt", gathering.id, "Booker", "b@example.org", first.person, "da", (first.id,), NOW)
    write(desk, gathering, receipt=receipt)

    assert desk.stores.registrations.of_person(first.person) == (last, first)
    assert desk.stores.registrations.of_person("nobody") == ()


def test_a_receipt_that_is_not_there_is_not_found(desk: Desk, gathering: Gathering) -> None:
    with pytest.raises(RegistrationNotFound):
        desk.stores.registrations.receipt(gathering.id, "nothing")


def test_registrations_are_paged_out(desk: Desk, gathering: Gathering) -> None:
    people = [a_registration(gathering, name=f"Deltager {n}", guard=str(n)) for n in range(5)]
    write(desk, gathering, changes=tuple(Change(None, one) for one in people))
    found, after = [], None

    while True:
        page, after = desk.stores.registrations.of_gathering(gathering.id, after=after, limit=2)
        found += page
        assert len(page) <= 2
        if after is None:
            break

    assert sorted(one.id for one in found) == sorted(one.id for one in people)
