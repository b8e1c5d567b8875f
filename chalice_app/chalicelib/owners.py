"""The editor whose own a gathering is: somebody who signs in as one."""

from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Gathering
from shared.people import service as people
from shared.people.model import Person
from shared.refusals import N_, Fault, Invalid
from shared.roles import Role


def editors() -> tuple[Person, ...]:
    """Return all editors, by e-mail address."""
    return tuple(one for one in people.everybody(accounts=bootstrap.people()) if Role.EDITOR in one.roles)


def known(wanted: Gathering, before: Gathering | None = None) -> Gathering:
    """Return the gathering. Raise Invalid when it gets an owner who is no editor."""
    is_new = wanted.owner is not None and (before is None or wanted.owner != before.owner)
    if is_new and all(one.id != wanted.owner for one in editors()):
        raise Invalid(Fault("owner", N_("Choose somebody who signs in as an editor.")))
    return wanted
