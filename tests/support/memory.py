"""Stores in memory. They refuse what the table refuses, which `tests/contract` holds them to."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from events.envelope import Envelope
from events.mail import MailFailed
from events.routes import QueueName
from shared import seats
from shared.gatherings.model import (
    CapacityTaken,
    Gathering,
    GatheringChangedMeanwhile,
    GatheringNotFound,
    SlugTaken,
    State,
)
from shared.gatherings.ports import Page
from shared.ids import new_id
from shared.libraries.model import Library, LibraryExists
from shared.limits import Limit
from shared.notify.model import MOST_ATTEMPTS, SENDING_FOR, MailId, MailProblem, MailState, Outcome, Sent
from shared.notify.ports import Attempt, Claim
from shared.refusals import StoreUnavailable
from shared.registration.model import (
    GatheringFull,
    KeyReused,
    Registration,
    RegistrationClosed,
    RegistrationNotFound,
    Status,
    TooManyAttempts,
)
from shared.registration.ports import Answer, GatheringMoved, Once, SomebodyThere, Taken
from shared.time import utc_text


@dataclass
class Seats:
    """A gathering's seats."""

    version: int
    left: dict[str, int]
    open: bool = True


@dataclass
class Memory:
    """What the stores of one test share, as they share the table."""

    gatherings: dict[str, Gathering] = field(default_factory=dict)
    slugs: dict[str, str] = field(default_factory=dict)
    seats: dict[str, Seats] = field(default_factory=dict)
    registrations: dict[tuple[str, str], Registration] = field(default_factory=dict)
    guards: dict[str, str] = field(default_factory=dict)
    keys: dict[str, tuple[str, Answer]] = field(default_factory=dict)
    counts: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    inbox: dict[tuple[QueueName, str], int] = field(default_factory=dict)
    mails: dict[MailId, "MailRow"] = field(default_factory=dict)
    outbox: list[Envelope[Any]] = field(default_factory=list)


class InMemoryGatheringStore:
    """Gatherings in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def get(self, gathering_id: str) -> Gathering:
        try:
            return self._memory.gatherings[gathering_id]
        except KeyError:
            raise GatheringNotFound from None

    def id_of(self, slug: str) -> str:
        try:
            return self._memory.slugs[slug]
        except KeyError:
            raise GatheringNotFound from None

    def create(self, gathering: Gathering) -> None:
        if gathering.slug in self._memory.slugs or gathering.id in self._memory.gatherings:
            raise SlugTaken
        self._memory.slugs[gathering.slug] = gathering.id
        self._memory.gatherings[gathering.id] = gathering

    def save(self, before: Gathering, after: Gathering, fact: Envelope[Any] | None) -> None:
        memory = self._memory
        kept = memory.gatherings.get(after.id)
        if kept is None or kept.version != before.version:
            raise GatheringChangedMeanwhile
        if before.state is State.DRAFT and after.state is State.PUBLISHED:
            memory.seats[after.id] = Seats(after.version, _sizes(after))
        elif after.state is State.PUBLISHED:
            was, become = _sizes(before), _sizes(after)
            left = {pool: count + become[pool] - was[pool] for pool, count in memory.seats[after.id].left.items()}
            if any(left[pool] < 0 and become[pool] < was[pool] for pool in left):
                raise CapacityTaken
            memory.seats[after.id] = Seats(after.version, left)
        elif before.state is State.PUBLISHED:
            memory.seats[after.id].open = False
        memory.gatherings[after.id] = after
        if fact is not None:
            memory.outbox.append(fact)

    def listed(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        latest_first: bool = False,
        after: str | None = None,
        limit: int = 100,
    ) -> Page:
        low = utc_text(since) if since else "0"
        high = utc_text(until) if until else "9"
        if after is not None:
            low, high = (low, after) if latest_first else (after, high)
        by_key = {f"{utc_text(one.starts_at)}#{one.id}": one for one in self._memory.gatherings.values()}
        keys = sorted((key for key in by_key if low <= key <= high and key != after), reverse=latest_first)
        shown = keys[:limit]
        return Page(tuple(by_key[key] for key in shown), shown[-1] if len(keys) > limit else None)


class InMemoryRegistrationStore:
    """Registrations in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def take_seat(
        self,
        registration: Registration,
        fact: Envelope[Any],
        *,
        guard: str,
        gathering_version: int,
        once: Once,
        limits: Sequence[Limit],
        now: datetime,
    ) -> Taken | SomebodyThere | GatheringMoved:
        memory = self._memory
        if once.key in memory.keys:
            return Taken(self._answer_given(once))
        self._refuse_too_many(limits, now)
        if guard in memory.guards:
            return SomebodyThere(memory.guards[guard])
        there = memory.seats.get(registration.gathering_id)
        if there is None or not there.open:
            raise RegistrationClosed
        if there.version != gathering_version:
            return GatheringMoved()
        if any(there.left[pool] < 1 for pool in registration.pools):
            raise GatheringFull
        for pool in registration.pools:
            there.left[pool] -= 1
        answer = Answer(registration.id, registration.status)
        memory.registrations[registration.gathering_id, registration.id] = registration
        memory.guards[guard] = registration.id
        self._keep(once, answer, fact, limits, now)
        return Taken(answer)

    def ask_for_link(
        self, answer: Answer, fact: Envelope[Any], *, once: Once, limits: Sequence[Limit], now: datetime
    ) -> Answer:
        if once.key in self._memory.keys:
            return self._answer_given(once)
        self._refuse_too_many(limits, now)
        self._keep(once, answer, fact, limits, now)
        return answer

    def get(self, gathering_id: str, registration_id: str) -> Registration:
        try:
            return self._memory.registrations[gathering_id, registration_id]
        except KeyError:
            raise RegistrationNotFound from None

    def many(self, keys: Sequence[tuple[str, str]]) -> dict[str, Registration]:
        kept = self._memory.registrations
        return {key[1]: kept[key] for key in keys if key in kept}

    def give_back(self, before: Registration, after: Registration, fact: Envelope[Any]) -> None:
        memory = self._memory
        kept = self.get(before.gathering_id, before.id)
        if kept.version != before.version:
            assert kept.status is Status.CANCELLED
            return
        # Only what a cancellation changes: a mail problem noted meanwhile stays.
        memory.registrations[before.gathering_id, before.id] = replace(
            kept, status=after.status, version=after.version, cancelled_at=after.cancelled_at
        )
        memory.guards = {guard: id for guard, id in memory.guards.items() if id != before.id}
        for pool in before.pools:
            memory.seats[before.gathering_id].left[pool] += 1
        memory.outbox.append(fact)

    def note_mail_problem(
        self, gathering_id: str, registration_id: str, problem: str, fact: Envelope[Any], *, now: datetime
    ) -> bool:
        memory, key = self._memory, (gathering_id, registration_id)
        applied = memory.inbox.get((QueueName.NOTE_MAIL_FAILURE, fact.subject), 0)
        if key not in memory.registrations or fact.subject_version <= applied:
            return False
        memory.inbox[QueueName.NOTE_MAIL_FAILURE, fact.subject] = fact.subject_version
        memory.registrations[key] = replace(memory.registrations[key], mail_problem=problem)
        return True

    def _answer_given(self, once: Once) -> Answer:
        body_hash, answer = self._memory.keys[once.key]
        if body_hash != once.body_hash:
            raise KeyReused
        return answer

    def _refuse_too_many(self, limits: Sequence[Limit], now: datetime) -> None:
        if hit := [limit for limit in limits if self._memory.counts[_span(limit, now)] >= limit.most]:
            raise TooManyAttempts(retry_after=max(limit.retry_after(now) for limit in hit))

    def _keep(self, once: Once, answer: Answer, fact: Envelope[Any], limits: Sequence[Limit], now: datetime) -> None:
        self._memory.counts.update(_span(limit, now) for limit in limits)
        self._memory.keys[once.key] = (once.body_hash, answer)
        self._memory.outbox.append(fact)


@dataclass
class MailRow:
    """A mail's row."""

    state: MailState
    version: int
    attempts: int
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

    def claim(self, mails: Sequence[MailId], *, now: datetime) -> list[Claim]:
        claims = []
        for mail in mails:
            was = self._memory.mails.get(mail)
            if was is not None and not was.may_be_sent():
                continue
            version = was.version + 1 if was else 1
            attempts = was.attempts + (was.state is MailState.REFUSED) if was else 1
            self._memory.mails[mail] = MailRow(MailState.SENDING, version, attempts, due_at=now + SENDING_FOR)
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
        due = [(row.due_at, mail) for mail, row in self._memory.mails.items() if row.due_at and row.due_at < now]
        return [mail for _, mail in sorted(due, key=lambda one: one[0])]

    def give_up_on(self, mail: MailId, *, now: datetime, correlation_id: str) -> bool:
        row = self._memory.mails.get(mail)
        if row is None or row.state is not MailState.SENDING or not MailProblem.UNKNOWN.outranks(row.problem):
            return False
        self._change(row, MailState.UNKNOWN)
        self._fail(mail, row, MailProblem.UNKNOWN, now, correlation_id)
        return True

    def note(self, mail: MailId, problem: MailProblem, *, now: datetime, correlation_id: str) -> bool:
        row = self._memory.mails.get(mail)
        if row is None or not problem.outranks(row.problem):
            return False
        self._change(row, MailState.SENT)
        self._fail(mail, row, problem, now, correlation_id)
        return True

    def find(self, message_id: str) -> MailId | None:
        return next((mail for mail, row in self._memory.mails.items() if row.message_id == message_id), None)

    def _change(self, row: MailRow, state: MailState) -> None:
        row.state, row.version, row.due_at = state, row.version + 1, None

    def _fail(self, mail: MailId, row: MailRow, problem: MailProblem, now: datetime, correlation_id: str) -> None:
        row.problem = problem
        failed = MailFailed(
            registration_id=mail.registration_id, gathering_id=mail.gathering_id, kind=mail.kind, problem=problem.value
        )
        self._memory.outbox.append(
            Envelope[MailFailed].of(
                failed,
                id=new_id(),
                subject=mail.tag,
                subject_version=row.version,
                at=now,
                correlation_id=correlation_id,
            )
        )


class InMemoryLibraryStore:
    """Libraries in memory. It is away while `away` is set."""

    def __init__(self) -> None:
        self.kept: dict[str, Library] = {}
        self.away = False
        self.asked = 0

    def all(self) -> Iterable[Library]:
        self.asked += 1
        if self.away:
            raise StoreUnavailable
        return list(self.kept.values())

    def add(self, library: Library) -> None:
        if library.id in self.kept:
            raise LibraryExists
        self.kept[library.id] = library

    def save(self, library: Library) -> None:
        self.kept[library.id] = library


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


class InMemoryQueues:
    """Queues in memory. Those in `full` take nothing."""

    def __init__(self) -> None:
        self.letters: dict[QueueName, list[str]] = defaultdict(list)
        self.full: set[QueueName] = set()

    def send(self, letters: Iterable[tuple[QueueName, str, str]]) -> set[str]:
        failed = set()
        for queue, fact_id, body in letters:
            if queue in self.full:
                failed.add(fact_id)
            else:
                self.letters[queue].append(body)
        return failed

    def take(self, queue: QueueName) -> list[str]:
        """Return what is on a queue, and leave nothing."""
        return self.letters.pop(queue, [])


def _sizes(gathering: Gathering) -> dict[str, int]:
    return {pool: seats.UNLIMITED if size is None else size for pool, size in gathering.pools().items()}


def _span(limit: Limit, now: datetime) -> tuple[str, str, int]:
    return limit.name, limit.subject, limit.window(now)


def counted(memory: Memory, gathering_id: str) -> Mapping[str, int]:
    """Return the seats left by pool."""
    return memory.seats[gathering_id].left if gathering_id in memory.seats else {}
