"""Who could register when, and why not: the rounds of a gathering, programme or track tried on every library."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from chalice.app import Response

from chalicelib import desk, routing
from chalicelib.desk import DeskScreen
from chalicelib.outlooks import Sight, sights
from chalicelib.planning import CERTIFICATIONS, ROLES
from chalicelib.visit import DeskVisit
from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Text, Window
from shared.gatherings.rounds import Round
from shared.gatherings.rounds_preview import Bar, Barred, Outlook, Proof, window_of
from shared.programmes.model import Track, TrackNotFound
from shared.refusals import N_
from shared.roles import Role

pages = routing.desk()

WHY: Final = {
    Bar.ROLE: N_("for another role"),
    Bar.LIBRARY: N_("for other libraries"),
    Bar.CERTIFICATION: N_("for another certification"),
    Bar.INVITATION: N_("by invitation only"),
    Bar.WINDOW: N_("never open while registration is"),
    Bar.OVER: N_("closed by now"),
}
PROOFS: Final = {
    Proof.ADDRESS: N_("At once with an address at the library; others wait for a coordinator."),
    Proof.COORDINATOR: N_("All wait for a coordinator: the library has no domain."),
}


@dataclass(frozen=True, slots=True)
class RoundsScreen(DeskScreen):
    """The rounds tried on every library, in rows, and how many workplaces come in by each round.

    `path` is the page of what they are the rounds of, without language; `tracks` those of a programme to choose from.
    """

    title: Text
    path: str
    rounds: tuple[Round, ...]
    window: Window
    now: datetime
    sights: tuple[Sight, ...]
    counts: tuple[tuple[Round | None, int], ...]
    sought: str
    as_what: str
    only: str
    tracks: tuple[Track, ...] = field(default=(), kw_only=True)
    track: str = field(default="", kw_only=True)

    @property
    def is_over(self) -> bool:
        """Whether registration has closed, whatever the rounds say."""
        return self.window.closes_at is not None and self.window.closes_at <= self.now

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
def of_gathering(visit: DeskVisit, gathering_id: str) -> Response:
    """Show who could register for a gathering when."""
    found = bootstrap.gatherings().get(gathering_id)
    path = f"/tovholder/arrangementer/{found.id}"
    return desk.page(
        visit, "desk/rounds.html", _screen(visit, found.title, path, found.effective_rounds, window_of(found))
    )


@pages.get("/tovholder/forloeb/{programme_id}/runder", *Role)
def of_programme(visit: DeskVisit, programme_id: str) -> Response:
    """Show who could register when for the gatherings of a programme, or of one of its tracks."""
    found = bootstrap.programmes().get(programme_id)
    track = visit.query.get("track", "")
    rounds = found.rounds_of(track or None)
    if rounds is None:
        raise TrackNotFound
    screen = _screen(visit, found.title, f"/tovholder/forloeb/{found.id}", rounds, Window())
    return desk.page(visit, "desk/rounds.html", replace(screen, tracks=found.tracks, track=track))


def _screen(visit: DeskVisit, title: Text, path: str, rounds: tuple[Round, ...], window: Window) -> RoundsScreen:
    sought, only = visit.query.get("q", "").strip(), visit.query.get("only", "")
    role = visit.query["role"] if visit.query.get("role") in ROLES else ""
    found = sights(rounds, visit, window=window, roles=[role] if role else ROLES)
    return RoundsScreen(
        visit.login,
        title,
        path,
        rounds,
        window,
        visit.now,
        tuple(one for one in found if _is_sought(one, sought, only)),
        tuple(_counts(rounds, [outlook for sight in found for outlook in sight.outlooks])),
        sought,
        role,
        only,
    )


def _is_sought(sight: Sight, sought: str, only: str) -> bool:
    barred = [outlook.first is None for outlook in sight.outlooks]
    fits = {"in": not all(barred), "out": any(barred)}.get(only, True)
    return fits and sought.casefold() in f"{sight.library.name} {sight.library.id}".casefold()


def _counts(rounds: Iterable[Round], found: Iterable[Outlook]) -> Iterator[tuple[Round | None, int]]:
    first = [outlook.first.id if outlook.first else None for outlook in found]
    for one in sorted(rounds, key=lambda one: one.opens_at):
        yield one, first.count(one.id)
    yield None, first.count(None)
