"""Materials that are files, for programs: put to where a link leads, then looked into and added to a webinar."""

from typing import Final

from chalice.app import Response

from chalicelib import answers, bodies, routing, wire_documents, wire_webinars
from chalicelib.editing import EDITORS, editing
from chalicelib.visit import SignedInVisit
from chalicelib.wire import tidy
from shared.bootstrap import documents, webinars as workshop
from shared.webinars.model import Webinar

api = routing.coordinator_api()

PATH: Final = "/api/v1/coordinator/webinars/{webinar_id}/materials"


@api.post(PATH, *EDITORS)
def begin(visit: SignedInVisit, webinar_id: str) -> Response:
    """Give a link that a file is put to, for an hour."""
    body = bodies.read(wire_documents.DocumentBody, visit.request)
    kept = workshop.around().store.get(webinar_id)
    return answers.data(wire_documents.begun(*documents.receiving(kept.id).begin(body.size)), status=201)


@api.post(f"{PATH}/{{document_id}}/finish", *EDITORS)
def finish(visit: SignedInVisit, webinar_id: str, document_id: str) -> Response:
    """Look into a file that has come, and add it to the materials."""
    title = tidy(bodies.read(wire_documents.TitleBody, visit.request).title)
    receiving = documents.receiving(webinar_id)
    return _answer(editing(visit).attach(webinar_id, title, document_id, receiving=receiving), visit)


@api.delete(f"{PATH}/{{document_id}}", *EDITORS)
def remove(visit: SignedInVisit, webinar_id: str, document_id: str) -> Response:
    """Take a file away from the materials."""
    return _answer(editing(visit).detach(webinar_id, document_id, files=workshop.files()), visit)


def _answer(webinar: Webinar, visit: SignedInVisit) -> Response:
    return answers.data(wire_webinars.for_editors(webinar, visit.network.languages[0]))
