"""The coordinators' API: who may sign in."""

from typing import Any, Final

from chalice.app import Response
from pydantic import BaseModel, ConfigDict

from chalicelib import answers, bodies, routing
from chalicelib.visit import SignedInVisit
from shared.bootstrap import web as bootstrap
from shared.people import service
from shared.people.model import Person
from shared.roles import Role

api = routing.coordinator_api()

PATH: Final = "/api/v1/coordinator/people"


class InvitationBody(BaseModel):
    """Whom to let in, and as what."""

    model_config = ConfigDict(extra="forbid")

    email: str
    role: str


class RoleBody(BaseModel):
    """What somebody is from now on."""

    model_config = ConfigDict(extra="forbid")

    role: str


@api.get(PATH, Role.COORDINATOR)
def people(visit: SignedInVisit) -> Response:
    """List who may sign in, by e-mail address."""
    found = [_shown(person) for person in service.everybody(accounts=bootstrap.people())]
    return answers.data({"people": found, "next": None})


@api.post(PATH, Role.COORDINATOR)
def invite(visit: SignedInVisit) -> Response:
    """Let somebody in."""
    body = bodies.read(InvitationBody, visit.request)
    person = service.invite(body.email, body.role, accounts=bootstrap.people())
    return answers.data(_shown(person), status=201, headers={"Location": f"{PATH}/{person.id}"})


@api.patch(f"{PATH}/{{person_id}}", Role.COORDINATOR)
def change(visit: SignedInVisit, person_id: str) -> Response:
    """Give somebody another role."""
    body = bodies.read(RoleBody, visit.request)
    return answers.data(_shown(service.change_role(person_id, body.role, accounts=bootstrap.people())))


@api.delete(f"{PATH}/{{person_id}}", Role.COORDINATOR)
def remove(visit: SignedInVisit, person_id: str) -> Response:
    """Let somebody in no more."""
    service.remove(person_id, accounts=bootstrap.people())
    return Response("", dict(answers.EVERY_HEADER), 204)


def _shown(person: Person) -> dict[str, Any]:
    return {"id": person.id, "email": person.email, "role": person.role}
