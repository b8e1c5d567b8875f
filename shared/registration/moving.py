"""Moving somebody to another gathering: a seat there, then the one here is given back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared.gatherings.model import Gathering
from shared.refusals import N_, Fault, Invalid
from shared.registration import changes
from shared.registration.allowance import Allowance
from shared.registration.applying import Application, Booking
from shared.registration.model import AlreadyRegistered, By, Registration, RegistrationOver, What
from shared.registration.ports import Gatherings, Surroundings
from shared.registration.rewriting import Key
from shared.registration.service import Invitation, register


def move_to(
    key: Key,
    gathering_id: str,
    sessions: Sequence[str] | None,
    mode: str,
    by: By,
    *,
    allowance: Allowance,
    around: Surroundings,
    now: datetime,
    correlation_id: str,
) -> Registration:
    """Register somebody in another gathering on a coordinator's word, cancel here, and return the registration there.

    Who has a seat here is moved to a seat, never into a line. Stopped between the two it is repeated from the start,
    and finds the registration there. Raise Invalid, GatheringFull, AlreadyRegistered, RegistrationOver or what else
    keeps somebody from registering there.
    """
    if gathering_id == key[0]:
        raise Invalid(Fault("gathering", N_("Choose another gathering.")))
    before = around.store.get(*key)
    if not before.status.is_live:
        raise RegistrationOver
    there = around.gatherings.by_id(gathering_id)
    wanted = _application(before, there, sessions, mode)
    [answer] = register(
        there.slug,
        Booking((wanted,), before.language, questions_later=True),
        key=f"move|{before.id}|{there.id}|{wanted.mode}|{wanted.sessions}",
        network="",
        allowance=allowance,
        around=replace(around, gatherings=_WithoutLines(around.gatherings)) if before.status.holds_seat else around,
        now=now,
        correlation_id=correlation_id,
        invitation=Invitation(by, any_time=True),
    )
    assert answer.registration_id is not None, "who is left out is refused"
    moved = around.store.get(there.id, answer.registration_id)
    if not moved.status.is_live or (before.status.holds_seat and not moved.status.holds_seat):
        # It was there before, and is worth less than what would be given back here.
        raise AlreadyRegistered
    changes.cancel(key, by, what=What.MOVED, around=around, now=now, correlation_id=correlation_id)
    return moved


def _application(before: Registration, there: Gathering, sessions: Sequence[str] | None, mode: str) -> Application:
    """Return what somebody would fill in there. Answers stay here: they are to other questions."""
    who = before.participant
    needs = before.needs if there.asks_needs else None
    invoice = before.invoice if there.asks_invoice_reference else None
    return Application(
        name=who.name,
        email=who.email,
        library=who.library,
        role=who.role,
        mode=mode or (before.mode.value if before.mode in there.modes else ""),
        sessions=None if sessions is None else tuple(sessions),
        diet=needs.diet if needs else "",
        accommodation=needs.accommodation if needs else "",
        gln=invoice.gln if invoice else "",
        reference=invoice.reference if invoice else "",
    )


@dataclass(frozen=True, slots=True)
class _WithoutLines:
    """Gatherings as if nobody could wait in them."""

    gatherings: Gatherings

    def remembered(self, slug: str) -> Gathering:
        """Return a gathering that may be old."""
        return replace(self.gatherings.remembered(slug), waiting_list=False)

    def fresh(self, slug: str) -> Gathering:
        """Return a gathering as it is."""
        return replace(self.gatherings.fresh(slug), waiting_list=False)

    def by_id(self, gathering_id: str) -> Gathering:
        """Return a gathering as it is."""
        return replace(self.gatherings.by_id(gathering_id), waiting_list=False)
