"""Registering: one form, one write.

People are checked, placed and written in one transaction. What the store then says of seats, of the gathering or of
people who were there already is taken into account, and all is decided anew, until it holds or patience is at an end.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from events.envelope import Envelope
from events.registration import BookingMade, NeedsStated, RegistrationLinkRequested
from shared import addresses
from shared.gatherings.model import Gathering, GatheringIsCancelled, State
from shared.gatherings.openings import opening
from shared.gatherings.rounds import Candidate, Round, admitting
from shared.gatherings.seating import Seats, sizes
from shared.ids import new_id
from shared.limits import Limit
from shared.patience import tries
from shared.refusals import Fault, Invalid, Refusal, StoreUnavailable
from shared.registration.allowance import Allowance
from shared.registration.applying import (
    Booker,
    Booking,
    Checked,
    check,
    check_group,
    domain_key,
    email_fault,
    general_pools,
    guard,
    mailbox,
    numbered,
    tidy_name,
)
from shared.registration.facts import fact, of_status
from shared.registration.line import Member, Party, position
from shared.registration.model import (
    Actor,
    Awaits,
    By,
    FairShareReached,
    GatheringFull,
    GroupTooLarge,
    NotEligible,
    Participant,
    Registration,
    RegistrationClosed,
    RegistrationNotOpenYet,
    Status,
    TooManyUnproven,
)
from shared.registration.placing import Left, Outcome, Placement, Rules, Seated, Waiting, Wish, place, unseen
from shared.registration.ports import (
    Answer,
    Answers,
    Batch,
    Change,
    Crossed,
    LeftOut,
    Libraries,
    Occupied,
    Once,
    Receipt,
    Repeated,
    SeatsWere,
    Secret,
    Surroundings,
    Written,
)
from shared.registration.waiting import roll_over


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who registers on somebody's word: a coordinator's, or that of a personal link.

    Rounds do not apply to who is invited, nor, with `any_time`, the window. `person` is the keyed hash of the one
    address that a personal link invites and proves; None: a coordinator knows them all.
    """

    by: By
    any_time: bool = False
    person: str | None = None

    def covers(self, person: str) -> bool:
        """Whether somebody is invited, and the address needs no other proof."""
        return self.person is None or self.person == person


@dataclass(frozen=True, slots=True)
class _Person:
    """Somebody on a form, ready to be placed."""

    checked: Checked
    wish: Wish
    registration: Registration


def keyed(key: bytes) -> Secret:
    """Return the keyed hash (HMAC-SHA-256, RFC 2104) under a key."""
    return lambda text: hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:40]


def register(
    slug: str,
    booking: Booking,
    *,
    key: str,
    network: str,
    allowance: Allowance,
    around: Surroundings,
    now: datetime,
    correlation_id: str,
    invitation: Invitation | None = None,
    counted: bool = False,
) -> Answers:
    """Seat people, or let them wait, and have them told by mail.

    The same person twice in one gathering is one registration and one seat: the repeat is answered with what there
    is, and the link is mailed again. The same `key` with the same booking is answered alike and does nothing.
    `counted`: it is part of a form that `count` has counted.

    Raise Invalid, a refusal that says why there is no seat, or StoreUnavailable when nothing was kept.
    """
    attempt = _Attempt(slug, booking, key, network, allowance, around, now, correlation_id, invitation, counted)
    gathering = around.gatherings.remembered(slug)
    seats: Seats | None = None
    existing: dict[int, Registration] = {}
    for elapsed in tries():
        try:
            batch = attempt.batch(gathering, seats, existing, now + elapsed)
        except Refusal:
            # What we remembered may be what refuses; only what is kept now has that right.
            fresh = around.gatherings.fresh(slug)
            if fresh.version == gathering.version:
                raise
            gathering = fresh
            continue
        match around.store.write(batch, now=now):
            case Written():
                assert batch.once is not None
                return _with_positions(batch.once.answers, gathering, around)
            case Repeated(answers):
                return _with_positions(answers, gathering, around)
            case Occupied(found):
                existing |= attempt.existing(batch, found)
            case Crossed():
                continue
            case SeatsWere(None):
                raise RegistrationClosed
            case SeatsWere(Seats() as seats) if not seats.open:
                raise RegistrationClosed
            case SeatsWere(Seats() as seats):
                if seats.gathering_version != gathering.version:
                    gathering = around.gatherings.fresh(slug)
                if seats.next_rollover is not None and seats.next_rollover <= now:
                    # A round that ends as the next one opens must not keep its seats until the sweep comes.
                    roll_over(gathering.id, around=around, now=now, correlation_id=correlation_id)
                    seats = around.store.seats(gathering.id)
    raise StoreUnavailable


def count(key: str, email: str, *, network: str, allowance: Allowance, around: Surroundings, now: datetime) -> None:
    """Count a form for several gatherings against the limits: once, as often as it is sent under its `key`.

    Raise TooManyAttempts or StoreUnavailable.
    """
    secret = around.secret
    once = Once(secret(f"key|{key}"), secret(f"body|{key}"), ())
    limits = allowance.limits(network=network, email=email, secret=secret)
    # What is written for a gathering is written by `register`; this is of none.
    around.store.write(Batch("", once=once, limits=limits), now=now)


def _with_positions(answers: Answers, gathering: Gathering, around: Surroundings) -> Answers:
    """Return the answers with positions in the line. Nobody can get a place before one that is given out."""
    if all(one.status != Status.WAITLISTED for one in answers):
        return answers
    line = around.store.line(gathering.id)
    return tuple(
        replace(one, position=position(line, one.registration_id)) if one.registration_id else one for one in answers
    )


def admit(gathering: Gathering, now: datetime) -> None:
    """Raise a refusal unless registration for the gathering is open to anybody, now or later."""
    if gathering.state is State.CANCELLED:
        raise GatheringIsCancelled
    if gathering.state is not State.PUBLISHED or now >= gathering.registration_closes_at:
        raise RegistrationClosed(closed_at=gathering.registration_closes_at)


def inspect(booking: Booking, gathering: Gathering, libraries: Libraries) -> list[Checked]:
    """Return everybody on a form as they are kept. Raise Invalid with every fault at once."""
    check_group(booking)
    faults: list[Fault] = list(_booker_faults(booking.booker))
    people = []
    for at, one in enumerate(booking.participants):
        email, knows = addresses.sendable(one.email), libraries.knows(one.library)
        try:
            people.append(check(one, gathering, email=email, knows=knows, complete=booking.is_complete))
        except Invalid as invalid:
            faults += numbered(invalid.faults, at)
    if faults:
        raise Invalid(*faults)
    return people


def candidate(email: str, library: str, role: str, around: Surroundings) -> Candidate:
    """Return somebody as rounds look at them."""
    libraries = around.libraries
    return Candidate(email, libraries.numbers(library), role, libraries.current(library).certification)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One request, as often as it has to be decided."""

    slug: str
    booking: Booking
    key: str
    network: str
    allowance: Allowance
    around: Surroundings
    now: datetime
    correlation_id: str
    invitation: Invitation | None
    counted: bool

    def batch(
        self, gathering: Gathering, seats: Seats | None, existing: Mapping[int, Registration], moment: datetime
    ) -> Batch:
        """Return what to write, from what is known at a moment. Raise Invalid, or a refusal."""
        by = self._by()
        if not (self.invitation and self.invitation.any_time):
            admit(gathering, self.now)
        people = [self._person(one, gathering) for one in inspect(self.booking, gathering, self.around.libraries)]
        new = [at for at in range(len(people)) if at not in existing]
        wishes = [people[at].wish for at in new]
        rules = self._rules(gathering)
        placement = place(wishes, seats or unseen(wishes), rules, moment)
        self._refuse(placement, gathering, [people[at] for at in new])
        placed = {
            at: self._placed(people[at].registration, outcome, gathering, by)
            for at, outcome in zip(new, placement.outcomes, strict=True)
        }
        outcomes = dict(zip(new, placement.outcomes, strict=True))
        answers = tuple(
            _answer(placed[at] if at in placed else existing[at], outcomes.get(at), one.registration.awaits)
            for at, one in enumerate(people)
        )
        kept = [one for one in placed.values() if one is not None]
        receipt = self._receipt(gathering, people, answers)
        if receipt is not None:
            kept = [replace(one, booking_id=receipt.id) for one in kept]
        party = _party(kept, self.booking.together)
        return Batch(
            gathering.id,
            changes=tuple(Change(None, one, (of_status(one, self.now, self.correlation_id),)) for one in kept),
            move=placement.move if kept else None,
            parties=((None, party),) if party else (),
            receipt=receipt,
            facts=tuple(self._told(kept, receipt, existing.values())),
            once=Once(self._hash(f"key|{self.key}"), self._hash(_canonical(self.slug, self.booking)), answers),
            limits=self._limits(people, existing),
        )

    def existing(self, batch: Batch, found: Mapping[str, str]) -> dict[int, Registration]:
        """Return the registrations that some people have already, by their place on the form."""
        assert batch.once is not None
        places = {answer.registration_id: at for at, answer in enumerate(batch.once.answers)}
        return {places[wanted]: self.around.store.get(batch.gathering_id, there) for wanted, there in found.items()}

    def _hash(self, text: str) -> str:
        return self.around.secret(text)

    def _by(self) -> By:
        if self.invitation is not None:
            return self.invitation.by
        return By(Actor.BOOKER if self.booking.booker else Actor.PARTICIPANT)

    def _rules(self, gathering: Gathering) -> Rules:
        share = gathering.fair_share
        return Rules(
            version=gathering.version,
            sizes=sizes(gathering, self.now),
            waiting_list=gathering.waiting_list,
            per_library=share.per_library if share is not None and share.holds(self.now) else None,
            per_domain=self.allowance.unproven(gathering),
            together=self.booking.together,
        )

    def _person(self, checked: Checked, gathering: Gathering) -> _Person:
        libraries = self.around.libraries
        library = libraries.current(checked.library).id
        domain = addresses.domain(checked.email)
        listed = libraries.domain_is_of(domain, library)
        person = mailbox(checked.email, self._hash)
        invited = self.invitation is not None and self.invitation.covers(person)
        self._refuse_early(gathering, checked, library, invited)
        rounds, awaits_library = ((), False) if invited else self._rounds(gathering, checked, library, listed)
        awaits = set() if listed or invited else {Awaits.PROOF}
        if awaits_library:
            awaits.add(Awaits.LIBRARY)
        if gathering.approval and (self.invitation is None or self.invitation.by.actor is not Actor.COORDINATOR):
            awaits.add(Awaits.APPROVAL)
        registration = Registration(
            id=new_id(),
            gathering_id=gathering.id,
            participant=Participant(checked.name, checked.email, library, checked.role),
            sessions=checked.sessions,
            mode=checked.mode,
            language=self.booking.language,
            registered_at=self.now,
            guard=guard(gathering.id, checked.name, checked.email, self._hash),
            person=person,
            general=general_pools([one for one in rounds if _keeps(one, self.now)]),
            round_id=rounds[0].id if rounds else None,
            awaits=frozenset(awaits),
            unproven="" if invited else domain_key(domain, self._hash),
            answers=checked.answers,
            needs=checked.needs,
            invoice=checked.invoice,
        )
        merged = libraries.numbers(library) - {library}
        wish = Wish(registration.general, registration.others, library, registration.unproven, merged)
        return _Person(checked, wish, registration)

    def _refuse_early(self, gathering: Gathering, checked: Checked, library: str, invited: bool) -> None:
        """Raise RegistrationNotOpenYet before the window, with the moment from which this person can register."""
        opens_at = gathering.registration.opens_at
        if opens_at is None or self.now >= opens_at or (self.invitation and self.invitation.any_time):
            return
        if not invited:
            opens_at = self._opens_at(gathering, candidate(checked.email, library, checked.role, self.around))
        raise RegistrationNotOpenYet(opens_at=opens_at) if opens_at else NotEligible(opens_at=None)

    def _opens_at(self, gathering: Gathering, who: Candidate, *, after_share: bool = False) -> datetime | None:
        """Return from when somebody can register who cannot now; None if that will not be."""
        moment = opening(gathering, who, after_share=after_share, now=self.now, zone=self.around.zone)
        return moment if moment is not None and moment > self.now else None

    def _rounds(
        self, gathering: Gathering, checked: Checked, library: str, listed: bool
    ) -> tuple[tuple[Round, ...], bool]:
        """The rounds that admit somebody, and whether a coordinator has to say that the person works there.

        A round for everybody is better than one that asks for a proof that is not there.
        """
        if not gathering.effective_rounds:
            return (), False
        who = candidate(checked.email, library, checked.role, self.around)
        zone = self.around.zone
        found = admitting(gathering.effective_rounds, who, now=self.now, zone=zone)
        if not found:
            raise NotEligible(opens_at=self._opens_at(gathering, who))
        provable = tuple(one for one in found if listed or not one.who.by_library)
        return provable or found, not provable

    def _refuse(self, placement: Placement, gathering: Gathering, people: Sequence[_Person]) -> None:
        """Raise the refusal when nobody got anything, or all were to get something and did not."""
        left = [outcome for outcome in placement.outcomes if isinstance(outcome, Left)]
        if not left or (len(left) < len(placement.outcomes) and not self.booking.together):
            return
        worst = next((reason for reason in left if reason is not Left.FULL), Left.FULL)
        if worst is Left.FAIR_SHARE:
            who = people[placement.outcomes.index(worst)].registration.participant
            asked = candidate(who.email, who.library, who.role, self.around)
            raise FairShareReached(opens_at=self._opens_at(gathering, asked, after_share=True))
        if worst is Left.UNPROVEN:
            raise TooManyUnproven
        if worst is Left.TOO_LARGE:
            raise GroupTooLarge
        raise GatheringFull

    def _placed(
        self, registration: Registration, outcome: Outcome, gathering: Gathering, by: By
    ) -> Registration | None:
        match outcome:
            case Seated(pools):
                return registration.seated(pools, self.now, by, hold_until=self._hold_until(registration, gathering))
            case Waiting(pools, place=taken):
                until = self._hold_until(registration, gathering)
                return registration.waiting(pools, taken, self.now, by, hold_until=until)
            case _:
                return None

    def _hold_until(self, registration: Registration, gathering: Gathering) -> datetime | None:
        # Working days are looked up for who needs them only: it costs a cold start a tenth of a second.
        return self.around.deadlines.hold_until(self.now, gathering.starts_at) if registration.awaits else None

    def _receipt(self, gathering: Gathering, people: Sequence[_Person], answers: Answers) -> Receipt | None:
        booker = self.booking.booker
        if booker is None:
            return None
        email = addresses.sendable(booker.email)
        assert email is not None, "faults were looked for"
        return Receipt(
            id=new_id(),
            gathering_id=gathering.id,
            name=tidy_name(booker.name),
            email=email,
            person=mailbox(email, self._hash),
            language=self.booking.language,
            registrations=tuple(one.registration_id for one in answers if one.registration_id is not None),
            made_at=self.now,
            left_out=tuple(
                LeftOut(one.checked.name, one.registration.person, answer.status)
                for one, answer in zip(people, answers, strict=True)
                if answer.registration_id is None
            ),
        )

    def _told(
        self, kept: Iterable[Registration], receipt: Receipt | None, existing: Iterable[Registration]
    ) -> Iterator[Envelope[Any]]:
        needy = next((one for one in kept if one.needs is not None), None)
        if needy is not None:
            # One for all: it says no more than that there is something to look at.
            yield fact(NeedsStated, needy, self.now, self.correlation_id)
        if receipt is not None:
            yield Envelope[BookingMade].of(
                BookingMade(booking_id=receipt.id, gathering_id=receipt.gathering_id),
                id=new_id(),
                subject=receipt.id,
                subject_version=1,
                at=self.now,
                correlation_id=self.correlation_id,
            )
        for registration in existing:
            yield fact(RegistrationLinkRequested, registration, self.now, self.correlation_id)

    def _limits(self, people: Sequence[_Person], existing: Mapping[int, Registration]) -> tuple[Limit, ...]:
        """What the request counts against: who asks, and everybody who gets a link once more."""
        if self.invitation is not None and self.invitation.by.actor is Actor.COORDINATOR:
            return ()
        booker = self.booking.booker
        email = booker.email if booker is not None else people[0].checked.email
        asked = () if self.counted else self.allowance.limits(network=self.network, email=email, secret=self._hash)
        mailed = (self.allowance.of_address(one.participant.email, self._hash) for one in existing.values())
        return tuple(dict.fromkeys((*asked, *mailed)))


def _booker_faults(booker: Booker | None) -> Iterator[Fault]:
    if booker is None:
        return
    try:
        tidy_name(booker.name, "booker.name")
    except Invalid as invalid:
        yield from invalid.faults
    if addresses.sendable(booker.email) is None:
        yield email_fault(booker.email, "booker.email")


def _keeps(one: Round, now: datetime) -> bool:
    """Whether a round still has its reserved seats to itself."""
    return one.kept_until is None or now < one.kept_until


def _answer(registration: Registration | None, outcome: Outcome | None, awaits: frozenset[Awaits]) -> Answer:
    if registration is None:
        return Answer(None, str(outcome))
    told = {Status.PENDING: awaits, Status.WAITLISTED: awaits & {Awaits.PROOF}}
    return Answer(registration.id, registration.status, awaits=told.get(registration.status, frozenset()))


def _party(registrations: Sequence[Registration], together: bool) -> Party | None:
    """Return those of a form who wait: they have one place."""
    waiting = [one for one in registrations if one.place is not None]
    if not waiting:
        return None
    return Party(
        place=waiting[0].place or 0,
        members=tuple(Member(one.id, one.general, one.others) for one in waiting),
        pools=frozenset(pool for one in waiting for pool in one.waits_in),
        together=together,
    )


def _canonical(slug: str, booking: Booking) -> str:
    return json.dumps(["body", slug, asdict(booking)], sort_keys=True, default=str)
