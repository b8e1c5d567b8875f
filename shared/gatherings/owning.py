"""Whose gathering it is: the coordinators', or the editor's who owns it."""

from dataclasses import replace

from shared.gatherings.model import Gathering
from shared.refusals import N_, Refusal
from shared.roles import NotAllowed, Principal, Role


class NotYours(Refusal):
    """Another editor's gathering, or one that only coordinators look after."""

    kind = "not-yours"
    status = 403
    message = N_("This is not one of your own gatherings. A coordinator can make it yours.")


def runs(gathering: Gathering, who: Principal) -> bool:
    """Whether somebody may plan the gathering and see who takes part: coordinators all, editors their own."""
    owns = Role.EDITOR in who.roles and gathering.owner == who.id
    return owns or Role.COORDINATOR in who.roles


def require_owner(gathering: Gathering, who: Principal) -> None:
    """Raise NotYours unless somebody runs the gathering."""
    if not runs(gathering, who):
        raise NotYours


def owned(wanted: Gathering, who: Principal, before: Gathering | None = None) -> Gathering:
    """Return the gathering as somebody may save it: what editors plan is their own, and stays what it was.

    Raise NotAllowed when an editor would give it away.
    """
    if Role.COORDINATOR in who.roles:
        return wanted
    if before is None:
        return replace(wanted, owner=who.id)
    if wanted.owner != before.owner:
        raise NotAllowed(Role.COORDINATOR)
    return wanted
