"""Addresses that were left to be told something once, and the rules for when that is."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Final

from shared.gatherings.model import Gathering, State
from shared.gatherings.rounds import ROLES, Candidate, Round
from shared.refusals import N_, Refusal

UNKNOWN: Final = ""
"""The library or role of a candidate who has not said: it may be any."""


@dataclass(frozen=True, slots=True)
class Interest:
    """An address that gets one mail when its owner can register for a gathering.

    `guard` is the keyed hash of gathering and address, one to an interest; `person` that of the address alone.
    `library` and `role` may be UNKNOWN. `after_share`: it is the end of the fair share that is waited for.
    `opens_at` is the moment as it was last known; None once the mail is on its way.
    """

    id: str
    gathering_id: str
    email: str
    language: str
    guard: str
    person: str
    opens_at: datetime | None
    library: str = UNKNOWN
    role: str = UNKNOWN
    after_share: bool = False


@dataclass(frozen=True, slots=True)
class LinksRequest:
    """Somebody asked for the link to all their registrations. Whether there are any is not known here."""

    id: str
    email: str
    language: str
    person: str


def opening(
    gathering: Gathering, candidate: Candidate, *, after_share: bool, now: datetime, zone: tzinfo
) -> datetime | None:
    """Return `now` if somebody can register, else the next moment from which they can; None if there is none.

    What the candidate has not said is taken to fit. With `after_share` it is not before the fair share has ended.
    """
    share = gathering.fair_share if after_share else None
    if gathering.state is not State.PUBLISHED or (share is not None and share.until is None):
        return None
    earliest = max(now, gathering.registration.opens_at or now, share.until if share and share.until else now)
    closes = gathering.registration_closes_at
    windows = [
        (one.opens_at, one.closes_at or closes)
        for one in gathering.effective_rounds
        if _may_admit(one, candidate, zone)
    ]
    if not gathering.effective_rounds:
        windows = [(earliest, closes)]
    return _first(((max(earliest, opens), min(closes, ends)) for opens, ends in windows))


def next_opening(gathering: Gathering, candidate: Candidate, *, now: datetime, zone: tzinfo) -> tuple[datetime, bool]:
    """Return the next moment from which somebody can register and cannot now, and whether the fair share is why.

    Raise NothingOpens.
    """
    for after_share in (False, True):
        moment = opening(gathering, candidate, after_share=after_share, now=now, zone=zone)
        if moment is None:
            break
        if moment > now:
            return moment, after_share
    raise NothingOpens


def _first(windows: Iterable[tuple[datetime, datetime]]) -> datetime | None:
    return min((opens for opens, ends in windows if opens < ends), default=None)


def _may_admit(one: Round, candidate: Candidate, zone: tzinfo) -> bool:
    if candidate.library == UNKNOWN:
        one = replace(one, who=replace(one.who, certification=(), libraries=()))
    roles = ROLES if candidate.role == UNKNOWN else (candidate.role,)
    return any(one.admits(replace(candidate, role=role), zone) for role in roles)


class NothingOpens(Refusal):
    """There is no later moment to be told of: somebody can register now, or never."""

    kind = "nothing-opens"
    status = 409
    message = N_("There is no later opening to tell you about: registration is open to you now, or it is over.")
