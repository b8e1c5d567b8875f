"""Whom a round admits, and when."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from shared.gatherings.rounds import Candidate, Round, Who, admitting, faults
from tests.support.builders import NOW, ZONE
from tests.support.programmes import a_round

WALL = ZoneInfo(ZONE)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def somebody(certified_since: date = date(2026, 1, 1), **changes: str) -> Candidate:
    given = {"email": "Deltager1@herning.example.org", "role": "staff"} | changes
    numbers = frozenset({"765700", "775600"})
    return Candidate(
        libraries=numbers, **given, certification=lambda on: "certified" if on >= certified_since else "in_progress"
    )


def admitted(*rounds: Round, now: datetime = NOW, who: Candidate | None = None) -> list[str]:
    return [one.id for one in admitting(rounds, who or somebody(), now=now, zone=WALL)]


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (Who(), True),
        (Who(certification=("certified", "none")), True),
        (Who(certification=("none",)), False),
        (Who(libraries=("775100", "765700")), True),
        (Who(libraries=("775100",)), False),
        (Who(libraries=("775600",)), True),
        (Who(roles=("leader",)), False),
        (Who(roles=("leader", "staff")), True),
        (Who(emails=("deltager1@herning.example.org",)), True),
        (Who(emails=("deltager2@herning.example.org",)), False),
        (Who(("certified",), ("765700",), ("staff",), ("deltager1@herning.example.org",)), True),
        (Who(("certified",), ("765700",), ("leader",), ("deltager1@herning.example.org",)), False),
    ],
)
def test_all_lists_hold_and_any_value_in_them(who: Who, expected: bool) -> None:
    assert a_round(who=who).admits(somebody(), WALL) is expected


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (Who(), False),
        (Who(roles=("staff",)), False),
        (Who(libraries=("7",)), True),
        (Who(certification=("none",)), True),
    ],
)
def test_a_workplace_is_to_be_proven_where_it_decides(who: Who, expected: bool) -> None:
    assert who.by_library is expected


@pytest.mark.parametrize(
    ("opens_at", "expected"),
    [
        (datetime(2026, 3, 1, 22, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 1, 23, 0, tzinfo=UTC), True),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), True),
    ],
    ids=["still the day before", "midnight", "long since"],
)
def test_certification_is_that_of_the_opening_day_on_the_wall(opens_at: datetime, expected: bool) -> None:
    certified = a_round(opens_at=opens_at, who=Who(certification=("certified",)))

    assert certified.admits(somebody(certified_since=date(2026, 3, 2)), WALL) is expected


@pytest.mark.parametrize(
    ("opens", "closes", "is_open"),
    [
        (NOW, None, True),
        (NOW, NOW + HOUR, True),
        (NOW + HOUR, None, False),
        (NOW - HOUR, NOW, False),
        (NOW - HOUR, NOW + HOUR, True),
    ],
)
def test_a_window_is_open_from_its_first_moment_to_before_its_last(
    opens: datetime, closes: datetime | None, is_open: bool
) -> None:
    assert a_round(opens_at=opens, closes_at=closes).is_open(NOW) is is_open


def test_of_several_the_one_opened_first_comes_first() -> None:
    rounds = [a_round("b", opens_at=NOW - HOUR), a_round("a", opens_at=NOW - HOUR), a_round("c", opens_at=NOW - DAY)]

    assert admitted(*rounds) == ["c", "a", "b"]


@given(
    st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 4)), max_size=5),
    st.integers(-3, 5).map(lambda h: NOW + h * HOUR),
)
def test_only_open_rounds_admit(windows: list[tuple[int, int]], now: datetime) -> None:
    rounds = [
        a_round(str(at), opens_at=NOW + start * HOUR, closes_at=NOW + (start + length) * HOUR)
        for at, (start, length) in enumerate(windows)
    ]

    found = admitting(rounds, somebody(), now=now, zone=WALL)

    assert {one.id for one in found} == {one.id for one in rounds if one.is_open(now)}
    assert [one.opens_at for one in found] == sorted(one.opens_at for one in found)


def test_seats_are_kept_until_the_roll_over_else_the_end() -> None:
    assert a_round(rolls_over_at=NOW + HOUR).kept_until == NOW + HOUR
    assert a_round().kept_until == NOW + 10 * DAY
    assert a_round(closes_at=None).kept_until is None


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, []),
        ({"name": {}}, ["rounds.0.name.da"]),
        ({"name": {"da": "Runde", "sv": "Runda"}}, ["rounds.0.name.sv"]),
        ({"closes_at": NOW}, ["rounds.0.closes_at"]),
        ({"closes_at": None}, []),
        ({"rolls_over_at": NOW + HOUR}, ["rounds.0.rolls_over_at"]),
        ({"rolls_over_at": NOW + HOUR, "reserved_seats": 2}, []),
        ({"rolls_over_at": NOW - HOUR, "reserved_seats": 2}, ["rounds.0.rolls_over_at"]),
        ({"who": Who(certification=("gold",))}, ["rounds.0.who.certification"]),
        ({"who": Who(roles=("boss",))}, ["rounds.0.who.roles"]),
    ],
)
def test_what_is_wrong_with_a_round_is_named(changes: dict[str, Any], fields: list[str]) -> None:
    assert [fault.field for fault in faults([a_round(**changes)], languages=("da", "en"))] == fields


def test_two_rounds_have_two_ids() -> None:
    assert [fault.field for fault in faults([a_round(), a_round()], languages=("da",))] == ["rounds"]
