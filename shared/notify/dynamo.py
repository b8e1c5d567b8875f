"""The mail ledger in the table."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist

from events.envelope import Envelope
from events.mail import MailFailed
from shared.ids import new_id
from shared.messaging.outbox import announce
from shared.notify.model import MOST_ATTEMPTS, SENDING_FOR, MailId, MailKind, MailProblem, MailState, Sent
from shared.notify.ports import Attempt, Claim
from shared.table import ConditionsFailed, Item, Transaction, patiently
from shared.time import utc_text

_DUE: Final = "MAIL"

KEPT: Final = timedelta(days=400)
"""How long it is remembered that a mail was sent: longer than any reason to send it again."""


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

    def may_be_sent(self) -> bool:
        """Whether an attempt is due: what was sent or may have been sent never is."""
        again = self.state == MailState.REFUSED and self.attempts < MOST_ATTEMPTS
        return self.state == MailState.PLANNED or again


class StillMoving(Exception):
    """The row changed while its problem was being noted: trouble, to be tried again."""


class DynamoLedger:
    """The mail ledger in DynamoDB."""

    def claim(self, mails: Sequence[MailId], *, now: datetime) -> list[Claim]:
        """Set the rows that may be sent to sending, all in one write, and return them.

        Rows are taken to be new until the store says otherwise: a repeat is the exception, and costs a second write.
        """
        seen: dict[MailId, MailItem] = {}
        wanted = list(mails)
        while wanted:
            rows = {mail: _next_attempt(mail, seen.get(mail), now) for mail in wanted}
            transaction = Transaction()
            for mail, row in rows.items():
                was = seen.get(mail)
                condition = MailItem.pk.does_not_exist() if was is None else MailItem.version == was.version
                transaction.put(mail.tag, row, condition=condition)
            try:
                transaction.commit()
            except ConditionsFailed as refused:
                seen |= {MailId.of_tag(tag): _row(raw) for tag, raw in refused.items.items()}
                wanted = [mail for mail in wanted if mail not in seen or seen[mail].may_be_sent()]
            else:
                return [Claim(mail, int(row.attempts), int(row.version)) for mail, row in rows.items()]
        return []

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
        rows = patiently(lambda: list(Item.query(_DUE, Item.due_at < utc_text(now), index_name="due")))
        for row in rows:
            yield self._get(row.pk, row.sk).mail()

    def give_up_on(self, mail: MailId, *, now: datetime, correlation_id: str) -> bool:
        """Set a mail that is still sending to unknown. Return False when it was settled meanwhile."""
        return self._trouble(mail, MailProblem.UNKNOWN, MailState.UNKNOWN, {MailState.SENDING}, now, correlation_id)

    def note(self, mail: MailId, problem: MailProblem, *, now: datetime, correlation_id: str) -> bool:
        """Note a problem with a mail that SES had taken: it was sent, whatever we believed.

        Return False on a repeat.
        """
        return self._trouble(mail, problem, MailState.SENT, set(MailState), now, correlation_id)

    def find(self, message_id: str) -> MailId | None:
        """Return the mail that SES gave this id, or None if there is none, or none yet."""
        rows = patiently(lambda: list(Item.query(message_id, limit=1, index_name="message_id")))
        return self._get(rows[0].pk, rows[0].sk).mail() if rows else None

    def of_subject(self, subject_id: str) -> list[MailId]:
        """Return the mails about a registration that may have arrived."""
        rows = patiently(lambda: list(MailItem.query(f"MAIL#{subject_id}", consistent_read=True)))
        return [row.mail() for row in rows if MailState(row.state).may_have_arrived]

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
    ) -> bool:
        try:
            row = self._get(*_key(mail))
        except DoesNotExist:
            return False
        known = MailProblem(row.problem) if row.problem else None
        if not problem.outranks(known) or row.state not in states:
            return False
        version = int(row.version) + 1
        transaction = Transaction()
        transaction.update(
            mail.tag,
            row,
            [
                MailItem.state.set(state),
                MailItem.version.set(version),
                MailItem.problem.set(problem),
                MailItem.due.remove(),
                MailItem.due_at.remove(),
            ],
            condition=MailItem.version == row.version,
        )
        _make_known(transaction, mail, problem, version, now, correlation_id)
        try:
            transaction.commit()
        except ConditionsFailed:
            # Somebody settled the row between our reading and writing; the report is delivered again.
            raise StillMoving from None
        return True


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
    actions = [
        MailItem.state.set(settlement.state),
        MailItem.version.set(version),
        MailItem.due.remove(),
        MailItem.due_at.remove(),
    ]
    if isinstance(attempt.outcome, Sent):
        actions.append(MailItem.message_id.set(attempt.outcome.message_id))
    if settlement.problem is not None:
        actions.append(MailItem.problem.set(settlement.problem))
        _make_known(transaction, claim.mail, settlement.problem, version, now, attempt.correlation_id)
    transaction.update(
        claim.mail.tag, MailItem(*_key(claim.mail)), actions, condition=MailItem.version == claim.version
    )


def _make_known(
    transaction: Transaction, mail: MailId, problem: MailProblem, version: int, now: datetime, correlation_id: str
) -> None:
    """Announce that a person was not reached. Of other mails the row alone knows: there is no registration to mark."""
    if not mail.kind.is_to_participant:
        return
    failed = MailFailed(
        registration_id=mail.subject_id, gathering_id=mail.gathering_id, kind=mail.kind, problem=problem.value
    )
    announce(
        transaction,
        Envelope[MailFailed].of(
            failed, id=new_id(), subject=mail.tag, subject_version=version, at=now, correlation_id=correlation_id
        ),
    )


def _key(mail: MailId) -> tuple[str, str]:
    return f"MAIL#{mail.subject_id}", f"{mail.kind}#{mail.occurrence}"


def _row(raw_item: Mapping[str, Any]) -> MailItem:
    return MailItem.from_raw_data(dict(raw_item))
