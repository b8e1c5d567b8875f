"""The coordinators' API: resources."""

from typing import Final

from chalice.app import Response

from chalicelib import answers, bodies, routing, wire_documents, wire_resources
from chalicelib.editing import EDITORS, sharing
from chalicelib.visit import SignedInVisit
from shared.bootstrap import documents, resources as shelf, webinars as workshop
from shared.ids import new_id
from shared.resources.model import Resource, newest_first
from shared.roles import Role

api = routing.coordinator_api()

PATH: Final = "/api/v1/coordinator/resources"
ONE: Final = f"{PATH}/{{resource_id}}"


@api.get(PATH, *Role)
def resources(visit: SignedInVisit) -> Response:
    """List all resources, those that nobody sees among them, the newest first."""
    found = [wire_resources.for_editors(one) for one in newest_first(shelf.around().store.every())]
    return answers.data({"resources": found, "next": None})


@api.post(PATH, *EDITORS)
def add(visit: SignedInVisit) -> Response:
    """Enter a resource."""
    body = bodies.read(wire_resources.ResourceBody, visit.request)
    added = sharing(visit).add(body.to_domain(id=new_id(), added_at=visit.now))
    return answers.data(wire_resources.for_editors(added), status=201, headers={"Location": f"{PATH}/{added.id}"})


@api.get(ONE, *Role)
def resource(visit: SignedInVisit, resource_id: str) -> Response:
    """Give one resource."""
    return _answer(shelf.around().store.get(resource_id))


@api.patch(ONE, *EDITORS)
def change(visit: SignedInVisit, resource_id: str) -> Response:
    """Change some fields of a resource, hide it or show it again."""
    patch = bodies.read(wire_resources.ResourcePatch, visit.request)
    wanted = patch.onto(shelf.around().store.get(resource_id))
    return _answer(sharing(visit).change(wanted, files=workshop.files()))


@api.delete(ONE, *EDITORS)
def remove(visit: SignedInVisit, resource_id: str) -> Response:
    """Delete a resource, and give it once more."""
    return _answer(sharing(visit).remove(resource_id, files=workshop.files()))


@api.post(f"{ONE}/file", *EDITORS)
def begin(visit: SignedInVisit, resource_id: str) -> Response:
    """Give a link that its file is put to, for an hour."""
    body = bodies.read(wire_documents.DocumentBody, visit.request)
    kept = shelf.around().store.get(resource_id)
    return answers.data(wire_documents.begun(*documents.receiving(kept.id).begin(body.size)), status=201)


@api.post(f"{ONE}/file/{{document_id}}/finish", *EDITORS, empty=True)
def finish(visit: SignedInVisit, resource_id: str, document_id: str) -> Response:
    """Look into a file that has come, and let the resource be that."""
    receiving = documents.receiving(resource_id)
    return _answer(sharing(visit).file(resource_id, document_id, receiving=receiving, files=workshop.files()))


def _answer(resource: Resource) -> Response:
    return answers.data(wire_resources.for_editors(resource))
