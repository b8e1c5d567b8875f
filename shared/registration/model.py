"""A person's seat in a gathering, or place in its line: the states it has, and the ways from one to the next."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from shared.gatherings.model import Gathering, Mode, Session, State, Where
from shared.gatherings.needs import Needs
from shared.gatherings.questions import Answer, unanswered
from shared.refusals import N_, Refusal
from shared.registration.attendance import Attendance

MOST_STEPS: Final = 60
"""How much of its history a registration remembers."""


class Role(StrEnum):
    """Who a participant is at work."""

    STAFF = "staff"
    LEADER = "leader"


class Status(StrEnum):
    """Where a registration is in its life.

    *Pending* and *offered* hold a seat until a deadline; *waitlisted* has a deadline while the address is to be
    proven. *Cancelled* was given back, *expired* lapsed.
    """

    PENDING = "pending"
    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    CANCELLED = "cancelled"
    EXPIRED = "expired"

    @property
    def is_live(self) -> bool:
        """Whether it counts: as a seat, or as a place in the line."""
        return self not in (Status.CANCELLED, Status.EXPIRED)

    @property
    def holds_seat(self) -> bool:
        """Whether a seat is kept for it."""
        return self in (Status.PENDING, Status.CONFIRMED, Status.OFFERED)


class Awaits(StrEnum):
    """What is missing until a seat is confirmed."""

    PROOF = "proof"
    """That the address is the person's: by a button in a mail to it."""

    LIBRARY = "library"
    """That the person works at the library: by the address's domain, or a coordinator."""

    APPROVAL = "approval"
    """A coordinator's yes, which this gathering asks for."""


class Actor(StrEnum):
    """Who did it."""

    PARTICIPANT = "participant"
    BOOKER = "booker"
    COORDINATOR = "coordinator"
    CLOCK = "clock"


class What(StrEnum):
    """A step in the life of a registration."""

    REGISTERED = "registered"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    PROVEN = "proven"
    LIBRARY_ACCEPTED = "library_accepted"
    APPROVED = "approved"
    CANCELLED = "cancelled"
    MOVED = "moved"
    NOT_ME = "not_me"
    NOT_INTERESTED = "not_interested"
    REJECTED = "rejected"
    CALLED_OFF = "called_off"
    HOLD_ENDED = "hold_ended"
    OFFER_ENDED = "offer_ended"
    SEATED_OUT_OF_TURN = "seated_out_of_turn"
    CHANGED = "changed"
    ADDRESS_CHANGED = "address_changed"
    HANDED_OVER = "handed_over"
    TAKEN_OVER = "taken_over"
    NOTED = "noted"
    CORRECTED = "corrected"


ENDINGS: Final = frozenset(
    {
        What.CANCELLED,
        What.MOVED,
        What.NOT_ME,
        What.NOT_INTERESTED,
        What.REJECTED,
        What.CALLED_OFF,
        What.HOLD_ENDED,
        What.OFFER_ENDED,
        What.HANDED_OVER,
    }
)
"""The steps after which a registration is over."""


@dataclass(frozen=True, slots=True)
class By:
    """Who acts. A coordinator has an id, which names nobody outside the user pool, and `why` is the reason given."""

    actor: Actor
    id: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What happened to a registration, when, and by whom."""

    at: datetime
    what: What
    by: By


@dataclass(frozen=True, slots=True)
class Invoice:
    """What the receiver of an electronic invoice goes by: a GLN of 13 digits (GS1), and the buyer's own reference."""

    gln: str
    reference: str


@dataclass(frozen=True, slots=True)
class Participant:
    """Who takes part. `email` is as it can be sent to: its domain in ASCII."""

    name: str
    email: str
    library: str
    role: Role


@dataclass(frozen=True, slots=True)
class Registration:
    """One person's seat in one gathering, or place in its line.

    `guard` is the keyed hash of gathering, address and name, one to a live registration; `person` that of the address
    alone. `general` are the pools of which one seat will do, the best first, and `pools` those a seat was taken from.
    In the line, `place` says where and `waits_in` for which pools. `unproven` is the domain's key while the address is
    not proven. `deadline` is that of the hold or the offer. `link_generation` rises when old links must die.
    `successor` is the registration of the colleague who has the seat now. `version` rises by one with each change.
    `joined` is when the person first pressed the button to take part online, by session: no proof of having been there.
    `attended` says whether they were, by session, where somebody has said so. `certificate` is the code of theirs.
    `mail_problem` says why a mail about it may not have arrived.
    """

    id: str
    gathering_id: str
    participant: Participant
    sessions: tuple[str, ...]
    mode: Mode
    language: str
    registered_at: datetime
    guard: str
    person: str
    general: tuple[str, ...]
    status: Status = Status.CONFIRMED
    version: int = 1
    round_id: str | None = None
    pools: tuple[str, ...] = ()
    waits_in: tuple[str, ...] = ()
    place: int | None = None
    awaits: frozenset[Awaits] = frozenset()
    deadline: datetime | None = None
    unproven: str = ""
    booking_id: str | None = None
    claimed_at: datetime | None = None
    link_generation: int = 1
    answers: Mapping[str, Answer] = field(default_factory=dict)
    needs: Needs | None = None
    invoice: Invoice | None = None
    note: str = ""
    joined: Mapping[str, datetime] = field(default_factory=dict)
    attended: Mapping[str, Attendance] = field(default_factory=dict)
    certificate: str | None = None
    former_email: str | None = None
    successor: str | None = None
    mail_problem: str | None = None
    history: tuple[Step, ...] = ()

    def where(self, gathering: Gathering) -> dict[str, Where]:
        """Return where the person takes part in what they come to, by the session's id."""
        where = gathering.whereabouts(self.mode)
        return {session: where[session] for session in self.sessions if session in where}

    def ways(self, gathering: Gathering, session: Session | None = None) -> frozenset[Mode]:
        """Return how the person takes part: in one of their sessions, or in all that they come to."""
        where = self.where(gathering)
        theirs = [each for id, each in where.items() if session is None or id == session.id]
        ways = {Mode.ON_SITE: any(each.place for each in theirs), Mode.ONLINE: any(each.online_link for each in theirs)}
        return frozenset(mode for mode, is_so in ways.items() if is_so)

    @property
    def others(self) -> tuple[str, ...]:
        """The pools it needs a seat of besides a general one."""
        return (self.mode.value, *(f"session-{session}" for session in self.sessions))

    @property
    def needed(self) -> frozenset[str]:
        """All pools it can wait in."""
        return frozenset((*self.general, *self.others))

    def comes_to_any(self, sessions: Collection[str]) -> bool:
        """Whether it is in force, and for one of the sessions."""
        return self.status.is_live and not set(self.sessions).isdisjoint(sessions)

    @property
    def ending(self) -> Step | None:
        """The step that ended it; None while it is in force. Notes may have come after it."""
        return next((step for step in reversed(self.history) if step.what in ENDINGS), None)

    @property
    def is_doubtful(self) -> bool:
        """Whether somebody else may have filled it in: nobody with the mail has said yet that it is them."""
        return self.claimed_at is None and bool(self.booking_id or self.unproven)

    def came_by_library(self, gathering: Gathering) -> bool:
        """Whether it was let in by a round for certain libraries."""
        used = next((one for one in gathering.effective_rounds if one.id == self.round_id), None)
        return used is not None and used.who.by_library

    def step(self, what: What, by: By, now: datetime, **changes: object) -> "Registration":
        """Return the next version, with the step in its history."""
        history = (*self.history, Step(now, what, by))[-MOST_STEPS:]
        return replace(self, version=self.version + 1, history=history, **changes)  # type: ignore[arg-type]

    def seated(
        self,
        pools: tuple[str, ...],
        now: datetime,
        by: By,
        *,
        hold_until: datetime | None,
        what: What = What.REGISTERED,
    ) -> "Registration":
        """Return a new registration with a seat: confirmed, or held for as long as something is awaited."""
        history = (Step(now, what, by),)
        return replace(
            self, pools=pools, round_id=self._round_of(pools), history=history, **_standing(self.awaits, hold_until)
        )

    def waiting(
        self, pools: tuple[str, ...], place: int, now: datetime, by: By, *, hold_until: datetime | None
    ) -> "Registration":
        """Return a new registration with a place in the line: kept, like a seat, until the address has to be proven."""
        return replace(
            self,
            status=Status.WAITLISTED,
            waits_in=pools,
            place=place,
            deadline=hold_until if Awaits.PROOF in self.awaits else None,
            history=(Step(now, What.WAITLISTED, by),),
        )

    def offered(self, pools: tuple[str, ...], until: datetime, now: datetime) -> "Registration":
        """Return the registration with the seat that it waited for, kept until the moment."""
        return self.step(
            What.OFFERED,
            By(Actor.CLOCK),
            now,
            status=Status.OFFERED,
            pools=pools,
            round_id=self._round_of(pools),
            waits_in=(),
            deadline=until,
        )

    def seated_out_of_turn(self, pools: tuple[str, ...], by: By, now: datetime) -> "Registration":
        """Return the registration with a seat that a coordinator gave it before others."""
        return self.step(
            What.SEATED_OUT_OF_TURN,
            by,
            now,
            status=Status.CONFIRMED,
            pools=pools,
            waits_in=(),
            awaits=frozenset(),
            deadline=None,
        )

    def accepted(self, by: By, now: datetime, *, hold_until: datetime | None) -> "Registration":
        """Return the registration with the offer accepted: a second time changes nothing. Raise OfferOver.

        Who accepts has the mail, or has told a coordinator, so the address needs no more proof; a library may still.
        """
        if self.status is not Status.OFFERED:
            return self._unless_over(OfferOver)
        if self.deadline is not None and now >= self.deadline:
            raise OfferOver
        if by.actor not in (Actor.PARTICIPANT, Actor.COORDINATOR):
            return self.step(What.ACCEPTED, by, now, **_standing(self.awaits, hold_until))
        awaits = self.awaits - {Awaits.PROOF}
        mine = self.claimed_at or (now if by.actor is Actor.PARTICIPANT else None)
        standing = _standing(awaits, hold_until)
        return self.step(What.ACCEPTED, by, now, awaits=awaits, unproven="", claimed_at=mine, **standing)

    def proven(self, by: By, now: datetime) -> "Registration":
        """Return the registration with the address proven; itself if it was. Raise HoldOver."""
        if Awaits.PROOF not in self.awaits and not self.unproven:
            return self._unless_over(HoldOver)
        held = self.status in (Status.PENDING, Status.WAITLISTED)
        if held and self.deadline is not None and now >= self.deadline:
            raise HoldOver
        return self._unless_over(HoldOver)._without(Awaits.PROOF, What.PROVEN, by, now, unproven="")

    def library_accepted(self, by: By, now: datetime) -> "Registration":
        """Return the registration with a coordinator's word for where the person works."""
        if Awaits.LIBRARY not in self.awaits:
            return self
        known = self._without(Awaits.LIBRARY, What.LIBRARY_ACCEPTED, by, now)
        # Addresses of a domain that is known to be the library's are confirmed at once.
        return replace(known, **known._now_standing(known.awaits - {Awaits.PROOF}))

    def approved(self, by: By, now: datetime) -> "Registration":
        """Return the registration with the coordinator's yes that the gathering asks for."""
        return self._without(Awaits.APPROVAL, What.APPROVED, by, now) if Awaits.APPROVAL in self.awaits else self

    def corrected(
        self, who: Participant, by: By, now: datetime, *, known: frozenset[Awaits], **changes: object
    ) -> "Registration":
        """Return the registration with a coordinator's word for who takes part; what is `known` needs no more proof."""
        standing = self._now_standing(self.awaits - known)
        return self.step(What.CORRECTED, by, now, participant=who, **standing, **changes)

    def readdressed(
        self, email: str, by: By, now: datetime, *, awaits: frozenset[Awaits], hold_until: datetime, **changes: object
    ) -> "Registration":
        """Return the registration with another address, and its seat or place held while that lacks a proof.

        Who changes the address again gets no more time: else nobody would ever have to prove one.
        """
        until = min(self.deadline or hold_until, hold_until)
        standing: dict[str, Any] = {}
        if self.status is Status.WAITLISTED:
            standing = {"deadline": until if Awaits.PROOF in awaits else None}
        elif self.status is not Status.OFFERED:
            standing = _standing(awaits, until)
        return self.step(
            What.ADDRESS_CHANGED,
            by,
            now,
            participant=replace(self.participant, email=email),
            former_email=self.participant.email,
            mail_problem=None,
            link_generation=self.link_generation + 1,
            **{"awaits": awaits} | standing | changes,
        )

    def claimed(self, by: By, now: datetime) -> "Registration":
        """Return the registration as the person's own: who booked it may no longer change it."""
        mine = self.proven(by, now)
        if mine.claimed_at is not None:
            return mine
        return replace(mine, claimed_at=now, version=self.version + 1)

    def changed(self, by: By, now: datetime, **changes: object) -> "Registration":
        """Return the registration changed. Who changes something on their own page says by that that it is theirs."""
        mine = self.claimed_at or (now if by.actor is Actor.PARTICIPANT else None)
        return self.step(What.CHANGED, by, now, claimed_at=mine, **changes)

    def joining(self, session_id: str, now: datetime) -> "Registration":
        """Return the registration with the moment at which its owner went to a session; itself if that is known."""
        if session_id in self.joined:
            return self
        return replace(self, version=self.version + 1, joined={**self.joined, session_id: now})

    def attending(self, session_id: str, said: Attendance) -> "Registration":
        """Return the registration with what is said of a session; itself if that is known."""
        known = self.attended.get(session_id)
        now = said.after(known)
        if now is known:
            return self
        return replace(self, version=self.version + 1, attended={**self.attended, session_id: now})

    @property
    def was_there(self) -> bool | None:
        """Whether the person was in any session; None where nobody has said anything."""
        return any(one.was_there for one in self.attended.values()) if self.attended else None

    def ended(self, what: What, by: By, now: datetime) -> "Registration":
        """Return the registration as cancelled; itself if it is over."""
        if not self.status.is_live:
            return self
        return self.step(what, by, now, status=Status.CANCELLED, waits_in=(), awaits=frozenset(), deadline=None)

    def cancelled(self, gathering: Gathering, by: By, now: datetime, what: What = What.CANCELLED) -> "Registration":
        """Return the registration as given back. Raise TooLateToChange; a coordinator is never too late.

        Nor is who waits or has an offer: these go on longer than changes, and a no makes room for the next in line.
        """
        is_no_thanks = self.status in (Status.OFFERED, Status.WAITLISTED) and by.actor is Actor.PARTICIPANT
        if self.status.is_live and not is_no_thanks:
            self.check_changeable(gathering, by, now)
        return self.ended(what, by, now)

    def lapsed(self, now: datetime) -> "Registration":
        """Return the registration as expired if its deadline is over, that of a seat or of a place; else itself."""
        if self.deadline is None or now < self.deadline or not self.status.is_live:
            return self
        what = What.OFFER_ENDED if self.status is Status.OFFERED else What.HOLD_ENDED
        return self.step(
            what, By(Actor.CLOCK), now, status=Status.EXPIRED, waits_in=(), awaits=frozenset(), deadline=None
        )

    def check_changeable(self, gathering: Gathering, by: By, now: datetime) -> None:
        """Raise a refusal unless participants and bookers may still change it. A coordinator always may."""
        if by.actor is Actor.COORDINATOR:
            return
        if now >= gathering.changes_until or gathering.state is State.CANCELLED:
            raise TooLateToChange(contact=gathering.contact)
        if by.actor is Actor.BOOKER and self.claimed_at is not None:
            raise ClaimedMeanwhile

    def lacks_answers(self, gathering: Gathering, now: datetime) -> bool:
        """Whether an answer is missing: it may be given until the gathering begins, though others no longer change."""
        is_to_come = gathering.state is not State.CANCELLED and now < gathering.starts_at
        return is_to_come and bool(unanswered(gathering.questions, self.answers))

    def _round_of(self, pools: tuple[str, ...]) -> str | None:
        """The round whose reserved seat was taken, else the one opened first."""
        reserved = next((pool for pool in pools if pool.startswith("round-")), None)
        return self.round_id if reserved is None else reserved.removeprefix("round-")

    def _without(self, awaited: Awaits, what: What, by: By, now: datetime, **changes: object) -> "Registration":
        awaits = self.awaits - {awaited}
        return self.step(what, by, now, **self._now_standing(awaits), **changes)

    def _now_standing(self, awaits: frozenset[Awaits]) -> dict[str, Any]:
        if self.status is Status.WAITLISTED:
            return {"awaits": awaits, "deadline": self.deadline if Awaits.PROOF in awaits else None}
        if self.status is not Status.PENDING:
            return {"awaits": awaits}
        return {"awaits": awaits, **_standing(awaits, self.deadline)}

    def _unless_over(self, refusal: type[Refusal]) -> "Registration":
        if not self.status.is_live:
            raise refusal
        return self


def _standing(awaits: frozenset[Awaits], hold_until: datetime | None) -> dict[str, Any]:
    """Return status and deadline of a seat: what only waits for a coordinator's approval is held without end."""
    if not awaits:
        return {"status": Status.CONFIRMED, "deadline": None}
    return {"status": Status.PENDING, "deadline": hold_until if awaits - {Awaits.APPROVAL} else None}


class NotEligible(Refusal):
    """No round admits this person now; `opens_at` says when the next one does, if one will."""

    kind = "not-eligible"
    status = 403
    message = N_("Registration is not open to you at the moment.")


class RegistrationNotOpenYet(Refusal):
    """Registration opens later; `opens_at` says when."""

    kind = "not-open-yet"
    status = 403
    message = N_("Registration has not opened yet.")


class RegistrationClosed(Refusal):
    """The window is over."""

    kind = "registration-closed"
    status = 409
    message = N_("Registration has closed.")


class GatheringFull(Refusal):
    """Every seat is taken, and there is no waiting list."""

    kind = "full"
    status = 409
    message = N_("All seats are taken.")


class FairShareReached(Refusal):
    """The library has as many people as each may have until `opens_at` (None: until the end)."""

    kind = "fair-share-reached"
    status = 403
    message = N_("Your library has all the seats that one library can have for now.")


class GroupTooLarge(Refusal):
    """A group wants more seats at once than there are, taken or not: it would wait for ever, and others behind it."""

    kind = "group-too-large"
    status = 409
    message = N_("There are not so many seats in all. Take as many as there is room for, or sign up fewer at once.")


class TooManyUnproven(Refusal):
    """Too many of one e-mail domain have not confirmed their addresses."""

    kind = "too-many-unproven"
    status = 409
    message = N_("Many people with addresses like yours have not confirmed them yet. Try again when they have.")


class TooManyAttempts(Refusal):
    """A limit is reached; `retry_after` says for how many seconds."""

    kind = "too-many"
    status = 429
    message = N_("That was too many at once. Wait a little and try again.")


class KeyReused(Refusal):
    """The idempotency key came before, with another body."""

    kind = "idempotency-key-reused"
    status = 422
    message = N_("This Idempotency-Key was used for something else.")


class TooLateToChange(Refusal):
    """The participant may no longer change it; `contact` can."""

    kind = "too-late"
    status = 409
    message = N_("It is too late to change this here. Write to the contact.")


class ClaimedMeanwhile(Refusal):
    """The person has taken over the own registration: who booked it may no longer change it."""

    kind = "claimed"
    status = 409
    message = N_("This person has taken over the registration, and only they can change it now.")


class OfferOver(Refusal):
    """The seat was offered until a moment that is over, or to somebody who no longer wants it."""

    kind = "offer-over"
    status = 409
    message = N_("The offer has ended, and the seat has gone on to the next in line.")


class HoldOver(Refusal):
    """The seat was held until a moment that is over."""

    kind = "hold-over"
    status = 409
    message = N_("The seat was not confirmed in time, and has been given back.")


class NoSeatYet(Refusal):
    """What is asked for takes a seat, and the person waits for one, or has not accepted one."""

    kind = "no-seat-yet"
    status = 409
    message = N_("That can be done once you have a seat.")


class RegistrationOver(Refusal):
    """Cancelled or expired: there is nothing to change."""

    kind = "registration-over"
    status = 409
    message = N_("This registration is no longer in force.")


class RegistrationChangedMeanwhile(Refusal):
    """Somebody changed the registration at the same moment."""

    kind = "registration-changed-meanwhile"
    status = 409
    message = N_("Somebody else changed this registration at the same moment. Look at it again.")


class AlreadyRegistered(Refusal):
    """That person has a registration in this gathering already."""

    kind = "already-registered"
    status = 409
    message = N_("That person is registered already.")


class RegistrationNotFound(Refusal):
    """No such registration."""

    kind = "registration-not-found"
    status = 404
    message = N_("There is no registration at this address.")
