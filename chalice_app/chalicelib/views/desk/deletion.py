"""What will be deleted soon, for who wants to keep something in time."""

from dataclasses import dataclass
from typing import Final

from chalice.app import Response

from chalicelib import desk, routing
from chalicelib.desk import DeskScreen
from chalicelib.visit import DeskVisit
from shared.bootstrap import web as bootstrap
from shared.erasure.expiry import AHEAD, plan
from shared.erasure.model import Planned
from shared.privacy.model import Group
from shared.refusals import N_
from shared.roles import Role

pages = routing.desk()

GROUPS: Final = {
    Group.NEEDS: N_("Diet and access"),
    Group.INTEREST: N_("Addresses of those who asked to be told"),
    Group.PARTICIPATION: N_("Registrations, with names and addresses"),
}


@dataclass(frozen=True, slots=True)
class DeletionScreen(DeskScreen):
    """What goes, the soonest first."""

    planned: tuple[Planned, ...]

    def group_of(self, one: Planned) -> str:
        """What it is, to be translated."""
        return GROUPS[one.group]


@pages.get("/tovholder/sletning", Role.COORDINATOR)
def deletion(visit: DeskVisit) -> Response:
    """Show what will be deleted soon. Nobody has to do anything about it."""
    planned = plan(kept=bootstrap.kept(), periods=visit.network.legal.periods, now=visit.now, ahead=AHEAD)
    return desk.page(visit, "desk/deletion.html", DeletionScreen(visit.login, tuple(planned)))
