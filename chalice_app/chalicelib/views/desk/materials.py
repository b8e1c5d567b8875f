"""Materials that are files: sent with a form, or by the page's script straight to the store if they are large."""

from typing import Any, Final

from chalice.app import Response

from chalicelib import bodies, planning, routing, scripted, wire_documents
from chalicelib.editing import EDITORS, editing
from chalicelib.planning import Form
from chalicelib.views.desk import webinars
from chalicelib.visit import DeskVisit
from chalicelib.wire import tidy
from shared.bootstrap import documents, webinars as workshop

pages = routing.desk()

PATH: Final = f"{webinars.ONE}/materialer"


@pages.upload(PATH, *EDITORS)
def attach(visit: DeskVisit, webinar_id: str) -> Response:
    """Add a file that comes with the form."""
    typed = bodies.form(visit.request)

    def attached() -> None:
        kept = workshop.around().store.get(webinar_id)
        content = bodies.files(visit.request).get("document", b"")
        _attach(visit, kept.id, documents.receiving(kept.id).bring(content))

    return webinars.step(visit, webinar_id, "attached", attached, typed)


@pages.post(f"{PATH}/plads", *EDITORS)
def begin(visit: DeskVisit, webinar_id: str) -> Response:
    """Give a link that a file is put to."""

    def begun() -> dict[str, Any]:
        size = scripted.body(wire_documents.DocumentBody, visit).size
        kept = workshop.around().store.get(webinar_id)
        return wire_documents.begun(*documents.receiving(kept.id).begin(size))

    return scripted.told(visit, begun)


@pages.post(f"{PATH}/{{document_id}}/faerdig", *EDITORS)
def finish(visit: DeskVisit, webinar_id: str, document_id: str) -> Response:
    """Add a file that has come."""

    def finished() -> dict[str, Any]:
        _attach(visit, webinar_id, document_id)
        return {}

    return scripted.told(visit, finished)


@pages.post(f"{PATH}/{{document_id}}/fjern", *EDITORS)
def remove(visit: DeskVisit, webinar_id: str, document_id: str) -> Response:
    """Take a file away."""
    return webinars.step(
        visit, webinar_id, "detached", lambda: editing(visit).detach(webinar_id, document_id, files=workshop.files())
    )


def _attach(visit: DeskVisit, webinar_id: str, document_id: str) -> None:
    title = tidy(planning.reader(Form.sent(visit), visit).words("title"))
    editing(visit).attach(webinar_id, title, document_id, receiving=documents.receiving(webinar_id))
