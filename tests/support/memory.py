"""Stores in memory. They refuse what the table refuses, which `tests/contract` holds them to."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from events.envelope import Envelope
from events.routes import QueueName
from shared.gatherings.model import (
    Gathering,
    GatheringChangedMeanwhile,
    GatheringNotFound,
    SlugTaken,
    State,
)
from shared.gatherings.ports import Page
from shared.gatherings.seating import Seats, opened, resized
from shared.limits import Limit
from shared.notify.model import FollowUp, MailId
from shared.registration import ports
from shared.registration.line import Party
from shared.registration.model import (
    KeyReused,
    Registration,
    RegistrationChangedMeanwhile,
    RegistrationNotFound,
    TooManyAttempts,
)
from shared.registration.ports import (
    Answers,
    Batch,
    Change,
    Occupied,
    Once,
    Overtaking,
    Receipt,
    Repeated,
    SeatsWere,
    Written,
)
from shared.time import utc_text

if TYPE_CHECKING:
    from tests.support.memory_mail import MailRow

MOST_WRITES: Final = 100
"""What a transaction may hold (TransactWriteItems)."""


@dataclass
class Memory:
    """What the stores of one test share, as they share the table."""

    gatherings: dict[str, Gathering] = field(default_factory=dict)
    slugs: dict[str, str] = field(default_factory=dict)
    seats: dict[str, Seats] = field(default_factory=dict)
    registrations: dict[tuple[str, str], Registration] = field(default_factory=dict)
    guards: dict[str, str] = field(default_factory=dict)
    parties: dict[tuple[str, int], Party] = field(default_factory=dict)
    receipts: dict[tuple[str, str], Receipt] = field(default_factory=dict)
    overtakings: dict[str, list[Overtaking]] = field(default_factory=lambda: defaultdict(list))
    keys: dict[str, tuple[str, Answers]] = field(default_factory=dict)
    counts: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    inbox: dict[tuple[QueueName, str], int] = field(default_factory=dict)
    mails: dict[MailId, "MailRow"] = field(default_factory=dict)
    turns: dict[tuple[str, date], MailId] = field(default_factory=dict)
    follow_ups: dict[FollowUp, MailId] = field(default_factory=dict)
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

    def many(self, ids: Collection[str]) -> dict[str, Gathering]:
        kept = self._memory.gatherings
        return {id: kept[id] for id in ids if id in kept}

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

    def save(self, before: Gathering, after: Gathering, facts: Sequence[Envelope[Any]], now: datetime) -> None:
        memory = self._memory
        kept = memory.gatherings.get(after.id)
        if kept is None or kept.version != before.version:
            raise GatheringChangedMeanwhile
        if before.state is after.state is State.PUBLISHED:
            move = resized(before, after, memory.seats[after.id], now)
            assert move.holds(memory.seats[after.id])
            memory.seats[after.id] = move.applied(memory.seats[after.id])
        elif after.state is State.PUBLISHED:
            memory.seats[after.id] = opened(after, now)
        elif before.state is State.PUBLISHED:
            memory.seats[after.id] = replace(memory.seats[after.id], open=False, next_rollover=None)
        memory.gatherings[after.id] = after
        memory.outbox += facts

    def of_programme(self, programme_id: str) -> tuple[Gathering, ...]:
        found = [one for one in self._memory.gatherings.values() if one.programme == programme_id]
        return tuple(sorted(found, key=lambda one: one.starts_at))

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

    def write(self, batch: Batch, *, now: datetime) -> ports.Outcome:
        memory = self._memory
        _check_writable(batch)
        if batch.once is not None and batch.once.key in memory.keys:
            return Repeated(self._answers_given(batch.once))
        self._refuse_too_many(batch.limits, now)
        if occupied := self._occupied(batch.changes):
            return Occupied(occupied)
        if not all(self._is_as_it_was(batch.gathering_id, batch)):
            raise RegistrationChangedMeanwhile
        seats = memory.seats.get(batch.gathering_id)
        if batch.move is not None and (seats is None or not batch.move.holds(seats)):
            return SeatsWere(seats)
        if batch.move is not None and seats is not None:
            memory.seats[batch.gathering_id] = batch.move.applied(seats)
        self._keep(batch, now)
        return Written()

    def get(self, gathering_id: str, registration_id: str) -> Registration:
        try:
            return self._memory.registrations[gathering_id, registration_id]
        except KeyError:
            raise RegistrationNotFound from None

    def many(self, keys: Sequence[tuple[str, str]]) -> dict[str, Registration]:
        kept = self._memory.registrations
        return {key[1]: kept[key] for key in keys if key in kept}

    def of_gathering(
        self, gathering_id: str, *, after: str | None, limit: int
    ) -> tuple[list[Registration], str | None]:
        ids = sorted(id for there, id in self._memory.registrations if there == gathering_id and id > (after or ""))
        found = [self.get(gathering_id, id) for id in ids[:limit]]
        return found, ids[limit - 1] if len(ids) > limit else None

    def of_person(self, person: str) -> tuple[Registration, ...]:
        found = [one for one in self._memory.registrations.values() if one.person == person]
        return tuple(sorted(found, key=lambda one: one.registered_at, reverse=True))

    def forget_former_address(self, gathering_id: str, registration_id: str) -> None:
        kept = self._memory.registrations.get((gathering_id, registration_id))
        if kept is not None and kept.former_email is not None:
            forgotten = replace(kept, former_email=None, version=kept.version + 1)
            self._memory.registrations[gathering_id, registration_id] = forgotten

    def seats(self, gathering_id: str) -> Seats | None:
        return self._memory.seats.get(gathering_id)

    def line(self, gathering_id: str) -> tuple[Party, ...]:
        found = [party for (there, _), party in self._memory.parties.items() if there == gathering_id]
        return tuple(sorted(found, key=lambda party: party.place))

    def party(self, gathering_id: str, place: int) -> Party | None:
        return self._memory.parties.get((gathering_id, place))

    def receipt(self, gathering_id: str, receipt_id: str) -> Receipt:
        try:
            return self._memory.receipts[gathering_id, receipt_id]
        except KeyError:
            raise RegistrationNotFound from None

    def overtakings(self, gathering_id: str) -> tuple[Overtaking, ...]:
        return tuple(sorted(self._memory.overtakings[gathering_id], key=lambda one: one.at))

    def due(self, until: datetime | None) -> Iterable[tuple[str, str]]:
        found = [
            (one.deadline, one.gathering_id, one.id)
            for one in self._memory.registrations.values()
            if one.deadline is not None and (until is None or one.deadline <= until)
        ]
        return [(gathering_id, id) for _, gathering_id, id in sorted(found)]

    def rolling_over(self, now: datetime) -> Iterable[str]:
        due = [(seats.next_rollover, id) for id, seats in self._memory.seats.items() if seats.next_rollover]
        return [id for moment, id in sorted(due) if moment <= now]

    def note_mail_problem(
        self, gathering_id: str, registration_id: str, problem: str, fact: Envelope[Any], *, now: datetime
    ) -> bool:
        memory, key = self._memory, (gathering_id, registration_id)
        applied = memory.inbox.get((QueueName.NOTE_MAIL_FAILURE, fact.subject), 0)
        if key not in memory.registrations or fact.subject_version <= applied:
            return False
        memory.inbox[QueueName.NOTE_MAIL_FAILURE, fact.subject] = fact.subject_version
        was = memory.registrations[key]
        memory.registrations[key] = replace(was, mail_problem=problem, version=was.version + 1)
        return True

    def note_mail_arrival(self, gathering_id: str, registration_id: str, fact: Envelope[Any], *, now: datetime) -> bool:
        memory, key = self._memory, (gathering_id, registration_id)
        if fact.subject_version <= memory.inbox.get((QueueName.NOTE_MAIL_FAILURE, fact.subject), 0):
            return False
        memory.inbox[QueueName.NOTE_MAIL_FAILURE, fact.subject] = fact.subject_version
        was = memory.registrations.get(key)
        if was is None or was.mail_problem != "unknown":
            return False
        memory.registrations[key] = replace(was, mail_problem=None, version=was.version + 1)
        return True

    def _answers_given(self, once: Once) -> Answers:
        body_hash, answers = self._memory.keys[once.key]
        if body_hash != once.body_hash:
            raise KeyReused
        return answers

    def _refuse_too_many(self, limits: Sequence[Limit], now: datetime) -> None:
        if hit := [limit for limit in limits if self._memory.counts[_span(limit, now)] >= limit.most]:
            raise TooManyAttempts(retry_after=max(limit.retry_after(now) for limit in hit))

    def _occupied(self, changes: Sequence[Change]) -> dict[str, str]:
        there = self._memory.guards
        wanted = {change.after.id: _guards(change)[1] for change in changes}
        return {id: there[guard] for id, guard in wanted.items() if guard is not None and guard in there}

    def _is_as_it_was(self, gathering_id: str, batch: Batch) -> Iterator[bool]:
        memory = self._memory
        for change in batch.changes:
            kept = memory.registrations.get((gathering_id, change.after.id))
            yield (kept and kept.version) == (change.before and change.before.version)
        for before, _ in batch.parties:
            if before is not None:
                party = memory.parties.get((gathering_id, before.place))
                yield party is not None and party.version == before.version

    def _keep(self, batch: Batch, now: datetime) -> None:
        memory, gathering_id = self._memory, batch.gathering_id
        for change in batch.changes:
            memory.registrations[gathering_id, change.after.id] = change.after
            gone, new = _guards(change)
            if gone is not None:
                del memory.guards[gone]
            if new is not None:
                memory.guards[new] = change.after.id
            memory.outbox += change.facts
        for before, after in batch.parties:
            if after is not None:
                memory.parties[gathering_id, after.place] = after
            elif before is not None:
                del memory.parties[gathering_id, before.place]
        if batch.receipt is not None:
            memory.receipts[gathering_id, batch.receipt.id] = batch.receipt
        if batch.overtaking is not None:
            memory.overtakings[gathering_id].append(batch.overtaking)
        if batch.once is not None:
            memory.keys[batch.once.key] = (batch.once.body_hash, batch.once.answers)
        memory.outbox += batch.facts
        memory.counts.update(_span(limit, now) for limit in batch.limits)


def _guards(change: Change) -> tuple[str | None, str | None]:
    """Return the guard that goes, and the one that comes."""
    was = change.before.guard if change.before is not None and change.before.status.is_live else None
    will_be = change.after.guard if change.after.status.is_live else None
    return (None, None) if was == will_be else (was, will_be)


def _check_writable(batch: Batch) -> None:
    """Refuse what no transaction may hold: too much, or the same row twice."""
    rows = [f"registration {change.after.id}" for change in batch.changes]
    rows += [f"guard {guard}" for change in batch.changes for guard in _guards(change) if guard is not None]
    rows += [f"place {one.place}" for before, after in batch.parties if (one := after or before) is not None]
    rows += [f"fact {fact.id}" for change in batch.changes for fact in change.facts]
    rows += [f"fact {fact.id}" for fact in batch.facts]
    rows += [f"limit {limit.name} {limit.subject}" for limit in batch.limits]
    rows += [f"left out {at}" for at in range(len(batch.receipt.left_out) if batch.receipt else 0)]
    others = (batch.receipt, batch.overtaking, batch.once, batch.move)
    assert len(rows) == len(set(rows)), "a transaction holds each row once"
    assert len(rows) + sum(one is not None for one in others) <= MOST_WRITES, "a transaction holds a hundred rows"


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


def _span(limit: Limit, now: datetime) -> tuple[str, str, int]:
    return limit.name, limit.subject, limit.window(now)
