"""What the pages are given that somebody finds by the address alone: to be told, and all one's own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from chalicelib.screens import LibraryChoice, Listing, Problem, Screen
from shared.erasure.file import STATUSES
from shared.gatherings.model import State
from shared.notices.queries import LibraryCount
from shared.refusals import N_, Fault
from shared.registration.model import Awaits, Registration, Status


@dataclass(frozen=True, slots=True)
class AddressScreen(Screen):
    """A form that asks for an address, with what was typed and what is wrong with it."""

    typed: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    problem: Problem | None = None

    def faults_of(self, name: str) -> tuple[Fault, ...]:
        """What is wrong with one field."""
        return tuple(fault for fault in self.faults if fault.field == name)


@dataclass(frozen=True, slots=True)
class AskScreen(AddressScreen):
    """Asking for the link to all one's own."""


@dataclass(frozen=True, slots=True)
class AskedScreen(Screen):
    """After asking. The same whether there is anything or not."""

    personal: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class NoticeScreen(AddressScreen):
    """Asking to be told when one can register."""

    personal: ClassVar[bool] = True
    listing: Listing = field(kw_only=True)
    libraries: tuple[LibraryChoice, ...] = ()

    @property
    def asks_library(self) -> bool:
        """Whether it depends on the library when that is."""
        return any(one.who.by_library for one in self.listing.gathering.effective_rounds)

    @property
    def asks_role(self) -> bool:
        """Whether it depends on what somebody works as."""
        return any(one.who.roles for one in self.listing.gathering.effective_rounds)


@dataclass(frozen=True, slots=True)
class NotedScreen(Screen):
    """After that: when it will be."""

    personal: ClassVar[bool] = True
    listing: Listing
    opens_at: datetime


@dataclass(frozen=True, slots=True)
class Mine:
    """One of one's own registrations. `path` is the address of its page."""

    listing: Listing
    registration: Registration
    path: str

    @property
    def status(self) -> str:
        """Where it stands, to be translated."""
        if self.listing.gathering.state is State.CANCELLED:
            return N_("The gathering is cancelled")
        return STATUSES[self.registration.status]

    @property
    def to_do(self) -> str | None:
        """What somebody has to do about it, to be translated; None if nothing."""
        if self.is_over:
            return None
        match self.registration.status:
            case Status.OFFERED:
                return N_("Accept the seat, or let the next in line have it.")
            case Status.PENDING if Awaits.PROOF in self.registration.awaits:
                return N_("Confirm that the address is yours.")
            case _:
                return None

    @property
    def is_over(self) -> bool:
        """Whether there is nothing left to turn up for."""
        gathering, now = self.listing.gathering, self.listing.now
        return not self.registration.status.is_live or gathering.state is State.CANCELLED or gathering.ends_at <= now


@dataclass(frozen=True, slots=True)
class MineScreen(Screen):
    """All one's own, and for leaders, how many of their library are coming. `libraries` are names by number, `calendar`
    the address of a calendar to subscribe to, `preferences` of the choice which mails one gets."""

    personal: ClassVar[bool] = True
    path: str
    calendar: str
    preferences: str
    coming: tuple[Mine, ...]
    over: tuple[Mine, ...]
    leads: bool
    counts: tuple[LibraryCount, ...]
    libraries: Mapping[str, str]
