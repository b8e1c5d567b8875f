"""People who sign in, and the one rule about them: somebody must be left who can let others in."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Self

from shared.refusals import N_, Refusal
from shared.roles import Role

INVITATION_SUBJECT = N_("You can now sign in")
INVITATION_BODY = N_(
    "You have been given access. Sign in at {link} with your e-mail address {username} and this password, which you "
    "choose anew the first time: {####}"
)
"""Cognito fills in `{username}` and `{####}`, the infrastructure `{link}`."""


class PersonNotFound(Refusal):
    """Nobody who signs in has this id."""

    kind = "person-not-found"
    status = 404
    message = N_("We could not find that person.")


class PersonExists(Refusal):
    """Somebody has been invited with this address already."""

    kind = "person-exists"
    status = 409
    message = N_("Somebody with this e-mail address is invited already. From the person’s page it can be done again.")


class HasSignedIn(Refusal):
    """There is no first password any more: the person has chosen one."""

    kind = "has-signed-in"
    status = 409
    message = N_("This person has chosen a password already. Who has forgotten it can choose another at the login.")


class RoleChangedMeanwhile(Refusal):
    """Somebody else gave the person another role after the page was opened."""

    kind = "changed-meanwhile"
    status = 409
    message = N_("Somebody else has given the person another role meanwhile. Look at it, and choose again.")


class LastCoordinator(Refusal):
    """Nobody would be left who could let others in."""

    kind = "last-coordinator"
    status = 409
    message = N_("This is the only coordinator. Give somebody else that role first.")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in: an id that names nobody (the pool's `sub`), an e-mail address, and the roles."""

    id: str
    email: str
    roles: frozenset[Role]

    @property
    def role(self) -> Role | None:
        """The role that may most, if any."""
        return next((role for role in Role if role in self.roles), None)

    def with_role(self, role: Role, everybody: Collection[Self]) -> Self:
        """Return the person with this role alone. Raise LastCoordinator."""
        if role is not Role.COORDINATOR:
            self.require_another_coordinator(everybody)
        return replace(self, roles=frozenset({role}))

    def require_another_coordinator(self, everybody: Collection[Self]) -> None:
        """Raise LastCoordinator unless somebody else is one, or this person is none."""
        others = any(Role.COORDINATOR in one.roles for one in everybody if one.id != self.id)
        if Role.COORDINATOR in self.roles and not others:
            raise LastCoordinator
