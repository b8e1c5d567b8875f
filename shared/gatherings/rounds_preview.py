"""Who could register when, and why not: rounds tried on every workplace before anybody meets them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum
from typing import Final

from shared.gatherings.model import Gathering, Window
from shared.gatherings.rounds import Round
from shared.refusals import N_

CLOSED_TO_ALL: Final = N_("No round is open from now until it starts: nobody can sign up.")


class Proof(StrEnum):
    """What shows that somebody works at the library, where the library decides.

    `ADDRESS`: an address at one of its domains; who has another waits for a coordinator. `COORDINATOR`: all do, since
    the library has no domain.
    """

    NONE = "none"
    ADDRESS = "address"
    COORDINATOR = "coordinator"


class Bar(StrEnum):
    """Why a round is not for somebody."""

    ROLE = "role"
    LIBRARY = "library"
    CERTIFICATION = "certification"
    INVITATION = "invitation"
    WINDOW = "window"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where somebody might work, and as what. `libraries` are all numbers of the library, also of those that became
    part of it; `certification` says how far it has come on a day."""

    libraries: frozenset[str]
    role: str
    certification: Callable[[date], str]
    has_domains: bool


@dataclass(frozen=True, slots=True)
class Barred:
    """A round that is not for somebody, all the reasons, and the library's certification on the day it opens."""

    round: Round
    why: tuple[Bar, ...]
    certification: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """What there is for one workplace: the `first` round that lets people in, since or from `opens_at`; None if none
    does any more.

    `certification` is the library's on the day that round opens. `barred` are the rounds that do not, in their order.
    """

    workplace: Workplace
    first: Round | None
    opens_at: datetime | None
    certification: str
    proof: Proof
    barred: tuple[Barred, ...]


def opens_to_nobody(gathering: Gathering, since: datetime) -> bool:
    """Whether there are rounds, and none in which anybody could register between a moment and the start."""
    rounds, window = gathering.effective_rounds, window_of(gathering)
    return bool(rounds) and all(one.who.is_nobody or _shut(one, window, since) for one in rounds)


def window_of(gathering: Gathering) -> Window:
    """Return when registration is open, whatever the rounds say."""
    return replace(gathering.registration, closes_at=gathering.registration_closes_at)


def outlooks(
    rounds: Iterable[Round], workplaces: Iterable[Workplace], *, window: Window, now: datetime, zone: tzinfo
) -> Iterator[Outlook]:
    """Yield the outlook of each workplace, for somebody who was not invited by name. There has to be a round."""
    in_order = sorted(rounds, key=lambda one: (_opens(one, window), one.id))
    for workplace in workplaces:
        yield _outlook(workplace, in_order, window, now, zone)


def _outlook(workplace: Workplace, rounds: Sequence[Round], window: Window, now: datetime, zone: tzinfo) -> Outlook:
    tried = [(one, tuple(_bars(one, workplace, window, now, zone))) for one in rounds]
    first = next((one for one, why in tried if not why), None)
    barred = tuple(Barred(one, why, _certification(one, workplace, zone)) for one, why in tried if why)
    if first is None:
        return Outlook(workplace, None, None, "", Proof.NONE, barred)
    return Outlook(
        workplace,
        first,
        _opens(first, window),
        _certification(first, workplace, zone),
        _proof(first, workplace),
        barred,
    )


def _bars(one: Round, workplace: Workplace, window: Window, now: datetime, zone: tzinfo) -> Iterator[Bar]:
    who = one.who
    if who.roles and workplace.role not in who.roles:
        yield Bar.ROLE
    if who.libraries and workplace.libraries.isdisjoint(who.libraries):
        yield Bar.LIBRARY
    if who.certification and _certification(one, workplace, zone) not in who.certification:
        yield Bar.CERTIFICATION
    if who.emails:
        yield Bar.INVITATION
    if _shut(one, window, _opens(one, window)):
        yield Bar.WINDOW
    elif _shut(one, window, now):
        yield Bar.OVER


def _certification(one: Round, workplace: Workplace, zone: tzinfo) -> str:
    # The day that the round's own opening falls on, as the rule has it (Round.admits).
    return workplace.certification(one.opens_at.astimezone(zone).date())


def _proof(one: Round, workplace: Workplace) -> Proof:
    if not one.who.by_library:
        return Proof.NONE
    return Proof.ADDRESS if workplace.has_domains else Proof.COORDINATOR


def _opens(one: Round, window: Window) -> datetime:
    """When it opens, in UTC: not before registration does."""
    return (one.opens_at if window.opens_at is None else max(one.opens_at, window.opens_at)).astimezone(UTC)


def _shut(one: Round, window: Window, since: datetime) -> bool:
    """Whether it is not open at a moment, nor afterwards."""
    ends = [end for end in (one.closes_at, window.closes_at) if end is not None]
    return bool(ends) and max(_opens(one, window), since) >= min(ends)
