"""Notices, and what is kept of people, in memory. They refuse what the table refuses, which `tests/contract` holds
them to."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from events.envelope import Envelope
from events.registration import LinksRequested, RoundOpened
from shared.erasure.model import Mail
from shared.erasure.ports import Done, Heir, Key
from shared.invitations.model import Invitation
from shared.limits import Limit
from shared.mailboxes.model import Mailbox
from shared.notices.model import Interest, LinksRequest
from shared.privacy.model import Group
from shared.privacy.tombstones import Tombstone
from shared.registration.model import Registration, TooManyAttempts
from shared.registration.ports import LeftOut
from tests.support.memory import Memory
from tests.support.memory_invitations import InMemoryInvitations
from tests.support.memory_mailboxes import InMemoryMailboxStore


class InMemoryNoticeStore:
    """Notices in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self.interests: dict[Key, Interest] = {}
        self.guards: dict[str, str] = {}
        self.requests: dict[str, LinksRequest] = {}

    def leave(self, interest: Interest, *, limits: Sequence[Limit], now: datetime) -> None:
        self._count(limits, now)
        id = self.guards.setdefault(interest.guard, interest.id)
        self.interests[interest.gathering_id, id] = replace(interest, id=id)

    def interest(self, gathering_id: str, interest_id: str) -> Interest | None:
        return self.interests.get((gathering_id, interest_id))

    def left_for(self, gathering_id: str) -> Iterable[Interest]:
        return [one for one in self.interests.values() if one.gathering_id == gathering_id]

    def due(self, now: datetime) -> Iterable[Key]:
        waiting = [(one.opens_at, key) for key, one in self.interests.items() if one.opens_at is not None]
        return [key for opens_at, key in sorted(waiting) if opens_at <= now]

    def retime(self, interest: Interest, opens_at: datetime) -> bool:
        return self._put(interest, opens_at)

    def ripen(self, interest: Interest, fact: Envelope[RoundOpened], *, now: datetime) -> bool:
        ripe = self._put(interest, None)
        if ripe:
            self._memory.outbox.append(fact)
        return ripe

    def drop(self, interest: Interest) -> bool:
        if not self._is_as_it_was(interest):
            return False
        del self.interests[interest.gathering_id, interest.id], self.guards[interest.guard]
        return True

    def forget(self, gathering_id: str, interest_id: str) -> None:
        interest = self.interest(gathering_id, interest_id)
        if interest is not None and interest.opens_at is None:
            self.drop(interest)

    def ask(
        self, request: LinksRequest, fact: Envelope[LinksRequested], *, limits: Sequence[Limit], now: datetime
    ) -> None:
        self._count(limits, now)
        self.requests[request.id] = request
        self._memory.outbox.append(fact)

    def request(self, request_id: str) -> LinksRequest | None:
        return self.requests.get(request_id)

    def forget_request(self, request_id: str) -> None:
        self.requests.pop(request_id, None)

    def _put(self, interest: Interest, opens_at: datetime | None) -> bool:
        if not self._is_as_it_was(interest):
            return False
        self.interests[interest.gathering_id, interest.id] = replace(interest, opens_at=opens_at)
        return True

    def _is_as_it_was(self, interest: Interest) -> bool:
        kept = self.interest(interest.gathering_id, interest.id)
        return kept is not None and kept.opens_at == interest.opens_at

    def _count(self, limits: Sequence[Limit], now: datetime) -> None:
        spans = {(one.name, one.subject, one.window(now)): one for one in limits}
        if hit := [one for span, one in spans.items() if self._memory.counts[span] >= one.most]:
            raise TooManyAttempts(retry_after=max(one.retry_after(now) for one in hit))
        self._memory.counts.update(spans.keys())


class InMemoryPersonalRows:
    """What is kept of people, in memory."""

    def __init__(self, memory: Memory, notices: InMemoryNoticeStore, invitations: InMemoryInvitations) -> None:
        self._memory = memory
        self._notices = notices
        self._invitations = invitations.kept
        self.mailboxes = InMemoryMailboxStore()
        self.tombstones: list[Tombstone] = []
        self._marks: dict[Key, frozenset[str]] = {}
        self._done: dict[str, dict[Group, date]] = {}

    def registrations(self, gathering_id: str) -> Iterable[Registration]:
        return [one for one in self._memory.registrations.values() if one.gathering_id == gathering_id]

    def marks(self, keys: Sequence[Key]) -> dict[Key, frozenset[str]]:
        return {key: self._marks[key] for key in keys if key in self._marks}

    def bury(self, one: Registration, tombstone: Tombstone, heir: Heir | None = None) -> bool:
        there, key = self._memory.registrations, (one.gathering_id, one.id)
        if key not in there or there[key].version != one.version:
            return False
        if heir is not None:
            later, marks = heir
            if (later.gathering_id, later.id) not in there:
                return False
            self._marks[later.gathering_id, later.id] = marks
        self._marks.pop(key, None)
        overtakings = self._memory.overtakings[one.gathering_id]
        overtakings[:] = [each for each in overtakings if each.id != one.id]
        del there[key]
        if one.status.is_live:
            del self._memory.guards[one.guard]
        self.tombstones.append(tombstone)
        return True

    def forget_needs(self, gathering_id: str) -> int:
        found = [one for one in self.registrations(gathering_id) if one.needs is not None]
        for one in found:
            kept = replace(one, needs=None, version=one.version + 1)
            self._memory.registrations[gathering_id, one.id] = kept
        return len(found)

    def forget_surroundings(self, gathering_id: str) -> None:
        memory = self._memory
        memory.overtakings.pop(gathering_id, None)
        for gathering, invitation_id in self._invitations:
            if gathering == gathering_id:
                self.forget_mails(invitation_id)
        for rows in (memory.receipts, memory.parties, self._invitations):
            _drop(rows, [key for key in rows if key[0] == gathering_id])

    def mails(self, about: str) -> list[Mail]:
        found = [
            Mail(mail.kind, row.tried_at, row.state, row.problem)
            for mail, row in self._memory.mails.items()
            if mail.subject_id == about
        ]
        return sorted(found, key=lambda mail: mail.at)

    def mailbox(self, person: str) -> Mailbox | None:
        return self.mailboxes.many([person]).get(person)

    def forget_mails(self, about: str) -> None:
        _drop(self._memory.mails, [mail for mail in self._memory.mails if about in mail.tag])

    def receipts(self, person: str) -> list[Key]:
        return [key for key, one in self._memory.receipts.items() if one.person == person]

    def left_out(self, person: str) -> list[tuple[str, LeftOut]]:
        kept = self._memory.receipts.items()
        return [(key[0], left) for key, one in kept for left in one.left_out if left.person == person]

    def interests(self, person: str) -> list[Key]:
        return [key for key, one in self._notices.interests.items() if one.person == person]

    def invitations(self, person: str) -> list[Invitation]:
        return [one for one in self._invitations.values() if one.person == person]

    def requests(self, person: str) -> list[str]:
        return [id for id, one in self._notices.requests.items() if one.person == person]

    def forget_person(self, person: str) -> None:
        invitations = [(one.gathering_id, one.id) for one in self.invitations(person)]
        keys = (*self.receipts(person), *self.interests(person), *invitations)
        for about in (*self.requests(person), *(id for _, id in keys)):
            self.forget_mails(about)
        for key in self.interests(person):
            self._notices.drop(self._notices.interests[key])
        _drop(self._notices.requests, self.requests(person))
        _drop(self._memory.receipts, self.receipts(person))
        for key, one in self._memory.receipts.items():
            left = tuple(left for left in one.left_out if left.person != person)
            self._memory.receipts[key] = replace(one, left_out=left)
        _drop(self._invitations, invitations)
        self.mailboxes.forget(person)

    def count(self, gathering_id: str, group: Group) -> int:
        match group:
            case Group.INTEREST:
                return len(list(self._notices.left_for(gathering_id)))
            case Group.NEEDS:
                return sum(one.needs is not None for one in self.registrations(gathering_id))
            case Group.PARTICIPATION:
                return len(list(self.registrations(gathering_id)))

    def done(self, gathering_ids: Sequence[str]) -> dict[str, Done]:
        return {id: dict(self._done[id]) for id in gathering_ids if id in self._done}

    def note_done(self, gathering_id: str, group: Group, on: date) -> None:
        self._done.setdefault(gathering_id, {})[group] = on


def _drop(rows: dict[Any, Any], keys: Iterable[Any]) -> None:
    for key in list(keys):
        del rows[key]
