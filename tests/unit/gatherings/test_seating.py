"""The seats of a gathering, and what becomes of them when it is published, changed, or a round ends."""

from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from shared.gatherings.model import CapacityTaken, Gathering, Mode, Place
from shared.gatherings.rounds import Candidate, Round, Who, admitting
from shared.gatherings.seating import UNLIMITED, Move, Seats, given_back, opened, places_left, resized, rolled_over
from shared.registration.applying import general_pools
from shared.registration.placing import Rules, Seated, Wish, place
from tests.support.builders import NOW, a_published_gathering, a_session
from tests.support.programmes import a_round

DAY = timedelta(days=1)


def kept(id: str = "a", seats: int | None = 3, days: int = 5, **changes: Any) -> Round:
    return a_round(id, closes_at=NOW + days * DAY, reserved_seats=seats, **changes)


def gathering(*rounds: Round, **changes: Any) -> Gathering:
    return a_published_gathering(**{"capacity": 10, "rounds": rounds} | changes)


def later(before: Gathering, **changes: Any) -> Gathering:
    return replace(before, version=before.version + 1, **changes)


def test_there_is_a_pool_for_everybody_each_way_each_session_and_each_round() -> None:
    sessions = (a_session(capacity=4), a_session("2026-10-06T09:00", id="two"))

    seats = opened(gathering(kept(), kept("b", 2, 2), kept("c", None), sessions=sessions, online_capacity=7), NOW)

    assert seats.left == {
        "whole": 5,
        Mode.ON_SITE: UNLIMITED,
        Mode.ONLINE: 7,
        "session-one": 4,
        "session-two": UNLIMITED,
        "round-a": 3,
        "round-b": 2,
    }
    assert (seats.open, seats.gathering_version, seats.next_place, seats.line) == (True, 2, 1, 0)
    assert seats.next_rollover == NOW + 2 * DAY


@pytest.mark.parametrize(
    ("rounds", "next_rollover"),
    [
        ((), None),
        ((kept("a", None),), None),
        ((a_round("a", closes_at=None, reserved_seats=1),), None),
        ((kept("a", 1, 5), kept("b", 1, 3)), NOW + 3 * DAY),
        ((kept("a", 1, 5, rolls_over_at=NOW + DAY),), NOW + DAY),
        ((kept("a", 1, -5), kept("b", 1, 3)), NOW),
    ],
)
def test_the_next_round_to_end_is_the_first_that_keeps_seats(rounds: tuple[Round, ...], next_rollover: Any) -> None:
    assert opened(gathering(*rounds), NOW).next_rollover == next_rollover


def test_a_changed_capacity_is_a_difference() -> None:
    before = gathering()
    seats = replace(opened(before, NOW), left={**opened(before, NOW).left, "whole": 4})

    after = later(before, capacity=12)
    move = resized(before, after, seats, NOW)

    assert (move.take, move.new_version) == ({"whole": -2}, after.version)
    assert move.applied(seats).left["whole"] == 6


@pytest.mark.parametrize(
    ("changes", "needed"),
    [
        ({"capacity": 5}, {"whole": 8}),
        ({"sessions": (a_session(capacity=5),)}, {"session-one": 6}),
        ({"online_capacity": 2}, {"online": 3}),
        ({"rounds": (kept(seats=1),)}, {"round-a": 2}),
        ({"rounds": (kept(seats=9),)}, {"whole": 14}),
        ({"capacity": 1, "online_capacity": 1}, {"whole": 8, "online": 3}),
    ],
)
def test_no_pool_becomes_smaller_than_what_is_taken(changes: dict[str, Any], needed: dict[str, int]) -> None:
    before = gathering(kept())
    taking = Move(take={"whole": 5, "round-a": 2, "session-one": 6, "online": 3})
    seats = taking.applied(opened(before, NOW))

    with pytest.raises(CapacityTaken) as refused:
        resized(before, later(before, **changes), seats, NOW)

    assert refused.value.details["needed"] == needed


def test_a_round_that_ends_gives_what_is_left_and_only_once() -> None:
    planned = gathering(kept(), kept("b", 2, 9))
    seats = Move(take={"round-a": 1}).applied(opened(planned, NOW))

    assert rolled_over(planned, seats, NOW) is None
    move = rolled_over(planned, seats, NOW + 5 * DAY)

    assert move is not None
    assert move.holds(seats)
    after = move.applied(seats)
    assert (after.left["whole"], after.left["round-b"], after.line) == (7, 2, 1)
    assert "round-a" not in after.left
    assert after.next_rollover == NOW + 9 * DAY
    assert rolled_over(planned, after, NOW + 5 * DAY) is None


def test_a_round_that_has_nothing_left_ends_all_the_same() -> None:
    planned = gathering(kept())
    seats = Move(take={"round-a": 3}).applied(opened(planned, NOW))

    move = rolled_over(planned, seats, NOW + 5 * DAY)

    assert move is not None
    assert move.take == {}
    assert move.applied(seats).next_rollover is None


def test_a_seat_goes_back_to_its_pool_or_where_that_went() -> None:
    seats = Seats(True, 1, {"whole": 0, "one": 0, "round-a": 0})

    assert given_back(("round-a", "one"), seats) == {"round-a": -1, "one": -1}
    assert given_back(("round-b", "one"), seats) == {"whole": -1, "one": -1}
    assert given_back(("round-b", "one"), None) == {"round-b": -1, "one": -1}


def test_people_are_shown_no_limit_and_no_seat_that_others_wait_for() -> None:
    seats = Seats(True, 1, {"a": UNLIMITED - 7, "b": 3, "c": 2}, waiting={"c": 1, "b": 0})

    assert seats.shown() == {"a": None, "b": 3, "c": 0}
    assert seats.has("b", 3)
    assert not seats.has("b", 4)
    assert not seats.has("c")
    assert not seats.has("d")


SIZES = st.none() | st.integers(0, 3)


@given(
    capacities=st.tuples(st.integers(6, 12), st.integers(6, 12)),
    before=st.lists(SIZES, min_size=3, max_size=3),
    after=st.lists(SIZES, min_size=3, max_size=3),
    ended=st.booleans(),
    taken=st.integers(0, 3),
)
def test_no_change_makes_or_loses_a_seat(
    capacities: tuple[int, int], before: list[int | None], after: list[int | None], ended: bool, taken: int
) -> None:
    was, will_be = ([kept(str(at), n, at + 1) for at, n in enumerate(sizes) if n != 0] for sizes in (before, after))
    planned = gathering(*was, capacity=capacities[0])
    now = NOW + DAY if ended else NOW
    seats = opened(planned, NOW)
    if ended and (move := rolled_over(planned, seats, now)) is not None:
        seats = move.applied(seats)
    seats = Move(take={"whole": min(taken, seats.left["whole"])}).applied(seats)
    held = capacities[0] - _general(seats)

    wanted = later(planned, rounds=tuple(will_be), capacity=capacities[1])
    try:
        move = resized(planned, wanted, seats, now)
    except CapacityTaken as refused:
        assert refused.details["needed"]
        return

    assert move.holds(seats)
    result = move.applied(seats)
    assert min(result.left.values()) >= 0
    assert _general(result) + held == capacities[1]
    assert set(result.left) - set(wanted.capacities()) <= set(wanted.reserved())


def _general(seats: Seats) -> int:
    return sum(count for pool, count in seats.left.items() if pool == "whole" or pool.startswith("round-"))


MANY = 40
COUNTS = st.integers(0, 4) | st.just(UNLIMITED)


@st.composite
def rooms(draw: st.DrawFn) -> tuple[Gathering, Seats]:
    """Return a gathering that an outsider may sign up for, as full as can be, and its seats."""
    certified, everybody = Who(certification=("certified",)), Who()
    times = st.sampled_from([-2 * DAY, -DAY, DAY])
    rounds = (
        a_round("all", opens_at=NOW - DAY, closes_at=None, reserved_seats=draw(st.sampled_from([None, 1]))),
        *(
            a_round(
                str(at),
                opens_at=NOW + (opens := draw(times)),
                closes_at=NOW + opens + 2 * DAY,
                who=draw(st.sampled_from([certified, everybody])),
                reserved_seats=1,
                rolls_over_at=NOW + opens + DAY if draw(st.booleans()) else None,
            )
            for at in range(draw(st.integers(0, 2)))
        ),
    )
    labels = draw(st.lists(st.sampled_from([None, "Sted", "Hold"]), min_size=1, max_size=4))
    sessions = tuple(a_session(id=str(at), choose_one_of=label) for at, label in enumerate(labels))
    hybrid = {"place": Place("Herning", "Torvet 1"), "on_site_capacity": 9} if draw(st.booleans()) else {}
    it = gathering(*rounds, sessions=sessions, choose_sessions=draw(st.booleans()), capacity=99, **hybrid)
    pools = opened(it, NOW).left
    left = {pool: draw(COUNTS) for pool in pools}
    waiting = {pool: draw(st.sampled_from([0, 0, 0, 2])) for pool in pools}
    return it, Seats(open=True, gathering_version=it.version, left=left, waiting=waiting)


def seated_one_after_the_other(it: Gathering, seats: Seats) -> int:
    """Let outsiders come who take whatever there is, and return how many got a seat."""
    outsider = Candidate("a@example.org", frozenset({"765700"}), "staff", lambda _: "none")
    rounds = admitting(it.effective_rounds, outsider, now=NOW, zone=UTC)
    general = general_pools([one for one in rounds if one.kept_until is None or one.kept_until > NOW])
    free = [one.pool for one in it.sessions_without_choice()]
    choices = [[one.pool for one in choice] for choice in it.choices().values()]
    ways = [[mode.value for mode in it.modes], *choices]
    if not it.choose_sessions:
        ways += [[pool] for pool in free]
    elif not choices:
        ways.append(free)
    rules = Rules(it.version, sizes={}, waiting_list=False, per_library=None, per_domain=99, together=True)
    for came in range(MANY):
        others = tuple(next((pool for pool in way if seats.has(pool)), way[0]) for way in ways)
        placement = place([Wish(general, others, "765700")], seats, rules, NOW)
        if not isinstance(placement.outcomes[0], Seated):
            return came
        seats = placement.move.applied(seats)
    return MANY


@given(rooms())
def test_as_many_outsiders_are_seated_as_the_public_is_told(found: tuple[Gathering, Seats]) -> None:
    it, seats = found

    told = places_left(it, seats.shown(), outsiders_at=NOW)

    assert seated_one_after_the_other(it, seats) == (MANY if told is None else told)
