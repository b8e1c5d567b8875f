"""Participants as coordinators take them away: a table with everything, what to cater for, sheets and badges."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from chalice.app import Response

from chalicelib.answers import download
from chalicelib.registration_words import ROLES, STATUSES, Teller
from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Gathering, Session
from shared.i18n import Voice, danish_order
from shared.libraries.model import Library
from shared.refusals import N_
from shared.registration.catering import Catering, by_session, catering as catering_for
from shared.registration.line import positions
from shared.registration.model import Registration
from shared.spreadsheets.writing import Cell, csv_text, xlsx


class Format(StrEnum):
    """A kind of file."""

    XLSX = "xlsx"
    CSV = "csv"


_TYPES: Final = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Table:
    """Headings, and the rows below them. The rows can be gone through once."""

    columns: Sequence[str]
    rows: Iterator[Sequence[Cell]]


def file(table: Table, wanted: Format, name: str) -> Response:
    """Answer with a table as a file called `name`, which is ASCII and has no ending."""
    said = csv_text(table.columns, table.rows) if wanted is Format.CSV else xlsx(table.columns, table.rows)
    return download(said, _TYPES[wanted], f"{name}.{wanted}")


def participants(
    gathering: Gathering, registrations: Sequence[Registration], voice: Voice, *, with_needs: bool
) -> Table:
    """Return everything about participants, by name. What they need stands there only if it is asked for."""
    return _Participants(gathering, voice, bootstrap.libraries().shown, with_needs).table(registrations)


def catering(gathering: Gathering, registrations: Sequence[Registration], voice: Voice) -> Table:
    """Return what to cater for, in all and for each session: what is asked for, and by how many."""
    parts = [(voice.say(N_("All")), catering_for(registrations, gathering))]
    parts += [(session_words(session, voice), found) for session, found in by_session(registrations, gathering)]
    rows = (row for when, found in parts for row in _catering(when, found, voice))
    return Table(tuple(map(voice.say, (N_("Session"), N_("What"), N_("In their words"), N_("How many")))), rows)


def session_words(session: Session, voice: Voice) -> str:
    """Return what a session is called, and when it is."""
    return ": ".join(filter(None, (voice.text(session.title), voice.span(session.starts_at, session.ends_at))))


def _catering(when: str, found: Catering, voice: Voice) -> Iterator[Sequence[Cell]]:
    say = voice.say
    yield when, say(N_("People on site")), "", found.people
    if found.online:
        yield when, say(N_("People online")), "", found.online
    yield from ((when, say(N_("Food")), text, count) for text, count in found.diets)
    yield from ((when, say(N_("Access")), text, count) for text, count in found.accommodations)


def by_name(registrations: Sequence[Registration]) -> list[Registration]:
    """Return registrations in the order of names, as Danish sorts them."""
    return sorted(registrations, key=lambda one: (danish_order(one.participant.name), one.id))


@dataclass(frozen=True, slots=True)
class _Participants:
    gathering: Gathering
    voice: Voice
    library: Callable[[str], Library]
    with_needs: bool

    def table(self, registrations: Sequence[Registration]) -> Table:
        line = positions(bootstrap.registrations().line(self.gathering.id))
        tell = Teller(self.gathering, self.voice)
        rows = (tuple(self._row(one, line.get(one.id), tell)) for one in by_name(registrations))
        return Table(tuple(self._columns()), rows)

    def _columns(self) -> Iterator[str]:
        yield from map(self.voice.say, _COLUMNS)
        if self.gathering.asks_invoice_reference:
            yield from map(self.voice.say, _INVOICE)
        for question in self.gathering.questions:
            yield self.voice.text(question.label)
        if self.with_needs:
            yield from map(self.voice.say, _NEEDS)

    def _row(self, one: Registration, position: int | None, tell: Teller) -> Iterator[Cell]:
        who, say = one.participant, self.voice.say
        library = self.library(who.library)
        yield who.name
        yield who.email
        yield library.name
        yield library.id
        yield say(ROLES[who.role])
        yield say(STATUSES[one.status])
        yield position
        yield tell.ways(one)
        yield tell.sessions(one)
        yield tell.round(one)
        yield tell.awaits(one)
        yield self._moment(one.deadline)
        yield self._moment(one.registered_at)
        yield say(N_("Yes")) if one.booking_id else ""
        yield tell.mail_problem(one)
        yield one.note
        if self.gathering.asks_invoice_reference:
            yield one.invoice.gln if one.invoice else ""
            yield one.invoice.reference if one.invoice else ""
        for question in self.gathering.questions:
            yield tell.answer(question, one.answers.get(question.id))
        if self.with_needs:
            yield one.needs.diet if one.needs else ""
            yield one.needs.accommodation if one.needs else ""

    def _moment(self, moment: datetime | None) -> datetime | None:
        """Return a moment as a spreadsheet has it: on the network's wall clock, to the minute."""
        return moment and moment.astimezone(self.voice.zone).replace(tzinfo=None, second=0, microsecond=0)


_COLUMNS: Final = (
    N_("Name"),
    N_("E-mail"),
    N_("Library"),
    N_("Library number"),
    N_("Role"),
    N_("Status"),
    N_("Number in line"),
    N_("Takes part"),
    N_("Comes to"),
    N_("Round"),
    N_("What is missing"),
    N_("Kept until"),
    N_("Signed up"),
    N_("Signed up by another"),
    N_("Mail"),
    N_("Note"),
)
_INVOICE: Final = (N_("EAN/GLN number"), N_("Reference"))
_NEEDS: Final = (N_("Food"), N_("Access"))
