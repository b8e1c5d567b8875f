"""When registration opens to somebody."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from shared.gatherings.model import FairShare, Gathering, State, Window
from shared.gatherings.openings import UNKNOWN, opening
from shared.gatherings.rounds import Candidate, Round, Who, admitting
from tests.support.builders import NETWORK, NOW, a_published_gathering

ZONE = NETWORK.zone
DAY = timedelta(days=1)


def a_round(id: str, opens: int, closes: int | None = None, **who: Any) -> Round:
    """A round that opens and closes so many days from now."""
    return Round(id, {"da": id}, NOW + opens * DAY, None if closes is None else NOW + closes * DAY, Who(**who))


def somebody(library: str = "765700", role: str = "staff", email: str = "deltager1@herning.example.org") -> Candidate:
    numbers = frozenset({library} if library else ())
    return Candidate(email, numbers, role, lambda on: "certified" if library == "765700" else "none")


NOBODY_KNOWN = somebody(UNKNOWN, UNKNOWN)


def when(gathering: Gathering, candidate: Candidate | None = None, *, after_share: bool = False) -> int | None:
    """In how many days."""
    moment = opening(gathering, candidate or somebody(), after_share=after_share, now=NOW, zone=ZONE)
    return None if moment is None else (moment - NOW).days


def test_without_rounds_the_window_decides() -> None:
    gathering = a_published_gathering()

    assert when(gathering) == 0
    assert when(replace(gathering, registration=Window(opens_at=NOW + 3 * DAY))) == 3
    assert when(replace(gathering, registration=Window(closes_at=NOW))) is None


def test_the_first_round_that_admits_somebody_decides() -> None:
    rounds = (a_round("certified", 2, certification=("certified",)), a_round("rest", 9))
    gathering = a_published_gathering(rounds=rounds)

    assert when(gathering) == 2
    assert when(gathering, somebody("710100")) == 9
    assert when(replace(gathering, rounds=rounds[:1]), somebody("710100")) is None


def test_a_round_opens_no_sooner_than_the_window_and_no_later_than_it_closes() -> None:
    gathering = a_published_gathering(rounds=(a_round("one", 1),))

    assert when(replace(gathering, registration=Window(opens_at=NOW + 4 * DAY))) == 4
    assert when(replace(gathering, registration=Window(closes_at=NOW + 1 * DAY))) is None
    assert when(replace(gathering, rounds=(a_round("over", -3, -1),))) is None


def test_what_somebody_has_not_said_is_taken_to_fit() -> None:
    gathering = a_published_gathering(
        rounds=(a_round("leaders", 2, certification=("certified",), roles=("leader",)), a_round("rest", 9))
    )

    assert when(gathering, NOBODY_KNOWN) == 2
    assert when(gathering, somebody(UNKNOWN, "staff")) == 9
    assert when(gathering, somebody("710100", UNKNOWN)) == 9
    assert when(gathering, somebody("765700", UNKNOWN)) == 2


def test_a_round_for_certain_addresses_is_for_no_other() -> None:
    gathering = a_published_gathering(rounds=(a_round("invited", 2, emails=("deltager1@herning.example.org",)),))

    assert when(gathering, somebody(UNKNOWN, UNKNOWN)) == 2
    assert when(gathering, somebody(email="deltager2@herning.example.org")) is None


def test_who_waits_for_the_end_of_the_fair_share_is_told_then() -> None:
    gathering = a_published_gathering(fair_share=FairShare(2, NOW + 5 * DAY))

    assert when(gathering) == 0
    assert when(gathering, after_share=True) == 5
    assert when(replace(gathering, fair_share=FairShare(2)), after_share=True) is None
    assert when(replace(gathering, fair_share=None), after_share=True) == 0


@pytest.mark.parametrize("state", [State.DRAFT, State.CANCELLED])
def test_only_what_is_published_opens(state: State) -> None:
    assert when(replace(a_published_gathering(), state=state)) is None


MOMENTS = st.datetimes(datetime(2026, 8, 1), datetime(2026, 10, 1), timezones=st.just(UTC))


@st.composite
def rounds(draw: st.DrawFn) -> Round:
    opens, closes = sorted((draw(MOMENTS), draw(MOMENTS)))
    who = Who(roles=draw(st.sampled_from([(), ("staff",), ("leader",)])))
    return Round(draw(st.uuids().map(str)), {"da": "Runde"}, opens, draw(st.sampled_from([None, closes])), who)


@given(st.lists(rounds(), min_size=1, max_size=4), st.none() | MOMENTS)
def test_at_the_moment_that_is_told_somebody_can_register_and_not_before(
    found: list[Round], opens_at: datetime | None
) -> None:
    gathering = a_published_gathering(rounds=tuple(found), registration=Window(opens_at=opens_at))

    def can_register(at: datetime) -> bool:
        admitted = admitting(found, somebody(), now=at, zone=ZONE)
        return gathering.takes_registrations(at) and bool(admitted)

    moment = opening(gathering, somebody(), after_share=False, now=NOW, zone=ZONE)

    starts = {NOW, *(one.opens_at for one in found), *([opens_at] if opens_at else [])}
    possible = sorted(at for at in starts if at >= NOW and can_register(at))
    assert moment == (possible[0] if possible else None)
