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

    def __init__(self, *roles: Role) -> None:
        super().__init__(roles=[role.value for role in roles])
        self.roles = roles


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is signed in: an id that names nobody, and the roles."""

    id: str
    roles: frozenset[Role]

    @property
    def role(self) -> Role:
        """The role that may most. Who has none raises NotAllowed."""
        self.require(*Role)
        return next(role for role in Role if role in self.roles)

    def require(self, *roles: Role) -> None:
        """Raise NotAllowed, telling which roles would do, unless one of them is there."""
        if self.roles.isdisjoint(roles):
            raise NotAllowed(*(role for role in Role if role in roles))
