"""The mail ledger in the table."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar, Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from events.envelope import C, Envelope
from events.mail import MailArrived, MailFailed
from events.messages import MailReleased
from shared.ids import new_id
from shared.messaging.outbox import announce
from shared.notify.model import (
    MOST_ATTEMPTS,
    SENDING_FOR,
    FollowUp,
    MailId,
    MailKind,
    MailProblem,
    MailState,
    Row,
    Sent,
    Turn,
)
from shared.notify.ports import NO_FOLLOW_UPS, NO_TURNS, Attempt, Claim
from shared.table import ConditionsFailed, Item, Transaction, patiently
from shared.time import utc_moment, utc_text

_DUE: Final = "MAIL"
_WAITING: Final = "WAITING"
_TURN: Final = "turn "
_FOLLOW_UP: Final = "follow-up "
"""What the labels of a turn and of a follow-up begin with: no tag has a blank."""

KEPT: Final = timedelta(days=400)
"""How long it is remembered that a mail was sent: longer than any reason to send it again."""


TURNS_KEPT: Final = timedelta(days=1)
"""How long a turn is remembered after its day."""


class MailItem(Item):
    """One mail. It names nobody: the address is the subject's."""

    gathering_id = UnicodeAttribute(null=True)
    state = UnicodeAttribute()
    version = NumberAttribute()
    attempts = NumberAttribute()
    problem = UnicodeAttribute(null=True)

    def mail(self) -> MailId:
        """Return which mail this is."""
        kind, _, occurrence = self.sk.partition("#")
        return MailId(self.gathering_id or "", self.pk.removeprefix("MAIL#"), MailKind(kind), occurrence)

    def to_domain(self) -> Row:
        """Return how it stands. Rows say when they go, and that is so long after the mail was last tried."""
        state = MailState(self.state)
        waits_until = utc_moment(self.due_at) if state is MailState.WAITING and self.due_at else None
        return Row(self.mail(), state, self.known_problem(), self.expires_at - KEPT, waits_until)

    def known_problem(self) -> MailProblem | None:
        """Return why it may not have reached the person."""
        return MailProblem(self.problem) if self.problem else None

    def may_be_sent(self) -> bool:
        """Whether an attempt is due: what was sent or may have been sent never is."""
        again = self.state == MailState.REFUSED and self.attempts < MOST_ATTEMPTS
        return self.state == MailState.PLANNED or again

    def can_arrive(self) -> bool:
        """Whether it would be news that it is in the mailbox."""
        return MailState(self.state).can_arrive and self.known_problem() in (None, MailProblem.UNKNOWN)


class TurnItem(Item):
    """Which mail has taken a person's turn of a day."""

    PERSONAL: ClassVar = frozenset({"pk", "person"})

    mail = UnicodeAttribute()

    @classmethod
    def of(cls, turn: Turn, mail: MailId) -> "TurnItem":
        """Return the item of a turn that the mail takes."""
        key = f"TURN#{turn.person}", turn.day.isoformat()
        return cls(*key, person=turn.person, mail=mail.tag, expires_at=turn.next_at + TURNS_KEPT)


class FollowUpItem(Item):
    """Which mail asks a person what came of a programme, or of a gathering of none."""

    PERSONAL: ClassVar = frozenset({"pk", "person"})

    mail = UnicodeAttribute()

    @classmethod
    def of(cls, one: FollowUp, mail: MailId, now: datetime) -> "FollowUpItem":
        """Return the item of a follow-up that the mail is."""
        return cls(f"FOLLOWUP#{one.person}", one.about, person=one.person, mail=mail.tag, expires_at=now + KEPT)


class StillMoving(Exception):
    """The row changed while its problem was being noted: trouble, to be tried again."""


class DynamoLedger:
    """The mail ledger in DynamoDB."""

    def claim(
        self,
        mails: Sequence[MailId],
        *,
        now: datetime,
        turns: Mapping[MailId, Turn] = NO_TURNS,
        follow_ups: Mapping[MailId, FollowUp] = NO_FOLLOW_UPS,
    ) -> list[Claim]:
        """Set the rows that may be sent to sending, all in one write, and return them.

        A mail whose turn another has taken waits for the next; a follow-up that another mail is, or waits to be, is
        none. Rows are taken to be new until the store says otherwise: a repeat is the exception, and costs a second
        write.
        """
        claims: list[Claim] = []
        left = mails
        while left:
            # No transaction writes a row twice: of several that could be the same follow-up, one after the other.
            firsts = {follow_ups.get(mail, mail): mail for mail in reversed(left)}.values()
            claims += self._claim([mail for mail in left if mail in firsts], turns, follow_ups, now)
            left = [mail for mail in left if mail not in firsts]
        return claims

    def _claim(
        self,
        mails: Sequence[MailId],
        turns: Mapping[MailId, Turn],
        follow_ups: Mapping[MailId, FollowUp],
        now: datetime,
    ) -> list[Claim]:
        seen: dict[MailId, MailItem] = {}
        taken: set[Turn] = set()
        wanted, waiting = _in_turn(mails, turns, taken)
        while wanted:
            rows = {mail: _next_attempt(mail, seen.get(mail), now) for mail in wanted}
            transaction = Transaction()
            for mail, row in rows.items():
                transaction.put(mail.tag, row, condition=_as_seen(seen.get(mail)))
                if mail in turns:
                    free = TurnItem.pk.does_not_exist() | (TurnItem.mail == mail.tag)
                    transaction.put(f"{_TURN}{mail.tag}", TurnItem.of(turns[mail], mail), condition=free)
                _follow_up(transaction, mail, follow_ups, now)
            try:
                transaction.commit()
            except ConditionsFailed as refused:
                seen |= {mail: _row(refused.items[mail.tag]) for mail in wanted if mail.tag in refused.items}
                taken |= {turns[mail] for mail in wanted if f"{_TURN}{mail.tag}" in refused.items}
                wanted = [mail for mail in wanted if f"{_FOLLOW_UP}{mail.tag}" not in refused.items]
                going = [mail for mail in wanted if mail not in seen or seen[mail].may_be_sent()]
                wanted, late = _in_turn(going, turns, taken)
                waiting += late
            else:
                self._let_wait(waiting, turns, follow_ups, seen, now)
                return [Claim(mail, int(row.attempts), int(row.version)) for mail, row in rows.items()]
        self._let_wait(waiting, turns, follow_ups, seen, now)
        return []

    def waited(self, now: datetime) -> Iterable[MailId]:
        """Yield the mails that have waited for long enough, the first one first."""
        return self._due(_WAITING, now)

    def release(self, mail: MailId, states: Collection[MailState], *, now: datetime, correlation_id: str) -> bool:
        """Let a mail in one of the states be sent now, and announce that. Return False when it is in none of them."""
        row = self._find(mail)
        if row is None or row.state not in states:
            return False
        transaction, version = Transaction(), int(row.version) + 1
        actions = [*_settled(MailState.PLANNED, version), MailItem.problem.remove(), MailItem.attempts.set(1)]
        transaction.update(mail.tag, row, actions, condition=MailItem.version == row.version)
        released = MailReleased(
            registration_id=mail.subject_id, gathering_id=mail.gathering_id, kind=mail.kind, occurrence=mail.occurrence
        )
        _announce(transaction, mail, released, version, now, correlation_id)
        try:
            transaction.commit()
        except ConditionsFailed:
            return False
        return True

    def _let_wait(
        self,
        mails: Sequence[MailId],
        turns: Mapping[MailId, Turn],
        follow_ups: Mapping[MailId, FollowUp],
        seen: Mapping[MailId, MailItem],
        now: datetime,
    ) -> None:
        """Note that mails wait for their person's next turn. One that is on its way already stays so."""
        for mail in mails:
            waits = partial(_waiting, mail, turn=turns[mail], now=now)
            self._let_stand(mail, seen.get(mail), waits, follow_ups, now)

    def _let_stand(
        self,
        mail: MailId,
        was: MailItem | None,
        row: Callable[[MailItem | None], MailItem],
        follow_ups: Mapping[MailId, FollowUp],
        now: datetime,
    ) -> None:
        """Put a row for a mail that is not sent now, unless it has gone, or is on its way; or another is the follow-up
        that it would be."""
        while was is None or was.may_be_sent():
            transaction = Transaction()
            transaction.put(mail.tag, row(was), condition=_as_seen(was))
            _follow_up(transaction, mail, follow_ups, now)
            try:
                transaction.commit()
                return
            except ConditionsFailed as refused:
                if mail.tag not in refused.items:
                    return
                was = _row(refused.items[mail.tag])

    def close(self, attempts: Sequence[Attempt], *, now: datetime) -> None:
        """Write down what came of the claims, and make problems known, in one write.

        A row that was given up on meanwhile stays as it is.
        """
        still = {attempt.claim.mail.tag: attempt for attempt in attempts}
        while still:
            transaction = Transaction()
            for attempt in still.values():
                _close_one(transaction, attempt, now)
            try:
                transaction.commit()
                return
            except ConditionsFailed as refused:
                still = {tag: attempt for tag, attempt in still.items() if tag not in refused.items}

    def overdue(self, now: datetime) -> Iterable[MailId]:
        """Yield the mails that have been sending for too long."""
        return self._due(_DUE, now)

    def give_up_on(self, mail: MailId, *, now: datetime, correlation_id: str) -> bool:
        """Set a mail that is still sending to unknown. Return False when it was settled meanwhile."""
        return self._trouble(mail, MailProblem.UNKNOWN, MailState.UNKNOWN, {MailState.SENDING}, now, correlation_id)

    def note(
        self, mail: MailId, problem: MailProblem, *, for_good: bool = False, now: datetime, correlation_id: str
    ) -> bool:
        """Note a problem with a mail that SES had taken: it was sent, whatever we believed.

        Return False on a repeat.
        """
        return self._trouble(mail, problem, MailState.SENT, set(MailState), now, correlation_id, for_good=for_good)

    def arrive(self, mail: MailId, *, now: datetime, correlation_id: str) -> bool:
        """Note that a mail is in its mailbox, and make it known if nobody knew. Return False when that is no news."""
        row = self._find(mail)
        if row is None or not row.can_arrive():
            return False
        transaction, version = Transaction(), int(row.version) + 1
        actions = [*_settled(MailState.DELIVERED, version), MailItem.problem.remove()]
        transaction.update(mail.tag, row, actions, condition=MailItem.version == row.version)
        if row.state == MailState.UNKNOWN:
            arrived = MailArrived(registration_id=mail.subject_id, gathering_id=mail.gathering_id, kind=mail.kind)
            _make_known(transaction, mail, arrived, version, now, correlation_id)
        _commit(transaction)
        return True

    def withhold(self, mails: Mapping[MailId, MailState], *, now: datetime) -> None:
        """Note why mails are not sent. One that has gone, or is on its way, stays so."""
        for mail, why in mails.items():
            self._let_stand(mail, None, partial(_withheld, mail, why=why, now=now), NO_FOLLOW_UPS, now)

    def find(self, message_id: str) -> MailId | None:
        """Return the mail that SES gave this id, or None if there is none, or none yet."""
        rows = patiently(lambda: list(Item.query(message_id, limit=1, index_name="message_id")))
        return self._get(rows[0].pk, rows[0].sk).mail() if rows else None

    def of_subject(self, subject_id: str) -> list[MailId]:
        """Return the mails about a registration that may have arrived."""
        rows = patiently(lambda: list(MailItem.query(f"MAIL#{subject_id}", consistent_read=True)))
        return [row.mail() for row in rows if MailState(row.state).may_have_arrived]

    def history(self, subject_id: str) -> list[Row]:
        """Return how all mails about a registration stand, the one that was tried last first."""
        rows = patiently(lambda: list(MailItem.query(f"MAIL#{subject_id}", consistent_read=True)))
        return sorted((row.to_domain() for row in rows), key=lambda one: one.at, reverse=True)

    def _due(self, what: str, now: datetime) -> Iterator[MailId]:
        rows = patiently(lambda: list(Item.query(what, Item.due_at < utc_text(now), index_name="due")))
        for row in rows:
            with suppress(DoesNotExist):
                yield self._get(row.pk, row.sk).mail()

    def _find(self, mail: MailId) -> MailItem | None:
        try:
            return self._get(*_key(mail))
        except DoesNotExist:
            return None

    def _get(self, pk: str, sk: str) -> MailItem:
        return patiently(lambda: MailItem.get(pk, sk, consistent_read=True))

    def _trouble(
        self,
        mail: MailId,
        problem: MailProblem,
        state: MailState,
        states: set[MailState],
        now: datetime,
        correlation_id: str,
        *,
        for_good: bool = False,
    ) -> bool:
        row = self._find(mail)
        if row is None or not problem.outranks(row.known_problem()) or row.state not in states:
            return False
        transaction, version = Transaction(), int(row.version) + 1
        actions = [*_settled(state, version), MailItem.problem.set(problem)]
        transaction.update(mail.tag, row, actions, condition=MailItem.version == row.version)
        _make_known(transaction, mail, _failed(mail, problem, for_good=for_good), version, now, correlation_id)
        _commit(transaction)
        return True


def _in_turn(
    mails: Sequence[MailId], turns: Mapping[MailId, Turn], taken: set[Turn]
) -> tuple[list[MailId], list[MailId]]:
    """Return the mails whose turn is free, and those that have to wait; of two with the same turn, the second."""
    free: list[MailId] = []
    waiting: list[MailId] = []
    given = set(taken)
    for mail in mails:
        turn = turns.get(mail)
        (waiting if turn in given else free).append(mail)
        if turn is not None:
            given.add(turn)
    return free, waiting


def _follow_up(transaction: Transaction, mail: MailId, follow_ups: Mapping[MailId, FollowUp], now: datetime) -> None:
    """Let a mail be the one that asks its person, unless another is."""
    if mail in follow_ups:
        free = FollowUpItem.pk.does_not_exist() | (FollowUpItem.mail == mail.tag)
        item = FollowUpItem.of(follow_ups[mail], mail, now)
        transaction.put(f"{_FOLLOW_UP}{mail.tag}", item, condition=free)


def _as_seen(was: MailItem | None) -> Condition:
    seen: Condition = MailItem.pk.does_not_exist() if was is None else MailItem.version == was.version
    return seen


def _waiting(mail: MailId, was: MailItem | None, *, turn: Turn, now: datetime) -> MailItem:
    return MailItem(
        *_key(mail),
        gathering_id=mail.gathering_id or None,
        state=MailState.WAITING,
        version=1 if was is None else int(was.version) + 1,
        attempts=1,
        due=_WAITING,
        due_at=utc_text(turn.next_at),
        expires_at=now + KEPT,
    )


def _withheld(mail: MailId, was: MailItem | None, *, why: MailState, now: datetime) -> MailItem:
    return MailItem(
        *_key(mail),
        gathering_id=mail.gathering_id or None,
        state=why,
        version=1 if was is None else int(was.version) + 1,
        attempts=1,
        expires_at=now + KEPT,
    )


def _next_attempt(mail: MailId, was: MailItem | None, now: datetime) -> MailItem:
    # A throttle is no attempt at this mail: only what follows a refusal counts.
    attempts = 1 if was is None else int(was.attempts) + (was.state == MailState.REFUSED)
    return MailItem(
        *_key(mail),
        gathering_id=mail.gathering_id or None,
        state=MailState.SENDING,
        version=1 if was is None else int(was.version) + 1,
        attempts=attempts,
        due=_DUE,
        due_at=utc_text(now + SENDING_FOR),
        expires_at=now + KEPT,
    )


def _close_one(transaction: Transaction, attempt: Attempt, now: datetime) -> None:
    claim, settlement = attempt.claim, attempt.settlement
    version = claim.version + 1
    actions = _settled(settlement.state, version)
    if isinstance(attempt.outcome, Sent):
        actions.append(MailItem.message_id.set(attempt.outcome.message_id))
    if settlement.problem is not None:
        actions.append(MailItem.problem.set(settlement.problem))
        failed = _failed(claim.mail, settlement.problem)
        _make_known(transaction, claim.mail, failed, version, now, attempt.correlation_id)
    transaction.update(
        claim.mail.tag, MailItem(*_key(claim.mail)), actions, condition=MailItem.version == claim.version
    )


def _settled(state: MailState, version: int) -> list[Action]:
    return [
        MailItem.state.set(state),
        MailItem.version.set(version),
        MailItem.due.remove(),
        MailItem.due_at.remove(),
    ]


def _failed(mail: MailId, problem: MailProblem, *, for_good: bool = False) -> MailFailed:
    return MailFailed(
        registration_id=mail.subject_id,
        gathering_id=mail.gathering_id,
        kind=mail.kind,
        problem=problem.value,
        for_good=for_good,
    )


def _make_known(
    transaction: Transaction,
    mail: MailId,
    fact: MailFailed | MailArrived,
    version: int,
    now: datetime,
    correlation_id: str,
) -> None:
    """Announce whether a person was reached. Of other mails the row alone knows: there is no registration to mark."""
    if mail.kind.is_to_participant:
        _announce(transaction, mail, fact, version, now, correlation_id)


def _announce(
    transaction: Transaction, mail: MailId, fact: C, version: int, now: datetime, correlation_id: str
) -> None:
    announce(
        transaction,
        Envelope[C].of(
            fact, id=new_id(), subject=mail.tag, subject_version=version, at=now, correlation_id=correlation_id
        ),
    )


def _commit(transaction: Transaction) -> None:
    try:
        transaction.commit()
    except ConditionsFailed:
        # Somebody settled the row between our reading and writing; the report is delivered again.
        raise StillMoving from None


def _key(mail: MailId) -> tuple[str, str]:
    return f"MAIL#{mail.subject_id}", f"{mail.kind}#{mail.occurrence}"


def _row(raw_item: Mapping[str, Any]) -> MailItem:
    return MailItem.from_raw_data(dict(raw_item))
