"""Inviting people, for the coordinators' pages and their API alike."""

from collections.abc import Iterable
from typing import Final

from shared.bootstrap import web as bootstrap
from shared.invitations.model import Invitation
from shared.registration.model import Registration, Status
from shared.registration.queries import everybody

_NEAREST_FIRST: Final = (
    Status.CONFIRMED,
    Status.PENDING,
    Status.OFFERED,
    Status.WAITLISTED,
    Status.CANCELLED,
    Status.EXPIRED,
)


def registered(gathering_id: str) -> tuple[Registration, ...]:
    """Return everybody in a gathering."""
    return everybody(gathering_id, store=bootstrap.registrations())


def standing(
    invitations: Iterable[Invitation], registrations: Iterable[Registration]
) -> list[tuple[Invitation, Registration | None]]:
    """Return invitations by address, each with the registration under it that is nearest to a seat, if there is one."""
    by_person: dict[str, Registration] = {}
    for one in sorted(registrations, key=lambda one: _NEAREST_FIRST.index(one.status)):
        by_person.setdefault(one.person, one)
    found = [(one, by_person.get(one.person)) for one in invitations]
    return sorted(found, key=lambda each: each[0].email.casefold())
