"""What becomes of a registration after it was made: by the person, a booker, a coordinator or the clock.

Each use case says what the registration should be; `_change` finds out what that does to the seats and the line,
writes all of it at once, and looks again when something was changed meanwhile.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from events.envelope import Envelope
from events.mail import MailFailed
from events.registration import (
    NeedsStated,
    RegistrationAddressChanged,
    RegistrationChanged,
    RegistrationHandedOver,
    RegistrationLinkRequested,
)
from shared import addresses
from shared.gatherings import questions
from shared.gatherings.model import Gathering, GatheringIsCancelled, State
from shared.gatherings.needs import stated
from shared.gatherings.questions import Given
from shared.gatherings.seating import Move, Seats, given_back
from shared.ids import new_id
from shared.patience import tries
from shared.refusals import N_, Fault, Invalid, StoreUnavailable
from shared.registration.allowance import Allowance
from shared.registration.applying import chosen_sessions, domain_key, email_fault, mailbox, sameness, tidy_name
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
    RegistrationChangedMeanwhile,
    RegistrationNotFound,
    RegistrationOver,
    Role,
    Status,
    TooManyUnproven,
    What,
)
from shared.registration.ports import (
    Batch,
    Bookkeeping,
    Change,
    Libraries,
    Occupied,
    Overtaking,
    RegistrationStore,
    SeatsWere,
    Surroundings,
    Written,
)

if TYPE_CHECKING:
    from shared.registration.line import Party

Key = tuple[str, str]
"""Which registration: the gathering's id and its own."""

Decide = Callable[[Registration, Gathering], Registration]


def cancel(
    key: Key, by: By, *, what: What = What.CANCELLED, around: Bookkeeping, now: datetime, correlation_id: str
) -> Registration:
    """Give a seat, an offer or a place in the line back. To cancel what is over changes nothing.

    Raise TooLateToChange or ClaimedMeanwhile.
    """
    return _change(key, lambda one, gathering: one.cancelled(gathering, by, now, what), around, now, correlation_id)


def prove(key: Key, by: By, *, around: Bookkeeping, now: datetime, correlation_id: str) -> Registration:
    """Take the address for proven: somebody pressed the button in a mail to it. Raise HoldOver."""
    return _change(key, lambda one, gathering: _on(gathering, one).proven(by, now), around, now, correlation_id)


def claim(key: Key, by: By, *, around: Bookkeeping, now: datetime, correlation_id: str) -> Registration:
    """Take the registration over from who booked it. Raise HoldOver."""
    return _change(key, lambda one, gathering: _on(gathering, one).claimed(by, now), around, now, correlation_id)


def accept(key: Key, by: By, *, around: Bookkeeping, now: datetime, correlation_id: str) -> Registration:
    """Accept an offer; a second time changes nothing. Raise OfferOver."""

    def accepted(one: Registration, gathering: Gathering) -> Registration:
        until = around.deadlines.hold_until(now, gathering.starts_at) if one.awaits else None
        return _on(gathering, one).accepted(by, now, hold_until=until)

    return _change(key, accepted, around, now, correlation_id)


def approve(key: Key, by: By, *, around: Bookkeeping, now: datetime, correlation_id: str) -> Registration:
    """Say yes where the gathering asks a coordinator."""
    return _change(
        key, lambda one, gathering: _on(gathering, _live(one)).approved(by, now), around, now, correlation_id
    )


def accept_library(key: Key, by: By, *, around: Bookkeeping, now: datetime, correlation_id: str) -> Registration:
    """Take a coordinator's word that the person works at the library."""
    return _change(key, lambda one, _: _live(one).library_accepted(by, now), around, now, correlation_id)


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
        _change(key, lambda one, _: one.library_accepted(by, now), around, now, correlation_id)
    return len(found)


def lapse(key: Key, *, around: Bookkeeping, now: datetime, correlation_id: str) -> bool:
    """Let a hold or an offer end if its deadline is over. Return whether it did: the row decides, not the clock."""
    try:
        before = around.store.get(*key)
    except RegistrationNotFound:
        return False
    after = _change(key, lambda one, _: one.lapsed(now), around, now, correlation_id)
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
        return _of_version(one, version).step(What.NOTED, by, now, note=text)

    return _change(key, noted, around, now, correlation_id)


@dataclass(frozen=True, slots=True)
class Correction:
    """What is put right of who takes part, as typed; None leaves it as it is."""

    name: str | None = None
    email: str | None = None
    library: str | None = None
    role: str | None = None

    def onto(self, was: Participant, libraries: Libraries) -> Participant:
        """Return who takes part. Raise Invalid with every fault at once."""
        faults: list[Fault] = []
        name, email, library, role = was.name, was.email, was.library, was.role
        if self.name is not None:
            try:
                name = tidy_name(self.name)
            except Invalid as invalid:
                faults += invalid.faults
        if self.email is not None and sameness(self.email) != sameness(was.email):
            if (sendable := addresses.sendable(self.email)) is None:
                faults.append(email_fault(self.email))
            else:
                email = sendable
        if self.library not in (None, was.library):
            if self.library and libraries.knows(self.library):
                library = libraries.current(self.library).id
            else:
                faults.append(Fault("library", N_("We do not know that library. Choose one from the list.")))
        if self.role is not None:
            if self.role in tuple(Role):
                role = Role(self.role)
            else:
                faults.append(Fault("role", N_("Say whether you are staff or a leader.")))
        if faults:
            raise Invalid(*faults)
        return Participant(name, email, library, role)


def correct(
    key: Key,
    correction: Correction,
    by: By,
    *,
    version: int | None = None,
    around: Surroundings,
    now: datetime,
    correlation_id: str,
) -> Registration:
    """Put right who takes part, on a coordinator's word: a new address or library needs no other proof.

    Everything goes to a new address from then on, as when the person changes it. Raise Invalid, AlreadyRegistered or
    RegistrationChangedMeanwhile.
    """

    def corrected(one: Registration, _: Gathering) -> Registration:
        was = _live(_of_version(one, version)).participant
        who = correction.onto(was, around.libraries)
        if who == was:
            return one
        known: set[Awaits] = set()
        if who.library != was.library:
            known.add(Awaits.LIBRARY)
        moved: dict[str, object] = {}
        if who.email != was.email:
            known.add(Awaits.PROOF)
            if around.libraries.domain_is_of(addresses.domain(who.email), who.library):
                known.add(Awaits.LIBRARY)
            moved = {
                "unproven": "",
                # An address that mails do not reach cannot be told either.
                "former_email": None if one.mail_problem else was.email,
                "mail_problem": None,
                "link_generation": one.link_generation + 1,
            }
        guard, person = _hashes(around, one.gathering_id, who.name, who.email)
        return one.corrected(who, by, now, known=frozenset(known), guard=guard, person=person, **moved)

    def told(before: Registration, after: Registration) -> Iterable[Envelope[Any]]:
        if after.participant.email != before.participant.email:
            yield fact(RegistrationAddressChanged, after, now, correlation_id)

    return _change(key, corrected, around, now, correlation_id, facts=told)


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
        _live(one).check_changeable(gathering, by, now)
        if one.status not in (Status.CONFIRMED, Status.PENDING):
            raise NoSeatYet
        faults: list[Fault] = []
        chosen = chosen_sessions(one.sessions if sessions is None else sessions, gathering, faults)
        # Who has a way to take part keeps it, though it may no longer be one to choose.
        wanted = next((each for each in (one.mode, *gathering.modes) if each == (mode or one.mode)), None)
        if faults or wanted is None:
            raise Invalid(*faults or [Fault("mode", N_("Say whether you take part on site or online."))])
        if (chosen, wanted) == (one.sessions, one.mode):
            return one
        after = one.step(What.CHANGED, by, now, sessions=chosen, mode=wanted)
        return replace(after, pools=(one.pools[0], *after.others))

    return _change(key, moved, around, now, correlation_id, facts=_told(RegistrationChanged, now, correlation_id))


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
        if not (_live(one).lacks_answers(gathering, now) and by.actor is Actor.PARTICIPANT):
            one.check_changeable(gathering, by, now)
        kept = one.answers if answers is None else questions.check(gathering.questions, answers, complete=True)
        wanted = one.needs
        if needs is not None and gathering.asks_needs:
            wanted = stated(*needs)
        if (dict(kept), wanted) == (dict(one.answers), one.needs):
            return one
        return one.step(What.CHANGED, by, now, answers=kept, needs=wanted)

    def told(before: Registration, after: Registration) -> Iterable[Envelope[Any]]:
        if after.needs is not None and after.needs != before.needs:
            yield fact(NeedsStated, after, now, correlation_id)

    return _change(key, answered, around, now, correlation_id, facts=told)


def change_address(
    key: Key, email: str, by: By, *, around: Surroundings, now: datetime, correlation_id: str
) -> Registration:
    """Send everything to another address from now on. The old one is told, and links in its mails are dead.

    It is to be proven like any: the seat is held until then. Raise Invalid, AlreadyRegistered or TooLateToChange.
    """
    sendable = addresses.sendable(email)
    if sendable is None:
        raise Invalid(email_fault(email))

    def moved(one: Registration, gathering: Gathering) -> Registration:
        _live(one).check_changeable(gathering, by, now)
        if sameness(sendable) == sameness(one.participant.email):
            return one
        guard, person = _hashes(around, one.gathering_id, one.participant.name, sendable)
        domain = addresses.domain(sendable)
        awaits = one.awaits - {Awaits.PROOF, Awaits.LIBRARY}
        if not around.libraries.domain_is_of(domain, one.participant.library):
            awaits |= {Awaits.PROOF}
            # Who only typed an address of the library, and never had mail there, has not shown to work there.
            if Awaits.LIBRARY in one.awaits or (one.unproven and _came_by_library(one, gathering)):
                awaits |= {Awaits.LIBRARY}
        return one.readdressed(
            sendable,
            by,
            now,
            awaits=awaits,
            hold_until=around.deadlines.hold_until(now, gathering.starts_at),
            guard=guard,
            person=person,
            unproven=domain_key(domain, around.secret) if one.status in (Status.CONFIRMED, Status.PENDING) else "",
        )

    told = _told(RegistrationAddressChanged, now, correlation_id)
    return _change(key, moved, around, now, correlation_id, facts=told)


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
        _live(before).check_changeable(gathering, by, now)
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
            move=_capped(_moved([(before, after), (None, colleague)], None, None), allowance.unproven(gathering)),
        )
        if _written(batch, around.store, now) is None:
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
        general = next((pool for pool in before.general if seats.left.get(pool, 0) > 0), None)
        if general is None or any(seats.left.get(pool, 0) < 1 for pool in before.others):
            raise GatheringFull
        after = before.seated_out_of_turn((general, *before.others), by, now)
        batch = _batch(before, after, around.store, seats, (of_status(after, now, correlation_id),))
        overtaking = Overtaking(before.id, before.place, now, by.why)
        if _written(replace(batch, overtaking=overtaking), around.store, now) is None:
            return after
    raise StoreUnavailable


def send_link(key: Key, *, around: Bookkeeping, now: datetime, correlation_id: str) -> None:
    """Have the link to the personal page mailed again."""
    one = around.store.get(*key)
    wanted = fact(RegistrationLinkRequested, one, now, correlation_id)
    around.store.write(Batch(one.gathering_id, facts=(wanted,)), now=now)


def note_mail_problem(failed: Envelope[MailFailed], *, store: RegistrationStore, now: datetime) -> bool:
    """Mark the registration whose mail failed. Return False when a newer fact of the same mail came before."""
    data = failed.data
    return store.note_mail_problem(data.gathering_id, data.registration_id, data.problem, failed, now=now)


def _change(
    key: Key,
    decide: Decide,
    around: Bookkeeping,
    now: datetime,
    correlation_id: str,
    *,
    facts: Callable[[Registration, Registration], Iterable[Envelope[Any]]] | None = None,
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
        batch = _batch(before, after, around.store, seats, tuple(said))
        were = _written(batch, around.store, now)
        if were is None:
            return after
        seats = were.seats
    raise StoreUnavailable


def _written(batch: Batch, store: RegistrationStore, now: datetime) -> SeatsWere | None:
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


def _is_full(move: Move, seats: Seats) -> bool:
    return any(not seats.has(pool, count) for pool, count in move.take.items() if count > 0 and pool in move.unawaited)


def _is_beyond(move: Move, seats: Seats) -> bool:
    return any(seats.unproven.get(domain, 0) > most for domain, most in move.most_unproven.items())


def _capped(move: Move | None, per_domain: int) -> Move | None:
    """Return the move on condition that no domain gets more people than it may whose addresses nobody has proven."""
    if move is None:
        return None
    return replace(move, most_unproven={domain: per_domain - n for domain, n in move.unproven.items() if n > 0})


def _batch(
    before: Registration,
    after: Registration,
    store: RegistrationStore,
    seats: Seats | None,
    facts: tuple[Envelope[Any], ...],
) -> Batch:
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
        move=_moved([(before, after)], left_line, seats),
        parties=parties,
    )


def _moved(
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


def _held(registration: Registration | None) -> frozenset[str]:
    return frozenset(registration.pools if registration is not None and registration.status.holds_seat else ())


def _library(registration: Registration | None) -> list[str]:
    live = registration is not None and registration.status.is_live
    return [registration.participant.library] if live and registration is not None else []


def _unproven(registration: Registration | None) -> list[str]:
    if registration is None or not registration.status.is_live or not registration.unproven:
        return []
    return [registration.unproven]


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
    if _came_by_library(before, gathering) and not listed:
        awaits.add(Awaits.LIBRARY)
    if Awaits.APPROVAL in before.awaits:
        awaits.add(Awaits.APPROVAL)
    guard, person = _hashes(around, before.gathering_id, name, email)
    new = Registration(
        id=new_id(),
        gathering_id=before.gathering_id,
        participant=Participant(name, email, before.participant.library, before.participant.role),
        sessions=before.sessions,
        mode=before.mode,
        language=before.language,
        registered_at=now,
        guard=guard,
        person=person,
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


def _came_by_library(one: Registration, gathering: Gathering) -> bool:
    """Whether somebody came in by a round for certain libraries."""
    used = next((each for each in gathering.effective_rounds if each.id == one.round_id), None)
    return used is not None and used.who.by_library


def _hashes(around: Surroundings, gathering_id: str, name: str, email: str) -> tuple[str, str]:
    same = sameness(email)
    guard = around.secret(f"person|{gathering_id}|{same}|{sameness(name)}")
    return guard, mailbox(email, around.secret)


def _told(
    kind: Any, now: datetime, correlation_id: str
) -> Callable[[Registration, Registration], Iterable[Envelope[Any]]]:
    return lambda _, after: [fact(kind, after, now, correlation_id)]


def _on(gathering: Gathering, registration: Registration) -> Registration:
    """Return the registration. Raise GatheringIsCancelled when there is nothing left to take part in."""
    if gathering.state is State.CANCELLED:
        raise GatheringIsCancelled
    return registration


def _of_version(registration: Registration, version: int | None) -> Registration:
    if version is not None and registration.version != version:
        raise RegistrationChangedMeanwhile
    return registration


def _live(registration: Registration) -> Registration:
    if not registration.status.is_live:
        raise RegistrationOver
    return registration
