"""The line moves: seats that have become free are offered to its head."""

from datetime import datetime

from events.envelope import Envelope
from events.registration import RoundRolledOver
from shared.gatherings.model import Gathering, GatheringNotFound, State
from shared.gatherings.seating import rolled_over, sizes
from shared.ids import new_id
from shared.patience import tries
from shared.refusals import StoreUnavailable
from shared.registration.facts import of_status
from shared.registration.line import Longer, Offer, next_step
from shared.registration.model import RegistrationChangedMeanwhile
from shared.registration.ports import Batch, Bookkeeping, Change, Written


def move_line(gathering_id: str, *, around: Bookkeeping, now: datetime, correlation_id: str) -> int:
    """Offer what is free to who is first in line, and return to how many people.

    An offer is a seat. Each step is one write on condition that the line is as it was seen, so it does not matter who
    else moves it, or whether this stops half-way: what is left to do is seen the next time.
    """
    offered = 0
    while (moved := _step(gathering_id, around, now, correlation_id)) is not None:
        offered += moved
    return offered


def _step(gathering_id: str, around: Bookkeeping, now: datetime, correlation_id: str) -> int | None:
    """Do what the line does next, and return to how many people that offered a seat; None: nobody can move."""
    for _ in tries():
        try:
            gathering = around.gatherings.by_id(gathering_id)
        except GatheringNotFound:
            return None
        seats = around.store.seats(gathering_id)
        if gathering.state is not State.PUBLISHED or now >= gathering.registration_closes_at:
            return None
        if seats is None or not seats.open:
            return None
        match next_step(around.store.line(gathering_id), seats, sizes(gathering, now)):
            case None:
                return None
            case Longer(before, after, move):
                if _write(Batch(gathering_id, move=move, parties=((before, after),)), around, now):
                    return 0
            case Offer() as offer:
                if _write(_offering(offer, gathering, around, now, correlation_id), around, now):
                    return len(offer.pools)
    raise StoreUnavailable


def roll_over(gathering_id: str, *, around: Bookkeeping, now: datetime, correlation_id: str) -> bool:
    """Give everybody the reserved seats that ended rounds have left. Return whether there were any rounds to end."""
    for _ in tries():
        gathering = around.gatherings.by_id(gathering_id)
        seats = around.store.seats(gathering_id)
        if seats is None or not seats.open:
            return False
        move = rolled_over(gathering, seats, now)
        if move is None:
            return False
        free = Envelope[RoundRolledOver].of(
            RoundRolledOver(gathering_id=gathering_id),
            id=new_id(),
            subject=gathering_id,
            subject_version=gathering.version,
            at=now,
            correlation_id=correlation_id,
        )
        if _write(Batch(gathering_id, move=move, facts=(free,)), around, now):
            return True
    raise StoreUnavailable


def _offering(offer: Offer, gathering: Gathering, around: Bookkeeping, now: datetime, correlation_id: str) -> Batch:
    until = around.deadlines.offer_until(now, gathering.registration_closes_at)
    waiting = around.store.many([(gathering.id, registration_id) for registration_id in offer.pools])
    changes = []
    for registration_id, before in waiting.items():
        after = before.offered(offer.pools[registration_id], until, now)
        changes.append(Change(before, after, (of_status(after, now, correlation_id),)))
    return Batch(gathering.id, tuple(changes), offer.move, ((offer.before, offer.after),))


def _write(batch: Batch, around: Bookkeeping, now: datetime) -> bool:
    """Write a step; False when the line or the seats were no longer as they were seen."""
    try:
        return isinstance(around.store.write(batch, now=now), Written)
    except RegistrationChangedMeanwhile:
        return False
