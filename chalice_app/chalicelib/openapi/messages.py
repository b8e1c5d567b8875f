"""What coordinators write to those who are registered."""

from typing import Any, Final

from chalicelib import wire_messages
from chalicelib.openapi.parts import STRING, TIME, a_list, an_object, parameter, ref, signed_in
from shared.messages.model import MessageState

BODIES: Final = (wire_messages.MessageBody,)


def paths() -> dict[str, Any]:
    """Return the calls."""
    path = "/coordinator/messages"
    of_gathering = parameter("gathering", "query", STRING, "The gathering's id.", required=True)
    return {
        path: {
            "get": signed_in(
                "messages",
                "List the messages to those of a gathering.",
                200,
                "Messages",
                *("404", "422"),
                parameters=[of_gathering],
            ),
            "post": signed_in(
                "writeMessage",
                "Write to those of a gathering, or to some of them, now or at a time. A person gets one message a day: "
                "a second waits for the next morning.",
                201,
                "Message",
                *("404", "409", "413", "415", "422"),
                parameters=[ref("parameters", "key")],
                body="MessageBody",
            ),
        },
        f"{path}/{{message_id}}": {
            "parameters": [parameter("message_id", "path", STRING, "The message's id."), of_gathering],
            "delete": signed_in(
                "withdrawMessage", "Call back a message that has not left.", 200, "Message", "404", "409", "422"
            ),
        },
    }


def schemas() -> dict[str, Any]:
    """Return what they give."""
    text = {"type": "object", "additionalProperties": STRING}
    message = an_object(
        id=STRING,
        gathering=STRING,
        subject=text,
        body=text,
        audience=an_object(**dict.fromkeys(("status", "session", "round", "library", "role"), STRING)),
        send_at=TIME,
        state={"enum": list(MessageState)},
        people={"type": "integer", "minimum": 0},
    )
    listed = an_object(messages=a_list(ref("schemas", "Message")), next={"type": "null"})
    return {"Message": message, "Messages": listed}
