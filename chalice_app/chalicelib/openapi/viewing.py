"""How often recordings are watched."""

from typing import Any, Final

from pydantic import BaseModel

from chalicelib.openapi.parts import AMOUNT, COUNT, STRING, TEXT, a_list, an_object, parameter, signed_in
from shared.time import MONTH

BODIES: Final[tuple[type[BaseModel], ...]] = ()

_MONTH: Final = {"type": "string", "pattern": f"^{MONTH}$"}


def paths() -> dict[str, Any]:
    """Return the calls."""
    return {
        "/coordinator/views": {
            "get": signed_in(
                "views",
                "List how often webinars, and what is on each theme, were watched, the most played first. `completed`"
                " is null where nobody can see it: the recordings lie at a video host, or none was played.",
                200,
                "Views",
                "422",
                parameters=[
                    parameter("from", "query", _MONTH, "The first month; else the first that there is."),
                    parameter("to", "query", _MONTH, "The last month; else this one."),
                ],
            )
        }
    }


def schemas() -> dict[str, Any]:
    """Return what they give."""
    counted = {"plays": AMOUNT, "completed": COUNT}
    return {
        "Views": an_object(
            views=a_list(an_object(webinar=STRING, slug=STRING, title=TEXT, **counted)),
            themes=a_list(an_object(theme=STRING, **counted)),
            next={"type": "null"},
        )
    }
