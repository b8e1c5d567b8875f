"""Gatherings, planned and public."""

from typing import Any, Final

from chalicelib import wire_gatherings
from chalicelib.openapi.parts import (
    BOOLEAN,
    CERTIFICATE_SHARE,
    COUNT,
    MAYBE_STRING,
    MAYBE_TIME,
    NUMBER,
    STRING,
    TEXT,
    TIME,
    a_list,
    an_object,
    parameter,
    ref,
    signed_in,
)
from shared.gatherings.model import Kind, Mode, State

BODIES: Final = (
    wire_gatherings.GatheringBody,
    wire_gatherings.PatchBody,
    wire_gatherings.CancelBody,
    wire_gatherings.ReminderBody,
)


def paths() -> dict[str, Any]:
    """Return the calls."""
    one = {"parameters": [ref("parameters", "gathering_id")]}
    path = "/coordinator/gatherings"
    return {
        path: {
            "get": signed_in(
                "plannedGatherings",
                "List gatherings of every state, the latest start first.",
                200,
                "Gatherings",
                "422",
                parameters=[parameter("cursor", "query", STRING, "`next` of the page before.")],
            ),
            "post": signed_in(
                "plan", "Plan a gathering: a draft.", 201, "Gathering", "409", "413", "415", "422", body="GatheringBody"
            ),
        },
        f"{path}/{{gathering_id}}": one
        | {
            "get": signed_in("plannedGathering", "Give one gathering.", 200, "Gathering", "404"),
            "patch": signed_in(
                "change",
                "Change some fields. A `version` that is no longer the newest is refused.",
                200,
                "Gathering",
                *("404", "409", "413", "415", "422"),
                body="PatchBody",
            ),
        },
        f"{path}/{{gathering_id}}/publish": one
        | {"post": signed_in("publish", "Show it to the public.", 200, "Gathering", "404", "409", "422")},
        f"{path}/{{gathering_id}}/cancel": one
        | {
            "post": signed_in(
                "cancelGathering",
                "Cancel it for good, and tell those who come.",
                200,
                "Gathering",
                *("404", "409", "413", "422"),
                body="CancelBody",
                needs_body=False,
            )
        },
    }


def schemas() -> dict[str, Any]:
    """Return what they give."""
    place = {"anyOf": [an_object(name=STRING, address=STRING), {"type": "null"}]}
    session = {
        "id": STRING,
        "title": TEXT,
        "starts_at": TIME,
        "ends_at": TIME,
        "capacity": COUNT,
        "choose_one_of": MAYBE_STRING,
        "place": place,
    }
    common = {
        "id": STRING,
        "slug": STRING,
        "state": {"enum": list(State)},
        "held": BOOLEAN,
        "kind": {"enum": list(Kind)},
        "title": TEXT,
        "summary": TEXT,
        "description": TEXT,
        "speakers": TEXT,
        "sessions": a_list(an_object(**session)),
        "place": place,
        "accessibility": TEXT,
        "is_recorded": BOOLEAN,
        "capacity": COUNT,
        "registration": an_object(opens_at=MAYBE_TIME, closes_at=MAYBE_TIME, changes_until=MAYBE_TIME),
        "asks_invoice_reference": BOOLEAN,
        "programme_sheet": MAYBE_STRING,
        "certificate_share": CERTIFICATE_SHARE,
        "themes": {"type": "array", "items": STRING},
        "goals": {"type": "array", "items": {"type": "integer"}},
        "contact": STRING,
        "price_text": TEXT,
        **dict.fromkeys(("waiting_list", "approval", "choose_sessions", "asks_needs"), BOOLEAN),
        "on_site_capacity": COUNT,
        "online_capacity": COUNT,
        "fair_share": {"anyOf": [an_object(per_library={"type": "integer"}, until=MAYBE_TIME), {"type": "null"}]},
        "questions": a_list(ref("schemas", "QuestionBody")),
        "programme": MAYBE_STRING,
        "track": MAYBE_STRING,
        "reminders": a_list(ref("schemas", "ReminderBody")),
    }
    public_round = an_object(
        id=STRING,
        name=TEXT,
        opens_at=TIME,
        closes_at=MAYBE_TIME,
        certification=a_list(STRING),
        roles=a_list(STRING),
        by_invitation=BOOLEAN,
    )
    return {
        "PublicGathering": an_object(
            **common | {"sessions": a_list(an_object(**session, seats_left=COUNT))},
            modes=a_list(an_object(mode={"enum": list(Mode)}, seats_left=COUNT)),
            online=BOOLEAN,
            seats_left=COUNT,
            kept_seats_left={"type": "integer", "minimum": 0},
            registration_open=BOOLEAN,
            rounds=a_list(public_round),
            open_rounds=a_list(public_round),
        ),
        "PublicGatherings": an_object(gatherings=a_list(ref("schemas", "PublicGathering"))),
        "Gathering": an_object(
            **common,
            version=NUMBER,
            online_link=MAYBE_STRING,
            owner=MAYBE_STRING,
            texts={"type": "object", "additionalProperties": TEXT},
            rounds={"type": ["array", "null"], "items": ref("schemas", "RoundBody")},
        ),
        "Gatherings": an_object(gatherings=a_list(ref("schemas", "Gathering")), next=MAYBE_STRING),
    }
