"""What is known of mailboxes, in memory."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from shared.mailboxes.model import Mailbox, Suppression, Topic


class InMemoryMailboxStore:
    """Mailboxes in memory."""

    def __init__(self) -> None:
        self._kept: dict[str, Mailbox] = {}
        self._lifted: dict[str, datetime] = {}

    def many(self, persons: Collection[str]) -> Mapping[str, Mailbox]:
        return {person: self._kept[person] for person in persons if person in self._kept}

    def suppress(self, person: str, suppression: Suppression, *, now: datetime) -> bool:
        known = self._kept.get(person, Mailbox(person))
        if known.suppression is not None or self._lifted.get(person, suppression.since) > suppression.since:
            return False
        self._kept[person] = replace(known, suppression=suppression)
        return True

    def lift(self, person: str, *, now: datetime) -> bool:
        known = self._kept.get(person, Mailbox(person))
        if known.suppression is None:
            return False
        self._kept[person], self._lifted[person] = replace(known, suppression=None), now
        return True

    def choose(self, person: str, unwanted: frozenset[Topic], *, now: datetime) -> None:
        self._kept[person] = replace(self._kept.get(person, Mailbox(person)), unwanted=unwanted)

    def forget(self, person: str) -> None:
        """Know nothing of a mailbox any more."""
        self._kept.pop(person, None)
        self._lifted.pop(person, None)

    def suppressed(self) -> Iterable[Mailbox]:
        found = [(one.suppression.since, one) for one in self._kept.values() if one.suppression is not None]
        return [one for _, one in sorted(found, key=lambda each: each[0], reverse=True)]
