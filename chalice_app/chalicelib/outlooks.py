"""Rounds tried on every library, for the page and the API that say who could register when."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalice.app import Response

from chalicelib import answers, wire_rounds
from chalicelib.visit import Visit
from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Window
from shared.gatherings.rounds import ROLES, Round
from shared.gatherings.rounds_preview import Outlook, Workplace, outlooks
from shared.libraries.model import Library


@dataclass(frozen=True, slots=True)
class Sight:
    """What there is for one library, by role."""

    library: Library
    outlooks: tuple[Outlook, ...]


def sights(
    rounds: tuple[Round, ...], visit: Visit, *, window: Window, roles: Iterable[str] = ROLES
) -> tuple[Sight, ...]:
    """Return what there is for every library; nothing without rounds."""
    return tuple(
        Sight(
            one,
            tuple(
                outlooks(
                    rounds,
                    [_workplace(one, role) for role in roles],
                    window=window,
                    now=visit.now,
                    zone=visit.network.zone,
                )
            ),
        )
        for one in (bootstrap.libraries().all() if rounds else ())
    )


def answer(rounds: tuple[Round, ...], visit: Visit, *, window: Window) -> Response:
    """Answer as the API does. Whom a round invites by name is not told."""
    return answers.data(
        {
            "rounds": wire_rounds.nameless([wire_rounds.editable(one) for one in rounds]),
            "outlooks": [
                wire_rounds.outlook(sight.library.id, one)
                for sight in sights(rounds, visit, window=window)
                for one in sight.outlooks
            ],
        }
    )


def _workplace(library: Library, role: str) -> Workplace:
    return Workplace(bootstrap.libraries().numbers(library.id), role, library.certification, bool(library.domains))
