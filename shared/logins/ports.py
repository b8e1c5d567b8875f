"""What logging in needs of its surroundings."""

from datetime import datetime
from typing import Protocol

from shared.logins.model import Attempt, Login
from shared.people.model import Person


class LoginStore(Protocol):
    """Where logins are kept."""

    def get(self, id: str) -> Login | None: ...

    def add(self, login: Login) -> None: ...

    def renew(self, login: Login) -> bool:
        """Keep what was checked, unless it has been deleted meanwhile. Return whether it is there."""

    def delete(self, id: str) -> None: ...


class Door(Protocol):
    """Where people show who they are."""

    def exchange(self, attempt: Attempt, code: str) -> str:
        """Return the ID token for a code. Raise LoginFailed, or StoreUnavailable when nobody answers."""


class IdentityReader(Protocol):
    """Reads ID tokens."""

    def identify(self, token: str, *, nonce: str, now: datetime) -> Person:
        """Raise NotSignedIn unless the token was made for us and for this nonce."""


class People(Protocol):
    """Knows who may sign in."""

    def find(self, id: str) -> Person | None: ...
