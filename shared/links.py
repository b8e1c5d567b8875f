"""Signed links: what a participant holds instead of an account.

A token names its key, so that keys can be rotated while links made with the old ones live on; its purpose is the salt
of the signature, so that a link for one thing opens no other; it expires; and it carries ids, never personal data.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from itsdangerous import BadData, URLSafeSerializer

from shared.refusals import N_, Refusal


class Purpose(StrEnum):
    """What a link is for."""

    REGISTRATION = "registration"
    BOOKING = "booking"
    OWN_FORM = "own-form"
    INVITATION = "invitation"
    RECEIPT = "receipt"
    MINE = "mine"
    CALENDAR = "calendar"
    JOIN = "join"
    NOTICE = "notice"
    PREFERENCES = "preferences"


MINE_LIVES: Final = timedelta(days=7)
"""How long the link lives that opens all that is kept about somebody."""


CALENDAR_LIVES: Final = timedelta(days=730)
"""How long a calendar of one's own can be subscribed to. It opens nothing else."""


class LinkBroken(Refusal):
    """The token is not one of ours, or not whole, or for another purpose."""

    kind = "link-broken"
    status = 404
    message = N_("This link does not work. Perhaps it was cut in two in the mail.")


class LinkExpired(Refusal):
    """The token was ours, and its time is over."""

    kind = "link-expired"
    status = 410
    message = N_("This link is too old.")


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The newest key, which signs, and the older ones, which are still believed; each under its id."""

    newest: str
    keys: Mapping[str, str]

    @classmethod
    def of(cls, secret: str) -> "KeyRing":
        """Read the secret: `{"key": "...", "previous": ["...", ...]}`. A key's id is made of the key."""
        held = json.loads(secret)
        keys = {_id_of(key): key for key in (held["key"], *held["previous"])}
        return cls(_id_of(held["key"]), keys)


class Links:
    """Makes and reads tokens."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    def token(self, purpose: Purpose, *ids: str, expires: datetime) -> str:
        """Return a token for some ids: letters, digits, `-`, `_` and `.` only."""
        payload = [int(expires.timestamp()), *ids]
        return f"{self._ring.newest}.{self._serializer(self._ring.newest, purpose).dumps(payload)}"

    def read(self, purpose: Purpose, token: str, *, now: datetime) -> tuple[str, ...]:
        """Return the ids. Raise LinkBroken or LinkExpired."""
        key_id, _, signed = token.partition(".")
        if key_id not in self._ring.keys:
            raise LinkBroken
        try:
            expires, *ids = self._serializer(key_id, purpose).loads(signed)
        except BadData as error:
            raise LinkBroken from error
        if now >= datetime.fromtimestamp(expires, UTC):
            raise LinkExpired
        return tuple(ids)

    def _serializer(self, key_id: str, purpose: Purpose) -> URLSafeSerializer:
        return URLSafeSerializer(self._ring.keys[key_id], salt=f"tovholder.{purpose}", signer_kwargs=_SIGNER)


_SIGNER: Final = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}


def _id_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:6]
