"""The coordinators' API: planning gatherings. Viewers and editors look, but at nobody's name; coordinators do."""

from datetime import datetime
from typing import Any, Final

from chalice.app import Response

from chalicelib import answers, bodies, cursors, routing, wire_gatherings
from chalicelib.visit import SignedInVisit, Visit
from shared.bootstrap import web as bootstrap
from shared.gatherings import service as planning
from shared.gatherings.model import Gathering
from shared.ids import new_id
from shared.roles import Role

api = routing.coordinator_api()

PATH: Final = "/api/v1/coordinator/gatherings"
PAGE: Final = 100


@api.get(PATH, *Role)
def gatherings(visit: SignedInVisit) -> Response:
    """List gatherings of every state, the latest start first, a page at a time."""
    page = bootstrap.gatherings().listed(latest_first=True, after=cursors.given(visit), limit=PAGE)
    found = [_shown(one, visit) for one in page.gatherings]
    return answers.data({"gatherings": found, "next": cursors.cursor(page.next)})


@api.post(PATH, Role.COORDINATOR)
def plan(visit: Visit) -> Response:
    """Plan a gathering: a draft."""
    network = visit.network
    wanted = bodies.read(wire_gatherings.GatheringBody, visit.request).to_domain(network, id=new_id())
    planned = planning.plan(
        wanted, languages=network.languages, programmes=bootstrap.programmes(), store=bootstrap.gatherings()
    )
    return _answer(planned, visit.now, status=201, location=f"{PATH}/{planned.id}")


@api.get(f"{PATH}/{{gathering_id}}", *Role)
def gathering(visit: SignedInVisit, gathering_id: str) -> Response:
    """Give one gathering."""
    return answers.data(_shown(bootstrap.gatherings().get(gathering_id), visit))


@api.patch(f"{PATH}/{{gathering_id}}", Role.COORDINATOR)
def change(visit: Visit, gathering_id: str) -> Response:
    """Change some fields of a gathering."""
    patch = bodies.read(wire_gatherings.PatchBody, visit.request)
    store = bootstrap.gatherings()
    changed = planning.change(
        patch.onto(store.get(gathering_id), visit.network),
        version=patch.version,
        languages=visit.network.languages,
        programmes=bootstrap.programmes(),
        store=store,
        now=visit.now,
        correlation_id=visit.correlation_id,
    )
    return _answer(changed, visit.now)


@api.post(f"{PATH}/{{gathering_id}}/publish", Role.COORDINATOR, empty=True)
def publish(visit: Visit, gathering_id: str) -> Response:
    """Show a gathering to the public and open its seats."""
    published = planning.publish(
        gathering_id, store=bootstrap.gatherings(), now=visit.now, correlation_id=visit.correlation_id
    )
    return _answer(published, visit.now)


@api.post(f"{PATH}/{{gathering_id}}/cancel", Role.COORDINATOR, empty=True)
def cancel(visit: Visit, gathering_id: str) -> Response:
    """Cancel a gathering for good."""
    cancelled = planning.cancel(
        gathering_id, store=bootstrap.gatherings(), now=visit.now, correlation_id=visit.correlation_id
    )
    return _answer(cancelled, visit.now)


def _shown(gathering: Gathering, visit: SignedInVisit) -> dict[str, Any]:
    """Only coordinators see the addresses of those who are invited."""
    show = wire_gatherings.for_coordinators if Role.COORDINATOR in visit.who.roles else wire_gatherings.for_viewers
    return show(gathering, visit.now)


def _answer(gathering: Gathering, now: datetime, *, status: int = 200, location: str | None = None) -> Response:
    headers = {"Location": location} if location else {}
    return answers.data(wire_gatherings.for_coordinators(gathering, now), status=status, headers=headers)
