"""Limits: spans of time that begin and end where they say."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from shared.limits import Limit, count, reached
from shared.registration.allowance import Allowance
from shared.registration.service import keyed
from shared.table import ConditionsFailed, Transaction
from tests.support.builders import NOW

SPANS = st.sampled_from([timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)])
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


def a_limit(most: int = 2, *, subject: str = "subject", span: timedelta = timedelta(hours=1), name: str = "x") -> Limit:
    return Limit(name, subject, most, span)


@given(now=MOMENTS, span=SPANS)
def test_whoever_waits_as_told_is_in_another_span(now: datetime, span: timedelta) -> None:
    limit = a_limit(span=span)

    wait = limit.retry_after(now)

    assert 1 <= wait <= span.total_seconds()
    assert limit.window(now + timedelta(seconds=wait)) > limit.window(now)


@given(now=MOMENTS, span=SPANS)
def test_a_span_is_as_long_as_it_says(now: datetime, span: timedelta) -> None:
    limit = a_limit(span=span)

    assert limit.window(now + span) == limit.window(now) + 1


def try_once(*limits: Limit, now: datetime = NOW) -> tuple[str, ...]:
    transaction = Transaction()
    for limit in limits:
        count(transaction, limit, now=now)
    try:
        transaction.commit()
    except ConditionsFailed as refused:
        return tuple(limit.name for limit in reached(refused.items, limits))
    return ()


@pytest.mark.usefixtures("table")
def test_as_many_as_allowed_pass_and_then_none_until_the_next_span() -> None:
    limit = a_limit(most=2)

    assert [try_once(limit) for _ in range(4)] == [(), (), ("x",), ("x",)]
    assert try_once(limit, now=NOW + timedelta(hours=1)) == ()


@pytest.mark.usefixtures("table")
def test_subjects_and_kinds_are_counted_apart() -> None:
    try_once(a_limit(most=1))

    assert try_once(a_limit(most=1, subject="other")) == ()
    assert try_once(a_limit(most=1, name="y")) == ()


@pytest.mark.usefixtures("table")
def test_what_one_limit_refuses_counts_for_no_other() -> None:
    narrow, wide = a_limit(most=1, name="narrow"), a_limit(most=2, name="wide")
    try_once(narrow)

    assert try_once(narrow, wide) == ("narrow",)
    assert [try_once(wide), try_once(wide)] == [(), ()]


def test_an_allowance_keeps_nobodys_address() -> None:
    limits = Allowance(100, 10, 5, unproven_per_domain=50).limits(
        network="198.51.100.7", email="Aase@herning.example.org", secret=keyed(b"key")
    )

    assert [(limit.name, limit.most) for limit in limits] == [("network", 100), ("domain", 10), ("address", 5)]
    assert not any(word in limit.subject for limit in limits for word in ("198", "aase", "herning"))


def test_capitals_make_no_other_address() -> None:
    one, other = (
        Allowance(1, 1, 1, 1).limits(network="", email=email, secret=keyed(b"key"))
        for email in ("aase@herning.example.org", "Aase@Herning.Example.org")
    )

    assert [limit.subject for limit in one] == [limit.subject for limit in other]


@given(st.text(), st.text())
def test_a_keyed_hash_tells_texts_and_keys_apart(one: str, other: str) -> None:
    hashed, elsewhere = keyed(b"key"), keyed(b"another")

    assert (hashed(one) == hashed(other)) == (one == other)
    assert hashed(one) != elsewhere(one)
    assert len(hashed(one)) == 40
