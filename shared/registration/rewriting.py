"""What a changed registration means for the seats and the line, and one write of all of it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from events.envelope import Envelope
from shared.gatherings.model import Gathering
from shared.gatherings.seating import Move, Seats, given_back
from shared.patience import tries
from shared.refusals import StoreUnavailable
from shared.registration.facts import fact, of_status
from shared.registration.model import (
    AlreadyRegistered,
    GatheringFull,
    Registration,
    RegistrationChangedMeanwhile,
    RegistrationOver,
    Status,
    TooManyUnproven,
)
from shared.registration.ports import (
    Batch,
    Bookkeeping,
    Change,
    Occupied,
    RegistrationStore,
    SeatsWere,
    Written,
)

if TYPE_CHECKING:
    from shared.registration.line import Party

Key = tuple[str, str]
"""Which registration: the gathering's id and its own."""

Decide = Callable[[Registration, Gathering], Registration]

Facts = Callable[[Registration, Registration], Iterable[Envelope[Any]]]
"""What to announce of a registration as it was and as it is."""


def rewrite(
    key: Key,
    decide: Decide,
    around: Bookkeeping,
    now: datetime,
    correlation_id: str,
    *,
    facts: Facts | None = None,
) -> Registration:
    """Make a registration what `decide` says, and return it. If that is what it is, nothing is written."""
    seats: Seats | None = None
    for _ in tries():
        before = around.store.get(*key)
        after = decide(before, around.gatherings.by_id(key[0]))
        if after is before:
            return before
        said = list(facts(before, after)) if facts is not None else []
        if after.status is not before.status:
            said.append(of_status(after, now, correlation_id))
        batch = batch_of(before, after, around.store, seats, tuple(said))
        were = written(batch, around.store, now)
        if were is None:
            return after
        seats = were.seats
    raise StoreUnavailable


def written(batch: Batch, store: RegistrationStore, now: datetime) -> SeatsWere | None:
    """Write, and return None; or how the seats were, when it has to be decided anew. Raise AlreadyRegistered."""
    try:
        outcome = store.write(batch, now=now)
    except RegistrationChangedMeanwhile:
        return SeatsWere(None)
    match outcome:
        case Occupied():
            raise AlreadyRegistered
        case SeatsWere(Seats() as seats) if batch.move is not None and _is_full(batch.move, seats):
            raise GatheringFull
        case SeatsWere(Seats() as seats) if batch.move is not None and _is_beyond(batch.move, seats):
            raise TooManyUnproven
        case SeatsWere():
            return outcome
        case _:
            assert isinstance(outcome, Written), "only a request for seats can be a repeat"
            return None


def batch_of(
    before: Registration,
    after: Registration,
    store: RegistrationStore,
    seats: Seats | None,
    facts: tuple[Envelope[Any], ...],
) -> Batch:
    """Return what to write that a registration may become another. `seats` are as they were seen, if they were."""
    party = None
    if before.status is Status.WAITLISTED and after.status is not Status.WAITLISTED and before.place is not None:
        party = store.party(before.gathering_id, before.place)
    parties: tuple[tuple[Party | None, Party | None], ...] = ()
    left_line: dict[str, int] | None = None
    if party is not None:
        rest = party.without(before.id)
        parties = ((party, rest if rest.members else None),)
        left_line = dict(party.counted() - rest.counted())
    return Batch(
        before.gathering_id,
        changes=(Change(before, after, facts),),
        move=moved([(before, after)], left_line, seats),
        parties=parties,
    )


def moved(
    pairs: Sequence[tuple[Registration | None, Registration]], left_line: Mapping[str, int] | None, seats: Seats | None
) -> Move | None:
    """Return what changes mean for the seats: the differences between what was counted and what is to be.

    `left_line` is for which pools somebody no longer waits, None when nobody leaves the line.
    """
    taken: Counter[str] = Counter()
    libraries: Counter[str] = Counter()
    unproven: Counter[str] = Counter()
    new: set[str] = set()
    for before, after in pairs:
        was = _held(before)
        will_be = _held(after)
        taken.update(given_back(was - will_be, seats))
        taken.update(will_be - was)
        new |= will_be - was
        libraries.subtract(_library(before))
        libraries.update(_library(after))
        unproven.subtract(_unproven(before))
        unproven.update(_unproven(after))
    take = {pool: count for pool, count in taken.items() if count}
    move = Move(
        take=take,
        wait={pool: -count for pool, count in (left_line or {}).items()},
        libraries={library: count for library, count in libraries.items() if count},
        unproven={domain: count for domain, count in unproven.items() if count},
        # A seat that somebody waits for is not to be had by changing one's mind; who leaves the line has waited.
        unawaited=frozenset(pool for pool in new if take.get(pool, 0) > 0 and left_line is None),
    )
    return None if move == Move() else move


def told_of(kind: Any, now: datetime, correlation_id: str) -> Facts:
    """Return what announces a change by one fact of that kind."""
    return lambda _, after: [fact(kind, after, now, correlation_id)]


def live(registration: Registration) -> Registration:
    """Return the registration. Raise RegistrationOver when it is in force no more."""
    if not registration.status.is_live:
        raise RegistrationOver
    return registration


def of_version(registration: Registration, version: int | None) -> Registration:
    """Return the registration. Raise RegistrationChangedMeanwhile when it is not of the version that was meant."""
    if version is not None and registration.version != version:
        raise RegistrationChangedMeanwhile
    return registration


def _is_full(move: Move, seats: Seats) -> bool:
    return any(not seats.has(pool, count) for pool, count in move.take.items() if count > 0 and pool in move.unawaited)


def _is_beyond(move: Move, seats: Seats) -> bool:
    return any(seats.unproven.get(domain, 0) > most for domain, most in move.most_unproven.items())


def _held(registration: Registration | None) -> frozenset[str]:
    return frozenset(registration.pools if registration is not None and registration.status.holds_seat else ())


def _library(registration: Registration | None) -> list[str]:
    live = registration is not None and registration.status.is_live
    return [registration.participant.library] if live and registration is not None else []


def _unproven(registration: Registration | None) -> list[str]:
    if registration is None or not registration.status.is_live or not registration.unproven:
        return []
    return [registration.unproven]
