"""What months figures are of, and what is told of those that can be followed."""

from datetime import UTC, date, datetime

import pytest

from shared.viewing.model import Period, Tally, month_of
from tests.support.builders import NETWORK


@pytest.mark.parametrize(
    ("period", "today", "since"),
    [
        (Period.YEAR, date(2026, 11, 30), "2026-01"),
        (Period.TWELVE_MONTHS, date(2026, 11, 30), "2025-12"),
        (Period.TWELVE_MONTHS, date(2026, 12, 31), "2026-01"),
        (Period.TWELVE_MONTHS, date(2027, 1, 31), "2026-02"),
        (Period.EVER, date(2026, 11, 30), None),
    ],
)
def test_a_period_begins_with_a_month(period: Period, today: date, since: str | None) -> None:
    assert period.since(today) == since


@pytest.mark.parametrize(
    ("moment", "month"),
    [
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), "2026-12"),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), "2027-01"),
        (datetime(2026, 6, 30, 22, 0, tzinfo=UTC), "2026-07"),
    ],
)
def test_a_month_begins_at_midnight_of_the_networks_clock(moment: datetime, month: str) -> None:
    assert month_of(moment, NETWORK.zone) == month


@pytest.mark.parametrize(
    ("tally", "share"),
    [
        (Tally(), None),
        (Tally(plays=7), None),
        (Tally(plays=9, followed=3, completed=2), 67),
        (Tally(plays=3, followed=3), 0),
        (Tally(plays=1, followed=1, completed=2), 100),
    ],
)
def test_the_share_is_of_plays_that_could_be_followed(tally: Tally, share: int | None) -> None:
    assert tally.share == share


def test_figures_are_added() -> None:
    assert sum([Tally(4), Tally(2, 2, 1), Tally(3, 3)], Tally()) == Tally(plays=9, followed=5, completed=1)
