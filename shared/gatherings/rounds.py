"""Rounds: windows in which a group of people may register, and seats that may be kept for them.

Rounds are data. They stand on a gathering, or on its programme or track, from where a gathering inherits them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo
from typing import Final

from shared.refusals import N_, Fault

CERTIFICATIONS: Final = ("none", "on_the_way", "in_progress", "certified")
ROLES: Final = ("staff", "leader")
NOBODY: Final = "-"
"""Stands for the addresses that a round was for, when none is left: a round for no address is for everybody."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who would like to register. `libraries` are all numbers of the library, also of those that became part of it;
    `certification` says how far it has come on a day."""

    email: str
    libraries: frozenset[str]
    role: str
    certification: Callable[[date], str]


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a round is for: all filled lists must hold, any value within one. Without lists it is for everybody.

    `emails` are in small letters. `certification` is that of the library on the day the round opens.
    """

    certification: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()

    @property
    def by_library(self) -> bool:
        """Whether the library decides. Then it has to be proven: by the address's domain, or a coordinator."""
        return bool(self.certification or self.libraries)

    @property
    def is_nobody(self) -> bool:
        """Whether it is for people by address, and none is left or filled in yet."""
        return self.emails == (NOBODY,)

    def without_addresses(self) -> "Who":
        """Return the same without the addresses, if it names any: for nobody until others are filled in."""
        return replace(self, emails=(NOBODY,)) if self.emails else self


@dataclass(frozen=True, slots=True)
class Round:
    """A window. `reserved_seats` are kept for who it admits until `rolls_over_at`; then what is left is everybody's.

    Without `closes_at` it is open until registration for the gathering ends.
    """

    id: str
    name: Mapping[str, str]
    opens_at: datetime
    closes_at: datetime | None = None
    who: Who = field(default_factory=Who)
    reserved_seats: int | None = None
    rolls_over_at: datetime | None = None

    @property
    def pool(self) -> str:
        """The name of the pool of its reserved seats."""
        return f"round-{self.id}"

    @property
    def kept_until(self) -> datetime | None:
        """When its reserved seats become everybody's: as set, else when it closes."""
        return self.rolls_over_at or self.closes_at

    def without_addresses(self) -> "Round":
        """Return the same without addresses, if it is for some."""
        return replace(self, who=self.who.without_addresses())

    def is_open(self, now: datetime) -> bool:
        """Whether the window is open."""
        return self.opens_at <= now and (self.closes_at is None or now < self.closes_at)

    def admits(self, candidate: Candidate, zone: tzinfo) -> bool:
        """Whether it is for this person, were it open."""
        who = self.who
        return (
            (not who.roles or candidate.role in who.roles)
            and (not who.libraries or not candidate.libraries.isdisjoint(who.libraries))
            and (not who.emails or candidate.email.casefold() in who.emails)
            and (
                not who.certification
                or candidate.certification(self.opens_at.astimezone(zone).date()) in who.certification
            )
        )


def admitting(rounds: Sequence[Round], candidate: Candidate, *, now: datetime, zone: tzinfo) -> tuple[Round, ...]:
    """Return the open rounds that admit the person, the one opened first at the head."""
    found = [one for one in rounds if one.is_open(now) and one.admits(candidate, zone)]
    return tuple(sorted(found, key=lambda one: (one.opens_at, one.id)))


def faults(rounds: Sequence[Round], *, languages: tuple[str, ...]) -> Iterator[Fault]:
    """Yield what is wrong with rounds, each named by its place in the list."""
    if len({one.id for one in rounds}) < len(rounds):
        yield Fault("rounds", N_("Two rounds have the same id."))
    for at, one in enumerate(rounds):
        if not one.name.get(languages[0], "").strip():
            yield Fault(f"rounds.{at}.name.{languages[0]}", N_("Give the round a name."))
        for language in set(one.name) - set(languages):
            yield Fault(f"rounds.{at}.name.{language}", N_("This network does not use that language."))
        if one.closes_at is not None and one.closes_at <= one.opens_at:
            yield Fault(f"rounds.{at}.closes_at", N_("The round must close after it opens."))
        if one.rolls_over_at is not None and one.reserved_seats is None:
            yield Fault(f"rounds.{at}.rolls_over_at", N_("Say how many seats are reserved, or leave this empty."))
        if one.rolls_over_at is not None and one.rolls_over_at < one.opens_at:
            yield Fault(f"rounds.{at}.rolls_over_at", N_("Reserved seats are set free after the round has opened."))
        if unknown := set(one.who.certification) - set(CERTIFICATIONS):
            yield Fault(f"rounds.{at}.who.certification", N_("Unknown: %(values)s."), {"values": ", ".join(unknown)})
        if unknown := set(one.who.roles) - set(ROLES):
            yield Fault(f"rounds.{at}.who.roles", N_("Unknown: %(values)s."), {"values": ", ".join(unknown)})
