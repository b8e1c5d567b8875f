"""The mail ledger, the post and its addresses in memory, as `tests/support/memory.py` keeps the rest."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from events.envelope import C, Envelope
from events.mail import MailArrived, MailFailed
from events.messages import MailReleased
from shared.ids import new_id
from shared.notices.model import Interest, LinksRequest
from shared.notify.model import (
    MOST_ATTEMPTS,
    SENDING_FOR,
    FollowUp,
    MailId,
    MailProblem,
    MailState,
    Outcome,
    Row,
    Sent,
    Turn,
)
from shared.notify.ports import NO_FOLLOW_UPS, NO_TURNS, Attempt, Claim
from tests.support.memory import Memory


@dataclass
class MailRow:
    """A mail's row."""

    state: MailState
    version: int
    attempts: int
    tried_at: datetime
    due_at: datetime | None = None
    problem: MailProblem | None = None
    message_id: str | None = None

    def may_be_sent(self) -> bool:
        """Whether an attempt is due."""
        again = self.state is MailState.REFUSED and self.attempts < MOST_ATTEMPTS
        return self.state is MailState.PLANNED or again


class InMemoryLedger:
    """The mail ledger in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def claim(
        self,
        mails: Sequence[MailId],
        *,
        now: datetime,
        turns: Mapping[MailId, Turn] = NO_TURNS,
        follow_ups: Mapping[MailId, FollowUp] = NO_FOLLOW_UPS,
    ) -> list[Claim]:
        claims = []
        for mail in mails:
            was = self._memory.mails.get(mail)
            if was is not None and not was.may_be_sent():
                continue
            if mail in follow_ups and self._memory.follow_ups.setdefault(follow_ups[mail], mail) != mail:
                continue
            if mail in turns and self._memory.turns.setdefault(_of_day(turns[mail]), mail) != mail:
                version = was.version + 1 if was else 1
                due_at = turns[mail].next_at
                self._memory.mails[mail] = MailRow(MailState.WAITING, version, 1, now, due_at=due_at)
                continue
            version = was.version + 1 if was else 1
            attempts = was.attempts + (was.state is MailState.REFUSED) if was else 1
            self._memory.mails[mail] = MailRow(MailState.SENDING, version, attempts, now, due_at=now + SENDING_FOR)
            claims.append(Claim(mail, attempts, version))
        return claims

    def close(self, attempts: Sequence[Attempt], *, now: datetime) -> None:
        for attempt in attempts:
            row = self._memory.mails[attempt.claim.mail]
            if row.version != attempt.claim.version:
                continue
            self._change(row, attempt.settlement.state)
            if isinstance(attempt.outcome, Sent):
                row.message_id = attempt.outcome.message_id
            if attempt.settlement.problem is not None:
                self._fail(attempt.claim.mail, row, attempt.settlement.problem, now, attempt.correlation_id)

    def overdue(self, now: datetime) -> Iterable[MailId]:
        return self._due(MailState.SENDING, now)

    def waited(self, now: datetime) -> Iterable[MailId]:
        return self._due(MailState.WAITING, now)

    def release(self, mail: MailId, states: Collection[MailState], *, now: datetime, correlation_id: str) -> bool:
        row = self._memory.mails.get(mail)
        if row is None or row.state not in states:
            return False
        self._change(row, MailState.PLANNED)
        row.problem, row.attempts = None, 1
        released = MailReleased(
            registration_id=mail.subject_id, gathering_id=mail.gathering_id, kind=mail.kind, occurrence=mail.occurrence
        )
        self._announce(mail, row, released, now, correlation_id)
        return True

    def give_up_on(self, mail: MailId, *, now: datetime, correlation_id: str) -> bool:
        row = self._memory.mails.get(mail)
        if row is None or row.state is not MailState.SENDING or not MailProblem.UNKNOWN.outranks(row.problem):
            return False
        self._change(row, MailState.UNKNOWN)
        self._fail(mail, row, MailProblem.UNKNOWN, now, correlation_id)
        return True

    def note(
        self, mail: MailId, problem: MailProblem, *, for_good: bool = False, now: datetime, correlation_id: str
    ) -> bool:
        row = self._memory.mails.get(mail)
        if row is None or not problem.outranks(row.problem):
            return False
        self._change(row, MailState.SENT)
        self._fail(mail, row, problem, now, correlation_id, for_good=for_good)
        return True

    def arrive(self, mail: MailId, *, now: datetime, correlation_id: str) -> bool:
        row = self._memory.mails.get(mail)
        if row is None or not row.state.can_arrive or row.problem not in (None, MailProblem.UNKNOWN):
            return False
        nobody_knew, row.problem = row.state is MailState.UNKNOWN, None
        self._change(row, MailState.DELIVERED)
        if nobody_knew and mail.kind.is_to_participant:
            arrived = MailArrived(registration_id=mail.subject_id, gathering_id=mail.gathering_id, kind=mail.kind)
            self._announce(mail, row, arrived, now, correlation_id)
        return True

    def withhold(self, mails: Mapping[MailId, MailState], *, now: datetime) -> None:
        for mail, why in mails.items():
            was = self._memory.mails.get(mail)
            if was is None or was.may_be_sent():
                self._memory.mails[mail] = MailRow(why, was.version + 1 if was else 1, 1, now)

    def find(self, message_id: str) -> MailId | None:
        return next((mail for mail, row in self._memory.mails.items() if row.message_id == message_id), None)

    def of_subject(self, subject_id: str) -> list[MailId]:
        rows = self._memory.mails.items()
        return [mail for mail, row in rows if mail.subject_id == subject_id and row.state.may_have_arrived]

    def history(self, subject_id: str) -> list[Row]:
        found = [
            Row(mail, row.state, row.problem, row.tried_at, row.due_at if row.state is MailState.WAITING else None)
            for mail, row in self._memory.mails.items()
            if mail.subject_id == subject_id
        ]
        return sorted(found, key=lambda one: one.at, reverse=True)

    def _due(self, state: MailState, now: datetime) -> list[MailId]:
        rows = self._memory.mails.items()
        due = [(row.due_at, mail) for mail, row in rows if row.state is state and row.due_at and row.due_at < now]
        return [mail for _, mail in sorted(due, key=lambda one: one[0])]

    def _change(self, row: MailRow, state: MailState) -> None:
        row.state, row.version, row.due_at = state, row.version + 1, None

    def _fail(
        self,
        mail: MailId,
        row: MailRow,
        problem: MailProblem,
        now: datetime,
        correlation_id: str,
        *,
        for_good: bool = False,
    ) -> None:
        row.problem = problem
        if not mail.kind.is_to_participant:
            return
        failed = MailFailed(
            registration_id=mail.subject_id,
            gathering_id=mail.gathering_id,
            kind=mail.kind,
            problem=problem.value,
            for_good=for_good,
        )
        self._announce(mail, row, failed, now, correlation_id)

    def _announce(self, mail: MailId, row: MailRow, data: C, now: datetime, correlation_id: str) -> None:
        self._memory.outbox.append(
            Envelope[C].of(
                data,
                id=new_id(),
                subject=mail.tag,
                subject_version=row.version,
                at=now,
                correlation_id=correlation_id,
            )
        )


def _of_day(turn: Turn) -> tuple[str, date]:
    return turn.person, turn.day


class InMemoryMailer:
    """Takes every mail, unless the next outcomes were decided beforehand."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.sent: list[tuple[str, bytes]] = []
        self.asked: list[MailId] = []

    def send(self, message: bytes, *, recipient: str, mail: MailId) -> Outcome:
        self.asked.append(mail)
        outcome = self.outcomes.pop(0) if self.outcomes else Sent(f"message-{len(self.asked)}")
        if isinstance(outcome, Sent):
            self.sent.append((recipient, message))
        return outcome


class InMemoryNotices:
    """Addresses that get one mail."""

    def __init__(self) -> None:
        self.interests: dict[tuple[str, str], Interest] = {}
        self.requests: dict[str, LinksRequest] = {}

    def interest(self, gathering_id: str, interest_id: str) -> Interest | None:
        return self.interests.get((gathering_id, interest_id))

    def forget(self, gathering_id: str, interest_id: str) -> None:
        self.interests.pop((gathering_id, interest_id), None)

    def request(self, request_id: str) -> LinksRequest | None:
        return self.requests.get(request_id)

    def forget_request(self, request_id: str) -> None:
        self.requests.pop(request_id, None)
