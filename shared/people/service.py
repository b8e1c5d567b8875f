"""Letting people in, changing what they may do, and letting them go."""

from collections.abc import Collection
from dataclasses import replace

from shared.addresses import sendable
from shared.people.model import Person, PersonExists, PersonNotFound, RoleChangedMeanwhile
from shared.people.ports import Accounts
from shared.refusals import N_, Fault, Invalid
from shared.roles import Role


def everybody(*, accounts: Accounts) -> tuple[Person, ...]:
    """Return all who may sign in, by e-mail address."""
    return tuple(sorted(accounts.everybody(), key=lambda person: person.email.casefold()))


def invite(email: str, role: str, *, accounts: Accounts) -> Person:
    """Let somebody in. Raise Invalid naming the fields at fault, or PersonExists.

    An account that was left without a role, by an invitation cut short, is completed.
    """
    address, wanted = _read(email, role)
    try:
        person = accounts.invite(address)
    except PersonExists:
        known = accounts.find(address)
        if known is None or known.roles:
            raise
        person = known
    accounts.give(person.id, {wanted})
    return replace(person, roles=frozenset({wanted}))


def invite_again(id: str, *, accounts: Accounts) -> Person:
    """Send the invitation once more, with a first password that holds anew. Raise PersonNotFound or HasSignedIn."""
    person = _one(id, accounts.everybody())
    accounts.invite_again(person.email)
    return person


def change_role(id: str, role: str, *, accounts: Accounts, was: str | None = None) -> Person:
    """Give somebody another role. `was` is the one that whoever asks has seen; None: any will do.

    Raise Invalid, PersonNotFound, RoleChangedMeanwhile or LastCoordinator.
    """
    if (wanted := _role(role)) is None:
        raise Invalid(_NO_ROLE)
    known = accounts.everybody()
    person = _one(id, known)
    if was is not None and was != (person.role or ""):
        raise RoleChangedMeanwhile
    changed = person.with_role(wanted, known)
    accounts.give(id, changed.roles)
    return changed


def address_of(id: str, *, accounts: Accounts, otherwise: str) -> str:
    """Return where somebody is written to about what they look after; the other address when they no longer can."""
    person = accounts.find(id)
    may_look_after = person is not None and not person.roles.isdisjoint({Role.COORDINATOR, Role.EDITOR})
    return person.email if person is not None and may_look_after else otherwise


def remove(id: str, *, accounts: Accounts) -> Person:
    """Let somebody in no more; return them without a role. Raise PersonNotFound or LastCoordinator."""
    known = accounts.everybody()
    person = _one(id, known)
    person.require_another_coordinator(known)
    accounts.remove(id)
    return replace(person, roles=frozenset())


_NO_ROLE = Fault("role", N_("Choose a role: coordinator, editor or viewer."))


def _one(id: str, known: Collection[Person]) -> Person:
    found = next((person for person in known if person.id == id), None)
    if found is None:
        raise PersonNotFound
    return found


def _read(email: str, role: str) -> tuple[str, Role]:
    address, wanted = sendable(email), _role(role)
    faults = (
        [] if address else [Fault("email", N_("This is not an e-mail address. It should look like name@library.dk."))]
    )
    if address is None or wanted is None:
        raise Invalid(*faults, *([] if wanted else [_NO_ROLE]))
    return address, wanted


def _role(text: str) -> Role | None:
    return Role(text) if text in set(Role) else None
