"""When a gathering is cancelled, all its registrations end, and with them seats, holds and places in the line."""

from datetime import datetime

from shared.gatherings.model import Gathering, State
from shared.registration.model import Actor, By, Registration, RegistrationNotFound, What
from shared.registration.ports import Bookkeeping
from shared.registration.queries import each
from shared.registration.rewriting import rewrite


def call_off(gathering_id: str, *, around: Bookkeeping, now: datetime, correlation_id: str) -> int:
    """End the registrations of a cancelled gathering, and return how many there were to end.

    Each is one write, and is announced with it: so each person is told once, and who begins again half-way goes on
    with those that are left.
    """

    def ended(one: Registration, gathering: Gathering) -> Registration:
        return one.ended(What.CALLED_OFF, By(Actor.COORDINATOR), now) if gathering.state is State.CANCELLED else one

    live = (one for one in each(gathering_id, store=around.store) if one.status.is_live)
    called_off = 0
    for one in live:
        try:
            after = rewrite((gathering_id, one.id), ended, around, now, correlation_id)
        except RegistrationNotFound:
            # Erased meanwhile.
            continue
        called_off += not after.status.is_live
    return called_off
