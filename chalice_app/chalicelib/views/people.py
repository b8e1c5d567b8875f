"""The coordinators' API: who may sign in."""

from typing import Final

from chalice.app import Response

from chalicelib import answers, bodies, routing, wire_people
from chalicelib.visit import SignedInVisit
from shared.bootstrap import web as bootstrap
from shared.people import service
from shared.roles import Role

api = routing.coordinator_api()

PATH: Final = "/api/v1/coordinator/people"


@api.get(PATH, Role.COORDINATOR)
def people(visit: SignedInVisit) -> Response:
    """List who may sign in, by e-mail address."""
    found = [wire_people.person(person) for person in service.everybody(accounts=bootstrap.people())]
    return answers.data({"people": found, "next": None})


@api.post(PATH, Role.COORDINATOR)
def invite(visit: SignedInVisit) -> Response:
    """Let somebody in."""
    body = bodies.read(wire_people.InvitationBody, visit.request)
    person = service.invite(body.email, body.role, accounts=bootstrap.people())
    return answers.data(wire_people.person(person), status=201, headers={"Location": f"{PATH}/{person.id}"})


@api.patch(f"{PATH}/{{person_id}}", Role.COORDINATOR)
def change(visit: SignedInVisit, person_id: str) -> Response:
    """Give somebody another role."""
    body = bodies.read(wire_people.RoleBody, visit.request)
    return answers.data(wire_people.person(service.change_role(person_id, body.role, accounts=bootstrap.people())))


@api.post(f"{PATH}/{{person_id}}/invitation", Role.COORDINATOR, empty=True)
def invite_again(visit: SignedInVisit, person_id: str) -> Response:
    """Send the invitation once more."""
    return answers.data(wire_people.person(service.invite_again(person_id, accounts=bootstrap.people())))


@api.delete(f"{PATH}/{{person_id}}", Role.COORDINATOR)
def remove(visit: SignedInVisit, person_id: str) -> Response:
    """Let somebody in no more."""
    return answers.data(wire_people.person(service.remove(person_id, accounts=bootstrap.people())))
