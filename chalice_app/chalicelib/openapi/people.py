"""Who may sign in."""

from typing import Any, Final

from chalicelib import wire_people
from chalicelib.openapi.parts import STRING, a_list, an_object, parameter, ref, signed_in
from shared.roles import Role

BODIES: Final = (
    wire_people.InvitationBody,
    wire_people.RoleBody,
)


def paths() -> dict[str, Any]:
    """Return the calls."""
    path = "/coordinator/people"
    wrong = ("404", "409", "413", "415", "422")
    return {
        path: {
            "get": signed_in("people", "List who may sign in.", 200, "People"),
            "post": signed_in(
                "invitePerson",
                "Let somebody in: Cognito mails a first password.",
                201,
                "Person",
                *("409", "413", "415", "422"),
                body="InvitationBody",
            ),
        },
        f"{path}/{{person_id}}": {
            "parameters": [parameter("person_id", "path", STRING, "The person's id.")],
            "patch": signed_in("changeRole", "Give somebody another role.", 200, "Person", *wrong, body="RoleBody"),
            "delete": signed_in("removePerson", "Let somebody in no more.", 200, "Person", "404", "409"),
        },
        f"{path}/{{person_id}}/invitation": {
            "parameters": [parameter("person_id", "path", STRING, "The person's id.")],
            "post": signed_in(
                "invitePersonAgain",
                "Mail a first password anew, to who has not signed in yet.",
                200,
                "Person",
                "404",
                "409",
            ),
        },
    }


def schemas() -> dict[str, Any]:
    """Return what they give."""
    return {
        "Person": an_object(id=STRING, email=STRING, role={"enum": [*Role, None]}),
        "People": an_object(people=a_list(ref("schemas", "Person")), next={"type": "null"}),
    }
