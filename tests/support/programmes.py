"""What tests of programmes are about, valid unless told otherwise."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from shared.gatherings.rounds import Round, Who
from shared.ids import new_id
from shared.programmes.model import Programme
from tests.support.builders import NOW


def a_programme(**changes: Any) -> Programme:
    """Return a draft of the autumn of 2026, without tracks and rounds."""
    programme = Programme(
        id=new_id(),
        slug="verdensmaal",
        title={"da": "Verdensmål på biblioteket"},
        starts_on=date(2026, 9, 7),
        ends_on=date(2027, 1, 29),
        contact="tovholder@db2030.example.org",
    )
    return replace(programme, **changes)


def a_round(id: str = "first", *, opens_at: datetime = NOW, **changes: Any) -> Round:
    """Return a round for everybody, open for ten days."""
    round = Round(id, {"da": "Første runde"}, opens_at, opens_at + timedelta(days=10), Who())
    return replace(round, **changes)
