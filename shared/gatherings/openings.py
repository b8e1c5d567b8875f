"""When registration opens to somebody: the window, the rounds that may admit the person, and the fair share."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Final

from shared.gatherings.model import Gathering, State
from shared.gatherings.rounds import ROLES, Candidate, Round

UNKNOWN: Final = ""
"""The library or role of a candidate who has not said: it may be any."""


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


def _first(windows: Iterable[tuple[datetime, datetime]]) -> datetime | None:
    return min((opens for opens, ends in windows if opens < ends), default=None)


def _may_admit(one: Round, candidate: Candidate, zone: tzinfo) -> bool:
    if not candidate.libraries:
        one = replace(one, who=replace(one.who, certification=(), libraries=()))
    roles = ROLES if candidate.role == UNKNOWN else (candidate.role,)
    return any(one.admits(replace(candidate, role=role), zone) for role in roles)
