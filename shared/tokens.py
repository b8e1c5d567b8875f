"""Tokens of coordinators, editors and viewers, as the Cognito user pool signs them (RFC 7519, RFC 9068)."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, cast
from urllib.request import urlopen

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from shared.people.model import Person
from shared.roles import NotSignedIn, Principal, Role

_KEYS_FRESH_FOR: Final = timedelta(minutes=1)


def fetch(url: str) -> dict[str, Any]:
    """Return a JSON document from the web."""
    with urlopen(url, timeout=3) as answer:  # noqa: S310 (the address is a setting)
        document: dict[str, Any] = json.load(answer)
    return document


class TokenReader:
    """Reads tokens of one app client. The pool's keys are fetched once, and again when a new one appears."""

    def __init__(
        self, *, issuer: str, keys_url: str, client_id: str, fetch: Callable[[str], dict[str, Any]] = fetch
    ) -> None:
        self._issuer = issuer
        self._keys_url = keys_url
        self._client_id = client_id
        self._fetch = fetch
        self._keys = KeySet([])
        self._fetched_at: datetime | None = None

    def read(self, header: str | None, *, now: datetime) -> Principal:
        """Return who sent `Authorization: Bearer …`; raise NotSignedIn.

        An access token says `token_use` and `client_id` where an ID token says `aud`: an ID token is refused.
        """
        scheme, _, text = (header or "").partition(" ")
        if scheme.lower() != "bearer" or not text:
            raise NotSignedIn
        claims = self._claims(text, now)
        if claims.get("token_use") != "access" or claims.get("client_id") != self._client_id:
            raise NotSignedIn
        return Principal(str(claims.get("sub", "")), _roles(claims))

    def identify(self, token: str, *, nonce: str, now: datetime) -> Person:
        """Return whom an ID token tells of; raise NotSignedIn unless it was made for us and for this nonce.

        As OpenID Connect Core 1.0, 3.1.3.7 has it.
        """
        claims = self._claims(token, now)
        if claims.get("token_use") != "id" or claims.get("aud") != self._client_id or claims.get("nonce") != nonce:
            raise NotSignedIn
        return Person(str(claims.get("sub", "")), str(claims.get("email", "")), _roles(claims))

    def _claims(self, text: str, now: datetime) -> dict[str, Any]:
        """Return the claims of a token that the pool has signed and that is not over."""
        claims = self._signed(text, now)
        expires = claims.get("exp")
        if claims.get("iss") != self._issuer or not isinstance(expires, int) or now.timestamp() >= expires:
            raise NotSignedIn
        return claims

    def _signed(self, text: str, now: datetime) -> dict[str, Any]:
        try:
            return self._decode(text)
        except InvalidKeyIdError:
            # Perhaps a new key. Not asked for at every forged id, or a stranger could make us ask.
            if self._fetched_at is None or now - self._fetched_at >= _KEYS_FRESH_FOR:
                self._keys = KeySet.import_key_set(cast("KeySetSerialization", self._fetch(self._keys_url)))
                self._fetched_at = now
                return self._signed(text, now)
            raise NotSignedIn from None
        except (JoseError, ValueError) as error:
            raise NotSignedIn from error

    def _decode(self, text: str) -> dict[str, Any]:
        return dict(jwt.decode(text, self._keys, algorithms=["RS256"]).claims)


def _roles(claims: Mapping[str, Any]) -> frozenset[Role]:
    groups = claims.get("cognito:groups", [])
    return frozenset(role for role in Role if role in groups)
