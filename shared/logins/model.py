"""A login by the browser, and the way there: authorization code with PKCE, state and nonce (RFC 6749, 7636, 9700)."""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Self
from urllib.parse import quote, unquote

from shared.people.model import Person
from shared.refusals import N_, Refusal
from shared.roles import Principal

IDLE: Final = timedelta(hours=2)
"""A login that is not used for so long is over; that is noticed up to `FRESH` early."""

LONGEST: Final = timedelta(hours=12)
"""No login lasts longer, however busy."""

FRESH: Final = timedelta(minutes=5)
"""For so long the user pool's word on a person is believed (ADR 0017)."""

_OWN: Final = re.compile(r"/(?:[a-z]{2}/)?tovholder(?!/login)(?:[/?][!-\[\]-~]*)?")


class LoginFailed(Refusal):
    """What came back from Cognito is not the answer to what this browser asked."""

    kind = "login-failed"
    status = 403
    message = N_("You were not signed in. That happens when it takes too long, or when two are begun at once.")


class NoRole(Refusal):
    """Cognito knows the person, and no role of theirs."""

    kind = "no-role"
    status = 403
    message = N_("You have no role here. A coordinator can give you one.")


class FormUntrusted(Refusal):
    """The form does not carry the token of this login."""

    kind = "form-untrusted"
    status = 403
    message = N_("You have signed in anew since this page was opened. Nothing has been changed yet.")


@dataclass(frozen=True, slots=True)
class Attempt:
    """A login on its way. The browser keeps it in a cookie: all of it comes of one secret, and none is kept by us."""

    secret: str = field(repr=False)
    return_to: str

    @classmethod
    def begin(cls, return_to: str | None) -> Self:
        """Return a new one. `return_to` counts if it is an address of the coordinators' pages."""
        return cls(secrets.token_urlsafe(32), own(return_to))

    @classmethod
    def read(cls, cookie: str) -> Self:
        """Return what `cookie` was made of; whatever else comes makes an attempt that nothing answers to."""
        secret, _, return_to = cookie.partition(".")
        return cls(secret, own(unquote(return_to)))

    @property
    def cookie(self) -> str:
        """The text of the cookie."""
        return f"{self.secret}.{quote(self.return_to, safe='/')}"

    @property
    def state(self) -> str:
        """What Cognito gives back, so that the answer belongs to this browser."""
        return derived(self.secret, "state")

    @property
    def nonce(self) -> str:
        """What the ID token says, so that it was made for this attempt."""
        return derived(self.secret, "nonce")

    @property
    def verifier(self) -> str:
        """PKCE's: proves that who exchanges the code is who asked for it."""
        return derived(self.secret, "verifier")

    @property
    def challenge(self) -> str:
        """PKCE's S256 of the verifier."""
        return _text(hashlib.sha256(self.verifier.encode()).digest())

    def require_answer(self, state: str) -> None:
        """Raise LoginFailed unless the state is this attempt's."""
        if not self.secret or not hmac.compare_digest(self.state.encode(), state.encode()):
            raise LoginFailed


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody who is signed in. `id` stands in their cookie and nowhere else; `checked_at`: when Cognito was asked."""

    id: str = field(repr=False)
    person: Person
    started_at: datetime
    checked_at: datetime

    @classmethod
    def begin(cls, person: Person, now: datetime) -> Self:
        """Return a new one, for somebody whom Cognito has just told of."""
        return cls(secrets.token_urlsafe(32), person, now, now)

    @property
    def principal(self) -> Principal:
        """Who acts."""
        return Principal(self.person.id, self.person.roles)

    @property
    def ends_at(self) -> datetime:
        """When it is over unless it is used."""
        return min(self.started_at + LONGEST, self.checked_at + IDLE)

    @property
    def csrf(self) -> str:
        """What each of its forms carries. Only who has the cookie could know it."""
        return derived(self.id, "csrf")

    def is_fresh(self, now: datetime) -> bool:
        """Whether what is known of the person is new enough."""
        return now < self.checked_at + FRESH

    def checked(self, person: Person, now: datetime) -> Self:
        """Return it with what Cognito says now."""
        return replace(self, person=person, checked_at=now)

    def require_form(self, token: str) -> None:
        """Raise FormUntrusted unless the token is this login's."""
        if not hmac.compare_digest(self.csrf.encode(), token.encode()):
            raise FormUntrusted


def key(id: str) -> str:
    """Return what a login is kept under: who reads the table cannot make a cookie of it."""
    return hashlib.sha256(id.encode()).hexdigest()


def own(address: str | None) -> str:
    """Return the address if it is a path of the coordinators' pages, else their front page."""
    return address if address and _OWN.fullmatch(address) else "/tovholder/"


def derived(secret: str, purpose: str) -> str:
    """Return a text of 43 characters that only the secret leads to, another for each purpose."""
    return _text(hmac.digest(secret.encode(), purpose.encode(), "sha256"))


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
