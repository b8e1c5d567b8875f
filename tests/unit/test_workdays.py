"""Working days: deadlines that people can keep, and days that planners are warned about."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given, strategies as st

from shared.network import Network
from shared.workdays import Reason, Workdays
from tests.support.builders import NETWORK

DAYS: Final = Workdays(NETWORK)
FAR: Final = datetime(2200, 1, 1, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NETWORK.zone)


def on_the_wall(moment: datetime) -> str:
    assert moment.utcoffset() == timedelta(0)
    return moment.astimezone(NETWORK.zone).strftime("%a %Y-%m-%d %H:%M")


def said_of(day: str, language: str = "da") -> list[str]:
    found = DAYS.warnings(date.fromisoformat(day), language=language)
    return [warning.message % warning.values for warning in found]


def a_profile(**changes: object) -> Network:
    return Network.model_validate(NETWORK.model_dump() | changes)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-10-05", True),
        ("2026-10-10", False),
        ("2026-10-11", False),
        ("2026-04-02", False),  # Maundy Thursday
        ("2026-04-03", False),  # Good Friday
        ("2026-04-06", False),  # Easter Monday
        ("2026-04-07", True),
        ("2023-05-05", False),  # Great Prayer Day, abolished from 2024
        ("2026-05-01", True),
        ("2026-12-25", False),
    ],
)
def test_a_working_day_is_monday_to_friday_and_no_public_holiday(day: str, works: bool) -> None:
    assert DAYS.is_workday(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-10-05T09:00", "Wed 2026-10-07 16:00"),
        ("2026-10-05T23:59", "Wed 2026-10-07 16:00"),
        ("2026-10-08T09:00", "Mon 2026-10-12 16:00"),
        ("2026-10-10T09:00", "Tue 2026-10-13 16:00"),
        ("2026-04-01T09:00", "Wed 2026-04-08 16:00"),  # Easter lies between
        ("2026-03-27T09:00", "Tue 2026-03-31 16:00"),  # clocks go forward on the 29th
        ("2026-10-23T09:00", "Tue 2026-10-27 16:00"),  # and back on the 25th
    ],
)
def test_a_seat_is_held_until_four_on_the_second_working_day(now: str, until: str) -> None:
    assert on_the_wall(DAYS.hold_until(wall(now), FAR)) == until


def test_today_is_the_day_on_the_wall_and_not_in_utc() -> None:
    just_after_midnight = datetime(2026, 10, 5, 22, 30, tzinfo=UTC)

    assert on_the_wall(DAYS.hold_until(just_after_midnight, FAR)) == "Thu 2026-10-08 16:00"


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-10-05T10:00", "Tue 2026-10-06 10:00"),
        ("2026-10-05T20:00", "Tue 2026-10-06 20:00"),
        ("2026-10-05T20:01", "Wed 2026-10-07 08:00"),
        ("2026-10-06T03:00", "Wed 2026-10-07 08:00"),
        ("2026-10-09T10:00", "Mon 2026-10-12 08:00"),
        ("2026-10-09T14:00", "Mon 2026-10-12 12:00"),
        ("2026-10-10T10:00", "Mon 2026-10-12 12:00"),
        ("2026-10-11T05:00", "Mon 2026-10-12 12:00"),
        ("2026-10-11T15:00", "Mon 2026-10-12 15:00"),
        ("2026-04-01T15:00", "Tue 2026-04-07 12:00"),  # Easter lies between
        ("2026-03-28T21:30", "Mon 2026-03-30 12:00"),  # the 29th has 23 hours
        ("2026-10-25T01:30", "Mon 2026-10-26 12:00"),  # the 25th has 25 hours
    ],
)
def test_an_offer_runs_out_when_people_are_at_work(now: str, until: str) -> None:
    assert on_the_wall(DAYS.offer_until(wall(now), FAR)) == until


@given(MOMENTS)
def test_a_deadline_is_on_a_working_day_in_working_hours(now: datetime) -> None:
    hold, offer = (
        moment.astimezone(NETWORK.zone) for moment in (DAYS.hold_until(now, FAR), DAYS.offer_until(now, FAR))
    )

    assert DAYS.is_workday(hold.date()) and (hold.hour, hold.minute) == (16, 0)
    assert DAYS.is_workday(offer.date()) and offer.hour >= 8 and (offer.hour, offer.minute) <= (20, 0)


@given(MOMENTS)
def test_an_offer_gives_24_hours_and_a_hold_a_whole_working_day(now: datetime) -> None:
    today = now.astimezone(NETWORK.zone).date()
    until = DAYS.hold_until(now, FAR).astimezone(NETWORK.zone).date()
    between = [today + timedelta(days=n) for n in range(1, (until - today).days)]

    assert DAYS.offer_until(now, FAR) - now >= timedelta(hours=24)
    assert sum(map(DAYS.is_workday, between)) == 1


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=10)))
def test_who_is_asked_later_never_has_to_answer_sooner(now: datetime, later: timedelta) -> None:
    assert DAYS.offer_until(now, FAR) <= DAYS.offer_until(now + later, FAR)
    assert DAYS.hold_until(now, FAR) <= DAYS.hold_until(now + later, FAR)


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=10)))
def test_no_deadline_lies_after_the_latest(now: datetime, left: timedelta) -> None:
    latest = (now + left).astimezone(NETWORK.zone)

    for until in (DAYS.hold_until(now, latest), DAYS.offer_until(now, latest)):
        assert until <= latest
        assert until.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-10-05", []),
        ("2026-10-10", ["A weekend."]),
        ("2026-10-14", ["Week 42, which the network avoids."]),
        ("2026-10-17", ["A weekend.", "Week 42, which the network avoids."]),
        ("2026-05-14", ["A holiday: Kristi himmelfartsdag."]),
        ("2026-05-15", ["A single working day between days off."]),
        ("2026-06-05", ["Many have the day off: Grundlovsdag."]),
        ("2026-12-24", ["Many have the day off: Juleaftensdag."]),
        ("2026-12-31", ["Many have the day off: Nytårsaften."]),
        ("2026-04-05", ["A holiday: Påskedag."]),
    ],
)
def test_planners_are_warned_about_a_day(day: str, said: list[str]) -> None:
    assert said_of(day) == said


def test_a_holiday_is_named_in_the_language_of_the_reader() -> None:
    assert said_of("2026-04-06", "en") == ["A holiday: Easter Monday."]
    assert said_of("2026-04-06", "fr") == ["A holiday: Anden påskedag."]


def test_another_country_has_other_holidays() -> None:
    calendar = {"holiday_country": "CA", "weeks_to_avoid": ()}
    elsewhere = Workdays(a_profile(calendar=calendar, time_zone="America/Halifax"))

    [warning] = elsewhere.warnings(date(2026, 7, 1), language="en")
    assert (warning.reason, warning.values) == (Reason.HOLIDAY, {"name": "Canada Day"})
    assert elsewhere.is_workday(date(2026, 5, 14))


def test_the_holidays_are_not_loaded_before_they_are_asked_for() -> None:
    asked = "import sys; from shared import network, workdays; workdays.Workdays(network.load()); "
    subprocess.run([sys.executable, "-c", asked + "assert 'holidays' not in sys.modules"], check=True)
