"""The coordinators' API: planning gatherings. Editors plan their own; who only looks sees nobody's name."""

from datetime import datetime
from typing import Any, Final

from chalice.app import Response

from chalicelib import answers, bodies, cursors, outlooks, owners, routing, wire_gatherings, workplaces
from chalicelib.visit import SignedInVisit, Visit
from shared.bootstrap import web as bootstrap
from shared.gatherings import service as planning
from shared.gatherings.model import Gathering
from shared.gatherings.owning import owned, runs
from shared.gatherings.rounds_preview import window_of
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


@api.post(PATH, Role.COORDINATOR, Role.EDITOR)
def plan(visit: SignedInVisit) -> Response:
    """Plan a gathering: a draft."""
    network = visit.network
    wanted = bodies.read(wire_gatherings.GatheringBody, visit.request).to_domain(network, id=new_id())
    planned = planning.plan(
        owned(owners.known(workplaces.known(wanted)), visit.who),
        languages=network.languages,
        programmes=bootstrap.programmes(),
        store=bootstrap.gatherings(),
    )
    return _answer(planned, visit.now, status=201, location=f"{PATH}/{planned.id}")


@api.get(f"{PATH}/{{gathering_id}}", *Role)
def gathering(visit: SignedInVisit, gathering_id: str) -> Response:
    """Give one gathering."""
    return answers.data(_shown(bootstrap.gatherings().get(gathering_id), visit))


@api.patch(f"{PATH}/{{gathering_id}}", Role.COORDINATOR, own=True)
def change(visit: SignedInVisit, gathering_id: str) -> Response:
    """Change some fields of a gathering."""
    patch = bodies.read(wire_gatherings.PatchBody, visit.request)
    store = bootstrap.gatherings()
    before = store.get(gathering_id)
    wanted = workplaces.known(patch.onto(before, visit.network), before)
    changed = planning.change(
        owned(owners.known(wanted, before), visit.who, before),
        version=patch.version,
        languages=visit.network.languages,
        programmes=bootstrap.programmes(),
        store=store,
        now=visit.now,
        correlation_id=visit.correlation_id,
        words=patch.words,
    )
    return _answer(changed, visit.now)


@api.get(f"{PATH}/{{gathering_id}}/rounds", *Role)
def rounds(visit: SignedInVisit, gathering_id: str) -> Response:
    """Say who could register when, and why not."""
    found = bootstrap.gatherings().get(gathering_id)
    return outlooks.answer(found.effective_rounds, visit, window=window_of(found))


@api.post(f"{PATH}/{{gathering_id}}/publish", Role.COORDINATOR, own=True, empty=True)
def publish(visit: Visit, gathering_id: str) -> Response:
    """Show a gathering to the public and open its seats."""
    published = planning.publish(
        gathering_id, store=bootstrap.gatherings(), now=visit.now, correlation_id=visit.correlation_id
    )
    return _answer(published, visit.now)


@api.post(f"{PATH}/{{gathering_id}}/cancel", Role.COORDINATOR, own=True, empty=True)
def cancel(visit: Visit, gathering_id: str) -> Response:
    """Cancel a gathering for good. A body is needed only for what those who come are told besides."""
    request = visit.request
    body = bodies.read(wire_gatherings.CancelBody, request) if request.raw_body else wire_gatherings.CancelBody()
    cancelled = planning.cancel(
        gathering_id, body.words, store=bootstrap.gatherings(), now=visit.now, correlation_id=visit.correlation_id
    )
    return _answer(cancelled, visit.now)


def _shown(gathering: Gathering, visit: SignedInVisit) -> dict[str, Any]:
    """Only who runs a gathering sees the addresses of those who are invited."""
    show = wire_gatherings.for_coordinators if runs(gathering, visit.who) else wire_gatherings.for_viewers
    return show(gathering, visit.now)


def _answer(gathering: Gathering, now: datetime, *, status: int = 200, location: str | None = None) -> Response:
    headers = {"Location": location} if location else {}
    return answers.data(wire_gatherings.for_coordinators(gathering, now), status=status, headers=headers)
