"""Signed links open what they were made for, for as long as they were made for, and nothing else."""

import json
import string
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from shared.links import KeyRing, LinkBroken, LinkExpired, Links, Purpose
from tests.support.builders import NOW

LATER = NOW + timedelta(days=1)


def links(key: str = "newest", *previous: str) -> Links:
    return Links(KeyRing.of(json.dumps({"key": key, "previous": previous})))


def a_token(purpose: Purpose = Purpose.REGISTRATION) -> str:
    return links().token(purpose, "gathering", "registration", expires=LATER)


@given(
    ids=st.lists(st.text(max_size=20), max_size=3),
    expires=st.datetimes(datetime(2026, 9, 2), datetime(2100, 1, 1), timezones=st.just(UTC)),
    purpose=st.sampled_from(Purpose),
)
def test_a_token_gives_back_what_was_put_into_it(ids: list[str], expires: datetime, purpose: Purpose) -> None:
    token = links().token(purpose, *ids, expires=expires)

    assert links().read(purpose, token, now=NOW) == tuple(ids)
    assert set(token) <= set(string.ascii_letters + string.digits + "-_.")


@given(at=st.integers(min_value=0), letter=st.sampled_from(string.ascii_letters + string.digits + "-_."))
def test_one_changed_character_breaks_a_token(at: int, letter: str) -> None:
    token = a_token()
    at %= len(token)
    forged = token[:at] + letter + token[at + 1 :]

    if forged != token and not _same_bits(forged, token):
        with pytest.raises(LinkBroken):
            links().read(Purpose.REGISTRATION, forged, now=NOW)


def _same_bits(forged: str, token: str) -> bool:
    """The last letter of a base64 text may have bits that nobody reads."""
    return forged[:-1] == token[:-1]


@given(st.text())
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(LinkBroken):
        links().read(Purpose.REGISTRATION, text, now=NOW)


@pytest.mark.parametrize("cut", [1, 5, 20, 60])
def test_a_token_cut_in_two_is_refused(cut: int) -> None:
    with pytest.raises(LinkBroken):
        links().read(Purpose.REGISTRATION, a_token()[:-cut], now=NOW)


@pytest.mark.parametrize("purpose", [purpose for purpose in Purpose if purpose is not Purpose.REGISTRATION])
def test_a_token_for_one_thing_opens_no_other(purpose: Purpose) -> None:
    with pytest.raises(LinkBroken):
        links().read(purpose, a_token(), now=NOW)


def test_a_token_expires_on_the_second() -> None:
    assert links().read(Purpose.REGISTRATION, a_token(), now=LATER - timedelta(seconds=1))

    with pytest.raises(LinkExpired):
        links().read(Purpose.REGISTRATION, a_token(), now=LATER)


def test_a_token_of_an_older_key_lives_on() -> None:
    token = links("older").token(Purpose.REGISTRATION, "id", expires=LATER)

    assert links("newest", "older").read(Purpose.REGISTRATION, token, now=NOW) == ("id",)


def test_a_token_of_a_key_that_was_taken_away_is_refused() -> None:
    token = links("stolen").token(Purpose.REGISTRATION, "id", expires=LATER)

    with pytest.raises(LinkBroken):
        links("newest", "older").read(Purpose.REGISTRATION, token, now=NOW)


def test_a_token_signed_by_another_key_under_the_name_of_ours_is_refused() -> None:
    key_id = a_token().partition(".")[0]
    signed = links("other").token(Purpose.REGISTRATION, "id", expires=LATER).partition(".")[2]

    with pytest.raises(LinkBroken):
        links().read(Purpose.REGISTRATION, f"{key_id}.{signed}", now=NOW)


def test_the_newest_key_signs() -> None:
    token = links("newest", "older").token(Purpose.REGISTRATION, "id", expires=LATER)

    assert links("newest").read(Purpose.REGISTRATION, token, now=NOW) == ("id",)


def test_a_key_is_not_told_by_its_id() -> None:
    assert "newest" not in a_token()
