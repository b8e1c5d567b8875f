"""The line moves from its head, pool by pool."""

from collections import Counter
from typing import Any

from hypothesis import given, strategies as st

from shared.gatherings.seating import Move, Seats
from shared.registration.line import Longer, Member, Offer, Party, next_step, position

SIZES = dict.fromkeys(("whole", "one", "two", "three", "round-a"), 9)
"""As many seats as anybody here could want."""


def seats(**left: int) -> Seats:
    return Seats(True, 3, left, line=4)


def party(place: int, *members: tuple[str, ...], pools: str = "whole", **changes: Any) -> Party:
    """Return people who wait: each named after the place and a letter, and needing a general pool and others."""
    return Party(
        place,
        tuple(Member(f"{place}{letter}", ("whole",), others) for letter, others in zip("abcde", members, strict=False)),
        frozenset(pools.split()),
        **changes,
    )


def test_a_free_seat_is_for_the_head_of_the_line() -> None:
    first, second = party(1, ()), party(2, ())

    step = next_step((first, second), seats(whole=1), SIZES)

    assert step == Offer(
        first, None, {"1a": ("whole",)}, Move(take={"whole": 1}, wait={"whole": -1}, line=4, version=3)
    )


def test_without_a_free_seat_nobody_moves() -> None:
    assert next_step((party(1, ()), party(2, ())), seats(whole=0), SIZES) is None
    assert next_step((), seats(whole=1), SIZES) is None


def test_who_is_behind_goes_first_where_who_is_ahead_does_not_wait() -> None:
    first, second = party(1, ("one",), pools="one"), party(2, ("two",), pools="two")

    step = next_step((first, second), seats(whole=5, one=0, two=1), SIZES)

    assert isinstance(step, Offer)
    assert step.before is second


def test_a_seat_is_kept_for_who_is_ahead_and_needs_another_besides() -> None:
    first, second = party(1, ("one", "two"), pools="one two"), party(2, ("two",), pools="two")

    assert next_step((first, second), seats(whole=5, one=0, two=1), SIZES) is None


def test_what_has_become_full_is_waited_for_too() -> None:
    first = party(1, ("one", "two"), pools="one")

    step = next_step((first,), seats(whole=5, one=1, two=0), SIZES)

    assert isinstance(step, Longer)
    assert step.after == party(1, ("one", "two"), pools="one two", version=2)
    assert step.move == Move(wait={"two": 1}, line=4, version=3)


def test_what_is_kept_for_who_is_ahead_is_waited_for_too() -> None:
    first, second = party(1, ("one", "two"), pools="one two"), party(2, ("two", "three"), pools="three")

    step = next_step((first, second), seats(whole=5, one=0, two=1, three=1), SIZES)

    assert isinstance(step, Longer)
    assert (step.before, step.after.pools) == (second, frozenset({"two", "three"}))


def test_who_waits_together_is_offered_seats_together() -> None:
    both = party(1, ("one",), ("two",), pools="one whole")

    assert next_step((both,), seats(whole=1, one=1, two=1), SIZES) is None
    step = next_step((both,), seats(whole=2, one=1, two=1), SIZES)

    assert isinstance(step, Offer)
    assert (step.after, step.pools) == (None, {"1a": ("whole", "one"), "1b": ("whole", "two")})
    assert step.move == Move(take={"whole": 2, "one": 1, "two": 1}, wait={"whole": -2, "one": -1}, line=4, version=3)


def test_who_waits_together_and_has_become_too_many_for_that_is_offered_seats_one_by_one() -> None:
    both, behind = party(1, (), ()), party(2, ())

    step = next_step((both, behind), seats(whole=1), {"whole": 1})

    assert isinstance(step, Offer)
    assert step.pools == {"1a": ("whole",)}
    assert next_step((both, behind), seats(whole=1), {"whole": 2}) is None, "there may be seats for both some day"


def test_who_waits_one_by_one_is_offered_a_seat_one_by_one() -> None:
    each = party(1, (), (), together=False)

    step = next_step((each, party(2, ())), seats(whole=1), SIZES)

    assert isinstance(step, Offer)
    assert step.pools == {"1a": ("whole",)}
    assert step.after is not None
    assert [member.registration_id for member in step.after.members] == ["1b"]
    assert (step.after.version, step.after.place) == (2, 1)
    assert step.move.wait == {"whole": -1}


def test_those_of_one_place_do_not_overtake_one_another() -> None:
    each = party(1, ("one",), (), pools="one whole", together=False)

    assert next_step((each,), seats(whole=1, one=0), SIZES) is None


def test_reserved_seats_come_first() -> None:
    member = Member("a", ("round-a", "whole"), ())
    waiting = Party(1, (member,), frozenset({"round-a", "whole"}))

    step = next_step((waiting,), Seats(True, 3, {"round-a": 1, "whole": 1}), SIZES)
    assert isinstance(step, Offer)
    assert step.pools == {"a": ("round-a",)}

    step = next_step((waiting,), Seats(True, 3, {"whole": 1}), SIZES)
    assert isinstance(step, Offer)
    assert step.pools == {"a": ("whole",)}


def test_positions_count_people_in_the_same_pools() -> None:
    line = (
        party(1, ("one",), pools="one"),
        party(2, ("two",), ("two",), pools="two"),
        party(3, ("one", "two"), pools="one two"),
        party(4, ("one",), (), pools="one"),
    )

    assert [position(line, id) for id in ("1a", "2a", "2b", "3a", "4a", "4b", "gone")] == [1, 1, 2, 3, 3, 1, None]


def test_who_leaves_takes_along_what_nobody_else_waits_for() -> None:
    both = party(1, ("one",), ("two",), pools="one two")

    rest = both.without("1b")

    assert (rest.pools, rest.version) == (frozenset({"one"}), 2)
    assert both.counted() == {"one": 1, "two": 1}
    assert both.without("1a").without("1b").pools == frozenset()


OTHERS = st.sampled_from(((), ("one",), ("two",), ("one", "two")))


@st.composite
def lines(draw: st.DrawFn) -> tuple[Party, ...]:
    """Lines in which everybody waits for something."""
    parties = []
    for place in range(1, draw(st.integers(1, 5)) + 1):
        members = draw(st.lists(OTHERS, min_size=1, max_size=3))
        needed = sorted({"whole", *(pool for one in members for pool in one)})
        pools = draw(st.sets(st.sampled_from(needed), min_size=1))
        parties.append(party(place, *members, pools=" ".join(pools), together=draw(st.booleans())))
    return tuple(parties)


SOME = st.fixed_dictionaries({pool: st.integers(0, 3) for pool in ("whole", "one", "two")})


@given(line=lines(), left=SOME, taken=SOME)
def test_the_line_comes_to_rest_with_nobody_overtaken(
    line: tuple[Party, ...], left: dict[str, int], taken: dict[str, int]
) -> None:
    sizes = {pool: left[pool] + taken[pool] for pool in left}
    waits: Counter[str] = sum((one.counted() for one in line), Counter())
    seen = Seats(True, 3, left, waiting=waits)
    steps = 0

    while (step := next_step(line, seen, sizes)) is not None:
        steps += 1
        assert steps < 100
        assert step.move.holds(seen)
        if isinstance(step, Offer):
            for id, pools in step.pools.items():
                ahead = [one for one in line if one.place < step.before.place]
                assert not any(pool in one.pools for one in ahead for pool in pools), id
            line = tuple(one for one in (step.after if one is step.before else one for one in line) if one is not None)
        else:
            line = tuple(step.after if one is step.before else one for one in line)
        seen = step.move.applied(seen)
        assert {pool: n for pool, n in seen.waiting.items() if n} == dict(
            sum((one.counted() for one in line), Counter())
        )

    assert min(seen.left.values()) >= 0
    if line:
        head = next(line[0].units(sizes))
        need = Counter(pool for member in head.members for pool in ("whole", *member.others))
        assert any(seen.left[pool] < count for pool, count in need.items())
