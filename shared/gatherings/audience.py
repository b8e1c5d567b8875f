"""Whom in a gathering something is for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Audience:
    """Those of a gathering's people that have all of this; what is empty does not matter.

    `status` and `role` are words of a registration, `session` and `round` ids, `library` a number. Without `status` it
    is for all whose registrations are in force.
    """

    status: str = ""
    session: str = ""
    round: str = ""
    library: str = ""
    role: str = ""
