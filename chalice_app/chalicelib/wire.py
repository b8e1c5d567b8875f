"""JSON as the API takes and gives it. What each field means stands in the model it becomes."""

from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, HttpUrl, StringConstraints

from chalicelib.bodies import validated
from shared import addresses
from shared.gatherings.model import Gathering, Kind, Place, Session, Window
from shared.ids import new_id
from shared.libraries.model import Certification, Certified, Library
from shared.network import Network
from shared.refusals import N_, Fault, Invalid
from shared.registration.model import Application, Registration


def within_reason(moment: datetime) -> datetime:
    """Refuse moments that no gathering can have: at the ends of time, other zones overflow."""
    if not 2000 <= moment.year < 2200:
        raise ValueError("out of reach")
    return moment


Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Text = dict[Annotated[str, Field(pattern=r"^[a-z]{2}$")], Annotated[str, Field(max_length=20_000)]]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Domain = Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", max_length=250)]
Moment = Annotated[AwareDatetime, AfterValidator(within_reason)]
Seats = Annotated[int, Field(ge=1, le=100_000)]


class Wire(BaseModel):
    """Base of all bodies. A field that nobody knows is an error: a misspelt one must not pass unnoticed."""

    model_config = ConfigDict(extra="forbid")


class SessionBody(Wire):
    """A session. An id left out is made, or kept from the session that stood in its place."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")] | None = None
    title: Text = {}
    starts_at: Moment
    ends_at: Moment
    capacity: Seats | None = None
    choose_one_of: Line | None = None


class PlaceBody(Wire):
    """Where people meet on site."""

    name: Line
    address: Line


class WindowBody(Wire):
    """When people may register, and until when they may change it."""

    opens_at: Moment | None = None
    closes_at: Moment | None = None
    changes_until: Moment | None = None


class GatheringBody(Wire):
    """A gathering as a coordinator writes it."""

    slug: Slug | None = None
    kind: Kind
    title: Text
    summary: Text = {}
    description: Text = {}
    sessions: list[SessionBody] = Field(min_length=1, max_length=50)
    place: PlaceBody | None = None
    accessibility: Text = {}
    online_link: HttpUrl | None = None
    is_recorded: bool = False
    capacity: Seats | None = None
    registration: WindowBody = WindowBody()
    asks_invoice_reference: bool = False
    programme_sheet: HttpUrl | None = None
    themes: list[Slug] = Field(default=[], max_length=20)
    goals: list[Annotated[int, Field(ge=1, le=17)]] = Field(default=[], max_length=17)
    contact: Line
    price_text: Text = {}
    # Parts of the contract that later issues fill: until then only their empty values are taken, and never kept.
    waiting_list: Literal[False] = False
    approval: Literal[False] = False
    on_site_capacity: None = None
    online_capacity: None = None
    rounds: Annotated[list[None], Field(max_length=0)] | None = None
    fair_share: None = None
    questions: list[None] = Field(default=[], max_length=0)
    reminders: list[None] = Field(default=[], max_length=0)
    programme: None = None
    track: None = None

    def to_domain(self, network: Network, *, id: str, before: Gathering | None = None) -> Gathering:
        """Return the gathering. Times become the network's wall-clock times. Raise Invalid for a bad contact."""
        if (contact := addresses.sendable(self.contact)) is None:
            raise Invalid(Fault("contact", N_("This is not an e-mail address. It should look like name@library.dk.")))
        kept = [session.id for session in before.sessions] if before else []
        return Gathering(
            id=id,
            slug=self.slug or "",
            kind=self.kind,
            title=self.title,
            summary=self.summary,
            description=self.description,
            sessions=tuple(
                _session(body, body.id or (kept[at] if at < len(kept) else new_id()), network)
                for at, body in enumerate(self.sessions)
            ),
            place=Place(self.place.name, self.place.address) if self.place else None,
            accessibility=self.accessibility,
            online_link=str(self.online_link) if self.online_link else None,
            is_recorded=self.is_recorded,
            capacity=self.capacity,
            registration=Window(
                self.registration.opens_at, self.registration.closes_at, self.registration.changes_until
            ),
            asks_invoice_reference=self.asks_invoice_reference,
            programme_sheet=str(self.programme_sheet) if self.programme_sheet else None,
            themes=tuple(self.themes),
            goals=tuple(self.goals),
            contact=contact,
            price_text=self.price_text,
        )


class PatchBody(BaseModel):
    """Some fields of a gathering, and the version they were changed from; null empties a field that may be empty."""

    model_config = ConfigDict(extra="allow")

    version: int = Field(ge=1)

    def onto(self, before: Gathering, network: Network) -> Gathering:
        """Return the gathering with the fields that were sent. Raise Invalid for a field that does not fit."""
        body = validated(GatheringBody, editable(before) | (self.model_extra or {}))
        return body.to_domain(network, id=before.id, before=before)


def editable(gathering: Gathering) -> dict[str, Any]:
    """Return the fields that a coordinator may change, as the API takes them."""
    window = gathering.registration
    return {
        "slug": gathering.slug,
        "kind": gathering.kind,
        "title": dict(gathering.title),
        "summary": dict(gathering.summary),
        "description": dict(gathering.description),
        "sessions": [
            {
                "id": session.id,
                "title": dict(session.title),
                "starts_at": session.starts_at.isoformat(),
                "ends_at": session.ends_at.isoformat(),
                "capacity": session.capacity,
                "choose_one_of": session.choose_one_of,
            }
            for session in gathering.sessions
        ],
        "place": asdict(gathering.place) if gathering.place else None,
        "accessibility": dict(gathering.accessibility),
        "online_link": gathering.online_link,
        "is_recorded": gathering.is_recorded,
        "capacity": gathering.capacity,
        "registration": {
            "opens_at": _time(window.opens_at),
            "closes_at": _time(window.closes_at),
            "changes_until": _time(window.changes_until),
        },
        "asks_invoice_reference": gathering.asks_invoice_reference,
        "programme_sheet": gathering.programme_sheet,
        "themes": list(gathering.themes),
        "goals": list(gathering.goals),
        "contact": gathering.contact,
        "price_text": dict(gathering.price_text),
    }


def for_coordinators(gathering: Gathering, now: datetime) -> dict[str, Any]:
    """Return a gathering as the coordinator API gives it."""
    return {
        "id": gathering.id,
        "state": gathering.state,
        "held": gathering.held(now),
        "version": gathering.version,
        **editable(gathering),
    }


def for_everybody(gathering: Gathering, seats_left: int | None, now: datetime) -> dict[str, Any]:
    """Return a gathering as the public API gives it: never the online link. No limit is `seats_left` null."""
    hidden = {"online_link", "slug"}
    fields = {name: value for name, value in editable(gathering).items() if name not in hidden}
    return {
        "id": gathering.id,
        "slug": gathering.slug,
        "state": gathering.state,
        "held": gathering.held(now),
        **fields,
        "online": gathering.is_online,
        "seats_left": seats_left,
        "registration_open": gathering.takes_registrations(now),
        "open_rounds": [],
    }


class ParticipantBody(Wire):
    """Who takes part. `mode` and `answers` are for gatherings that ask."""

    name: Annotated[str, Field(max_length=5_000)]
    email: Annotated[str, Field(max_length=1_000)]
    library: Annotated[str, Field(max_length=20)]
    role: Annotated[str, Field(max_length=20)]
    sessions: list[Annotated[str, Field(max_length=40)]] | None = Field(default=None, max_length=50)
    mode: None = None
    answers: dict[str, None] = Field(default={}, max_length=0)


class InvoiceBody(Wire):
    """Where the invoice goes: a GLN and the buyer's reference."""

    gln: Annotated[str, Field(max_length=40)] = ""
    reference: Annotated[str, Field(max_length=500)] = ""


class RegistrationBody(Wire):
    """A request for a seat."""

    group: Literal["all", "as_many"] = "all"
    booker: None = None
    participants: list[ParticipantBody] = Field(min_length=1, max_length=1)
    invoice: InvoiceBody = InvoiceBody()
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] | None = None

    def to_domain(self, network: Network) -> Application:
        """Return the application. Raise Invalid for a language that the network does not use."""
        [person] = self.participants
        language = self.language or network.languages[0]
        if language not in network.languages:
            raise Invalid(Fault("language", N_("This network does not use that language.")))
        return Application(
            name=person.name,
            email=person.email,
            library=person.library,
            role=person.role,
            language=language,
            sessions=tuple(person.sessions) if person.sessions is not None else None,
            gln=self.invoice.gln,
            reference=self.invoice.reference,
        )


def registration(one: Registration) -> dict[str, Any]:
    """Return a registration as coordinators, and the participant, see it. `position` is on the waiting list."""
    person = one.participant
    return {
        "id": one.id,
        "status": one.status,
        "position": None,
        "name": person.name,
        "email": person.email,
        "library": person.library,
        "role": person.role,
        "sessions": list(one.sessions),
        "invoice": asdict(one.invoice) if one.invoice else None,
        "registered_at": one.registered_at.isoformat(),
        "mail_problem": one.mail_problem,
    }


class CertificationBody(Wire):
    """A certification status from a day, until another (exclusive)."""

    status: Certification
    since: date
    until: date | None = None


class LibraryPatch(Wire):
    """Some of what is known of a library."""

    name: Annotated[Line, Field(min_length=1)] | None = None
    aliases: list[Line] | None = Field(default=None, max_length=20)
    domains: list[Domain] | None = Field(default=None, max_length=20)
    certifications: list[CertificationBody] | None = Field(default=None, max_length=20)

    def onto(self, before: Library) -> Library:
        """Return the library with what was sent."""
        return replace(
            before,
            name=self.name or before.name,
            aliases=before.aliases if self.aliases is None else tuple(self.aliases),
            domains=before.domains if self.domains is None else tuple(self.domains),
            certifications=before.certifications
            if self.certifications is None
            else tuple(Certified(one.status, one.since, one.until) for one in self.certifications),
        )


class LibraryBody(LibraryPatch):
    """A new library: `municipality` is a code, or null for one that is no municipality's."""

    id: Annotated[str, Field(max_length=20)]
    name: Annotated[Line, Field(min_length=1)]
    municipality: Annotated[str, Field(max_length=20)] | None = None

    def to_domain(self) -> Library:
        """Return the library."""
        return self.onto(Library(self.id, self.name, self.municipality))


FIELDS: Final = {
    "gln": "invoice.gln",
    "reference": "invoice.reference",
    **{name: f"participants.0.{name}" for name in ("name", "email", "library", "role", "sessions")},
}
"""Where the fields of an application stand in the body."""


def _session(body: SessionBody, id: str, network: Network) -> Session:
    starts, ends = (moment.astimezone(network.zone) for moment in (body.starts_at, body.ends_at))
    return Session(
        id=id,
        title=body.title,
        starts=starts.replace(tzinfo=None, fold=0),
        ends=ends.replace(tzinfo=None, fold=0),
        zone=network.time_zone,
        capacity=body.capacity,
        choose_one_of=body.choose_one_of,
    )


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
