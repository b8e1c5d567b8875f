"""The coordinators' API: who is registered for a gathering, and what coordinators do for them."""

from dataclasses import replace
from typing import Final

from chalice.app import Response

from chalicelib import answers, bodies, cursors, routing, seat, wire_registrations
from chalicelib.coordinating import act, asked_by_body
from chalicelib.faults import placed
from chalicelib.participants import sought
from chalicelib.visit import SignedInVisit
from shared.bootstrap import web as bootstrap
from shared.registration.line import positions
from shared.registration.model import Actor, By
from shared.registration.queries import found
from shared.registration.service import Invitation
from shared.roles import Role

api = routing.coordinator_api()

PATH: Final = "/api/v1/coordinator/gatherings/{gathering_id}/registrations"
PAGE: Final = 100


@api.get(PATH, Role.COORDINATOR, own=True)
def registrations(visit: SignedInVisit, gathering_id: str) -> Response:
    """List who is registered, a page at a time, in which state and why. A page has only those that are asked for."""
    bootstrap.gatherings().get(gathering_id)
    store = bootstrap.registrations()
    page, behind = store.of_gathering(gathering_id, after=cursors.given(visit), limit=PAGE)
    line = positions(store.line(gathering_id))
    shown = [
        wire_registrations.for_coordinators(one, line.get(one.id))
        for one in found(page, sought(visit.query), bootstrap.libraries().shown)
    ]
    return answers.data({"registrations": shown, "next": cursors.cursor(behind)})


@api.post(PATH, Role.COORDINATOR, own=True)
def add(visit: SignedInVisit, gathering_id: str) -> Response:
    """Register people on a coordinator's word, whatever the rounds and the window say. The line is theirs too."""
    gathering = bootstrap.gatherings().get(gathering_id)
    booking = bodies.read(wire_registrations.RegistrationBody, visit.request).to_domain(visit.network)
    booking = replace(booking, questions_later=True)
    word = Invitation(By(Actor.COORDINATOR, visit.who.id), any_time=True)
    key = f"coordinator|{visit.who.id}|{bodies.idempotency_key(visit.request)}"
    with placed(wire_registrations.in_body):
        added = seat.take(visit, gathering.slug, booking, key=key, invitation=word)
    return answers.data(wire_registrations.answered(added), status=201)


@api.patch(PATH, Role.COORDINATOR, own=True, doing=asked_by_body)
def change(visit: SignedInVisit, gathering_id: str) -> Response:
    """Do something to one registration. Who is moved away is shown in the new gathering."""
    patch = bodies.read(wire_registrations.RegistrationPatch, visit.request)
    changed = act(visit, (gathering_id, patch.id), patch)
    line = positions(bootstrap.registrations().line(changed.gathering_id))
    return answers.data(wire_registrations.for_coordinators(changed, line.get(changed.id)))
