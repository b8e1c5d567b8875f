"""JSON of views, as pages tell of one and as the coordinators' API gives their numbers."""

from typing import Any

from chalicelib.wire import Wire
from shared.viewing.model import Tally, Viewing


class ViewBody(Wire):
    """What somebody does with a recording. There is nothing about who."""

    what: Viewing


def tally(tally: Tally) -> dict[str, Any]:
    """Return numbers. Where nobody can see whether a recording is watched to its end, there is none of that."""
    return {"plays": tally.plays, "completed": tally.completed if tally.followed else None}
