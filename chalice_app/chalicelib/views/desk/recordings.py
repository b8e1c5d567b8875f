"""Recordings, as the webinar's page sends them: its script asks here where to put the parts."""

from typing import Any, Final

from chalice.app import Response

from chalicelib import answers, routing, scripted, wire_recordings
from chalicelib.editing import EDITORS, editing
from chalicelib.views.desk import webinars
from chalicelib.visit import DeskVisit
from shared.bootstrap import webinars as workshop
from shared.roles import Role
from shared.webinars import captions, service

pages = routing.desk()

PATH: Final = f"{webinars.ONE}/optagelse"
VTT: Final = "text/vtt; charset=utf-8"


@pages.get(PATH, *Role)
def recording(visit: DeskVisit, webinar_id: str) -> Response:
    """Say what is on its way, for the page that waits for it."""
    workshop.around().store.get(webinar_id)
    upload = workshop.uploads().get(webinar_id)
    return answers.data({"state": upload.state if upload else None})


@pages.post(PATH, *EDITORS)
def begin(visit: DeskVisit, webinar_id: str) -> Response:
    """Begin to send a recording, or go on with it."""

    def begun() -> dict[str, Any]:
        body = scripted.body(wire_recordings.BeginBody, visit)
        upload, here = workshop.uploading(visit.now).begin(webinar_id, size=body.size, mark=body.mark)
        return wire_recordings.begun(upload, here)

    return scripted.told(visit, begun)


@pages.post(f"{PATH}/dele", *EDITORS)
def parts(visit: DeskVisit, webinar_id: str) -> Response:
    """Give links that parts are put to."""

    def links() -> dict[str, Any]:
        body = scripted.body(wire_recordings.PartsBody, visit)
        return wire_recordings.links(workshop.uploading(visit.now).links(webinar_id, body.key, body.numbers))

    return scripted.told(visit, links)


@pages.post(f"{PATH}/faerdig", *EDITORS)
def finish(visit: DeskVisit, webinar_id: str) -> Response:
    """Make one file of the parts."""

    def finished() -> dict[str, Any]:
        body = scripted.body(wire_recordings.FinishBody, visit)
        return {"state": workshop.uploading(visit.now).finish(webinar_id, body.key).state}

    return scripted.told(visit, finished)


@pages.post(f"{PATH}/opgiv", *EDITORS)
def give_up(visit: DeskVisit, webinar_id: str) -> Response:
    """Forget what is on its way."""
    return webinars.step(visit, webinar_id, "given_up", lambda: workshop.uploading(visit.now).give_up(webinar_id))


@pages.post(f"{PATH}/fjern", *EDITORS)
def remove(visit: DeskVisit, webinar_id: str) -> Response:
    """Take the recording away."""
    return webinars.step(
        visit, webinar_id, "unrecorded", lambda: editing(visit).unrecord(webinar_id, files=workshop.files())
    )


@pages.get(f"{webinars.CAPTIONS}/{{language}}/vtt", *Role)
def vtt(visit: DeskVisit, webinar_id: str, language: str) -> Response:
    """Give captions to the player on the page."""
    found = workshop.around().store.get(webinar_id).captions_in(language)
    said = captions.to_vtt(service.cues(found, files=workshop.files()))
    return Response(said, {"Content-Type": VTT, **answers.EVERY_HEADER})
