"""Who was there."""

from typing import Any, Final

from chalicelib import wire_attendance
from chalicelib.openapi.parts import AMOUNT, STRING, a_list, an_object, ref, signed_in

BODIES: Final = (wire_attendance.AttendanceBody,)


def paths() -> dict[str, Any]:
    """Return the calls."""
    return {
        "/coordinator/gatherings/{gathering_id}/attendance": {
            "parameters": [ref("parameters", "gathering_id")],
            "get": signed_in(
                "attendance",
                "Tell how many came to each session. `pressed` is who pressed the button to take part online, which is"
                " no proof of having been there.",
                200,
                "Attendance",
                "404",
            ),
            "post": signed_in(
                "noteAttendance",
                "Note who was in a session and who was not: all of it or nothing.",
                200,
                "Attendance",
                *("404", "409", "413", "415", "422"),
                body="AttendanceBody",
            ),
        },
    }


def schemas() -> dict[str, Any]:
    """Return what they give."""
    figures = dict.fromkeys(("seats", "pressed", "were_there", "were_not", "not_known"), AMOUNT)
    return {"Attendance": an_object(sessions=a_list(an_object(session=STRING, **figures)))}
