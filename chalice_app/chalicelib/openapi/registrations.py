"""Registrations, one's own and all of a gathering."""

from typing import Any, Final

from chalicelib import wire_registrations
from chalicelib.openapi.parts import (
    BOOLEAN,
    MAYBE_STRING,
    MAYBE_TIME,
    PLACE,
    STRING,
    TIME,
    a_list,
    an_object,
    looked_for,
    parameter,
    ref,
    signed_in,
)
from shared.gatherings.model import Mode
from shared.notify.model import MailProblem
from shared.registration.attendance import Source
from shared.registration.model import Actor, Awaits, Status, What
from shared.registration.placing import Left

BODIES: Final = (
    wire_registrations.RegistrationBody,
    wire_registrations.OwnPatch,
    wire_registrations.RegistrationPatch,
)


def paths() -> dict[str, Any]:
    """Return the calls."""
    return {
        "/coordinator/gatherings/{gathering_id}/registrations": {
            "parameters": [ref("parameters", "gathering_id")],
            "get": signed_in(
                "registrations",
                "List who is registered, in which state and why, and whose mail may not have arrived (`mail_problem`).",
                200,
                "Registrations",
                *("404", "422"),
                parameters=[
                    parameter("cursor", "query", STRING, "`next` of the page before."),
                    *looked_for(),
                ],
            ),
            "post": signed_in(
                "addRegistrations",
                "Register people on a coordinator's word, whatever window and rounds say.",
                201,
                "Registered",
                *("403", "404", "409", "413", "415", "422"),
                parameters=[ref("parameters", "key")],
                body="RegistrationBody",
            ),
            "patch": signed_in(
                "actOnRegistration",
                "Cancel, accept, approve, reject, seat, move, correct or note one registration. Who is moved to another"
                " gathering is shown as registered there. A note or correction for an old version is 409.",
                200,
                "RegistrationForCoordinators",
                *("404", "409", "413", "415", "422"),
                body="RegistrationPatch",
            ),
        },
    }


def schemas() -> dict[str, Any]:
    """Return what they give."""
    registered = an_object(id=MAYBE_STRING, status={"enum": [*Status, *Left]}, position=PLACE)
    step = an_object(at=TIME, what={"enum": list(What)}, by={"enum": list(Actor)}, by_id=MAYBE_STRING, why=STRING)
    registration = {
        "id": STRING,
        "status": {"enum": list(Status)},
        "position": PLACE,
        "mode": {
            "enum": list(Mode),
            "description": "As chosen; where the gathering has one mode only, its sessions say how one takes part.",
        },
        "answers": {"type": "object"},
        "needs": {"anyOf": [an_object(diet=STRING, accommodation=STRING), {"type": "null"}]},
        "awaits": a_list({"enum": list(Awaits)}),
        "deadline": MAYBE_TIME,
        **dict.fromkeys(("name", "email", "library", "role"), STRING),
        "sessions": a_list(STRING),
        "invoice": {"anyOf": [an_object(gln=STRING, reference=STRING), {"type": "null"}]},
        "registered_at": TIME,
        "mail_problem": {"enum": [*MailProblem, None]},
    }
    return {
        "Registered": an_object(registrations=a_list(registered)),
        "RegistrationForCoordinators": an_object(
            **registration,
            gathering=STRING,
            version={"type": "integer", "minimum": 1},
            round=MAYBE_STRING,
            booked_by_another=BOOLEAN,
            note=STRING,
            joined=a_list(an_object(session=STRING, at=TIME)),
            attended=a_list(
                an_object(
                    session=STRING,
                    was_there=BOOLEAN,
                    source={"enum": list(Source)},
                    at=TIME,
                    seconds={"type": ["integer", "null"], "minimum": 0},
                )
            ),
            history=a_list(step),
        ),
        "Registrations": an_object(
            registrations=a_list(ref("schemas", "RegistrationForCoordinators")), next=MAYBE_STRING
        ),
        "OwnRegistration": an_object(**registration, gathering=STRING, changes_until=TIME),
    }
