"""Invitations, and participants as a file."""

from typing import Any, Final

from chalicelib import wire_invitations
from chalicelib.openapi.parts import STRING, TIME, a_list, an_object, looked_for, parameter, ref, signed_in
from shared.registration.model import Status

BODIES: Final = (wire_invitations.InvitationsBody,)


def paths() -> dict[str, Any]:
    """Return the calls."""
    file = {"type": "string", "format": "binary"}
    types = ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    export = signed_in(
        "export",
        "Give everybody in a gathering, or those that are looked for, or what to cater for, as a file.",
        200,
        "Description",
        *("404", "422"),
        parameters=[
            parameter("gathering", "query", STRING, "The gathering's id.", required=True),
            parameter("kind", "query", {"enum": ["participants", "catering"]}, "What to give.", required=True),
            parameter("format", "query", {"enum": ["xlsx", "csv"]}, "The kind of file: xlsx unless told."),
            parameter("needs", "query", {"enum": ["true", "false"]}, "Whether what participants need comes along."),
            *looked_for(),
        ],
    )
    export["responses"]["200"]["content"] = {name: {"schema": file} for name in types}
    return {
        "/coordinator/gatherings/{gathering_id}/invitations": {
            "parameters": [ref("parameters", "gathering_id")],
            "get": signed_in(
                "invitations", "List who is invited, and who of them has registered.", 200, "Invitations", "404"
            ),
            "post": signed_in(
                "invite",
                "Invite addresses, all or none. Who is registered, or was invited before, gets no mail.",
                201,
                "Invited",
                *("404", "409", "413", "415", "422"),
                body="InvitationsBody",
            ),
        },
        "/coordinator/exports": {"get": export},
    }


def schemas() -> dict[str, Any]:
    """Return what they give."""
    status = {"enum": [*Status, None]}
    return {
        "Invitations": an_object(
            invitations=a_list(an_object(id=STRING, email=STRING, language=STRING, invited_at=TIME, status=status))
        ),
        "Invited": an_object(invited=a_list(STRING), invited_before=a_list(STRING), registered=a_list(STRING)),
    }
