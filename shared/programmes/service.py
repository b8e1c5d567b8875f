"""Planning programmes, and what that means for their gatherings."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from itertools import count
from typing import Final

from events.envelope import C, Envelope
from events.programmes import ProgrammeChanged, ProgrammePublished
from shared.gatherings import service as gathering_planning
from shared.gatherings.copies import id_of_copy, monday, moved, weeks_between
from shared.gatherings.model import (
    CapacityTaken,
    Gathering,
    GatheringChangedMeanwhile,
    GatheringIsCancelled,
    GatheringNotFound,
    State,
    addresses,
)
from shared.gatherings.ports import GatheringStore
from shared.gatherings.rounds import Round
from shared.gatherings.seating import Seats, resized
from shared.ids import new_id
from shared.programmes.model import (
    Programme,
    ProgrammeChangedMeanwhile,
    ProgrammeExists,
    ProgrammeNotFound,
    ProgrammeSlugTaken,
    RoundsDoNotFit,
    TrackInUse,
)
from shared.programmes.ports import ProgrammeStore
from shared.refusals import Invalid

AT_ONCE: Final = 100

MOST_TRIES: Final = 5
"""How often it is tried to keep up with those who change the programme and its gatherings at the same time."""

See = Callable[[str], Seats | None]
"""Returns the seats of a gathering by its id; None if it was never published."""


def plan(programme: Programme, *, languages: tuple[str, ...], store: ProgrammeStore) -> Programme:
    """Keep a new draft and return it.

    A programme without a slug gets one of its title, with a number behind if that is taken. Raise Invalid,
    ProgrammeExists, or ProgrammeSlugTaken for a slug that was asked for.
    """
    for slug in addresses(programme.slug, programme.title.get(languages[0], "")):
        wanted = replace(programme, slug=slug)
        wanted.check(languages=languages)
        with suppress(ProgrammeSlugTaken):
            store.create(wanted)
            return wanted
    raise ProgrammeSlugTaken


def change(
    wanted: Programme,
    *,
    version: int,
    languages: tuple[str, ...],
    store: ProgrammeStore,
    gatherings: GatheringStore,
    see: See,
    now: datetime,
    correlation_id: str,
) -> Programme:
    """Save a changed programme and return it as kept; its gatherings follow by `follow`.

    `version` is the one the change was made from: raise ProgrammeChangedMeanwhile when it is no longer the newest.
    Raise RoundsDoNotFit or TrackInUse, naming the gatherings, when they could not follow.
    """
    before = store.get(wanted.id)
    if before.version != version:
        raise ProgrammeChangedMeanwhile
    after = before.changed_to(wanted)
    after.check(languages=languages)
    if (before.rounds, before.tracks) != (after.rounds, after.tracks):
        _refuse_what_does_not_fit(after, gatherings.of_programme(after.id), see, now)
    store.save(before, after, _fact(ProgrammeChanged(programme_id=after.id), after, now, correlation_id))
    return after


def publish(programme_id: str, *, store: ProgrammeStore, now: datetime, correlation_id: str) -> Programme:
    """Show a programme to the public. Its gatherings are published one by one."""
    before = store.get(programme_id)
    after = before.published(now)
    if after is not before:
        store.save(before, after, _fact(ProgrammePublished(programme_id=after.id), after, now, correlation_id))
    return after


def cancel(programme_id: str, *, store: ProgrammeStore, now: datetime, correlation_id: str) -> Programme:
    """Take a programme off. Its gatherings are called off one by one."""
    before = store.get(programme_id)
    after = before.cancelled()
    if after is not before:
        store.save(before, after, _fact(ProgrammeChanged(programme_id=after.id), after, now, correlation_id))
    return after


def public(slug: str, *, store: ProgrammeStore) -> Programme:
    """Return what the public sees at an address; raise ProgrammeNotFound."""
    programme = store.get(store.id_of(slug))
    if not programme.is_public:
        raise ProgrammeNotFound
    return programme


def every(*, store: ProgrammeStore) -> tuple[Programme, ...]:
    """Return all programmes, the latest first day first. There are a few in a year."""
    found: list[Programme] = []
    after = None
    while True:
        page = store.listed(after=after, limit=AT_ONCE)
        found += page.programmes
        if page.next is None:
            return tuple(found)
        after = page.next


@dataclass(frozen=True, slots=True)
class Followed:
    """How many gatherings got new rounds; those, by id, that cannot carry them; and whether to come again."""

    changed: int
    unfit: tuple[str, ...] = ()
    again: bool = False


def follow(
    programme_id: str, *, store: ProgrammeStore, gatherings: GatheringStore, now: datetime, correlation_id: str
) -> Followed:
    """Copy a programme's rounds, as they are now, to its gatherings.

    It looks once more when others have changed something meanwhile: a gathering, which is tried again, or the
    programme, whose newer rounds somebody else may have copied before these.
    """
    changed = 0
    unfit: list[str] = []
    for _ in range(MOST_TRIES):
        try:
            programme, unfit, moved_on = store.get(programme_id), [], False
        except ProgrammeNotFound:
            return Followed(0, ())
        for gathering in _to_follow(gatherings.of_programme(programme_id), now):
            rounds = programme.rounds_of(gathering.track) or ()
            try:
                changed += gathering_planning.inherit(
                    gathering.id, rounds, store=gatherings, now=now, correlation_id=correlation_id
                )
            except (Invalid, CapacityTaken, GatheringIsCancelled):
                unfit.append(gathering.id)
            except GatheringChangedMeanwhile:
                moved_on = True
        if not moved_on and store.get(programme_id).version == programme.version:
            return Followed(changed, tuple(unfit))
    return Followed(changed, tuple(unfit), again=True)


@dataclass(frozen=True, slots=True)
class Duplicated:
    """A new programme, and its gatherings."""

    programme: Programme
    gatherings: tuple[Gathering, ...]


def duplicate(
    programme_id: str,
    starts_on: date,
    *,
    languages: tuple[str, ...],
    zone: tzinfo,
    store: ProgrammeStore,
    gatherings: GatheringStore,
) -> Duplicated:
    """Plan a programme anew, with all its gatherings that are not cancelled, so that it begins in a week.

    Everything is moved by the same number of weeks. The ids follow from the programme's and the week, so that who
    does it again, after a crash or by a second click, gets the copy that is there, and what it still lacks.
    """
    source = store.get(programme_id)
    weeks = weeks_between(source.starts_on, starts_on)
    copy = _copy(source, weeks, languages=languages, zone=zone, store=store)
    for gathering in gatherings.of_programme(source.id):
        id = id_of_copy(copy.id, gathering.id)
        if gathering.state is State.CANCELLED or _is_there(id, gatherings):
            continue
        again = moved(gathering, weeks, id=id, session_ids=[new_id() for _ in gathering.sessions])
        track = gathering.track and id_of_copy(copy.id, gathering.track)
        if copy.rounds_of(track) is None:
            track = None
        again = replace(again, programme=copy.id, track=track)
        gathering_planning.plan(again, languages=languages, programmes=store, store=gatherings)
    return Duplicated(copy, gatherings.of_programme(copy.id))


def _copy(
    source: Programme, weeks: int, *, languages: tuple[str, ...], zone: tzinfo, store: ProgrammeStore
) -> Programme:
    """Return the copy that is there, or plan it. One that was taken off is left alone, and another is planned."""
    week = monday(source.starts_on + timedelta(weeks=weeks)).isoformat()
    for number in count():
        id = id_of_copy(source.id, week, str(number))
        try:
            found = store.get(id)
        except ProgrammeNotFound:
            break
        if found.state is not State.CANCELLED:
            return found
    try:
        return plan(source.moved(weeks, id=id, zone=zone), languages=languages, store=store)
    except ProgrammeExists:
        return store.get(id)


def _is_there(gathering_id: str, gatherings: GatheringStore) -> bool:
    try:
        gatherings.get(gathering_id)
    except GatheringNotFound:
        return False
    return True


def _refuse_what_does_not_fit(after: Programme, gatherings: Iterable[Gathering], see: See, now: datetime) -> None:
    following = _to_follow(gatherings, now)
    if trackless := [one for one in following if after.rounds_of(one.track) is None]:
        raise TrackInUse(gatherings=_named(trackless))
    if unfit := [one for one in following if not _fits(one, after.rounds_of(one.track) or (), see, now)]:
        raise RoundsDoNotFit(gatherings=_named(unfit))


def _to_follow(gatherings: Iterable[Gathering], now: datetime) -> list[Gathering]:
    """Leave out those that nobody registers for any more: they keep the rounds that they had."""
    return [one for one in gatherings if one.state is not State.CANCELLED and not one.held(now)]


def _fits(gathering: Gathering, rounds: tuple[Round, ...], see: See, now: datetime) -> bool:
    try:
        after = gathering.inheriting(rounds, now)
        after.check_seats()
        if (seats := see(gathering.id)) is not None:
            resized(gathering, after, seats, now)
    except (Invalid, CapacityTaken):
        return False
    return True


def _named(gatherings: Iterable[Gathering]) -> list[dict[str, object]]:
    return [{"id": one.id, "title": dict(one.title)} for one in gatherings]


def _fact(data: C, programme: Programme, now: datetime, correlation_id: str) -> Envelope[C]:
    return Envelope[C].of(
        data,
        id=new_id(),
        subject=programme.id,
        subject_version=programme.version,
        at=now,
        correlation_id=correlation_id,
    )
