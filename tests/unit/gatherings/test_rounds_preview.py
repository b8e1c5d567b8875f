"""Who could register when, and why not."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from shared.gatherings.model import Gathering, Window
from shared.gatherings.rounds import CERTIFICATIONS, NOBODY, ROLES, Candidate, Round, Who, admitting
from shared.gatherings.rounds_preview import Bar, Outlook, Proof, Workplace, opens_to_nobody, outlooks, window_of
from tests.support.builders import NOW, ZONE, a_gathering
from tests.support.programmes import a_round

COPENHAGEN = ZoneInfo(ZONE)
HERNING, BALLERUP = "765700", "715100"
CERTIFIED_SINCE = date(2026, 9, 10)


def a_workplace(**changes: Any) -> Workplace:
    def certification(day: date) -> str:
        return "certified" if day >= CERTIFIED_SINCE else "on_the_way"

    return replace(Workplace(frozenset({HERNING}), "staff", certification, has_domains=True), **changes)


def outlook(*rounds: Round, workplace: Workplace | None = None, now: datetime = NOW, **gathering: Any) -> Outlook:
    window = window_of(a_gathering(**gathering))
    found = outlooks(rounds, [workplace or a_workplace()], window=window, now=now, zone=COPENHAGEN)
    [only] = found
    return only


def test_a_round_for_everybody_lets_everybody_in_without_proof() -> None:
    everybody = a_round()

    seen = outlook(everybody)

    assert (seen.first, seen.opens_at, seen.proof, seen.barred) == (everybody, NOW, Proof.NONE, ())


def test_the_first_round_that_lets_people_in_counts_and_the_others_say_why_not() -> None:
    leaders = a_round("leaders", who=Who(roles=("leader",)))
    later = a_round("later", opens_at=NOW + timedelta(days=3))
    latest = a_round("latest", opens_at=NOW + timedelta(days=5))

    seen = outlook(latest, leaders, later)

    assert seen.first == later
    assert [(one.round.id, one.why) for one in seen.barred] == [("leaders", (Bar.ROLE,))]


def test_all_reasons_are_told() -> None:
    who = Who(certification=("certified",), libraries=(BALLERUP,), roles=("leader",), emails=("a@example.org",))

    seen = outlook(a_round(who=who))

    assert seen.first is None
    [barred] = seen.barred
    assert barred.why == (Bar.ROLE, Bar.LIBRARY, Bar.CERTIFICATION, Bar.INVITATION)
    assert barred.certification == "on_the_way"


def test_the_certification_is_that_of_the_day_the_round_opens() -> None:
    certified = Who(certification=("certified",))
    early = a_round("early", who=certified)
    # Nearly midnight in UTC is the day after in Copenhagen.
    late = a_round("late", opens_at=datetime.fromisoformat("2026-09-09T22:30:00+00:00"), who=certified)

    seen = outlook(early, late)

    assert (seen.first, seen.certification) == (late, "certified")
    assert [one.round for one in seen.barred] == [early]


def test_where_the_library_decides_it_has_to_be_proven() -> None:
    round = a_round(who=Who(libraries=(HERNING,)))

    assert outlook(round).proof is Proof.ADDRESS
    assert outlook(round, workplace=a_workplace(has_domains=False)).proof is Proof.COORDINATOR


def test_a_round_opens_no_sooner_than_registration_does() -> None:
    opens_at = NOW + timedelta(days=2)

    assert outlook(a_round(), registration=Window(opens_at=opens_at)).opens_at == opens_at


@pytest.mark.parametrize(
    ("rounds", "nobody"),
    [
        ((), False),
        ((a_round(),), True),
        ((a_round(), a_round("later", opens_at=NOW + timedelta(days=20))), False),
        ((a_round(closes_at=None),), False),
        ((a_round(closes_at=None, who=Who(emails=(NOBODY,))),), True),
        ((a_round("late", opens_at=NOW + timedelta(days=90)),), True),
    ],
)
def test_it_is_told_when_nobody_will_get_in_before_the_start(rounds: tuple[Round, ...], nobody: bool) -> None:
    assert opens_to_nobody(a_gathering(rounds=rounds), NOW + timedelta(days=10)) == nobody


def test_a_round_that_is_over_before_registration_opens_lets_nobody_in() -> None:
    seen = outlook(a_round(), registration=Window(opens_at=NOW + timedelta(days=20)))

    assert seen.first is None
    assert [one.why for one in seen.barred] == [(Bar.WINDOW,)]


def test_a_round_that_opens_after_registration_has_closed_lets_nobody_in() -> None:
    seen = outlook(a_round(closes_at=None), registration=Window(closes_at=NOW - timedelta(days=1)))

    assert [one.why for one in seen.barred] == [(Bar.WINDOW,)]


def test_a_round_that_has_closed_lets_nobody_in_and_the_next_one_does() -> None:
    first, second = a_round(), a_round("second", opens_at=NOW + timedelta(days=5))

    before, after = (outlook(first, second, now=NOW + timedelta(days=days)) for days in (6, 12))
    at_last = outlook(first, second, now=NOW + timedelta(days=20))

    assert (before.first, after.first, at_last.first) == (first, second, None)
    assert [(one.round.id, one.why) for one in after.barred] == [("first", (Bar.OVER,))]
    assert [one.why for one in at_last.barred] == [(Bar.OVER,), (Bar.OVER,)]


def test_the_rounds_of_a_programme_have_no_end_but_their_own() -> None:
    endless = a_round(closes_at=None)

    [seen] = outlooks([endless], [a_workplace()], window=Window(), now=NOW + timedelta(days=900), zone=COPENHAGEN)

    assert seen.first == endless


def some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True).map(tuple)


@st.composite
def some_rounds(draw: st.DrawFn) -> tuple[Round, ...]:
    found = []
    for number in range(draw(st.integers(1, 4))):
        opens_at = NOW + timedelta(hours=draw(st.integers(0, 300)))
        closes_at = draw(st.none() | st.integers(1, 300).map(lambda hours: opens_at + timedelta(hours=hours)))  # noqa: B023
        who = Who(draw(some(CERTIFICATIONS)), draw(some((HERNING, BALLERUP))), draw(some(ROLES)))
        found.append(Round(str(number), {"da": "Runde"}, opens_at, closes_at, who))
    return tuple(found)


@given(rounds=some_rounds(), role=st.sampled_from(ROLES))
def test_registration_says_the_same_as_the_preview(rounds: tuple[Round, ...], role: str) -> None:
    workplace = a_workplace(role=role)
    seen = outlook(*rounds, workplace=workplace)
    somebody = Candidate("somebody@example.org", workplace.libraries, role, workplace.certification)

    def admitted(now: datetime) -> bool:
        return bool(admitting(rounds, somebody, now=now, zone=COPENHAGEN))

    moments = [NOW + timedelta(hours=hours) for hours in range(-1, 301)]
    first = next((now for now in moments if admitted(now) and takes_registrations(rounds, now)), None)
    assert seen.opens_at == first


def takes_registrations(rounds: tuple[Round, ...], now: datetime) -> bool:
    gathering: Gathering = a_gathering(rounds=rounds)
    return now < gathering.registration_closes_at
