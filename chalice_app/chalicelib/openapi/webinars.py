"""Webinars, as editors work on them."""

from collections.abc import Iterator
from typing import Any, Final

from chalicelib import wire_documents, wire_recordings, wire_webinars
from chalicelib.openapi.parts import (
    DAY,
    MAYBE_STRING,
    MAYBE_TIME,
    NUMBER,
    STRING,
    TEXT,
    a_list,
    an_object,
    parameter,
    ref,
    signed_in,
)
from shared.webinars.model import Exemption, State
from shared.webinars.recording import UploadState

BODIES: Final = (
    wire_webinars.WebinarBody,
    wire_webinars.WebinarPatch,
    wire_webinars.CaptionsBody,
    wire_webinars.PublishAtBody,
    wire_webinars.HideBody,
    wire_documents.DocumentBody,
    wire_documents.TitleBody,
    wire_recordings.BeginBody,
    wire_recordings.PartsBody,
    wire_recordings.FinishBody,
)

_MAYBE_DAY: Final = {"type": ["string", "null"], "format": "date"}
_REFUSED: Final = ("404", "409", "422")
_SENT: Final = ("404", "409", "413", "415", "422")


def paths() -> dict[str, Any]:
    """Return the calls."""
    path = "/coordinator/webinars"
    one = {"parameters": [parameter("webinar_id", "path", STRING, "The webinar’s id.")]}
    language = parameter("language", "path", STRING, "The captions’ language, by its two letters.")
    document = parameter("document_id", "path", STRING, "The file’s id.")
    return {
        path: {
            "get": signed_in(
                "webinars",
                "List webinars of every state, the newest recording first.",
                200,
                "Webinars",
                "422",
                parameters=[parameter("cursor", "query", STRING, "`next` of the page before.")],
            ),
            "post": signed_in("draftWebinar", "Make a webinar: a draft.", 201, "Webinar", *_SENT, body="WebinarBody"),
        },
        "/coordinator/gatherings/{gathering_id}/webinars": {
            "parameters": [ref("parameters", "gathering_id")],
            "post": signed_in(
                "draftWebinarOfGathering",
                "Make a webinar of a gathering that was held: a draft that takes over what it says.",
                201,
                "Webinar",
                *_REFUSED,
            ),
        },
        f"{path}/{{webinar_id}}": one
        | {
            "get": signed_in("webinar", "Give one webinar.", 200, "Webinar", "404"),
            "patch": signed_in(
                "changeWebinar",
                "Change some fields. What is shown, or waits for it, cannot lose what it needs. Of `materials`, "
                "those with a `file` are kept by its `id`; those that are left out are taken away.",
                200,
                "Webinar",
                *_SENT,
                body="WebinarPatch",
            ),
        },
        f"{path}/{{webinar_id}}/captions": one
        | {
            "post": signed_in(
                "captionWebinar",
                "Keep captions in a language, in place of those there were. `doubts` are by line of the file.",
                200,
                "CaptionedWebinar",
                *_SENT,
                body="CaptionsBody",
            )
        },
        f"{path}/{{webinar_id}}/captions/{{language}}": {
            "parameters": [*one["parameters"], language],
            "get": signed_in("captionsOfWebinar", "Give the captions in a language.", 200, "Captions", "404"),
            "delete": signed_in("uncaptionWebinar", "Take the captions in a language away.", 200, "Webinar", *_REFUSED),
        },
        f"{path}/{{webinar_id}}/materials": one
        | {
            "post": signed_in(
                "beginMaterial",
                "Begin to send a file for the materials. PUT it, in its full length, to the link within an hour.",
                201,
                "DocumentLink",
                *_SENT,
                body="DocumentBody",
            )
        },
        f"{path}/{{webinar_id}}/materials/{{document_id}}": {
            "parameters": [*one["parameters"], document],
            "delete": signed_in("removeMaterial", "Take a file away from the materials.", 200, "Webinar", *_REFUSED),
        },
        f"{path}/{{webinar_id}}/materials/{{document_id}}/finish": {
            "parameters": [*one["parameters"], document],
            "post": signed_in(
                "finishMaterial",
                "Look into a file that has been put to its link, and add it to the materials.",
                200,
                "Webinar",
                *_SENT,
                body="TitleBody",
            ),
        },
        f"{path}/{{webinar_id}}/recording": one
        | {
            "get": signed_in(
                "recordingOfWebinar", "Give the recording, and what is on its way.", 200, "RecordingState", "404"
            ),
            "post": signed_in(
                "beginRecording",
                "Begin to send a recording, or go on with it: `here` are the parts that have come.",
                200,
                "Upload",
                *_SENT,
                body="BeginBody",
            ),
            "delete": signed_in(
                "removeRecording", "Take the recording away, and what is on its way.", 200, "RecordingState", *_REFUSED
            ),
        },
        f"{path}/{{webinar_id}}/recording/parts": one
        | {
            "post": signed_in(
                "linksOfRecording",
                "Give links, for an hour, that parts are PUT to, each in its full length.",
                200,
                "UploadLinks",
                *_SENT,
                body="PartsBody",
            )
        },
        f"{path}/{{webinar_id}}/recording/finish": one
        | {
            "post": signed_in(
                "finishRecording",
                "Make one file of the parts. It is looked into then.",
                200,
                "Upload",
                *_SENT,
                body="FinishBody",
            )
        },
        **{f"{path}/{{webinar_id}}/{step}": one | {"post": described} for step, described in _steps()},
    }


def schemas() -> dict[str, Any]:
    """Return what they give."""
    moment = {"type": "integer", "minimum": 0}
    webinar = {
        "id": STRING,
        "state": {"enum": list(State)},
        "version": NUMBER,
        "gathering": MAYBE_STRING,
        "slug": STRING,
        "title": TEXT,
        "held_on": DAY,
        "spoken": STRING,
        "summary": TEXT,
        "description": TEXT,
        "speakers": TEXT,
        "themes": a_list(STRING),
        "goals": a_list({"type": "integer", "minimum": 1, "maximum": 17}),
        "link": MAYBE_STRING,
        "exemption": {"enum": [*Exemption, None]},
        "alternative": TEXT,
        "consent_on": _MAYBE_DAY,
        "chapters": a_list(an_object(at=moment, title=TEXT)),
        "materials": a_list(
            an_object(title=TEXT, link=MAYBE_STRING, file={"oneOf": [ref("schemas", "Document"), {"type": "null"}]})
        ),
        "review_on": _MAYBE_DAY,
        "recording": {"oneOf": [ref("schemas", "Recording"), {"type": "null"}]},
        "captions": a_list(an_object(language=STRING, until=moment)),
        "missing": a_list(STRING),
        "publish_at": MAYBE_TIME,
        "published_at": MAYBE_TIME,
        "hidden_because": TEXT,
    }
    recording = {"type": STRING, "size": moment, "duration": moment, "width": moment, "height": moment}
    upload = {"key": STRING, "state": {"enum": list(UploadState)}, "size": moment, "part_size": moment}
    upload |= {"parts": NUMBER, "here": a_list(NUMBER)}
    return {
        "Document": an_object(id=STRING, name=STRING, type=STRING, size=moment),
        "DocumentLink": an_object(id=STRING, url=STRING),
        "Recording": an_object(**recording, video=STRING, audio=MAYBE_STRING),
        "Upload": an_object(**upload),
        "UploadLinks": an_object(links=a_list(an_object(number=NUMBER, url=STRING))),
        "RecordingState": an_object(
            recording=webinar["recording"],
            upload={"oneOf": [ref("schemas", "Upload"), {"type": "null"}]},
            refused=MAYBE_STRING,
        ),
        "Webinar": an_object(**webinar),
        "CaptionedWebinar": an_object(**webinar, doubts=a_list(an_object(line=moment, detail=STRING))),
        "Webinars": an_object(webinars=a_list(ref("schemas", "Webinar")), next=MAYBE_STRING),
        "Captions": an_object(captions=a_list(an_object(start=moment, end=moment, text=STRING)), next={"type": "null"}),
    }


def _steps() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what takes a webinar from one state to the next."""
    yield "review", signed_in("reviewWebinar", "Ask somebody else to look at a draft.", 200, "Webinar", *_REFUSED)
    yield "publish", signed_in("publishWebinar", "Show a webinar to everybody.", 200, "Webinar", *_REFUSED)
    yield (
        "schedule",
        signed_in(
            "scheduleWebinar",
            "Let a webinar be shown from a moment on.",
            200,
            "Webinar",
            *_SENT,
            body="PublishAtBody",
        ),
    )
    yield "withdraw", signed_in("withdrawWebinar", "Make it a draft again.", 200, "Webinar", *_REFUSED)
    yield (
        "hide",
        signed_in(
            "hideWebinar",
            "Show a webinar no longer; its page says so, and why.",
            200,
            "Webinar",
            *_SENT,
            body="HideBody",
        ),
    )
