"""The overview."""

from dataclasses import dataclass

from chalice.app import Response

from chalicelib import desk, routing
from chalicelib.desk import DeskScreen
from chalicelib.planning import Occupancy
from chalicelib.screens import Listing
from chalicelib.visit import DeskVisit
from shared import seats
from shared.bootstrap import web as bootstrap
from shared.gatherings import service as planning
from shared.gatherings.model import Gathering, State
from shared.gatherings.seating import Seats, places_left
from shared.roles import Role

pages = routing.desk()


@dataclass(frozen=True, slots=True)
class FrontScreen(DeskScreen):
    """What is coming, with how many have a seat and how many wait."""

    coming: tuple[tuple[Listing, Occupancy], ...]


@pages.get("/tovholder", *Role)
def front(visit: DeskVisit) -> Response:
    """Show what is coming."""
    every = planning.coming(store=bootstrap.gatherings(), now=visit.now)
    coming = [one for one in every if one.state is State.PUBLISHED]
    seen = seats.seen(one.id for one in coming)
    entries = tuple((_listing(one, seen.get(one.id), visit), Occupancy.of(one, seen.get(one.id))) for one in coming)
    return desk.page(visit, "desk/front.html", FrontScreen(visit.login, entries))


def _listing(one: Gathering, seen: Seats | None, visit: DeskVisit) -> Listing:
    left = seen.shown() if seen else {}
    return Listing(one, visit.now, places_left(one, left), left)
