"""Where the next page of a list begins: a cursor says it, and means nothing to who passes it on."""

import base64

from chalicelib.visit import Visit
from shared.refusals import N_, Fault, Invalid


def given(visit: Visit) -> str | None:
    """Return what the request's cursor stands for; None at the beginning. Raise Invalid when it is none of ours."""
    cursor = visit.query.get("cursor")
    try:
        found = base64.urlsafe_b64decode(cursor).decode() if cursor else None
    except ValueError as error:
        raise _none_of_ours() from error
    if found == "":
        raise _none_of_ours()
    return found


def cursor(behind: str | None) -> str | None:
    """Return the cursor of the next page; None when there is none."""
    return base64.urlsafe_b64encode(behind.encode()).decode() if behind else None


def _none_of_ours() -> Invalid:
    return Invalid(Fault("cursor", N_("This cursor is none of ours.")))
