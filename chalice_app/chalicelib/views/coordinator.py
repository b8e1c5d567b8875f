"""The coordinators' API: planning gatherings. Viewers and editors may look; coordinators do."""

import base64
from datetime import datetime
from typing import Final

from chalice.app import Response

from chalicelib import answers, bodies, routing, wire
from chalicelib.sign_in import sign_in
from chalicelib.visit import Visit
from shared.bootstrap import web as bootstrap
from shared.gatherings import service as planning
from shared.gatherings.model import Gathering
from shared.ids import new_id
from shared.refusals import N_, Fault, Invalid
from shared.roles import Role

api = routing.api()

PATH: Final = "/api/v1/coordinator/gatherings"
PAGE: Final = 100


@api.get(PATH)
def gatherings(visit: Visit) -> Response:
    """List gatherings of every state, the latest start first, a page at a time."""
    sign_in(visit, *Role)
    page = bootstrap.gatherings().listed(latest_first=True, after=_cursor(visit), limit=PAGE)
    found = [wire.for_coordinators(one, visit.now) for one in page.gatherings]
    return answers.data({"gatherings": found, "next": _next(page.next)})


@api.post(PATH)
def plan(visit: Visit) -> Response:
    """Plan a gathering: a draft."""
    sign_in(visit, Role.COORDINATOR)
    network = visit.network
    wanted = bodies.read(wire.GatheringBody, visit.request).to_domain(network, id=new_id())
    planned = planning.plan(wanted, languages=network.languages, store=bootstrap.gatherings())
    return _answer(planned, visit.now, status=201, location=f"{PATH}/{planned.id}")


@api.get(f"{PATH}/{{gathering_id}}")
def gathering(visit: Visit, gathering_id: str) -> Response:
    """Give one gathering."""
    sign_in(visit, *Role)
    return _answer(bootstrap.gatherings().get(gathering_id), visit.now)


@api.patch(f"{PATH}/{{gathering_id}}")
def change(visit: Visit, gathering_id: str) -> Response:
    """Change some fields of a gathering."""
    sign_in(visit, Role.COORDINATOR)
    patch = bodies.read(wire.PatchBody, visit.request)
    store = bootstrap.gatherings()
    changed = planning.change(
        patch.onto(store.get(gathering_id), visit.network),
        version=patch.version,
        languages=visit.network.languages,
        store=store,
        now=visit.now,
        correlation_id=visit.correlation_id,
    )
    return _answer(changed, visit.now)


@api.post(f"{PATH}/{{gathering_id}}/publish", empty=True)
def publish(visit: Visit, gathering_id: str) -> Response:
    """Show a gathering to the public and open its seats."""
    sign_in(visit, Role.COORDINATOR)
    published = planning.publish(
        gathering_id, store=bootstrap.gatherings(), now=visit.now, correlation_id=visit.correlation_id
    )
    return _answer(published, visit.now)


@api.post(f"{PATH}/{{gathering_id}}/cancel", empty=True)
def cancel(visit: Visit, gathering_id: str) -> Response:
    """Cancel a gathering for good."""
    sign_in(visit, Role.COORDINATOR)
    cancelled = planning.cancel(
        gathering_id, store=bootstrap.gatherings(), now=visit.now, correlation_id=visit.correlation_id
    )
    return _answer(cancelled, visit.now)


@api.get(f"{PATH}/{{gathering_id}}/registrations")
def registrations(visit: Visit, gathering_id: str) -> Response:
    """List who is registered, a page at a time, and whose mail may not have arrived."""
    sign_in(visit, Role.COORDINATOR, Role.VIEWER)
    bootstrap.gatherings().get(gathering_id)
    found, following = bootstrap.registrations().of_gathering(gathering_id, after=_cursor(visit), limit=PAGE)
    return answers.data({"registrations": [wire.registration(one) for one in found], "next": _next(following)})


def _answer(gathering: Gathering, now: datetime, *, status: int = 200, location: str | None = None) -> Response:
    headers = {"Location": location} if location else {}
    return answers.data(wire.for_coordinators(gathering, now), status=status, headers=headers)


def _next(cursor: str | None) -> str | None:
    return base64.urlsafe_b64encode(cursor.encode()).decode() if cursor else None


def _cursor(visit: Visit) -> str | None:
    given = visit.query.get("cursor")
    try:
        cursor = base64.urlsafe_b64decode(given).decode() if given else None
    except ValueError as error:
        raise _no_cursor() from error
    if cursor == "":
        raise _no_cursor()
    return cursor


def _no_cursor() -> Invalid:
    return Invalid(Fault("cursor", N_("This cursor is none of ours.")))
