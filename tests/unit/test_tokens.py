"""Access tokens of those who sign in: ours, whole, not expired, and access tokens."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from shared.roles import NotAllowed, NotSignedIn, Principal, Role
from shared.tokens import TokenReader
from tests.support.builders import NOW
from tests.support.data import DATA
from tests.support.sign_in import CLIENT_ID, ISSUER, Pool


class Web:
    """Where the keys are fetched."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.fetched = 0

    def fetch(self, url: str) -> dict[str, Any]:
        self.fetched += 1
        return self.pool.keys()


def a_reader(web: Web) -> TokenReader:
    return TokenReader(issuer=ISSUER, keys_url="https://keys.example.org", client_id=CLIENT_ID, fetch=web.fetch)


POOL = Pool()


@pytest.fixture
def web() -> Web:
    return Web(POOL)


@pytest.fixture
def reader(web: Web) -> TokenReader:
    return a_reader(web)


def test_an_access_token_says_who_it_is_and_which_roles(reader: TokenReader) -> None:
    header = POOL.bearer(Role.COORDINATOR, Role.VIEWER)

    principal = reader.read(header, now=NOW)

    assert principal == Principal(POOL.subject, frozenset({Role.COORDINATOR, Role.VIEWER}))


def test_claims_as_cognito_writes_them_are_read(reader: TokenReader) -> None:
    claims = json.loads((DATA / "aws" / "cognito-access-token-claims.json").read_text())
    claims |= {"cognito:groups": ["coordinator"], "exp": int(NOW.timestamp()) + 3600}

    assert reader.read(f"Bearer {POOL.sign(claims)}", now=NOW).roles == {Role.COORDINATOR}


def test_groups_that_are_no_roles_count_for_nothing(reader: TokenReader) -> None:
    assert reader.read(POOL.bearer(groups=["admin", "koordinator"]), now=NOW).roles == frozenset()


def test_who_is_in_no_group_has_no_role(reader: TokenReader) -> None:
    claims = json.loads((DATA / "aws" / "cognito-access-token-claims-no-groups.json").read_text())
    claims |= {"exp": int(NOW.timestamp()) + 3600}

    assert reader.read(f"Bearer {POOL.sign(claims)}", now=NOW).roles == frozenset()


@pytest.mark.parametrize(
    "claims",
    [
        {"token_use": "id"},
        {"client_id": "another"},
        {"client_id": None, "aud": CLIENT_ID, "token_use": "id"},
        {"iss": "https://cognito-idp.eu-north-1.amazonaws.com/another"},
        {"exp": int(NOW.timestamp())},
        {"exp": None},
        {"exp": "9999999999"},
        {"exp": 1e12},
    ],
    ids=[
        "ID token",
        "client",
        "ID token's audience",
        "issuer",
        "expired",
        "no end",
        "end in words",
        "end in fractions",
    ],
)
def test_any_other_token_is_refused(reader: TokenReader, claims: Mapping[str, Any]) -> None:
    header = POOL.bearer(Role.COORDINATOR, **claims)

    with pytest.raises(NotSignedIn):
        reader.read(header, now=NOW)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic abc",
        "Bearer abc",
        "Bearer a.b.c",
        "Bearer ..",
        "Bearer é",
        "Bearer eyJhbGciOiJub25lIn0.e30.",
        "Bearer " + "a" * 9000,
    ],
)
def test_what_is_no_token_is_refused(reader: TokenReader, header: str | None) -> None:
    with pytest.raises(NotSignedIn):
        reader.read(header, now=NOW)


@pytest.mark.parametrize("asked_before", [False, True], ids=["at first", "later"])
@pytest.mark.parametrize("named", [{}, {"kid": None}, {"kid": 7}, {"kid": "unknown"}], ids=str)
def test_a_token_that_names_no_key_of_ours_is_refused(
    reader: TokenReader, named: dict[str, Any], asked_before: bool
) -> None:
    if asked_before:
        reader.read(POOL.bearer(Role.VIEWER), now=NOW)
    token = Pool("forger").sign(POOL.claims(Role.COORDINATOR), header=named)

    with pytest.raises(NotSignedIn):
        reader.read(f"Bearer {token}", now=NOW)


def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(reader: TokenReader) -> None:
    secret = OctKey.import_key(json.dumps(POOL.keys()).encode())
    token = jwt.encode({"alg": "HS256", "kid": POOL.key_id}, POOL.claims(Role.COORDINATOR), secret)

    with pytest.raises(NotSignedIn):
        reader.read(f"Bearer {token}", now=NOW)


def test_one_changed_letter_breaks_it(reader: TokenReader) -> None:
    header = POOL.bearer(Role.COORDINATOR)
    head, claims, signature = header.split(".")

    for forged in (
        f"{head}.{claims[:-2]}AA.{signature}",
        f"{head}.{claims}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}",
    ):
        with pytest.raises(NotSignedIn):
            reader.read(forged, now=NOW)


def test_the_keys_are_fetched_once(reader: TokenReader, web: Web) -> None:
    for _ in range(3):
        reader.read(POOL.bearer(Role.VIEWER), now=NOW)

    assert web.fetched == 1


def test_a_new_key_is_fetched_when_it_appears(reader: TokenReader, web: Web) -> None:
    reader.read(POOL.bearer(Role.VIEWER), now=NOW)
    web.pool = Pool()

    principal = reader.read(web.pool.bearer(Role.EDITOR), now=NOW + timedelta(minutes=2))

    assert principal.roles == {Role.EDITOR}
    assert web.fetched == 2


def test_forged_key_names_do_not_make_us_fetch_without_end(reader: TokenReader, web: Web) -> None:
    reader.read(POOL.bearer(Role.VIEWER), now=NOW)

    for second in range(50):
        with pytest.raises(NotSignedIn):
            reader.read(Pool().bearer(Role.COORDINATOR), now=NOW + timedelta(seconds=second))

    assert web.fetched == 1


def test_a_role_is_needed_and_one_of_several_is_enough() -> None:
    editor = Principal("id", frozenset({Role.EDITOR}))

    editor.require(Role.COORDINATOR, Role.EDITOR)
    with pytest.raises(NotAllowed):
        editor.require(Role.COORDINATOR)
    with pytest.raises(NotAllowed):
        Principal("id", frozenset()).require(*Role)
