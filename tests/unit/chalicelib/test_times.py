"""Days and times as people write them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from chalicelib.forms import times
from chalicelib.forms.times import ClockRepeats, ClockSkips, OutOfReach, Pass

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
NIGHT_FORWARD, NIGHT_BACK = date(2027, 3, 28), date(2027, 10, 31)


@pytest.mark.parametrize(
    "written",
    [
        "05.10.2026",
        "5.10.2026",
        "5/10-2026",
        "5/10 2026",
        "5-10-2026",
        "5/10/2026",
        " 2026-10-05 ",
        "5. 10. 2026",
        "5.10.26",
    ],
)
def test_a_day_is_read_as_danes_write_it(written: str) -> None:
    assert times.day(written) == date(2026, 10, 5)


@pytest.mark.parametrize("written", ["", "5. oktober", "31.02.2027", "10/2026", "2026", "2026-13-01", "i morgen"])
def test_what_is_no_day_is_refused(written: str) -> None:
    with pytest.raises(ValueError):
        times.day(written)


@pytest.mark.parametrize("written", ["0026-10-05", "0001-01-01", "9999-12-31", "31.12.1999", "1.1.2200"])
def test_a_day_that_nothing_can_be_planned_for_is_refused(written: str) -> None:
    with pytest.raises(OutOfReach):
        times.day(written)


@pytest.mark.parametrize("written", ["9.00", "09:00", "9", "09.00", "kl. 9.00", "kl 9", " 9:00 ", "09:00:00"])
def test_a_time_is_read_as_danes_write_it(written: str) -> None:
    assert times.clock(written) == time(9)


@pytest.mark.parametrize("written", ["", "24.00", "9.60", "9.0", "9 pm", "ni"])
def test_what_is_no_time_is_refused(written: str) -> None:
    with pytest.raises(ValueError):
        times.clock(written)


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2199, 12, 31)), st.times())
def test_what_a_field_shows_is_read_again(day: date, clock: time) -> None:
    assert times.day(day.isoformat()) == day
    assert times.clock(times.shown_clock(clock)) == clock


def test_the_clock_skips_an_hour_in_spring() -> None:
    with pytest.raises(ClockSkips):
        times.on_the_wall(NIGHT_FORWARD, time(2, 30), COPENHAGEN)
    assert times.on_the_wall(NIGHT_FORWARD, time(3), COPENHAGEN).astimezone(UTC).hour == 1


def test_in_autumn_it_has_to_be_said_which_of_two_is_meant() -> None:
    with pytest.raises(ClockRepeats):
        times.moment(NIGHT_BACK, time(2, 30), COPENHAGEN)

    first = times.moment(NIGHT_BACK, time(2, 30), COPENHAGEN, Pass.FIRST)
    second = times.moment(NIGHT_BACK, time(2, 30), COPENHAGEN, Pass.SECOND)

    assert second.astimezone(UTC) - first.astimezone(UTC) == timedelta(hours=1)
    assert (times.which(first, COPENHAGEN), times.which(second, COPENHAGEN)) == (Pass.FIRST, Pass.SECOND)


def test_on_other_days_nothing_has_to_be_said() -> None:
    assert times.moment(date(2026, 10, 5), time(9), COPENHAGEN) == datetime(2026, 10, 5, 7, tzinfo=UTC)


@given(st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2028, 1, 1), timezones=st.just(UTC)))
def test_every_moment_can_be_written(moment: datetime) -> None:
    local = moment.astimezone(COPENHAGEN)

    again = times.moment(local.date(), local.time(), COPENHAGEN, times.which(moment, COPENHAGEN))

    assert again.astimezone(UTC) == moment
