"""Lists of participants to take along: a file, a sheet to sign, name badges, and what to cater for."""

from dataclasses import dataclass
from itertools import islice
from typing import Final

from chalice.app import Response

from chalicelib import desk, exports, routing
from chalicelib.exports import Format, by_name
from chalicelib.participants import PATH, Entry, GatheringScreen, Roster, about, sought
from chalicelib.visit import DeskVisit
from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Session
from shared.refusals import N_, Fault, Invalid
from shared.registration.catering import Catering, by_session, catering
from shared.registration.queries import everybody, found, on_site
from shared.roles import Role

pages = routing.desk()


@dataclass(frozen=True, slots=True)
class Size:
    """Labels on a sheet of A4: in columns and rows. `name` says how large each is, to be translated."""

    id: str
    name: str
    columns: int
    rows: int

    @property
    def on_a_sheet(self) -> int:
        """How many there are."""
        return self.columns * self.rows


SIZES: Final = (
    Size("90x55", N_("90 × 55 mm, 10 on a sheet: inserts for badges"), 2, 5),
    Size("99x38", N_("99.1 × 38.1 mm, 14 on a sheet: stickers"), 2, 7),
    Size("63x38", N_("63.5 × 38.1 mm, 21 on a sheet: small stickers"), 3, 7),
)
"""What is sold everywhere. The measures are those of the makers; the style sheet has them too."""


@dataclass(frozen=True, slots=True)
class SignInScreen(GatheringScreen):
    """Sheets to sign: of each session, who has a seat on site."""

    sheets: tuple[tuple[Session, tuple[Entry, ...]], ...]


@dataclass(frozen=True, slots=True)
class BadgesScreen(GatheringScreen):
    """Name badges, sheet by sheet."""

    size: Size
    sheets: tuple[tuple[Entry, ...], ...]

    @property
    def sizes(self) -> tuple[Size, ...]:
        """What there is to choose from."""
        return SIZES


@dataclass(frozen=True, slots=True)
class CateringScreen(GatheringScreen):
    """What to cater for, in all and for each of several sessions."""

    catering: Catering
    sessions: tuple[tuple[Session, Catering], ...]


@pages.get(f"{PATH}/fil", Role.COORDINATOR, own=True)
def file(visit: DeskVisit, gathering_id: str) -> Response:
    """Give those who are looked for as a file."""
    gathering, _ = about(visit, gathering_id)
    wanted = visit.query.get("format", Format.XLSX)
    if wanted not in tuple(Format):
        raise Invalid(Fault("format", N_("Ask for xlsx or csv.")))
    roster = Roster.of(gathering_id)
    those = found(roster.registrations, sought(visit.query), roster.library)
    table = exports.participants(gathering, those, visit.voice, with_needs="needs" in visit.query)
    word = visit.voice.say(N_("participants"))
    return exports.file(table, Format(wanted), f"{gathering.slug}-{word}")


@pages.get(f"{PATH}/underskrifter", Role.COORDINATOR, own=True)
def sign_in_sheets(visit: DeskVisit, gathering_id: str) -> Response:
    """Show a sheet to sign for each session."""
    gathering, tell = about(visit, gathering_id)
    roster = Roster.of(gathering_id)
    sheets = tuple(
        (session, tuple(map(roster.entry, by_name(on_site(roster.registrations, gathering, session)))))
        for session in gathering.sessions
        if visit.query.get("session", session.id) == session.id and gathering.where(session).place is not None
    )
    return desk.page(visit, "desk/participants-sign-in.html", SignInScreen(visit.login, gathering, tell, sheets))


@pages.get(f"{PATH}/navneskilte", Role.COORDINATOR, own=True)
def badges(visit: DeskVisit, gathering_id: str) -> Response:
    """Show name badges as they are printed."""
    gathering, tell = about(visit, gathering_id)
    size = next((one for one in SIZES if one.id == visit.query.get("size")), SIZES[0])
    roster = Roster.of(gathering_id)
    people = map(roster.entry, by_name(on_site(roster.registrations, gathering)))
    sheets = tuple(iter(lambda: tuple(islice(people, size.on_a_sheet)), ()))
    return desk.page(visit, "desk/participants-badges.html", BadgesScreen(visit.login, gathering, tell, size, sheets))


@pages.get(f"{PATH}/forplejning", Role.COORDINATOR, own=True)
def needs(visit: DeskVisit, gathering_id: str) -> Response:
    """Show what to cater for, or with `format`, give it as a file."""
    gathering, tell = about(visit, gathering_id)
    registrations = everybody(gathering_id, store=bootstrap.registrations())
    wanted = visit.query.get("format")
    if wanted in tuple(Format):
        word = visit.voice.say(N_("catering"))
        return exports.file(
            exports.catering(gathering, registrations, visit.voice), Format(wanted), f"{gathering.slug}-{word}"
        )
    in_all, by_sessions = catering(registrations, gathering), by_session(registrations, gathering)
    screen = CateringScreen(visit.login, gathering, tell, in_all, by_sessions)
    return desk.page(visit, "desk/participants-catering.html", screen)
