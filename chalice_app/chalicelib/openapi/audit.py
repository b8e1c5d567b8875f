"""What those who sign in have done, and what will be deleted."""

from typing import Any, Final

from pydantic import BaseModel

from chalicelib.openapi.parts import MAYBE_STRING, STRING, TIME, a_list, an_object, parameter, ref, signed_in
from shared.privacy.model import Group
from shared.roles import Role
from shared.time import MONTH

BODIES: Final[tuple[type[BaseModel], ...]] = ()


def paths() -> dict[str, Any]:
    """Return the calls."""
    return {
        "/coordinator/audit": {
            "get": signed_in(
                "audit",
                "List what was done in a month, the newest first: never what was written.",
                200,
                "Audit",
                "422",
                parameters=[
                    parameter("month", "query", {"type": "string", "pattern": f"^{MONTH}$"}, "Of UTC; else this one."),
                    parameter("cursor", "query", STRING, "`next` of the page before."),
                ],
            )
        },
        "/coordinator/deletions": {
            "get": signed_in(
                "deletions", "List what will be deleted in the next 30 days, the soonest first.", 200, "Deletions"
            )
        },
    }


def schemas() -> dict[str, Any]:
    """Return what they give."""
    entry = an_object(
        **dict.fromkeys(("id", "who", "what", "method", "route"), STRING),
        at=TIME,
        role={"enum": list(Role)},
        action=MAYBE_STRING,
        ids={"type": "object"},
        registrations=a_list(STRING),
        status={"type": ["integer", "null"]},
    )
    planned = an_object(
        gathering=STRING,
        what={"enum": list(Group)},
        on={"type": "string", "format": "date"},
        count={"type": "integer", "minimum": 1},
    )
    return {
        "AuditEntry": entry,
        "Audit": an_object(audit=a_list(ref("schemas", "AuditEntry")), next=MAYBE_STRING),
        "Deletions": an_object(deletions=a_list(planned), next={"type": "null"}),
    }
