"""The coordinators' API: certificates."""

from typing import Final

from chalice.app import Response

from chalicelib import answers, bodies, routing
from chalicelib.visit import SignedInVisit
from chalicelib.wire_certificates import IssueBody
from shared.bootstrap import web as bootstrap
from shared.certificates import service
from shared.roles import Role

api = routing.coordinator_api()

PATH: Final = "/api/v1/coordinator/certificates"


@api.post(PATH, Role.COORDINATOR)
def issue(visit: SignedInVisit) -> Response:
    """Give a certificate to all of a gathering who have earned one and have none: done again, to nobody twice."""
    body = bodies.read(IssueBody, visit.request)
    issued = service.issue(
        bootstrap.gatherings().get(body.gathering),
        registrations=bootstrap.registrations(),
        programmes=bootstrap.programmes(),
        store=bootstrap.certificates(),
        now=visit.now,
        correlation_id=visit.correlation_id,
    )
    return answers.data({"issued": issued})
