"""JSON of people who sign in, as the coordinator API takes and gives it."""

from typing import Any

from chalicelib.wire import Line, Wire
from shared.people.model import Person
from shared.roles import Role


class InvitationBody(Wire):
    """Whom to let in, and as what."""

    email: Line
    role: Role


class RoleBody(Wire):
    """What somebody is from now on."""

    role: Role


def person(one: Person) -> dict[str, Any]:
    """Somebody who signs in; without a role, somebody who does so no more."""
    return {"id": one.id, "email": one.email, "role": one.role}
