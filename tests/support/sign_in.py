"""A user pool that signs access tokens, as Cognito does."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email.message import Message
from functools import cache
from io import BytesIO
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from shared.ids import new_id
from shared.roles import Role
from tests.support.builders import NOW

ISSUER: Final = "https://cognito-idp.eu-north-1.amazonaws.com/eu-north-1_ExAmPlE01"
CLIENT_ID: Final = "1example23456789clientid0"
EMAIL: Final = "tovholder@example.org"


class Pool:
    """A pool with one signing key, under a name of its own. Pools of the same `owner` sign with the same key."""

    subject: Final = "5a0c1e2d-3f4b-4c5d-8e6f-7a8b9c0d1e2f"

    def __init__(self, owner: str = "cognito", *, now: datetime = NOW) -> None:
        self.key_id = new_id()
        self._key = _key(owner)
        self._now = now

    def keys(self) -> dict[str, Any]:
        """Return the public keys as the pool publishes them."""
        numbers = self._key.public_key().public_numbers()
        key = {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}
        return {"keys": [key | {"kid": self.key_id, "alg": "RS256", "use": "sig"}]}

    def claims(self, *roles: Role, groups: Sequence[str] | None = None, **changes: Any) -> dict[str, Any]:
        """Return an access token's claims; those that are None are left out."""
        now = int(self._now.timestamp())
        claims: dict[str, Any] = {
            "sub": self.subject,
            "cognito:groups": list(roles if groups is None else groups),
            "iss": ISSUER,
            "client_id": CLIENT_ID,
            "token_use": "access",
            "iat": now,
            "exp": now + int(timedelta(hours=1).total_seconds()),
        }
        return {name: value for name, value in (claims | changes).items() if value is not None}

    def sign(self, claims: Mapping[str, Any], *, header: Mapping[str, Any] | None = None) -> str:
        """Return a signed token. A `header` stands for the part that names the key."""
        head = {"alg": "RS256", **({"kid": self.key_id} if header is None else header)}
        signed = f"{_text(json.dumps(head).encode())}.{_text(json.dumps(claims).encode())}"
        return f"{signed}.{_text(self._key.sign(signed.encode(), PKCS1v15(), SHA256()))}"

    def bearer(self, *roles: Role, groups: Sequence[str] | None = None, **changes: Any) -> str:
        """Return what stands in the Authorization header."""
        return f"Bearer {self.sign(self.claims(*roles, groups=groups, **changes))}"

    def identity(self, *roles: Role, nonce: str, email: str = EMAIL, **changes: Any) -> str:
        """Return a signed ID token."""
        told = {"token_use": "id", "aud": CLIENT_ID, "client_id": None, "nonce": nonce, "email": email}
        return self.sign(self.claims(*roles, **(told | changes)))


class ManagedLoginPages:
    """Cognito's pages and token endpoint: whoever comes is let in with the roles of `roles`."""

    def __init__(self, pool: Pool, *roles: Role) -> None:
        self.roles = roles or (Role.COORDINATOR,)
        self.asked: list[Mapping[str, str]] = []
        self._pool = pool
        self._codes: dict[str, Mapping[str, str]] = {}

    def sign_in(self, location: str) -> str:
        """Do what a browser does that is sent to `location`: sign in. Return the path it is sent back to."""
        query = dict(parse_qsl(urlsplit(location).query))
        assert (query["response_type"], query["code_challenge_method"]) == ("code", "S256")
        code = new_id()
        self._codes[code] = query
        back = urlsplit(query["redirect_uri"]).path
        return f"{back}?{urlencode({'code': code, 'state': query['state']})}"

    def post(self, url: str, fields: Mapping[str, str]) -> Any:
        """Exchange a code, once, for whoever has the verifier (RFC 7636, 4.6)."""
        self.asked.append(fields)
        query = self._codes.pop(fields["code"], None)
        challenge = _text(hashlib.sha256(fields["code_verifier"].encode()).digest())
        if query is None or query["code_challenge"] != challenge or query["redirect_uri"] != fields["redirect_uri"]:
            raise HTTPError(url, 400, "invalid_grant", Message(), BytesIO())
        return {"id_token": self._pool.identity(*self.roles, nonce=query["nonce"])}


@cache
def _key(owner: str) -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


def _number(number: int) -> str:
    return _text(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
