"""What managing people needs of its surroundings."""

from collections.abc import Collection
from typing import Protocol

from shared.people.model import Person
from shared.roles import Role


class Accounts(Protocol):
    """Where those who sign in are known. Each call raises StoreUnavailable when nobody answers."""

    def find(self, id: str) -> Person | None:
        """Return a person who may sign in now, by id or e-mail address; None who is unknown or shut out."""

    def everybody(self) -> Collection[Person]:
        """Return all who have a role."""

    def invite(self, email: str) -> Person:
        """Make an account and mail its first password. Raise PersonExists."""

    def invite_again(self, email: str) -> None:
        """Mail a first password anew, for as long as the first. Raise PersonNotFound or HasSignedIn."""

    def give(self, id: str, roles: Collection[Role]) -> None:
        """Let a person have these roles and no others. The new ones first, so that nobody is ever without."""

    def remove(self, id: str) -> None:
        """Delete the account, if it is there."""
