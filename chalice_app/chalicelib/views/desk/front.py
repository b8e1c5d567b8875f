"""The overview."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalice.app import Response

from chalicelib import desk, routing
from chalicelib.desk import DeskScreen
from chalicelib.screens import Listing
from chalicelib.visit import DeskVisit
from shared import seats
from shared.bootstrap import web as bootstrap
from shared.gatherings import service as planning
from shared.gatherings.model import Gathering
from shared.gatherings.seating import places_left
from shared.roles import Role

pages = routing.desk()


@dataclass(frozen=True, slots=True)
class FrontScreen(DeskScreen):
    """What is coming, and how many have signed up."""

    coming: tuple[Listing, ...]


@pages.get("/tovholder", *Role)
def front(visit: DeskVisit) -> Response:
    """Show what is coming."""
    coming = planning.coming(store=bootstrap.gatherings(), now=visit.now)
    seen = seats.left(one.id for one in coming)
    listings = tuple(_listing(one, seen.get(one.id, {}), visit) for one in coming)
    return desk.page(visit, "desk/front.html", FrontScreen(visit.login, listings))


def _listing(one: Gathering, left: Mapping[str, int | None], visit: DeskVisit) -> Listing:
    return Listing(one, visit.now, places_left(one, left), left)
