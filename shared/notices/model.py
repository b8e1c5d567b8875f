"""Addresses that were left to be told something once, and the rules for when that is."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from shared.gatherings.model import Gathering
from shared.gatherings.openings import UNKNOWN, opening
from shared.gatherings.rounds import Candidate
from shared.refusals import N_, Refusal


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


class NothingOpens(Refusal):
    """There is no later moment to be told of: somebody can register now, or never."""

    kind = "nothing-opens"
    status = 409
    message = N_(
        "There is no later opening to tell you about: you can sign up now, or it is for others, or it is over."
    )
