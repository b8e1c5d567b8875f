"""The coordinators' API: who was there."""

from typing import Final

from chalice.app import Response

from chalicelib import answers, bodies, routing, wire_attendance
from chalicelib.visit import SignedInVisit
from chalicelib.wire_attendance import AttendanceBody
from shared.attendance import service
from shared.attendance.model import tally
from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Gathering
from shared.registration.queries import everybody
from shared.roles import Role

api = routing.coordinator_api()

PATH: Final = "/api/v1/coordinator/gatherings/{gathering_id}/attendance"


@api.get(PATH, Role.COORDINATOR, own=True)
def attendance(visit: SignedInVisit, gathering_id: str) -> Response:
    """Tell how many came to each session."""
    return _figures(bootstrap.gatherings().get(gathering_id))


@api.post(PATH, Role.COORDINATOR, own=True)
def note(visit: SignedInVisit, gathering_id: str) -> Response:
    """Note who was in a session and who was not. The same again changes nothing."""
    gathering = bootstrap.gatherings().get(gathering_id)
    body = bodies.read(AttendanceBody, visit.request)
    service.mark_all(gathering, body.session, body.said(), store=bootstrap.registrations(), now=visit.now)
    return _figures(gathering)


def _figures(gathering: Gathering) -> Response:
    figures = tally(everybody(gathering.id, store=bootstrap.registrations()), gathering)
    return answers.data(wire_attendance.sessions(figures))
