"""Forgetting everybody when the time is over, night after night, as the table of what is kept says.

What is due follows from when a gathering ends, as it stands that night: one that was moved is deleted from later. The
day on which something was deleted is remembered, so that it is not looked for every night, and looked for again when
the gathering has been moved since.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta, tzinfo
from itertools import islice
from typing import Final

from shared.erasure.model import Planned
from shared.erasure.ports import Kept
from shared.erasure.service import AT_ONCE, every_gathering, put_away, strike_gathering, strike_programme
from shared.gatherings.model import Gathering
from shared.privacy.model import Group, Periods
from shared.programmes.model import Programme
from shared.programmes.service import every

AHEAD: Final = timedelta(days=30)
"""How long before that coordinators can see what will be deleted."""


def expire(*, kept: Kept, periods: Periods, zone: tzinfo, now: datetime, correlation_id: str) -> Counter[Group]:
    """Delete what is due, the oldest first, and return from how many gatherings, by group.

    It may be stopped anywhere: what is left is found the next time.
    """
    deleted: Counter[Group] = Counter()
    for gathering, group, _ in _outstanding(kept, periods, now):
        _DELETING[group](gathering, kept, now)
        kept.rows.note_done(gathering.id, group, _today(gathering, now))
        deleted[group] += 1
    for programme in every(store=kept.programmes):
        if _is_over(programme, periods, zone, now):
            strike_programme(programme.id, _everybody, kept=kept, now=now, correlation_id=correlation_id)
    return deleted


def plan(*, kept: Kept, periods: Periods, now: datetime, ahead: timedelta) -> list[Planned]:
    """Return what is going to be deleted in the time ahead, the soonest first."""
    found = [
        Planned(gathering, group, on, kept.rows.count(gathering.id, group))
        for gathering, group, on in _outstanding(kept, periods, now + ahead)
    ]
    return sorted((one for one in found if one.count), key=lambda one: (one.on, one.gathering.starts_at))


def _outstanding(kept: Kept, periods: Periods, until: datetime) -> Iterator[tuple[Gathering, Group, date]]:
    """Yield what is due by a moment and has not been done, with the day it is due."""
    gatherings = every_gathering(kept.gatherings, until=until)
    while some := list(islice(gatherings, AT_ONCE)):
        done = kept.rows.done([gathering.id for gathering in some])
        for gathering in some:
            for group in sorted(periods.due(gathering.ends_at, until)):
                on = periods.erased_on(group, gathering.ends_at)
                if done.get(gathering.id, {}).get(group, date.min) < on:
                    yield gathering, group, on


def _forget_needs(gathering: Gathering, kept: Kept, now: datetime) -> None:
    kept.rows.forget_needs(gathering.id)


def _forget_interests(gathering: Gathering, kept: Kept, now: datetime) -> None:
    for interest in kept.notices.left_for(gathering.id):
        kept.notices.drop(interest)


def _forget_participation(gathering: Gathering, kept: Kept, now: datetime) -> None:
    for one in kept.rows.registrations(gathering.id):
        put_away((one.gathering_id, one.id), kept=kept)
    kept.rows.forget_surroundings(gathering.id)
    strike_gathering(gathering.id, _everybody, kept=kept, now=now)


_DELETING: Final[Mapping[Group, Callable[[Gathering, Kept, datetime], None]]] = {
    Group.NEEDS: _forget_needs,
    Group.INTEREST: _forget_interests,
    Group.PARTICIPATION: _forget_participation,
}


def _everybody(email: str) -> bool:
    return True


def _today(gathering: Gathering, now: datetime) -> date:
    return now.astimezone(gathering.ends_at.tzinfo).date()


def _is_over(programme: Programme, periods: Periods, zone: tzinfo, now: datetime) -> bool:
    ended = datetime(programme.ends_on.year, programme.ends_on.month, programme.ends_on.day, tzinfo=zone)
    return Group.PARTICIPATION in periods.due(ended, now)
