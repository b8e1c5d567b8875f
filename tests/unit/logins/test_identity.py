"""ID tokens: made for us, for this nonce, and no access tokens."""

from datetime import timedelta
from typing import Any

import pytest

from shared.people.model import Person
from shared.roles import NotSignedIn, Role
from shared.tokens import TokenReader
from tests.support.builders import NOW
from tests.support.sign_in import CLIENT_ID, EMAIL, ISSUER, Pool

POOL = Pool()
READER = TokenReader(
    issuer=ISSUER, keys_url="https://keys.example.org", client_id=CLIENT_ID, fetch=lambda url: POOL.keys()
)


def test_an_id_token_tells_who_it_is() -> None:
    token = POOL.identity(Role.EDITOR, nonce="nonce")

    assert READER.identify(token, nonce="nonce", now=NOW) == Person(POOL.subject, EMAIL, frozenset({Role.EDITOR}))


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": None},
        {"token_use": "access"},
        {"iss": "https://evil.example.org"},
        {"exp": int(NOW.timestamp())},
        {"exp": None},
    ],
    ids=str,
)
def test_any_other_token_tells_nothing(claims: dict[str, Any]) -> None:
    with pytest.raises(NotSignedIn):
        READER.identify(POOL.identity(Role.EDITOR, **({"nonce": "nonce"} | claims)), nonce="nonce", now=NOW)


def test_an_id_token_is_over_when_it_says_so() -> None:
    token = POOL.identity(Role.EDITOR, nonce="nonce")

    with pytest.raises(NotSignedIn):
        READER.identify(token, nonce="nonce", now=NOW + timedelta(hours=1))


def test_a_token_of_another_pool_tells_nothing() -> None:
    with pytest.raises(NotSignedIn):
        READER.identify(Pool("another").identity(Role.EDITOR, nonce="nonce"), nonce="nonce", now=NOW)
