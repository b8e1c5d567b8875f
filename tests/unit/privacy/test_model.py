"""What is kept of people, and the day it is deleted on."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from shared import limits
from shared.audit.model import KEPT as AUDIT_KEPT
from shared.logins.model import LONGEST
from shared.network import load
from shared.notices.dynamo import REQUEST_KEPT
from shared.notify.dynamo import KEPT as MAIL_KEPT
from shared.privacy.model import (
    AfterCreation,
    AfterGathering,
    Group,
    Heading,
    Periods,
    UntilDone,
    of_item,
    records,
    under,
)
from shared.registration.dynamo import KEYS_KEPT
from shared.spreadsheets.previews import KEPT_FOR

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
PERIODS = Periods(kept_months=12, needs_days=3)


def erased(group: Group, ends_at: str, periods: Periods = PERIODS) -> date:
    return periods.erased_on(group, datetime.fromisoformat(ends_at).replace(tzinfo=COPENHAGEN))


def test_needs_are_deleted_days_after_and_the_registration_months_after() -> None:
    assert erased(Group.NEEDS, "2026-10-05T11:30") == date(2026, 10, 8)
    assert erased(Group.INTEREST, "2026-10-05T11:30") == date(2026, 10, 6)
    assert erased(Group.PARTICIPATION, "2026-10-05T11:30") == date(2027, 10, 5)


@pytest.mark.parametrize(
    ("ended", "months", "on"),
    [
        ("2026-08-31T12:00", 6, date(2027, 2, 28)),
        ("2027-08-31T12:00", 6, date(2028, 2, 29)),
        ("2026-12-31T12:00", 12, date(2027, 12, 31)),
        ("2026-12-31T12:00", 2, date(2027, 2, 28)),
        ("2026-11-30T12:00", 1, date(2026, 12, 30)),
    ],
)
def test_months_are_those_of_the_calendar(ended: str, months: int, on: date) -> None:
    assert erased(Group.PARTICIPATION, ended, Periods(months, 3)) == on


def test_the_day_is_that_of_the_gatherings_own_clock() -> None:
    ends_at = datetime(2026, 10, 5, 23, 30, tzinfo=COPENHAGEN)
    just_before = datetime(2026, 10, 7, 21, 59, tzinfo=UTC)

    assert PERIODS.due(ends_at, just_before) == {Group.INTEREST}
    assert PERIODS.due(ends_at, just_before + timedelta(minutes=1)) == {Group.INTEREST, Group.NEEDS}


MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(COPENHAGEN))


@given(MOMENTS, MOMENTS, st.builds(Periods, st.integers(1, 24), st.integers(1, 30)))
def test_what_is_shown_is_when_it_is_deleted(ends_at: datetime, now: datetime, periods: Periods) -> None:
    due = periods.due(ends_at, now)

    assert due == {group for group in Group if now.date() >= periods.erased_on(group, ends_at)}
    assert not due or now > ends_at


@given(MOMENTS, st.builds(Periods, st.integers(1, 24), st.integers(1, 30)))
def test_no_link_ends_before_what_it_opens_is_deleted(ends_at: datetime, periods: Periods) -> None:
    end = periods.links_until(ends_at)

    assert Group.PARTICIPATION in periods.due(ends_at, end - timedelta(hours=1))
    assert (end - timedelta(hours=1)).date() == periods.erased_on(Group.PARTICIPATION, ends_at)


def test_the_profile_says_how_long() -> None:
    legal = load().legal

    assert legal.periods == Periods(legal.kept_months, legal.needs_kept_days)


def span_of(id: str) -> timedelta:
    [record] = [record for record in records() if record.id == id]
    until = record.until.latest if isinstance(record.until, UntilDone) else record.until
    assert isinstance(until, AfterCreation)
    return until.span


def test_the_table_says_what_the_system_does() -> None:
    assert span_of("audit") == AUDIT_KEPT
    assert span_of("mail") == MAIL_KEPT
    assert span_of("request") == KEYS_KEPT
    assert span_of("import") == KEPT_FOR
    assert span_of("login") == LONGEST
    assert span_of("links") == REQUEST_KEPT


def test_a_limits_row_lives_as_long_as_the_table_says() -> None:
    hour = limits.Limit("address", "subject", 5, timedelta(hours=1))

    assert span_of("limit") == 2 * hour.span


def test_every_row_is_whole_and_known_by_an_id_of_its_own() -> None:
    assert len({record.id for record in records()}) == len(records())
    for record in records():
        assert all((record.what, record.why, record.basis, record.recipients)), record.id


def test_every_part_has_rows() -> None:
    assert [record for heading in Heading for record in under(heading)] == list(records())
    assert all(list(under(heading)) for heading in Heading)


def test_needs_go_before_all_else_of_a_registration() -> None:
    [needs] = [record for record in records() if record.id == "needs"]

    assert needs.until == AfterGathering(Group.NEEDS)
    assert {"diet", "accommodation", "name", "email"} <= of_item("RegistrationItem")
    assert of_item("SlugItem") == frozenset()
