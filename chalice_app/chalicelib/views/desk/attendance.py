"""Attendance: how many came to each session, the page for the door, and the report of a meeting."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from chalice.app import Response

from chalicelib import answers, bodies, desk, planning, routing
from chalicelib.exports import by_name
from chalicelib.participants import GATHERING, Entry, GatheringScreen, Roster, about
from chalicelib.visit import DeskVisit
from shared.attendance import service
from shared.attendance.matching import Matched
from shared.attendance.model import Tally, comes, minutes_that_count, tally
from shared.attendance.service import Noted, Preview
from shared.bootstrap import web as bootstrap
from shared.certificates import service as certifying
from shared.certificates.model import earning
from shared.gatherings.model import Gathering, Session
from shared.i18n import Voice
from shared.refusals import N_, Fault, Invalid, Refusal
from shared.registration.attendance import Attendance, Source
from shared.roles import Role

pages = routing.desk()

PATH: Final = f"{GATHERING}/fremmoede"
SESSION: Final = f"{PATH}/{{session_id}}"
REPORT: Final = f"{SESSION}/rapport"

MOST_MINUTES: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class AttendanceScreen(GatheringScreen):
    """How many came to each session, how many have a certificate, and how many have earned one and have none.

    `share` is the rule that holds for them: the gathering's or its programme's.
    """

    figures: tuple[tuple[Session, Tally], ...]
    issued: int = 0
    to_issue: int = 0
    share: int | None = None

    @property
    def own_path(self) -> str:
        """The page's address, without language."""
        return f"{self.gathering_path}/fremmoede"


@dataclass(frozen=True, slots=True)
class SessionScreen(GatheringScreen):
    """Base of the screens about one session."""

    session: Session

    @property
    def all_path(self) -> str:
        """The address of the page about all sessions, without language."""
        return f"{self.gathering_path}/fremmoede"

    @property
    def own_path(self) -> str:
        """The address of the page for the door, without language."""
        return f"{self.all_path}/{self.session.id}"


@dataclass(frozen=True, slots=True)
class DoorScreen(SessionScreen):
    """Everybody with a seat in the session, to be looked up and noted. `sought` is what is looked for."""

    entries: tuple[Entry, ...]
    tally: Tally
    sought: str

    def said(self, entry: Entry) -> Attendance | None:
        """What is known of somebody."""
        return entry.one.attended.get(self.session.id)

    def fits(self, entry: Entry) -> bool:
        """Whether somebody is looked for."""
        words = f"{entry.one.participant.name} {entry.library}".casefold()
        return self.sought.casefold() in words


@dataclass(frozen=True, slots=True)
class ReportScreen(SessionScreen):
    """What a report says, before it is noted. `chosen` are registrations by the place of who is matched by hand.

    `entries` are those with a seat in the session, `minutes` how long somebody has to have been there.
    """

    preview_id: str
    preview: Preview
    entries: Mapping[str, Entry]
    minutes: str
    chosen: Mapping[int, str] = field(default_factory=dict, kw_only=True)

    @property
    def report_path(self) -> str:
        """The page's address, without language."""
        return f"{self.own_path}/rapport/{self.preview_id}"

    @property
    def matched(self) -> tuple[tuple[Matched, Entry], ...]:
        """Those whose address is known."""
        found = ((one, self.entries.get(one.registration or "")) for one in self.preview.people)
        return tuple((one, entry) for one, entry in found if entry is not None)

    @property
    def unmatched(self) -> tuple[tuple[int, Matched, str], ...]:
        """Those whose address nobody here has: each with the place in the list, and who is chosen."""
        return tuple(
            (at, one, self.chosen.get(at, one.similar[0] if len(one.similar) == 1 else ""))
            for at, one in enumerate(self.preview.people)
            if one.registration not in self.entries
        )

    @property
    def candidates(self) -> tuple[Entry, ...]:
        """Those whom nobody in the report is, to choose from."""
        known = {one.registration for one in self.preview.people}
        return tuple(entry for id, entry in self.entries.items() if id not in known)


@pages.get(PATH, Role.COORDINATOR, own=True)
def overview(visit: DeskVisit, gathering_id: str) -> Response:
    """Show how many came to each session, and where that is noted."""
    return _overview(visit, gathering_id)


@pages.post(f"{PATH}/beviser", Role.COORDINATOR, own=True)
def issue(visit: DeskVisit, gathering_id: str) -> Response:
    """Give a certificate to all who have earned one and have none."""
    issued = certifying.issue(
        bootstrap.gatherings().get(gathering_id),
        registrations=bootstrap.registrations(),
        programmes=bootstrap.programmes(),
        store=bootstrap.certificates(),
        now=visit.now,
        correlation_id=visit.correlation_id,
    )
    return answers.see_other(visit, f"{PATH.format(gathering_id=gathering_id)}?issued={issued}")


@pages.get(SESSION, Role.COORDINATOR, own=True)
def door(visit: DeskVisit, gathering_id: str, session_id: str) -> Response:
    """Show who has a seat, to be noted as they come."""
    return _door(visit, gathering_id, session_id)


@pages.post(SESSION, Role.COORDINATOR, own=True)
def mark(visit: DeskVisit, gathering_id: str, session_id: str) -> Response:
    """Note that somebody is there, or is not."""
    form = bodies.form(visit.request)
    gathering = bootstrap.gatherings().get(gathering_id)
    session = service.session_of(gathering, session_id)
    registration_id = form.get("registration", "")
    refusal = planning.tried(
        lambda: service.mark(
            gathering,
            session_id,
            registration_id,
            was_there=form.get("was_there") == "1",
            source=Source.CHECK_IN if visit.now < session.joined_until else Source.HAND,
            store=bootstrap.registrations(),
            now=visit.now,
        )
    )
    if refusal:
        return _door(visit, gathering_id, session_id, refusal)
    path = SESSION.format(gathering_id=gathering_id, session_id=session_id)
    return answers.see_other(visit, f"{path}#p-{registration_id}")


@pages.upload(REPORT, Role.COORDINATOR, own=True)
def upload(visit: DeskVisit, gathering_id: str, session_id: str) -> Response:
    """Read a report, and show what it says."""
    content = bodies.files(visit.request).get("report", b"")
    try:
        preview_id = service.preview_report(
            content,
            bootstrap.gatherings().get(gathering_id),
            session_id,
            store=bootstrap.registrations(),
            previews=bootstrap.previews(),
            now=visit.now,
        )
    except Invalid as refusal:
        return _overview(visit, gathering_id, Invalid(*(_at(session_id, fault) for fault in refusal.faults)))
    except Refusal as refusal:
        return _overview(visit, gathering_id, refusal)
    path = REPORT.format(gathering_id=gathering_id, session_id=session_id)
    return answers.see_other(visit, f"{path}/{preview_id}")


@pages.get(f"{REPORT}/{{preview_id}}", Role.COORDINATOR, own=True)
def report(visit: DeskVisit, gathering_id: str, session_id: str, preview_id: str) -> Response:
    """Show what a report says."""
    gathering = bootstrap.gatherings().get(gathering_id)
    minutes = minutes_that_count(service.session_of(gathering, session_id))
    return _report(visit, gathering, session_id, preview_id, str(minutes))


@pages.post(f"{REPORT}/{{preview_id}}", Role.COORDINATOR, own=True)
def confirm(visit: DeskVisit, gathering_id: str, session_id: str, preview_id: str) -> Response:
    """Note what a report says, with those who were matched by hand."""
    form = bodies.form(visit.request)
    gathering = bootstrap.gatherings().get(gathering_id)
    shown = service.shown_report(preview_id, gathering_id, previews=bootstrap.previews(), now=visit.now)
    chosen = {at: whose for at in range(len(shown.people)) if (whose := form.get(f"person.{at}", ""))}
    typed = form.get("minutes", "").strip()
    if not typed.isdecimal() or int(typed) > MOST_MINUTES:
        refusal = Invalid(Fault("minutes", N_("Write a whole number in digits.")))
        return _report(visit, gathering, session_id, preview_id, typed, chosen, refusal)
    noted = service.confirm_report(
        shown, gathering, chosen, minutes=int(typed), store=bootstrap.registrations(), now=visit.now
    )
    path = PATH.format(gathering_id=gathering_id)
    return answers.see_other(visit, f"{path}?there={noted.were_there}&not={noted.were_not}")


def _overview(visit: DeskVisit, gathering_id: str, refusal: Refusal | None = None) -> Response:
    gathering, tell = about(visit, gathering_id)
    registrations = Roster.of(gathering_id).registrations
    figures = tally(registrations, gathering)
    ruled = certifying.ruled(gathering, programmes=bootstrap.programmes())
    screen = AttendanceScreen(
        visit.login,
        gathering,
        tell,
        tuple((session, figures[session.id]) for session in gathering.sessions),
        sum(one.certificate is not None for one in registrations),
        sum(1 for _ in earning(registrations, ruled, visit.now)),
        ruled.certificate_share,
        refusal=refusal,
        done=_done(visit.query, visit.voice),
    )
    return desk.page(visit, "desk/attendance.html", screen)


def _done(query: Mapping[str, str], voice: Voice) -> str | None:
    issued = query.get("issued", "")
    if issued.isdecimal() and len(issued) < 7:
        return voice.count(
            "%(number)s certificate is on its way.", "%(number)s certificates are on their way.", int(issued)
        )
    there, missing = query.get("there", ""), query.get("not", "")
    if not (there.isdecimal() and missing.isdecimal() and len(there + missing) < 12):
        return None
    noted = Noted(int(there), int(missing))
    return voice.say(
        "Noted: %(there)s were there, %(missing)s were not.", there=noted.were_there, missing=noted.were_not
    )


def _door(visit: DeskVisit, gathering_id: str, session_id: str, refusal: Refusal | None = None) -> Response:
    gathering, tell = about(visit, gathering_id)
    session = service.session_of(gathering, session_id)
    roster = Roster.of(gathering_id)
    coming = by_name([one for one in roster.registrations if comes(one, session)])
    screen = DoorScreen(
        visit.login,
        gathering,
        tell,
        session,
        tuple(map(roster.entry, coming)),
        tally(roster.registrations, gathering)[session.id],
        visit.query.get("q", "").strip(),
        refusal=refusal,
    )
    return desk.page(visit, "desk/attendance-door.html", screen)


def _report(
    visit: DeskVisit,
    gathering: Gathering,
    session_id: str,
    preview_id: str,
    minutes: str,
    chosen: Mapping[int, str] | None = None,
    refusal: Refusal | None = None,
) -> Response:
    _, tell = about(visit, gathering.id)
    session = service.session_of(gathering, session_id)
    shown = service.shown_report(preview_id, gathering.id, previews=bootstrap.previews(), now=visit.now)
    roster = Roster.of(gathering.id)
    coming = by_name([one for one in roster.registrations if comes(one, session)])
    screen = ReportScreen(
        visit.login,
        gathering,
        tell,
        session,
        preview_id,
        shown,
        {one.id: roster.entry(one) for one in coming},
        minutes,
        chosen=chosen or {},
        refusal=refusal,
    )
    return desk.page(visit, "desk/attendance-report.html", screen)


def _at(session_id: str, fault: Fault) -> Fault:
    """Return the fault at the field of its session."""
    return Fault(f"report.{session_id}", fault.message, fault.values)
