"""What each template is given: a frozen class per page, filled by the views. Properties say how it shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final

from shared.gatherings.model import Gathering, Kind, State
from shared.refusals import N_, Fault

KINDS: Final = {
    Kind.WEBINAR: N_("Webinar"),
    Kind.INSPIRATION_DAY: N_("Inspiration day"),
    Kind.FESTIVAL: N_("Festival"),
    Kind.WORKSHOP: N_("Workshop"),
    Kind.COURSE: N_("Course"),
}

GOALS: Final = {
    1: N_("No poverty"),
    2: N_("Zero hunger"),
    3: N_("Good health and well-being"),
    4: N_("Quality education"),
    5: N_("Gender equality"),
    6: N_("Clean water and sanitation"),
    7: N_("Affordable and clean energy"),
    8: N_("Decent work and economic growth"),
    9: N_("Industry, innovation and infrastructure"),
    10: N_("Reduced inequalities"),
    11: N_("Sustainable cities and communities"),
    12: N_("Responsible consumption and production"),
    13: N_("Climate action"),
    14: N_("Life below water"),
    15: N_("Life on land"),
    16: N_("Peace, justice and strong institutions"),
    17: N_("Partnerships for the goals"),
}
"""The goals' short names as the UN and the Danish government write them. The icons may not be used freely."""

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
    CLOSED = "closed"
    HELD = "held"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Listing:
    """A gathering as the public sees it `now`. `seats_left` is None where there is no limit."""

    gathering: Gathering
    now: datetime
    seats_left: int | None = None

    @property
    def standing(self) -> Standing:
        """The one thing to tell whoever wonders whether to register."""
        gathering, opens_at = self.gathering, self.gathering.registration.opens_at
        if gathering.state is State.CANCELLED:
            return Standing.CANCELLED
        if gathering.held(self.now):
            return Standing.HELD
        if opens_at is not None and self.now < opens_at:
            return Standing.NOT_YET
        if not gathering.takes_registrations(self.now):
            return Standing.CLOSED
        return Standing.FULL if self.seats_left is not None and self.seats_left <= 0 else Standing.OPEN

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
    def themes(self) -> tuple[str, ...]:
        """The themes in words. They have no names of their own until there is a catalogue of themes."""
        return tuple(theme.replace("-", " ").capitalize() for theme in self.gathering.themes)

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


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form's fields, as it was typed."""

    name: str = ""
    email: str = ""
    library: str = ""
    role: str = ""
    gln: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a filled-in form was not taken, where no single field is to blame. `retry_after` is in seconds."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)
    retry_after: int | None = None


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
    """One gathering."""

    listing: Listing


@dataclass(frozen=True, slots=True)
class RegisterScreen(Screen):
    """The registration form, empty or with what was typed and what is wrong with it."""

    listing: Listing
    libraries: tuple[LibraryChoice, ...]
    idempotency_key: str
    kept_months: int
    typed: Typed = field(default_factory=Typed)
    faults: tuple[Fault, ...] = ()
    problem: Problem | None = None

    def faults_of(self, name: str) -> tuple[Fault, ...]:
        """What is wrong with one field."""
        return tuple(fault for fault in self.faults if fault.field == name)

    def has_field(self, name: str) -> bool:
        """Whether the form has a field of that name to lead to."""
        return name in Typed.__slots__


@dataclass(frozen=True, slots=True)
class ReceiptScreen(Screen):
    """After registering. The same to who was registered already, so that it tells nothing of others."""

    personal: ClassVar[bool] = True
    listing: Listing


@dataclass(frozen=True, slots=True)
class RegistrationScreen(Screen):
    """A participant's own page. `token` is the one in its address."""

    personal: ClassVar[bool] = True
    listing: Listing
    name: str
    token: str
    cancelled: bool = False

    @property
    def path(self) -> str:
        """The page's address, without language."""
        return f"/tilmelding/{self.token}"

    @property
    def holds_seat(self) -> bool:
        """Whether there is a seat to turn up for."""
        return not self.cancelled and self.listing.gathering.state is not State.CANCELLED

    @property
    def can_cancel(self) -> bool:
        """Whether there is a seat to give back, and time to do it."""
        return self.holds_seat and self.listing.now < self.listing.gathering.changes_until


@dataclass(frozen=True, slots=True)
class CancelScreen(Screen):
    """The question before a seat is given back: a mail scanner that follows links must not give it back."""

    personal: ClassVar[bool] = True
    listing: Listing
    token: str
    csrf: str

    @property
    def path(self) -> str:
        """The address of the participant's own page, without language."""
        return f"/tilmelding/{self.token}"


@dataclass(frozen=True, slots=True)
class PrivacyScreen(Screen):
    """What becomes of people's data. The rest stands in the profile."""

    kept_months: int


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
