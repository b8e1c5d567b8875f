"""The coordinators' API: webinars, from draft to what everybody sees."""

from typing import Any, Final

from chalice.app import Response

from chalicelib import answers, bodies, cursors, routing, wire_webinars
from chalicelib.editing import EDITORS, editing
from chalicelib.visit import SignedInVisit
from shared.bootstrap import web as bootstrap, webinars as workshop
from shared.ids import new_id
from shared.roles import Role
from shared.webinars import service
from shared.webinars.model import Webinar

api = routing.coordinator_api()

PATH: Final = "/api/v1/coordinator/webinars"
ONE: Final = f"{PATH}/{{webinar_id}}"
PAGE: Final = 100


@api.get(PATH, *Role)
def webinars(visit: SignedInVisit) -> Response:
    """List webinars of every state, the newest recording first, a page at a time."""
    page = workshop.around().store.listed(after=cursors.given(visit), limit=PAGE)
    found = [_shown(one, visit) for one in page.webinars]
    return answers.data({"webinars": found, "next": cursors.cursor(page.next)})


@api.post(PATH, *EDITORS)
def draft(visit: SignedInVisit) -> Response:
    """Make a webinar of nothing: a draft."""
    body = bodies.read(wire_webinars.WebinarBody, visit.request)
    return _made(editing(visit).draft(body.to_domain(id=new_id(), owner=visit.who.id)), visit)


@api.post("/api/v1/coordinator/gatherings/{gathering_id}/webinars", *EDITORS, empty=True)
def draft_of(visit: SignedInVisit, gathering_id: str) -> Response:
    """Make a webinar of a gathering that was held: a draft that takes over what it says."""
    return _made(editing(visit).draft_of(bootstrap.gatherings().get(gathering_id)), visit)


@api.get(ONE, *Role)
def webinar(visit: SignedInVisit, webinar_id: str) -> Response:
    """Give one webinar."""
    return _answer(workshop.around().store.get(webinar_id), visit)


@api.patch(ONE, *EDITORS)
def change(visit: SignedInVisit, webinar_id: str) -> Response:
    """Change some fields of a webinar."""
    patch = bodies.read(wire_webinars.WebinarPatch, visit.request)
    wanted = patch.onto(workshop.around().store.get(webinar_id))
    return _answer(editing(visit).change(wanted, files=workshop.files()), visit)


@api.post(f"{ONE}/captions", *EDITORS)
def caption(visit: SignedInVisit, webinar_id: str) -> Response:
    """Keep captions in a language, in place of those there were."""
    body = bodies.read(wire_webinars.CaptionsBody, visit.request)
    kept, read = editing(visit).caption(webinar_id, body.language, body.text.encode(), files=workshop.files())
    doubts = [
        {"line": one.line, "detail": visit.voice.say(one.message, **one.values)}
        for one in read.warnings[: service.MOST_TOLD]
    ]
    return answers.data({**_shown(kept, visit), "doubts": doubts})


@api.get(f"{ONE}/captions/{{language}}", *Role)
def captions(visit: SignedInVisit, webinar_id: str, language: str) -> Response:
    """Give the captions in a language."""
    kept = workshop.around().store.get(webinar_id).captions_in(language)
    found = service.cues(kept, files=workshop.files())
    return answers.data({"captions": [wire_webinars.cue(one) for one in found], "next": None})


@api.delete(f"{ONE}/captions/{{language}}", *EDITORS)
def uncaption(visit: SignedInVisit, webinar_id: str, language: str) -> Response:
    """Take the captions in a language away."""
    return _answer(editing(visit).uncaption(webinar_id, language, files=workshop.files()), visit)


@api.post(f"{ONE}/review", *EDITORS, empty=True)
def review(visit: SignedInVisit, webinar_id: str) -> Response:
    """Ask somebody else to look at a draft."""
    return _answer(editing(visit).ask_for_review(webinar_id), visit)


@api.post(f"{ONE}/publish", *EDITORS, empty=True)
def publish(visit: SignedInVisit, webinar_id: str) -> Response:
    """Show a webinar to everybody."""
    return _answer(editing(visit).publish(webinar_id), visit)


@api.post(f"{ONE}/schedule", *EDITORS)
def schedule(visit: SignedInVisit, webinar_id: str) -> Response:
    """Let a webinar be shown from a moment on."""
    body = bodies.read(wire_webinars.PublishAtBody, visit.request)
    return _answer(editing(visit).schedule(webinar_id, body.publish_at), visit)


@api.post(f"{ONE}/withdraw", *EDITORS, empty=True)
def withdraw(visit: SignedInVisit, webinar_id: str) -> Response:
    """Make it a draft again: it is neither looked at nor shown by itself."""
    return _answer(editing(visit).withdraw(webinar_id), visit)


@api.post(f"{ONE}/hide", *EDITORS)
def hide(visit: SignedInVisit, webinar_id: str) -> Response:
    """Show a webinar no longer; its page says so, and why."""
    body = bodies.read(wire_webinars.HideBody, visit.request)
    return _answer(editing(visit).hide(webinar_id, body.to_domain()), visit)


def _shown(webinar: Webinar, visit: SignedInVisit) -> dict[str, Any]:
    return wire_webinars.for_editors(webinar, visit.network.languages[0])


def _answer(webinar: Webinar, visit: SignedInVisit) -> Response:
    return answers.data(_shown(webinar, visit))


def _made(webinar: Webinar, visit: SignedInVisit) -> Response:
    headers = {"Location": f"{PATH}/{webinar.id}"}
    return answers.data(_shown(webinar, visit), status=201, headers=headers)
