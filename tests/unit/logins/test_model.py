"""The way to a login and the login itself: nobody else's answer, nobody else's form, no longer than it may."""

import base64
import hashlib
import re
from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from shared.logins.model import FRESH, IDLE, LONGEST, Attempt, FormUntrusted, Login, LoginFailed, key, own
from shared.people.model import Person
from shared.roles import Role
from tests.support.builders import NOW

PERSON = Person("id", "tovholder@example.org", frozenset({Role.COORDINATOR}))
SPANS = st.timedeltas(timedelta(), timedelta(hours=24))


def test_the_challenge_is_the_hash_of_the_verifier() -> None:
    attempt = Attempt.begin(None)

    hashed = hashlib.sha256(attempt.verifier.encode()).digest()
    assert attempt.challenge == base64.urlsafe_b64encode(hashed).decode().rstrip("=")
    assert re.fullmatch(r"[A-Za-z0-9\-._~]{43,128}", attempt.verifier), "RFC 7636, 4.1"


def test_state_nonce_and_verifier_do_not_lead_to_one_another() -> None:
    attempt = Attempt.begin(None)

    assert len({attempt.secret, attempt.state, attempt.nonce, attempt.verifier, attempt.challenge}) == 5


def test_a_cookie_brings_the_attempt_back() -> None:
    attempt = Attempt.begin("/en/tovholder/log?month=2026-08&after=a.b")

    assert Attempt.read(attempt.cookie) == attempt


@given(st.text())
def test_whatever_stands_in_the_cookie_leads_nowhere_else(cookie: str) -> None:
    attempt = Attempt.read(cookie)

    assert re.match(r"/([a-z]{2}/)?tovholder", attempt.return_to)
    with pytest.raises(LoginFailed):
        attempt.require_answer("")


@given(st.text())
def test_only_the_attempts_own_state_answers_it(state: str) -> None:
    attempt = Attempt.begin(None)

    attempt.require_answer(attempt.state)
    with pytest.raises(LoginFailed):
        attempt.require_answer(state)


@pytest.mark.parametrize(
    "address",
    ["/tovholder", "/tovholder/", "/en/tovholder/log", "/tovholder/log?month=2026-08", "/tovholder/mennesker/x-1_2"],
)
def test_an_address_of_the_coordinators_pages_is_our_own(address: str) -> None:
    assert own(address) == address


@pytest.mark.parametrize(
    "address",
    [
        *(None, "", "/", "/privatliv", "tovholder/", "https://example.org/tovholder/", "//example.org/tovholder/"),
        *(
            "/\\example.org/tovholder",
            "/tovholder\\x",
            "/tovholder/ x",
            "/tovholder/\nx",
            "/tovholderen",
            "/tovholder#x",
        ),
        *("/tovholder/login", "/en/tovholder/login/callback?code=x", "/eng/tovholder/", "/tovholder/é"),
    ],
)
def test_any_other_address_is_not(address: str | None) -> None:
    assert own(address) == "/tovholder/"


@given(st.lists(SPANS, max_size=40))
def test_no_use_makes_a_login_last_longer_than_it_may(spans: list[timedelta]) -> None:
    login, now = Login.begin(PERSON, NOW), NOW

    for span in spans:
        now += span
        if now >= login.ends_at:
            break
        if not login.is_fresh(now):
            login = login.checked(PERSON, now)
        assert now < login.started_at + LONGEST
        assert login.ends_at <= login.checked_at + IDLE


def test_what_is_known_of_a_person_is_fresh_for_a_while() -> None:
    login = Login.begin(PERSON, NOW)

    assert login.is_fresh(NOW + FRESH - timedelta(seconds=1))
    assert not login.is_fresh(NOW + FRESH)


def test_each_login_has_a_form_token_of_its_own() -> None:
    login, another = Login.begin(PERSON, NOW), Login.begin(PERSON, NOW)

    login.require_form(login.csrf)
    for token in (another.csrf, "", login.id, key(login.id), "é"):
        with pytest.raises(FormUntrusted):
            login.require_form(token)


def test_what_opens_the_door_is_not_shown_in_logs() -> None:
    login, attempt = Login.begin(PERSON, NOW), Attempt.begin(None)

    assert login.id not in repr(login)
    assert attempt.secret not in repr(attempt)
