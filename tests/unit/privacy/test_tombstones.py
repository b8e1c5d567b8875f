"""What is counted when a registration is deleted, and that the order of deletion does not matter."""

from dataclasses import replace
from typing import Any

from hypothesis import given, strategies as st

from shared.privacy.tombstones import Participation, Tombstone, tombstone


def a_participation(
    gathering: str = "one", *, year: int = 2026, programme: str | None = "x", **more: Any
) -> Participation:
    return Participation(gathering, programme, year, "765700", "staff", more.pop("status", "confirmed"), **more)


def flags(one: Tombstone) -> tuple[bool, bool, bool]:
    return one.first_ever, one.first_in_programme, one.first_in_year


def test_a_tombstone_counts_and_names_nobody() -> None:
    left = tombstone(a_participation(attended=True, marks=frozenset({"year-2026"})), [])

    assert left == Tombstone(
        gathering_id="one",
        library="765700",
        role="staff",
        status="confirmed",
        attended=True,
        first_ever=True,
        first_in_programme=True,
        first_in_year=False,
    )


def test_only_the_first_is_the_first() -> None:
    first = a_participation("one")

    assert flags(tombstone(first, [])) == (True, True, True)
    assert flags(tombstone(a_participation("two"), [first])) == (False, False, False)
    assert flags(tombstone(a_participation("two", year=2027), [first])) == (False, False, True)
    assert flags(tombstone(a_participation("two", programme="y"), [first])) == (False, True, False)
    assert flags(tombstone(a_participation("two", programme=None, year=2027), [first])) == (False, False, True)


def test_what_was_cancelled_is_nobodys_first_and_takes_it_from_nobody() -> None:
    cancelled = a_participation("one", status="cancelled", took_part=False)

    assert flags(tombstone(cancelled, [])) == (False, False, False)
    assert flags(tombstone(a_participation("two"), [cancelled])) == (True, True, True)


def test_what_was_cancelled_passes_on_what_it_was_given() -> None:
    first = a_participation("one", programme="x")
    cancelled = a_participation("two", programme=None, took_part=False, marks=first.leaves)

    assert flags(tombstone(a_participation("three"), [cancelled])) == (False, False, False)


def test_a_registration_made_after_the_first_is_gone_learns_of_it_from_those_between() -> None:
    first = a_participation("one", programme="x")
    between = a_participation("two", programme="y", year=2027, marks=first.leaves)

    assert flags(tombstone(a_participation("three", programme="x", year=2027), [between])) == (False, False, False)


LIVES = st.lists(
    st.builds(
        a_participation,
        gathering=st.uuids().map(str),
        year=st.integers(2026, 2028),
        programme=st.sampled_from(["x", "y", None]),
        took_part=st.booleans(),
    ),
    max_size=6,
)


@given(LIVES, st.data())
def test_in_whatever_order_they_are_deleted_the_counts_are_those_of_who_knows_all(
    life: list[Participation], data: st.DataObject
) -> None:
    known = [tombstone(one, life[:at]) for at, one in enumerate(life)]
    kept = dict(enumerate(life))

    left: dict[int, Tombstone] = {}
    for at in data.draw(st.permutations(range(len(life)))):
        one = kept.pop(at)
        left[at] = tombstone(one, [other for place, other in kept.items() if place < at])
        kept |= {place: replace(other, marks=other.marks | one.leaves) for place, other in kept.items() if place > at}

    assert [left[at] for at in range(len(life))] == known
