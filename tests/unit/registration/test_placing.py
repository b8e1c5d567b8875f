"""Who gets a seat and who a place in the line, from the seats as they are seen."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, strategies as st

from shared.gatherings.seating import Move, Seats
from shared.registration import placing
from shared.registration.placing import (
    Left,
    Outcome,
    Placement,
    Rules,
    Seated,
    Waiting,
    Wish,
    unseen,
)
from tests.support.builders import NOW

SIZES = {"whole": 9, "round-a": 9, "round-b": 9, "one": 9, "two": 9}
RULES = Rules(version=3, sizes=SIZES, waiting_list=True, per_library=None, per_domain=5, together=True)
EACH = replace(RULES, together=False)
FULL = replace(RULES, waiting_list=False)
PLACE = int(NOW.timestamp() * 1_000_000)
POOLS = ("whole", "round-a", "round-b", "one", "two")


def seats(**changes: Any) -> Seats:
    left = {"whole": 2, "one": 2, "two": 2} | changes.pop("left", {})
    return Seats(True, 3, left, **({"next_place": 5} | changes))


def wish(*others: str, general: tuple[str, ...] = ("whole",), library: str = "A", unproven: str = "") -> Wish:
    return Wish(general, others, library, unproven)


def place(wishes: Sequence[Wish], seen: Seats, rules: Rules) -> Placement:
    return placing.place(wishes, seen, rules, NOW)


def waiting(placement: Placement) -> list[tuple[str, ...]]:
    return [one.pools for one in placement.outcomes if isinstance(one, Waiting)]


def test_who_finds_seats_takes_one_of_each_pool() -> None:
    placement = place([wish("one"), wish("two")], seats(), RULES)

    assert placement.outcomes == (Seated(("whole", "one")), Seated(("whole", "two")))
    assert placement.move.take == {"whole": 2, "one": 1, "two": 1}
    assert placement.move.unawaited == {"whole", "one", "two"}
    assert (placement.move.place, placement.move.version) == (None, 3)


@pytest.mark.parametrize(
    ("left", "general"),
    [
        ({"round-a": 1, "round-b": 1}, "round-a"),
        ({"round-a": 0, "round-b": 1}, "round-b"),
        ({"round-b": 1}, "round-b"),
        ({}, "whole"),
    ],
)
def test_the_first_general_pool_with_a_seat_is_used(left: Mapping[str, int], general: str) -> None:
    wanted = wish(general=("round-a", "round-b", "whole"))

    assert place([wanted], seats(left=left), RULES).outcomes == (Seated((general,)),)


def test_a_pool_that_somebody_waits_for_has_nothing_to_give() -> None:
    seen = seats(left={"round-a": 1}, waiting={"round-a": 1})

    assert place([wish(general=("round-a", "whole"))], seen, RULES).outcomes == (Seated(("whole",)),)


def test_who_finds_no_seat_waits_in_each_pool_that_lacks_one() -> None:
    placement = place([wish("one", "two", general=("round-a", "whole"))], seats(left={"one": 0, "round-a": 0}), RULES)

    assert placement.outcomes == (Waiting(("one",), PLACE),)
    assert placement.move == Move(wait={"one": 1}, libraries={"A": 1}, place=PLACE, version=3, full={"one": 1})


def test_who_finds_no_general_seat_waits_for_any_of_them() -> None:
    placement = place([wish(general=("round-a", "whole"))], seats(left={"round-a": 0, "whole": 0}), RULES)

    assert waiting(placement) == [("round-a", "whole")]


@pytest.mark.parametrize(("next_place", "given"), [(1, PLACE), (PLACE, PLACE), (PLACE + 3, PLACE + 3)])
def test_a_place_is_the_moment_or_the_next_after_the_last(next_place: int, given: int) -> None:
    placement = place([wish()], seats(left={"whole": 0}, next_place=next_place), RULES)

    assert placement.outcomes == (Waiting(("whole",), given),)
    assert placement.move.applied(seats(next_place=next_place)).next_place == given + 1


def test_a_pool_that_others_wait_for_is_waited_for_as_long_as_they_do() -> None:
    seen = seats(left={"one": 1}, waiting={"one": 2})

    move = place([wish("one")], seen, RULES).move

    assert move.full == {"one": 0}
    assert move.holds(seen)
    assert move.holds(replace(seen, waiting={"one": 1}))
    assert not move.holds(replace(seen, waiting={"one": 0}))


def test_two_seats_are_not_for_three_together() -> None:
    assert place([wish()] * 3, seats(), FULL).outcomes == (Left.FULL,) * 3
    placement = place([wish()] * 3, seats(), RULES)

    assert placement.outcomes == (Waiting(("whole",), PLACE),) * 3
    assert (placement.move.take, placement.move.full, placement.move.wait) == ({}, {"whole": 3}, {"whole": 3})


def test_two_seats_are_for_two_of_three_and_the_third_waits_or_goes() -> None:
    placement = place([wish()] * 3, seats(), EACH)

    assert placement.outcomes == (Seated(("whole",)), Seated(("whole",)), Waiting(("whole",), PLACE))
    assert placement.move.take == {"whole": 2}
    assert place([wish()] * 3, seats(), replace(EACH, waiting_list=False)).outcomes[2] is Left.FULL


def test_who_stands_behind_on_the_form_does_not_overtake() -> None:
    placement = place([wish("one"), wish("two"), wish()], seats(left={"one": 0, "whole": 1}), EACH)

    first, second, third = placement.outcomes
    assert first == Waiting(("one", "whole"), PLACE)
    assert second == Seated(("whole", "two"))
    assert third == Waiting(("whole",), PLACE)


def test_a_member_of_a_group_who_lacks_nothing_waits_with_the_others() -> None:
    placement = place([wish("one"), wish("two")], seats(left={"one": 0}), RULES)

    assert waiting(placement) == [("one",), ()]


def test_a_share_is_counted_on_the_form_too() -> None:
    share = replace(EACH, per_library=3)
    seen = seats(left={"whole": 9}, libraries={"A": 2})

    placement = place([wish(), wish(), wish(library="B")], seen, share)

    assert placement.outcomes == (Seated(("whole",)), Left.FAIR_SHARE, Seated(("whole",)))
    assert placement.move.libraries == {"A": 1, "B": 1}
    assert placement.move.most_of_library == {"A": 2, "B": 2}


def test_one_over_the_share_keeps_a_group_out_and_counts_nobody() -> None:
    placement = place([wish()] * 2, seats(libraries={"A": 2}), replace(RULES, per_library=3))

    assert placement == Placement((Left.FULL, Left.FAIR_SHARE), Move())


def test_people_without_proof_are_counted_by_domain() -> None:
    placement = place([wish(unproven="d")] * 3, seats(left={"whole": 9}, unproven={"d": 3}), EACH)

    assert placement.outcomes == (Seated(("whole",)), Seated(("whole",)), Left.UNPROVEN)
    assert placement.move.unproven == {"d": 2}
    assert placement.move.most_unproven == {"d": 3}


def test_who_waits_without_proof_is_counted_and_who_goes_is_not() -> None:
    for rules, counted in ((RULES, {"d": 1}), (FULL, {})):
        assert place([wish(unproven="d")], seats(left={"whole": 0}), rules).move.unproven == counted


def test_a_line_has_no_more_people_without_proof_than_the_seats_may_have() -> None:
    placement = place([wish(unproven="d")], seats(left={"whole": 0}, unproven={"d": 5}), RULES)

    assert placement.outcomes == (Left.UNPROVEN,)


@pytest.mark.parametrize("waiting_list", [True, False])
def test_a_group_larger_than_the_gathering_is_told_so_and_keeps_nobody_from_a_seat(waiting_list: bool) -> None:
    rules = replace(RULES, sizes=SIZES | {"whole": 2}, waiting_list=waiting_list)

    placement = place([wish()] * 3, seats(), rules)

    assert placement == Placement((Left.TOO_LARGE,) * 3, replace(Move(), version=3))
    assert isinstance(
        place([wish()] * 2, seats(left={"whole": 1}), replace(rules, waiting_list=True)).outcomes[0], Waiting
    )


def test_a_form_that_takes_the_last_seat_and_queues_the_rest_overtakes_nobody() -> None:
    placement = place([wish()] * 2, seats(left={"whole": 1}), EACH)
    meanwhile = seats(left={"whole": 1}, waiting={"whole": 3})

    assert [type(one) for one in placement.outcomes] == [Seated, Waiting]
    assert placement.move.holds(seats(left={"whole": 1}))
    assert not placement.move.holds(meanwhile)


def test_who_goes_is_not_counted_in_a_library() -> None:
    assert place([wish()], seats(left={"whole": 0}), FULL).move.libraries == {}


WISHES = st.builds(
    Wish,
    st.sampled_from((("whole",), ("round-a", "whole"), ("round-a", "round-b", "whole"))),
    st.sampled_from(((), ("one",), ("two",), ("one", "two"))),
    st.sampled_from("AB"),
    st.sampled_from(("", "d", "e")),
)
COUNTS = st.dictionaries(st.sampled_from(POOLS), st.integers(0, 3))


@given(
    wishes=st.lists(WISHES, max_size=5),
    left=st.fixed_dictionaries({pool: st.integers(0, 4) for pool in POOLS}),
    waits=COUNTS,
    libraries=st.dictionaries(st.sampled_from("AB"), st.integers(0, 3)),
    rules=st.builds(
        Rules,
        st.just(3),
        st.fixed_dictionaries({pool: st.integers(4, 6) for pool in POOLS}),
        st.booleans(),
        st.none() | st.integers(1, 4),
        st.integers(1, 3),
        st.booleans(),
    ),
)
def test_what_is_decided_from_what_is_seen_can_be_done(
    wishes: list[Wish], left: dict[str, int], waits: dict[str, int], libraries: dict[str, int], rules: Rules
) -> None:
    seen = Seats(True, 3, left, waiting=waits, libraries=libraries, next_place=5)

    placement = place(wishes, seen, rules)

    assert placement.move.holds(seen) or placement.move == Move()
    after = placement.move.applied(seen)
    assert min(after.left.values()) >= 0
    assert after.libraries.keys() <= {"A", "B"}
    if rules.per_library is not None:
        assert all(
            count <= max(rules.per_library, libraries.get(library, 0)) for library, count in after.libraries.items()
        )
    seated = Counter(pool for one in placement.outcomes if isinstance(one, Seated) for pool in one.pools)
    lined = Counter(pool for one in placement.outcomes if isinstance(one, Waiting) for pool in one.pools)
    assert placement.move.take == seated
    assert placement.move.wait == lined
    assert not any(waits.get(pool, 0) for pool in seated)
    kinds = {_kind(one) for one in placement.outcomes}
    if rules.together:
        assert len(kinds) <= 1
    if rules.waiting_list:
        assert Left.FULL not in placement.outcomes or rules.together


def _kind(outcome: Outcome) -> type:
    return Left if isinstance(outcome, Left) else type(outcome)


@given(wishes=st.lists(WISHES, min_size=1, max_size=5))
def test_seats_that_nobody_has_looked_at_are_taken_for_plenty(wishes: list[Wish]) -> None:
    placement = place(wishes, unseen(wishes), replace(EACH, per_domain=9))

    assert all(isinstance(one, Seated) and one.pools[0] == one.pools[0] for one in placement.outcomes)
