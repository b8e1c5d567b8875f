"""Who signs in, and what each may do. Participants never sign in: they hold links."""

from dataclasses import dataclass
from enum import StrEnum

from shared.refusals import N_, Refusal


class Role(StrEnum):
    """The groups of people who sign in."""

    COORDINATOR = "coordinator"
    EDITOR = "editor"
    VIEWER = "viewer"


class NotSignedIn(Refusal):
    """No token, or not a good one."""

    kind = "not-signed-in"
    status = 401
    message = N_("Sign in first.")


class NotAllowed(Refusal):
    """Signed in, but this takes another role."""

    kind = "not-allowed"
    status = 403
    message = N_("Your role does not allow this.")


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is signed in: an id that names nobody, and the roles."""

    id: str
    roles: frozenset[Role]

    def require(self, *roles: Role) -> None:
        """Raise NotAllowed unless one of the roles is there."""
        if self.roles.isdisjoint(roles):
            raise NotAllowed
