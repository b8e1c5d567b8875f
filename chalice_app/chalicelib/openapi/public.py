"""What everybody may ask for."""

from typing import Any, Final

from chalicelib import wire_notices, wire_viewing
from chalicelib.openapi.parts import (
    DAY,
    MAYBE_STRING,
    NUMBER,
    STRING,
    TEXT,
    TIME,
    a_list,
    an_object,
    call,
    parameter,
    ref,
)
from shared.gatherings.model import Kind

BODIES: Final = (wire_notices.InterestBody, wire_viewing.ViewBody)


def paths() -> dict[str, Any]:
    """Return the calls."""
    webinar = {"parameters": [parameter("slug", "path", STRING, "The webinar’s address.")]}
    return {
        "/health": {"get": call("health", "Say that requests are answered.", 200, "Health")},
        "/openapi.json": {"get": call("openapi", "Describe the API.", 200, "Description")},
        "/libraries": {
            "get": call(
                "libraries",
                "List libraries, all or those that a text is found in.",
                200,
                "Libraries",
                parameters=[parameter("q", "query", STRING, "A name, a part of one, or a number.")],
            )
        },
        "/gatherings": {
            "get": call(
                "gatherings",
                "List public gatherings: those to come, or those that start between two moments.",
                200,
                "PublicGatherings",
                "422",
                parameters=[
                    parameter("kind", "query", {"enum": list(Kind)}, "Only this kind."),
                    parameter("theme", "query", STRING, "Only this theme."),
                    parameter("from", "query", TIME, "Only what starts at this moment or later."),
                    parameter("to", "query", TIME, "Only what starts at this moment or earlier."),
                ],
            )
        },
        "/webinars": {
            "get": call(
                "shownWebinars",
                "List the webinars that are shown: all, on a theme, about a goal, or with words in them.",
                200,
                "ShownWebinars",
                "422",
                parameters=[
                    parameter("theme", "query", STRING, "Only this theme."),
                    parameter("goal", "query", {"type": "integer", "minimum": 1, "maximum": 17}, "Only this goal."),
                    parameter("q", "query", STRING, "Only those with these words in title, summary or speakers."),
                ],
            )
        },
        "/webinars/{slug}": webinar
        | {"get": call("shownWebinar", "Give one webinar that is shown.", 200, "ShownWebinar", "404")},
        "/webinars/{slug}/views": webinar
        | {
            "post": call(
                "countView",
                "Count that a webinar is played, or watched to its end. Nothing is kept of who watches.",
                204,
                None,
                *("404", "413", "415", "422", "429"),
                body="ViewBody",
            )
        },
        "/gatherings/{slug}": {
            "parameters": [ref("parameters", "slug")],
            "get": call("gathering", "Give one public gathering.", 200, "PublicGathering", "404"),
        },
        "/gatherings/{slug}/registrations": {
            "parameters": [ref("parameters", "slug")],
            "post": call(
                "register",
                "Take a seat. The same person again gets the existing registration, and the link once more by mail.",
                201,
                "Registered",
                *("403", "404", "409", "413", "415", "422", "429"),
                parameters=[ref("parameters", "key")],
                body="RegistrationBody",
            ),
        },
        "/gatherings/{slug}/interest": {
            "parameters": [ref("parameters", "slug")],
            "post": call(
                "leaveInterest",
                "Leave an address, to be told by one mail when its owner can register, and then deleted.",
                202,
                "Noted",
                *("404", "409", "413", "415", "422", "429"),
                body="InterestBody",
            ),
        },
        "/registrations/{token}": {
            "parameters": [ref("parameters", "token")],
            "get": call(
                "registration", "Give the participant's own registration.", 200, "OwnRegistration", "404", "410"
            ),
            "patch": call(
                "changeRegistration",
                "Confirm, accept or decline an offer, say that it is somebody else's doing (`not_me` deletes it),"
                " change sessions, answers or address, or hand over: one at a time.",
                200,
                "OwnRegistration",
                *("404", "409", "410", "413", "415", "422"),
                body="OwnPatch",
            ),
            "delete": call(
                "cancel", "Give the seat, or the place in the line, back.", 200, "OwnRegistration", "404", "409", "410"
            ),
        },
    }


def schemas() -> dict[str, Any]:
    """Return what they give."""
    library = an_object(id=STRING, name=STRING, municipality=MAYBE_STRING, region=MAYBE_STRING)
    return {
        "Health": an_object(status={"const": "ok"}),
        "Description": {"type": "object"},
        "Libraries": an_object(libraries=a_list(library)),
        "Noted": an_object(opens_at=TIME),
        "ShownWebinars": an_object(webinars=a_list(ref("schemas", "ShownWebinar"))),
        "ShownWebinar": an_object(
            slug=STRING,
            url=STRING,
            title=TEXT,
            summary=TEXT,
            speakers=TEXT,
            held_on=DAY,
            published_at=TIME,
            spoken=STRING,
            captions=a_list(STRING),
            themes=a_list(STRING),
            goals=a_list({"type": "integer", "minimum": 1, "maximum": 17}),
            recording={"oneOf": [ref("schemas", "ShownRecording"), {"type": "null"}]},
        ),
        "ShownRecording": an_object(
            url=STRING,
            type=STRING,
            size=NUMBER,
            duration=NUMBER,
            poster=an_object(url=STRING, width=NUMBER, height=NUMBER),
        ),
    }
