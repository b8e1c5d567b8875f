"""What each template is given: a frozen class per page, filled by the views. Properties say how it shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import ClassVar, Final

from chalicelib.forms.registering import Typed, by_field, prefix
from chalicelib.narrator import RoundInWords
from shared.gatherings.model import Gathering, Kind, Session, State
from shared.gatherings.questions import Answer, Given, Question
from shared.gatherings.seating import giving, places_left
from shared.libraries.service import Directory
from shared.pages.goals import GOALS
from shared.privacy.export import PersonFile
from shared.privacy.model import Heading, Periods, Record, under
from shared.programmes.model import Programme
from shared.refusals import N_, Fault, Refusal
from shared.registration.applying import MOST_TOGETHER
from shared.registration.joining import Door
from shared.registration.model import Actor, Awaits, Registration, Status, What
from shared.registration.ports import Answer as RegistrationAnswer, Overtaking, Receipt

KINDS: Final = {
    Kind.WEBINAR: N_("Webinar"),
    Kind.INSPIRATION_DAY: N_("Inspiration day"),
    Kind.FESTIVAL: N_("Festival"),
    Kind.WORKSHOP: N_("Workshop"),
    Kind.COURSE: N_("Course"),
}

ERRORS: Final = {
    403: N_("You cannot do that here"),
    404: N_("We cannot find that page"),
    405: N_("That is not how this page works"),
    409: N_("That is no longer possible"),
    410: N_("This link is too old"),
    413: N_("That was too much at once"),
    415: N_("We cannot read what was sent"),
    422: N_("Something needs to be corrected"),
    429: N_("Too many at once"),
    500: N_("Something went wrong here"),
    503: N_("We are too busy right now"),
}


class Standing(StrEnum):
    """How registration for a gathering stands, in one word."""

    OPEN = "open"
    NOT_YET = "not_yet"
    FULL = "full"
    WAITING = "waiting"
    CLOSED = "closed"
    HELD = "held"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Listing:
    """A gathering as the public sees it `now`.

    `seats_left` is None where there is no limit. `left` is seats left by pool, of what people choose between.
    """

    gathering: Gathering
    now: datetime
    seats_left: int | None = None
    left: Mapping[str, int | None] = field(default_factory=dict)

    @classmethod
    def of(cls, gathering: Gathering, now: datetime, left: Mapping[str, int | None]) -> "Listing":
        """Return it with the seats that there are for everybody. Those that a round keeps for some are `kept`."""
        return cls(gathering, now, places_left(gathering, left, outsiders_at=now), left)

    @property
    def kept(self) -> int:
        """How many seats are left besides, which rounds keep for some, or until later."""
        of_all = places_left(self.gathering, self.left)
        return 0 if of_all is None or self.seats_left is None else of_all - self.seats_left

    @property
    def only_kept(self) -> bool:
        """Whether only those can get a seat for whom an open round keeps some."""
        some = any(self.left.get(one.pool) for one in giving(self.gathering, self.now))
        return self.seats_left == 0 and self.kept > 0 and some

    def seats_in(self, pool: str) -> int | None:
        """How many seats are left in a session, on site or online, for who chooses it; None is no limit."""
        there = self.left.get(pool)
        if there is None or self.seats_left is None or self.only_kept:
            return there
        return min(there, self.seats_left)

    @property
    def standing(self) -> Standing:
        """The one thing to tell whoever wonders whether to register."""
        gathering, opens_at = self.gathering, self.opens_at
        if gathering.state is State.CANCELLED:
            return Standing.CANCELLED
        if gathering.held(self.now):
            return Standing.HELD
        if self.now >= gathering.registration_closes_at:
            return Standing.CLOSED
        if opens_at is not None and self.now < opens_at:
            return Standing.NOT_YET
        if opens_at is None:
            return Standing.CLOSED
        if self.seats_left is None or self.seats_left > 0 or self.only_kept:
            return Standing.OPEN
        return Standing.WAITING if gathering.waiting_list else Standing.FULL

    @property
    def opens_at(self) -> datetime | None:
        """Since when, or from when, somebody can register: the window, and a round in it. None: nobody can any more."""
        window = self.gathering.registration.opens_at or datetime.min.replace(tzinfo=UTC)
        rounds = self.gathering.effective_rounds
        if not rounds:
            return window
        later = [max(one.opens_at, window) for one in rounds if one.closes_at is None or self.now < one.closes_at]
        return min(later, default=None)

    @property
    def opens_later(self) -> bool:
        """Whether there is an opening to come, to everybody or to some, that one can be told of."""
        standing, closes = self.standing, self.gathering.registration_closes_at
        to_come = any(self.now < one.opens_at < closes for one in self.gathering.effective_rounds)
        still = standing in (Standing.OPEN, Standing.WAITING, Standing.FULL)
        return standing is Standing.NOT_YET or (still and to_come)

    @property
    def closed_at(self) -> datetime:
        """When the last who could register had to: the end of the window, or of the last round before it."""
        window = self.gathering.registration_closes_at
        return min(window, max((one.closes_at or window for one in self.gathering.effective_rounds), default=window))

    @property
    def few_left(self) -> bool:
        """Whether to say so: at most five seats, or a tenth of them."""
        few = max(5, (self.gathering.capacity or 0) // 10)
        return self.seats_left is not None and 0 < self.seats_left <= few

    @property
    def kind(self) -> str:
        """The kind's name, to be translated."""
        return KINDS[self.gathering.kind]

    @property
    def goals(self) -> tuple[tuple[int, str], ...]:
        """The goals' numbers and names, to be translated."""
        return tuple((number, GOALS[number]) for number in self.gathering.goals)

    @property
    def path(self) -> str:
        """The address of the gathering's page, without language."""
        return f"/arrangementer/{self.gathering.slug}"


@dataclass(frozen=True, slots=True)
class LibraryChoice:
    """A library to pick. `aliases` are other spellings that people type."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    is_municipal: bool = True

    @classmethod
    def all(cls, directory: Directory) -> tuple["LibraryChoice", ...]:
        """Return all libraries."""
        return tuple(
            cls(one.id, one.name, one.aliases, is_municipal=one.municipality is not None) for one in directory.all()
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a filled-in form was not taken, where no single field is to blame.

    `retry_after` is in seconds; `opens_at` is when this person may try again.
    """

    message: str
    values: Mapping[str, object] = field(default_factory=dict)
    retry_after: int | None = None
    opens_at: datetime | None = None

    @classmethod
    def of(cls, refusal: Refusal) -> "Problem":
        """Return what a refusal says to the reader."""
        opens_at = refusal.details.get("opens_at")
        return cls(
            refusal.message,
            refusal.details,
            retry_after=refusal.retry_after,
            opens_at=opens_at if isinstance(opens_at, datetime) else None,
        )


class Screen:
    """Base of every screen. Personal ones are kept out of search engines and caches."""

    __slots__ = ()
    personal: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class IndexScreen(Screen):
    """The front page: the next few gatherings."""

    coming: tuple[Listing, ...]


@dataclass(frozen=True, slots=True)
class GatheringsScreen(Screen):
    """All gatherings: to come, soonest first, and past, latest first."""

    coming: tuple[Listing, ...]
    past: tuple[Listing, ...]


@dataclass(frozen=True, slots=True)
class GatheringScreen(Screen):
    """One gathering, its rounds and themes in words, and the programme it belongs to."""

    listing: Listing
    rounds: tuple[RoundInWords, ...] = ()
    programme: Programme | None = None
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisterScreen(Screen):
    """The registration form, empty or with what was typed and what is wrong with it. `rounds` are told where they keep
    somebody out now."""

    listing: Listing
    libraries: tuple[LibraryChoice, ...]
    idempotency_key: str
    kept_until: date
    needs_kept_until: date
    typed: Typed = field(default_factory=Typed)
    faults: tuple[Fault, ...] = ()
    problem: Problem | None = None
    invitation: str = ""
    rounds: tuple[RoundInWords, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether nobody can sign up any more: there is nothing to fill in. Rounds do not bind who is invited."""
        closed = self.listing.standing is Standing.CLOSED and not self.invitation
        return closed or self.listing.standing in (Standing.CANCELLED, Standing.HELD)

    @property
    def fields(self) -> dict[str, tuple[Fault, ...]]:
        """What is wrong, by field."""
        return by_field(self.faults)

    def faults_of(self, name: str) -> tuple[Fault, ...]:
        """What is wrong with one field."""
        return self.fields.get(name, ())

    def prefix(self, at: int) -> str:
        """What the names of a person's fields begin with."""
        return prefix(at)

    @property
    def most(self) -> int:
        """How many people may be on one form."""
        return MOST_TOGETHER


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one person on a form: a status, the position in the line, and what is awaited until a seat is
    confirmed."""

    status: str
    position: int | None = None
    awaits: frozenset[str] = frozenset()

    @classmethod
    def of(cls, answer: RegistrationAnswer) -> "Outcome":
        """Return what an answer says."""
        return cls(answer.status, answer.position, frozenset(map(str, answer.awaits)))

    @classmethod
    def read(cls, said: str) -> "Outcome":
        """Return what was made a text of."""
        status, position, *awaits = said.split(":")
        return cls(status, int(position) if position else None, frozenset(awaits))

    def __str__(self) -> str:
        """As it travels in a receipt's address."""
        return ":".join((self.status, str(self.position or ""), *sorted(self.awaits)))


@dataclass(frozen=True, slots=True)
class ReceiptScreen(Screen):
    """After registering. The same to who was registered already, so that it tells nothing of others."""

    personal: ClassVar[bool] = True
    listing: Listing
    outcomes: tuple[Outcome, ...]

    @property
    def worst(self) -> str:
        """The one status to tell first: what somebody still has to do, or wait for."""
        said = {one.status for one in self.outcomes}
        return next((status for status in ("offered", "pending", "waitlisted") if status in said), "confirmed")

    @property
    def awaits_proof(self) -> bool:
        """Whether somebody has to press a button in the mail."""
        return any(Awaits.PROOF in one.awaits for one in self.outcomes)


@dataclass(frozen=True, slots=True)
class OwnScreen(Screen):
    """A participant's own page, and what can be done there. `token` is the one in its address, `csrf` for its forms.

    `overtaken` are coordinators' exceptions that came before somebody who waits; `asked` what is not answered yet;
    `ways_in` the sessions to take part in online, each with the path of the person's own way in.
    """

    personal: ClassVar[bool] = True
    listing: Listing
    mine: Registration
    token: str
    csrf: str
    library: str
    position: int | None = None
    booker: str = ""
    overtaken: tuple[Overtaking, ...] = ()
    asked: tuple[Question, ...] = ()
    ways_in: tuple[tuple[Session, str], ...] = ()
    needs_kept_until: date | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Given | Answer] = field(default_factory=dict)
    sessions: tuple[str, ...] = ()
    mode: str = ""
    faults: tuple[Fault, ...] = ()
    problem: Problem | None = None
    saved: bool = False

    @property
    def path(self) -> str:
        """The page's address, without language."""
        return f"/tilmelding/{self.token}"

    @property
    def fields(self) -> dict[str, tuple[Fault, ...]]:
        """What is wrong, by field."""
        return by_field(self.faults)

    def faults_of(self, name: str) -> tuple[Fault, ...]:
        """What is wrong with one field."""
        return self.fields.get(name, ())

    @property
    def stands(self) -> bool:
        """Whether the gathering still takes place, so that there is something to turn up for."""
        return self.listing.gathering.state is not State.CANCELLED and self.mine.status.is_live

    @property
    def holds_seat(self) -> bool:
        """Whether a seat is the person's, be it held."""
        return self.stands and self.mine.status in (Status.CONFIRMED, Status.PENDING)

    @property
    def needs_proof(self) -> bool:
        """Whether the button in the mail was not pressed yet that keeps the seat."""
        held = self.mine.status in (Status.PENDING, Status.WAITLISTED)
        return self.stands and held and Awaits.PROOF in self.mine.awaits

    @property
    def by_another(self) -> bool:
        """Whether to ask if it is them: somebody else may have signed the person up."""
        return self.stands and self.mine.is_doubtful

    @property
    def from_a_colleague(self) -> bool:
        """Whether a colleague handed the seat over, and not who booked it."""
        first = next(iter(self.mine.history), None)
        return first is not None and first.what is What.TAKEN_OVER and first.by.actor is Actor.PARTICIPANT

    @property
    def can_change(self) -> bool:
        """Whether there is something to change or give back, and time to do it."""
        return self.stands and self.listing.now < self.listing.gathering.changes_until

    @property
    def can_leave(self) -> bool:
        """Whether somebody waits or has an offer, and may say no to it at any time."""
        return self.stands and self.mine.status in (Status.WAITLISTED, Status.OFFERED)

    @property
    def can_answer(self) -> bool:
        """Whether there is something to answer for who has a seat or is offered one, and time to do it."""
        gathering, now = self.listing.gathering, self.listing.now
        asks = bool(gathering.questions) or gathering.asks_needs
        in_time = self.can_change or self.mine.lacks_answers(gathering, now)
        return asks and in_time and self.stands and self.mine.status.holds_seat

    @property
    def gets_offers(self) -> bool:
        """Whether seats are still offered to who waits."""
        return self.listing.now < self.listing.gathering.registration_closes_at

    @property
    def can_return(self) -> bool:
        """Whether to ask somebody to sign up again: who gave it back, or let it lapse, while that is possible."""
        ending = self.mine.ending
        by_others = ending is not None and ending.by.actor in (Actor.COORDINATOR, Actor.BOOKER)
        is_open = self.listing.standing in (Standing.OPEN, Standing.WAITING)
        return is_open and not self.mine.status.is_live and not by_others

    @property
    def can_choose(self) -> bool:
        """Whether there are sessions, or ways to take part, to choose between."""
        gathering = self.listing.gathering
        chooses = bool(gathering.choose_sessions or gathering.choices() or len(gathering.modes) > 1)
        return self.holds_seat and self.can_change and chooses


@dataclass(frozen=True, slots=True)
class JoinScreen(Screen):
    """The way in to a session online. `path` is the page's own address, without language."""

    personal: ClassVar[bool] = True
    listing: Listing
    session: Session
    door: Door
    path: str
    csrf: str


@dataclass(frozen=True, slots=True)
class CancelScreen(Screen):
    """The question before a seat is given back: a mail scanner that follows links must not give it back.

    `path` is the address of the page that it was asked on, without language; `mine` whether it is the person's own.
    """

    personal: ClassVar[bool] = True
    listing: Listing
    registration: Registration
    path: str
    csrf: str
    mine: bool = True

    @property
    def waits(self) -> bool:
        """Whether it is a place in the line that would be given back."""
        return self.registration.status is Status.WAITLISTED


@dataclass(frozen=True, slots=True)
class MovedScreen(Screen):
    """After a change of address: the link that led here is dead."""

    personal: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class ForgottenScreen(Screen):
    """After "not me": the registration that the link led to is deleted."""

    personal: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class BookingScreen(Screen):
    """What became of those whom somebody signed up, and what the booker may still do for them."""

    personal: ClassVar[bool] = True
    listing: Listing
    receipt: Receipt
    people: tuple[Registration, ...]
    positions: Mapping[str, int | None]
    token: str
    csrf: str
    faults: tuple[Fault, ...] = ()
    about: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    problem: Problem | None = None

    @property
    def path(self) -> str:
        """The page's address, without language."""
        return f"/tilmelding/gruppe/{self.token}"

    def is_booked(self, one: Registration) -> bool:
        """Whether somebody is signed up by this booker, who then sees what becomes of it. Others were there before."""
        return one.booking_id == self.receipt.id

    def can_change(self, one: Registration) -> bool:
        """Whether the booker may still cancel or replace a person."""
        return (
            self.is_booked(one)
            and one.status.is_live
            and one.claimed_at is None
            and self.listing.now < self.listing.gathering.changes_until
        )


@dataclass(frozen=True, slots=True)
class PrivacyScreen(Screen):
    """What becomes of people's data. The rest stands in the profile."""

    periods: Periods

    @property
    def parts(self) -> tuple[tuple[Heading, tuple[Record, ...]], ...]:
        """The table of what is kept, in parts."""
        return tuple((heading, tuple(under(heading))) for heading in Heading)


@dataclass(frozen=True, slots=True)
class MyDataScreen(Screen):
    """All that is kept about one person. `path` is the page's address without language; JSON lies below it."""

    personal: ClassVar[bool] = True
    file: PersonFile
    path: str
    csrf: str


@dataclass(frozen=True, slots=True)
class ErrorScreen(Screen):
    """Something stopped. `message` is a sentence that is safe to show; `retry_after` is in seconds."""

    personal: ClassVar[bool] = True
    status: int
    message: str
    values: Mapping[str, object] = field(default_factory=dict)
    retry_after: int | None = None

    @property
    def title(self) -> str:
        """The heading, to be translated."""
        return ERRORS.get(self.status, ERRORS[500 if self.status >= 500 else 404])
