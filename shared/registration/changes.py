"""What becomes of a registration after it was made: by the person, a booker, a coordinator or the clock.

Each use case says what the registration should be; `rewrite` finds out what that does to the seats and the line,
writes all of it at once, and looks again when something was changed meanwhile.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from events.envelope import Envelope
from events.mail import MailArrived, MailFailed
from events.registration import (
    NeedsStated,
    RegistrationChanged,
    RegistrationHandedOver,
    RegistrationLinkRequested,
)
from shared import addresses
from shared.gatherings import questions
from shared.gatherings.model import Gathering, GatheringIsCancelled, State
from shared.gatherings.needs import stated
from shared.gatherings.questions import Given
from shared.gatherings.seating import Move, Seats
from shared.ids import new_id
from shared.patience import tries
from shared.refusals import N_, Fault, Invalid, StoreUnavailable
from shared.registration.allowance import Allowance
from shared.registration.applying import chosen_sessions, domain_key, email_fault, guard, mailbox, tidy_name
from shared.registration.facts import fact, of_status
from shared.registration.model import (
    Actor,
    AlreadyRegistered,
    Awaits,
    By,
    GatheringFull,
    NoSeatYet,
    Participant,
    Registration,
    RegistrationNotFound,
    RegistrationOver,
    Status,
    What,
)
from shared.registration.ports import (
    Batch,
    Bookkeeping,
    Change,
    Overtaking,
    RegistrationStore,
    Surroundings,
)
from shared.registration.rewriting import Key, batch_of, live, moved, of_version, rewrite, told_of, written


def cancel(
    key: Key, by: By, *, what: What = What.CANCELLED, around: Bookkeeping, now: datetime, correlation_id: str
) -> Registration:
    """Give a seat, an offer or a place in the line back. To cancel what is over changes nothing.

    Raise TooLateToChange or ClaimedMeanwhile.
    """
    return rewrite(key, lambda one, gathering: one.cancelled(gathering, by, now, what), around, now, correlation_id)


def prove(key: Key, by: By, *, around: Bookkeeping, now: datetime, correlation_id: str) -> Registration:
    """Take the address for proven: somebody pressed the button in a mail to it. Raise HoldOver."""
    return rewrite(key, lambda one, gathering: _on(gathering, one).proven(by, now), around, now, correlation_id)


def claim(key: Key, by: By, *, around: Bookkeeping, now: datetime, correlation_id: str) -> Registration:
    """Take the registration over from who booked it. Raise HoldOver."""
    return rewrite(key, lambda one, gathering: _on(gathering, one).claimed(by, now), around, now, correlation_id)


def accept(key: Key, by: By, *, around: Bookkeeping, now: datetime, correlation_id: str) -> Registration:
    """Accept an offer; a second time changes nothing. Raise OfferOver."""

    def accepted(one: Registration, gathering: Gathering) -> Registration:
        until = around.deadlines.hold_until(now, gathering.starts_at) if one.awaits else None
        return _on(gathering, one).accepted(by, now, hold_until=until)

    return rewrite(key, accepted, around, now, correlation_id)


def approve(key: Key, by: By, *, around: Bookkeeping, now: datetime, correlation_id: str) -> Registration:
    """Say yes where the gathering asks a coordinator."""
    return rewrite(key, lambda one, gathering: _on(gathering, live(one)).approved(by, now), around, now, correlation_id)


def accept_library(key: Key, by: By, *, around: Bookkeeping, now: datetime, correlation_id: str) -> Registration:
    """Take a coordinator's word that the person works at the library."""
    return rewrite(key, lambda one, _: live(one).library_accepted(by, now), around, now, correlation_id)


def domains_listed(
    gathering_ids: Iterable[str], by: By, *, around: Surroundings, now: datetime, correlation_id: str
) -> int:
    """Take as proven the workplace of everybody whose domain is known by now to be the library's; return of how many.

    Who holds a seat until a deadline stands in the store's list of deadlines, and who waits in the lines of the
    gatherings to come, so nobody else is looked at.
    """
    waiting = [
        (gathering_id, member.registration_id)
        for gathering_id in gathering_ids
        for party in around.store.line(gathering_id)
        for member in party.members
    ]
    # Somebody may get an offer between the two, and stand in both.
    looked_at = around.store.many(list({*waiting, *around.store.due(None)}))
    found = [
        one
        for one in looked_at.values()
        if Awaits.LIBRARY in one.awaits
        and around.libraries.domain_is_of(addresses.domain(one.participant.email), one.participant.library)
    ]
    for one in found:
        # Who has given the seat back meanwhile must not keep the others from theirs.
        key = (one.gathering_id, one.id)
        rewrite(key, lambda one, _: one.library_accepted(by, now), around, now, correlation_id)
    return len(found)


def lapse(key: Key, *, around: Bookkeeping, now: datetime, correlation_id: str) -> bool:
    """Let a hold or an offer end if its deadline is over. Return whether it did: the row decides, not the clock."""
    try:
        before = around.store.get(*key)
    except RegistrationNotFound:
        return False
    after = rewrite(key, lambda one, _: one.lapsed(now), around, now, correlation_id)
    return before.status.is_live and after.status is Status.EXPIRED


def note(
    key: Key,
    text: str,
    by: By,
    *,
    version: int | None = None,
    around: Bookkeeping,
    now: datetime,
    correlation_id: str,
) -> Registration:
    """Keep a coordinator's note, meant for a `version` if one is given. Raise RegistrationChangedMeanwhile."""

    def noted(one: Registration, _: Gathering) -> Registration:
        return of_version(one, version).step(What.NOTED, by, now, note=text)

    return rewrite(key, noted, around, now, correlation_id)


def change_sessions(
    key: Key,
    sessions: Sequence[str] | None,
    mode: str,
    by: By,
    *,
    around: Bookkeeping,
    now: datetime,
    correlation_id: str,
) -> Registration:
    """Move somebody to other sessions, or from on site to online; None and "" leave it. Raise GatheringFull, Invalid or
    TooLateToChange."""

    def moved(one: Registration, gathering: Gathering) -> Registration:
        live(one).check_changeable(gathering, by, now)
        if one.status not in (Status.CONFIRMED, Status.PENDING):
            raise NoSeatYet
        faults: list[Fault] = []
        chosen = chosen_sessions(one.sessions if sessions is None else sessions, gathering, faults)
        # Who has a way to take part keeps it, though it may no longer be one to choose.
        wanted = next((each for each in (one.mode, *gathering.modes) if each == (mode or one.mode)), None)
        if faults or wanted is None:
            raise Invalid(*faults or [Fault("mode", N_("Choose on site or online."))])
        if (chosen, wanted) == (one.sessions, one.mode):
            return one
        after = one.changed(by, now, sessions=chosen, mode=wanted)
        return replace(after, pools=(one.pools[0], *after.others))

    return rewrite(key, moved, around, now, correlation_id, facts=told_of(RegistrationChanged, now, correlation_id))


def answer(
    key: Key,
    answers: Mapping[str, Given] | None,
    needs: tuple[str, str] | None,
    by: By,
    *,
    around: Bookkeeping,
    now: datetime,
    correlation_id: str,
) -> Registration:
    """Keep answers to the gathering's questions, and needs (diet and accommodation); None leaves them as they are.

    Who still lacks an answer may give it until the gathering begins. Raise Invalid or TooLateToChange.
    """

    def answered(one: Registration, gathering: Gathering) -> Registration:
        if not (live(one).lacks_answers(gathering, now) and by.actor is Actor.PARTICIPANT):
            one.check_changeable(gathering, by, now)
        kept = one.answers if answers is None else questions.check(gathering.questions, answers, complete=True)
        wanted = one.needs
        if needs is not None and gathering.asks_needs:
            wanted = stated(*needs)
        if (dict(kept), wanted) == (dict(one.answers), one.needs):
            return one
        return one.changed(by, now, answers=kept, needs=wanted)

    def told(before: Registration, after: Registration) -> Iterable[Envelope[Any]]:
        if after.needs is not None and after.needs != before.needs:
            yield fact(NeedsStated, after, now, correlation_id)

    return rewrite(key, answered, around, now, correlation_id, facts=told)


def hand_over(
    key: Key,
    name: str,
    email: str,
    by: By,
    *,
    allowance: Allowance,
    around: Surroundings,
    now: datetime,
    correlation_id: str,
) -> Registration:
    """Give a seat to a colleague of the same library, and return the colleague's registration.

    The seat is never free in between. A repeat finds it handed over, and raises RegistrationOver.
    Raise Invalid, AlreadyRegistered, TooManyUnproven, TooLateToChange or ClaimedMeanwhile.
    """
    tidied, sendable = _colleagues(name, email)
    for _ in tries():
        before = around.store.get(*key)
        gathering = around.gatherings.by_id(key[0])
        live(before).check_changeable(gathering, by, now)
        if before.status not in (Status.CONFIRMED, Status.PENDING):
            raise NoSeatYet
        colleague = _colleague(before, tidied, sendable, gathering, by, around, now)
        if colleague.guard == before.guard:
            raise AlreadyRegistered
        after = replace(before.ended(What.HANDED_OVER, by, now), successor=colleague.id)
        batch = Batch(
            before.gathering_id,
            changes=(
                Change(before, after, (fact(RegistrationHandedOver, after, now, correlation_id),)),
                Change(None, colleague, (of_status(colleague, now, correlation_id),)),
            ),
            move=_capped(moved([(before, after), (None, colleague)], None, None), allowance.unproven(gathering)),
        )
        if written(batch, around.store, now) is None:
            return colleague
    raise StoreUnavailable


def seat_out_of_turn(key: Key, by: By, *, around: Bookkeeping, now: datetime, correlation_id: str) -> Registration:
    """Seat somebody who waits before others who wait: a coordinator's exception, which those overtaken can see.

    Raise Invalid without a reason, GatheringFull when there is no seat to give.
    """
    if not by.why.strip():
        raise Invalid(Fault("why", N_("Say why: those who are overtaken can see it.")))
    for _ in tries():
        before = around.store.get(*key)
        seats = around.store.seats(before.gathering_id)
        if before.status is not Status.WAITLISTED or seats is None or before.place is None:
            raise RegistrationOver
        if (pools := free_seat(before, seats)) is None:
            raise GatheringFull
        after = before.seated_out_of_turn(pools, by, now)
        batch = batch_of(before, after, around.store, seats, (of_status(after, now, correlation_id),))
        overtaking = Overtaking(before.id, before.place, now, by.why)
        if written(replace(batch, overtaking=overtaking), around.store, now) is None:
            return after
    raise StoreUnavailable


def free_seat(one: Registration, seats: Seats) -> tuple[str, ...] | None:
    """Return the pools of a seat that is free for somebody, whoever waits for it; None: there is no such seat."""
    general = next((pool for pool in one.general if seats.left.get(pool, 0) > 0), None)
    if general is None or any(seats.left.get(pool, 0) < 1 for pool in one.others):
        return None
    return general, *one.others


def send_link(key: Key, *, around: Bookkeeping, now: datetime, correlation_id: str) -> None:
    """Have the link to the personal page mailed again."""
    one = around.store.get(*key)
    wanted = fact(RegistrationLinkRequested, one, now, correlation_id)
    around.store.write(Batch(one.gathering_id, facts=(wanted,)), now=now)


def note_mail_problem(failed: Envelope[MailFailed], *, store: RegistrationStore, now: datetime) -> bool:
    """Mark the registration whose mail failed. Return False when a newer fact of the same mail came before."""
    data = failed.data
    return store.note_mail_problem(data.gathering_id, data.registration_id, data.problem, failed, now=now)


def note_mail_arrival(arrived: Envelope[MailArrived], *, store: RegistrationStore, now: datetime) -> bool:
    """Unmark the registration whose mail was thought lost. Return False when it is marked for another reason."""
    data = arrived.data
    return store.note_mail_arrival(data.gathering_id, data.registration_id, arrived, now=now)


def _capped(move: Move | None, per_domain: int) -> Move | None:
    """Return the move on condition that no domain gets more people than it may whose addresses nobody has proven."""
    if move is None:
        return None
    return replace(move, most_unproven={domain: per_domain - n for domain, n in move.unproven.items() if n > 0})


def _colleagues(name: str, email: str) -> tuple[str, str]:
    """Return a colleague's name and address as they are kept. Raise Invalid with what is wrong with both."""
    sendable = addresses.sendable(email)
    faults = () if sendable else (email_fault(email),)
    try:
        tidied = tidy_name(name)
    except Invalid as invalid:
        raise Invalid(*invalid.faults, *faults) from invalid
    if sendable is None:
        raise Invalid(*faults)
    return tidied, sendable


def _colleague(
    before: Registration, name: str, email: str, gathering: Gathering, by: By, around: Surroundings, now: datetime
) -> Registration:
    """Return the registration of who takes a seat over, in all that belongs to the seat like the one before."""
    domain = addresses.domain(email)
    listed = around.libraries.domain_is_of(domain, before.participant.library)
    awaits = set() if listed else {Awaits.PROOF}
    if before.came_by_library(gathering) and not listed:
        awaits.add(Awaits.LIBRARY)
    if Awaits.APPROVAL in before.awaits:
        awaits.add(Awaits.APPROVAL)
    new = Registration(
        id=new_id(),
        gathering_id=before.gathering_id,
        participant=Participant(name, email, before.participant.library, before.participant.role),
        sessions=before.sessions,
        mode=before.mode,
        language=before.language,
        registered_at=now,
        guard=guard(before.gathering_id, name, email, around.secret),
        person=mailbox(email, around.secret),
        general=before.general,
        round_id=before.round_id,
        awaits=frozenset(awaits),
        unproven=domain_key(domain, around.secret),
        booking_id=before.booking_id,
        invoice=before.invoice,
    )
    until = around.deadlines.hold_until(now, gathering.starts_at) if awaits else None
    if until is not None and before.deadline is not None:
        # A seat that is held goes on being held, and not anew with each who takes it over.
        until = min(until, before.deadline)
    return new.seated(before.pools, now, by, hold_until=until, what=What.TAKEN_OVER)


def _on(gathering: Gathering, registration: Registration) -> Registration:
    """Return the registration. Raise GatheringIsCancelled when there is nothing left to take part in."""
    if gathering.state is State.CANCELLED:
        raise GatheringIsCancelled
    return registration
