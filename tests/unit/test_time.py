"""Moments as text: they sort as time does, and come back as they were."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given, strategies as st

from shared.time import on_wall_clock, utc_moment, utc_text, utcnow

MOMENTS = st.datetimes(
    datetime(1980, 1, 1),
    datetime(2200, 1, 1),
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


@given(one=MOMENTS, other=MOMENTS)
def test_text_sorts_as_time_does(one: datetime, other: datetime) -> None:
    assert (utc_text(one) < utc_text(other)) == (one < other)
    assert len(utc_text(one)) == len(utc_text(other))


@given(MOMENTS)
def test_a_moment_comes_back(moment: datetime) -> None:
    assert utc_moment(utc_text(moment)) == moment
    assert utc_moment(utc_text(moment)).utcoffset() == timedelta(0)


def test_the_wall_clock_is_the_zones() -> None:
    assert on_wall_clock(datetime(2026, 7, 1, 7, 0, tzinfo=UTC), "Europe/Copenhagen").hour == 9


def test_now_is_in_utc() -> None:
    assert utcnow().utcoffset() == timedelta(0)
