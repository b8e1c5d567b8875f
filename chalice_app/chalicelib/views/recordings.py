"""Recordings for programs: sent in parts to where links lead, then looked into."""

from typing import Final

from chalice.app import Response

from chalicelib import answers, bodies, routing, wire_recordings
from chalicelib.editing import EDITORS, editing
from chalicelib.visit import SignedInVisit
from shared.bootstrap import webinars as workshop
from shared.roles import Role

api = routing.coordinator_api()

PATH: Final = "/api/v1/coordinator/webinars/{webinar_id}/recording"


@api.get(PATH, *Role)
def recording(visit: SignedInVisit, webinar_id: str) -> Response:
    """Give the recording that is kept, and what is on its way with why it was refused."""
    kept = workshop.around().store.get(webinar_id).recording
    upload = workshop.uploads().get(webinar_id)
    fault = upload.fault if upload else None
    return answers.data(
        {
            "recording": wire_recordings.recording(kept),
            "upload": wire_recordings.begun(upload, ()) if upload else None,
            "refused": visit.voice.say(fault.message, **fault.values) if fault else None,
        }
    )


@api.post(PATH, *EDITORS)
def begin(visit: SignedInVisit, webinar_id: str) -> Response:
    """Begin to send a recording, or go on with it."""
    body = bodies.read(wire_recordings.BeginBody, visit.request)
    upload, here = workshop.uploading(visit.now).begin(webinar_id, size=body.size, mark=body.mark)
    return answers.data(wire_recordings.begun(upload, here))


@api.post(f"{PATH}/parts", *EDITORS)
def parts(visit: SignedInVisit, webinar_id: str) -> Response:
    """Give links that parts are put to, for an hour."""
    body = bodies.read(wire_recordings.PartsBody, visit.request)
    return answers.data(wire_recordings.links(workshop.uploading(visit.now).links(webinar_id, body.key, body.numbers)))


@api.post(f"{PATH}/finish", *EDITORS)
def finish(visit: SignedInVisit, webinar_id: str) -> Response:
    """Make one file of the parts."""
    body = bodies.read(wire_recordings.FinishBody, visit.request)
    upload = workshop.uploading(visit.now).finish(webinar_id, body.key)
    return answers.data(wire_recordings.begun(upload, range(1, upload.parts + 1)))


@api.delete(PATH, *EDITORS)
def remove(visit: SignedInVisit, webinar_id: str) -> Response:
    """Take the recording away, and what is on its way."""
    kept = editing(visit).unrecord(webinar_id, files=workshop.files())
    workshop.uploading(visit.now).give_up(webinar_id)
    return answers.data({"recording": wire_recordings.recording(kept.recording), "upload": None, "refused": None})
