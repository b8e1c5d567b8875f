"""JSON of gatherings as the API takes and gives it. What each field means stands in the model it becomes."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, time
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, HttpUrl

from chalicelib import wire_questions, wire_rounds
from chalicelib.bodies import validated
from chalicelib.screens import Listing
from chalicelib.wire import CertificateShare, Goals, Line, Moment, Seats, Slug, Text, Wire, tidy
from chalicelib.wire_messages import AudienceBody
from chalicelib.wire_questions import QuestionBody
from chalicelib.wire_rounds import RoundBody
from shared import addresses
from shared.gatherings.model import FairShare, Gathering, Kind, Place, Session, Window
from shared.gatherings.reminders import MOST as MOST_REMINDERS, USUAL, Reminder, ReminderKind
from shared.gatherings.rounds import Round
from shared.ids import new_id
from shared.network import Network
from shared.refusals import N_, Fault, Invalid


class PlaceBody(Wire):
    """Where people meet on site."""

    name: Line
    address: Line

    def to_domain(self) -> Place:
        """Return the place."""
        return Place(self.name, self.address)


class SessionBody(Wire):
    """A session. An id left out is made, or kept from the session that stood in its place."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")] | None = None
    title: Text = {}
    starts_at: Moment
    ends_at: Moment
    capacity: Seats | None = None
    choose_one_of: Line | None = None
    place: PlaceBody | None = None


class WindowBody(Wire):
    """When people may register, and until when they may change it."""

    opens_at: Moment | None = None
    closes_at: Moment | None = None
    changes_until: Moment | None = None


class FairShareBody(Wire):
    """At most so many people of one library, until a moment."""

    per_library: Annotated[int, Field(ge=1, le=1000)]
    until: Moment | None = None


Span = Annotated[int, Field(ge=0, le=100_000)]


class ReminderBody(Wire):
    """What those who come get by the clock: a `reminder` before each session, other kinds after the last of theirs;
    minutes from it, or days or months, at a time on the clock. A `recording` has no time: it is sent when one is
    published. Kinds that are not sent yet are refused."""

    kind: ReminderKind = ReminderKind.REMINDER
    days_before: Span | None = None
    at: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] | None = None
    minutes_before: Span | None = None
    minutes_after: Span | None = None
    days_after: Span | None = None
    months_after: Span | None = None
    audience: AudienceBody = AudienceBody()
    paused: bool = False

    def to_domain(self) -> Reminder:
        """Return the reminder."""
        return Reminder(
            kind=self.kind,
            days_before=self.days_before,
            at=None if self.at is None else time.fromisoformat(self.at),
            minutes_before=self.minutes_before,
            minutes_after=self.minutes_after,
            days_after=self.days_after,
            months_after=self.months_after,
            audience=self.audience.to_domain(),
            paused=self.paused,
        )


class GatheringBody(Wire):
    """A gathering as a coordinator writes it."""

    slug: Slug | None = None
    kind: Kind
    title: Text
    summary: Text = {}
    description: Text = {}
    speakers: Text = {}
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
    goals: Goals = []
    contact: Line
    owner: Annotated[str, Field(max_length=64)] | None = None
    price_text: Text = {}
    waiting_list: bool = False
    approval: bool = False
    on_site_capacity: Seats | None = None
    online_capacity: Seats | None = None
    choose_sessions: bool = False
    rounds: Annotated[list[RoundBody], Field(max_length=20)] | None = None
    fair_share: FairShareBody | None = None
    questions: list[QuestionBody] = Field(default=[], max_length=20)
    asks_needs: bool = False
    programme: Annotated[str, Field(max_length=40)] | None = None
    track: Annotated[str, Field(max_length=40)] | None = None
    reminders: Annotated[list[ReminderBody], Field(max_length=MOST_REMINDERS)] | None = None
    certificate_share: CertificateShare | None = None
    texts: dict[str, Text] = {}

    def to_domain(self, network: Network, *, id: str, before: Gathering | None = None) -> Gathering:
        """Return the gathering. Times become the network's wall-clock times.

        Raise Invalid for a bad contact, and for times that the clock on the wall would tell as others.
        """
        if (contact := addresses.sendable(self.contact)) is None:
            raise Invalid(Fault("contact", N_("This is not an e-mail address. It should look like name@library.dk.")))
        if faults := tuple(_told_twice(self.sessions, network)):
            raise Invalid(*faults)
        kept = [session.id for session in before.sessions] if before else []
        return Gathering(
            id=id,
            slug=self.slug or "",
            kind=self.kind,
            title=self.title,
            summary=self.summary,
            description=self.description,
            speakers=tidy(self.speakers),
            sessions=tuple(
                _session(body, body.id or (kept[at] if at < len(kept) else new_id()), network)
                for at, body in enumerate(self.sessions)
            ),
            place=self.place.to_domain() if self.place else None,
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
            owner=self.owner,
            price_text=self.price_text,
            waiting_list=self.waiting_list,
            approval=self.approval,
            on_site_capacity=self.on_site_capacity,
            online_capacity=self.online_capacity,
            choose_sessions=self.choose_sessions,
            rounds=None
            if self.rounds is None
            else wire_rounds.rounds(self.rounds, before.effective_rounds if before else None),
            fair_share=FairShare(self.fair_share.per_library, self.fair_share.until) if self.fair_share else None,
            questions=tuple(question.to_domain() for question in self.questions),
            asks_needs=self.asks_needs,
            programme=self.programme,
            track=self.track,
            reminders=self._reminders(),
            certificate_share=self.certificate_share,
            texts={kind: words for kind, text in self.texts.items() if (words := tidy(text))},
        )

    def _reminders(self) -> tuple[Reminder, ...] | None:
        """Return its own reminders; None for those that are usual: should the kind change, they change with it."""
        given = None if self.reminders is None else tuple(one.to_domain() for one in self.reminders)
        return None if given == USUAL[self.kind] else given


class PatchBody(BaseModel):
    """Some fields of a gathering, and the version they were changed from; null empties a field that may be empty.

    `words` go to those who come, if time, place or link is another.
    """

    model_config = ConfigDict(extra="allow")

    version: int = Field(ge=1)
    words: str = ""

    def onto(self, before: Gathering, network: Network) -> Gathering:
        """Return the gathering with the fields that were sent. Raise Invalid for a field that does not fit."""
        body = validated(GatheringBody, editable(before) | (self.model_extra or {}))
        return body.to_domain(network, id=before.id, before=before)


class CancelBody(BaseModel):
    """What those who come are told besides, when a gathering is cancelled."""

    model_config = ConfigDict(extra="forbid")

    words: str = ""


def editable(gathering: Gathering) -> dict[str, Any]:
    """Return the fields that a coordinator may change, as the API takes them."""
    window = gathering.registration
    return {
        "slug": gathering.slug,
        "kind": gathering.kind,
        "title": dict(gathering.title),
        "summary": dict(gathering.summary),
        "description": dict(gathering.description),
        "speakers": dict(gathering.speakers),
        "sessions": [
            {
                "id": session.id,
                "title": dict(session.title),
                "starts_at": session.starts_at.isoformat(),
                "ends_at": session.ends_at.isoformat(),
                "capacity": session.capacity,
                "choose_one_of": session.choose_one_of,
                "place": asdict(session.place) if session.place else None,
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
        "owner": gathering.owner,
        "price_text": dict(gathering.price_text),
        "waiting_list": gathering.waiting_list,
        "approval": gathering.approval,
        "on_site_capacity": gathering.on_site_capacity,
        "online_capacity": gathering.online_capacity,
        "choose_sessions": gathering.choose_sessions,
        "rounds": None if gathering.rounds is None else [wire_rounds.editable(one) for one in gathering.rounds],
        "fair_share": _fair_share(gathering.fair_share),
        "questions": [wire_questions.editable(one) for one in gathering.questions],
        "asks_needs": gathering.asks_needs,
        "programme": gathering.programme,
        "track": gathering.track,
        "reminders": [_reminder(one) for one in gathering.effective_reminders],
        "certificate_share": gathering.certificate_share,
        "texts": {kind: dict(text) for kind, text in gathering.texts.items()},
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


def for_viewers(gathering: Gathering, now: datetime) -> dict[str, Any]:
    """Return a gathering as those who sign in and may see nobody's address get it."""
    shown = for_coordinators(gathering, now)
    return shown | {"rounds": wire_rounds.nameless(shown["rounds"])}


def for_everybody(listing: Listing) -> dict[str, Any]:
    """Return a gathering as the public API gives it: never the online link, nor who a round is for by name.

    Seats left are null where there is no limit.
    """
    gathering, now = listing.gathering, listing.now
    hidden = {"online_link", "slug", "rounds", "owner", "texts"}
    fields = {name: value for name, value in editable(gathering).items() if name not in hidden}
    return {
        "id": gathering.id,
        "slug": gathering.slug,
        "state": gathering.state,
        "held": gathering.held(now),
        **fields,
        "sessions": [
            shown | {"seats_left": listing.seats_in(session.pool)}
            for shown, session in zip(fields["sessions"], gathering.sessions, strict=True)
        ],
        "modes": [{"mode": mode, "seats_left": listing.seats_in(mode)} for mode in gathering.modes],
        "online": gathering.is_online,
        "seats_left": listing.seats_left,
        "kept_seats_left": listing.kept,
        "registration_open": gathering.takes_registrations(now),
        "rounds": [_public_round(one) for one in gathering.effective_rounds],
        "open_rounds": [_public_round(one) for one in gathering.effective_rounds if one.is_open(now)],
    }


def _public_round(one: Round) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": dict(one.name),
        "opens_at": one.opens_at.isoformat(),
        "closes_at": _time(one.closes_at),
        "certification": list(one.who.certification),
        "roles": list(one.who.roles),
        "by_invitation": bool(one.who.emails),
    }


def _reminder(one: Reminder) -> dict[str, Any]:
    spans = ("days_before", "minutes_before", "minutes_after", "days_after", "months_after")
    return {
        "kind": one.kind,
        **{name: span for name in spans if (span := getattr(one, name)) is not None},
        **({} if one.at is None else {"at": f"{one.at:%H:%M}"}),
        "audience": asdict(one.audience),
        "paused": one.paused,
    }


def _fair_share(share: FairShare | None) -> dict[str, Any] | None:
    return {"per_library": share.per_library, "until": _time(share.until)} if share else None


def _told_twice(sessions: Sequence[SessionBody], network: Network) -> Iterator[Fault]:
    """Yield the times that a session cannot keep: of an hour that the clock shows twice, it has the first."""
    for at, session in enumerate(sessions):
        for name, moment in (("starts_at", session.starts_at), ("ends_at", session.ends_at)):
            if moment.astimezone(network.zone).fold:
                message = N_(
                    "The clock is put back that night and shows this time twice: a session has the first of them."
                )
                yield Fault(f"sessions.{at}.{name}", message)


def _session(body: SessionBody, id: str, network: Network) -> Session:
    starts, ends = (moment.astimezone(network.zone) for moment in (body.starts_at, body.ends_at))
    return Session(
        id=id,
        title=body.title,
        starts=starts.replace(tzinfo=None),
        ends=ends.replace(tzinfo=None),
        zone=network.time_zone,
        capacity=body.capacity,
        choose_one_of=body.choose_one_of,
        place=body.place.to_domain() if body.place else None,
    )


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
