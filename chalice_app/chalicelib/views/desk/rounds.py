"""Who could register for a gathering when, and why not: its rounds tried on every library."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from chalice.app import Response

from chalicelib import desk, routing
from chalicelib.desk import DeskScreen
from chalicelib.planning import CERTIFICATIONS, ROLES
from chalicelib.visit import DeskVisit
from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Gathering
from shared.gatherings.rounds import Round
from shared.gatherings.rounds_preview import Bar, Barred, Outlook, Proof, Workplace, outlooks
from shared.libraries.model import Library
from shared.refusals import N_
from shared.roles import Role

pages = routing.desk()

WHY: Final = {
    Bar.ROLE: N_("for another role"),
    Bar.LIBRARY: N_("for other libraries"),
    Bar.CERTIFICATION: N_("for another certification"),
    Bar.INVITATION: N_("by invitation only"),
    Bar.WINDOW: N_("never open while registration is"),
}
PROOFS: Final = {
    Proof.ADDRESS: N_("At once with an address at the library; others wait for a coordinator."),
    Proof.COORDINATOR: N_("All wait for a coordinator: the library has no domain."),
}


@dataclass(frozen=True, slots=True)
class Sight:
    """What there is for one library, by role."""

    library: Library
    outlooks: tuple[Outlook, ...]


@dataclass(frozen=True, slots=True)
class RoundsScreen(DeskScreen):
    """The rounds tried on every library, in rows, and how many workplaces come in by each round."""

    gathering: Gathering
    sights: tuple[Sight, ...]
    counts: tuple[tuple[Round | None, int], ...]
    sought: str
    as_what: str
    only: str

    @property
    def roles(self) -> tuple[tuple[str, str], ...]:
        """The roles that are shown, with what they are called, to be translated."""
        return tuple((role, name) for role, name in ROLES.items() if self.as_what in ("", role))

    @property
    def every_role(self) -> tuple[tuple[str, str], ...]:
        """The roles to choose from."""
        return tuple(ROLES.items())

    def certification(self, status: str) -> str:
        """How far a library has come, to be translated."""
        return CERTIFICATIONS[status]

    def why(self, barred: Barred) -> tuple[str, ...]:
        """Why a round is not for somebody, to be translated."""
        return tuple(WHY[one] for one in barred.why)

    def proof(self, outlook: Outlook) -> str:
        """What has to be proven, to be translated; empty for nothing."""
        return PROOFS.get(outlook.proof, "")


@pages.get("/tovholder/arrangementer/{gathering_id}/runder", *Role)
def rounds(visit: DeskVisit, gathering_id: str) -> Response:
    """Show who could register when."""
    gathering = bootstrap.gatherings().get(gathering_id)
    sought, only = visit.query.get("q", "").strip(), visit.query.get("only", "")
    role = visit.query["role"] if visit.query.get("role") in ROLES else ""
    libraries = {one.id: one for one in bootstrap.libraries().all()}
    roles = [role] if role else list(ROLES)
    workplaces = [_workplace(one, as_what) for one in libraries.values() for as_what in roles]
    found = list(outlooks(gathering, workplaces, zone=visit.network.zone)) if gathering.effective_rounds else []
    sights = (Sight(one, tuple(o for o in found if one.id in o.workplace.libraries)) for one in libraries.values())
    screen = RoundsScreen(
        visit.login,
        gathering,
        tuple(one for one in sights if _is_sought(one, sought, only)) if found else (),
        tuple(_counts(gathering, found)),
        sought,
        role,
        only,
    )
    return desk.page(visit, "desk/gathering-rounds.html", screen)


def _workplace(library: Library, role: str) -> Workplace:
    return Workplace(bootstrap.libraries().numbers(library.id), role, library.certification, bool(library.domains))


def _is_sought(sight: Sight, sought: str, only: str) -> bool:
    barred = [outlook.first is None for outlook in sight.outlooks]
    fits = {"in": not all(barred), "out": any(barred)}.get(only, True)
    return fits and sought.casefold() in f"{sight.library.name} {sight.library.id}".casefold()


def _counts(gathering: Gathering, found: Iterable[Outlook]) -> Iterator[tuple[Round | None, int]]:
    first = [outlook.first.id if outlook.first else None for outlook in found]
    for one in sorted(gathering.effective_rounds, key=lambda one: one.opens_at):
        yield one, first.count(one.id)
    yield None, first.count(None)
