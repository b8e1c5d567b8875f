"""What is known of mailboxes, in the table."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, ClassVar, Final

from pynamodb.attributes import ListAttribute, UnicodeAttribute

from shared.mailboxes.model import KEPT, Mailbox, Reason, Suppression, Topic
from shared.table import ConditionsFailed, Item, Transaction, patiently
from shared.time import utc_moment, utc_text

DUE: Final = "SUPPRESSED"
"""The part of the index `due` where those lie that get no mail, by when that began."""

AT_ONCE: Final = 100
"""The most that a batch may ask for."""


class MailboxItem(Item):
    """What is known of a mailbox: in the index `due` while it gets no mail."""

    PERSONAL: ClassVar = frozenset({"pk", "person", "unwanted"})

    reason = UnicodeAttribute(null=True)
    gathering_id = UnicodeAttribute(null=True)
    registration_id = UnicodeAttribute(null=True)
    lifted_at = UnicodeAttribute(null=True)
    unwanted: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)

    def to_domain(self) -> Mailbox:
        """Return what is known."""
        suppression = None
        if self.reason is not None:
            since = utc_moment(str(self.due_at))
            suppression = Suppression(Reason(self.reason), since, str(self.gathering_id), str(self.registration_id))
        unwanted = frozenset(map(Topic, self.unwanted or ()))
        return Mailbox(self.pk.removeprefix("MAILBOX#"), suppression, unwanted)


class DynamoMailboxStore:
    """What is known of mailboxes, in DynamoDB."""

    def many(self, persons: Collection[str]) -> dict[str, Mailbox]:
        """Return what is known of at most a hundred people's mailboxes. Those that nothing is known of are left out."""
        keys = [_key(person) for person in sorted(persons)]
        rows = patiently(lambda: list(MailboxItem.batch_get(keys))) if keys else []
        return {one.person: one for one in (row.to_domain() for row in rows)}

    def suppress(self, person: str, suppression: Suppression, *, now: datetime) -> bool:
        """Let a mailbox get no more mail. Return False when it gets none, or that was put right since."""
        transaction = Transaction()
        since = utc_text(suppression.since)
        transaction.update(
            "mailbox",
            MailboxItem(*_key(person)),
            [
                MailboxItem.person.set(person),
                MailboxItem.reason.set(suppression.reason),
                MailboxItem.gathering_id.set(suppression.gathering_id),
                MailboxItem.registration_id.set(suppression.registration_id),
                MailboxItem.due.set(DUE),
                MailboxItem.due_at.set(since),
                MailboxItem.expires_at.set(now + KEPT),
            ],
            condition=MailboxItem.reason.does_not_exist()
            & (MailboxItem.lifted_at.does_not_exist() | (MailboxItem.lifted_at < since)),
        )
        return _done(transaction)

    def lift(self, person: str, *, now: datetime) -> bool:
        """Let a mailbox get mail again. Return False when it does."""
        transaction = Transaction()
        transaction.update(
            "mailbox",
            MailboxItem(*_key(person)),
            [
                MailboxItem.reason.remove(),
                MailboxItem.gathering_id.remove(),
                MailboxItem.registration_id.remove(),
                MailboxItem.due.remove(),
                MailboxItem.due_at.remove(),
                MailboxItem.lifted_at.set(utc_text(now)),
                MailboxItem.expires_at.set(now + KEPT),
            ],
            condition=MailboxItem.reason.exists(),
        )
        return _done(transaction)

    def choose(self, person: str, unwanted: frozenset[Topic], *, now: datetime) -> None:
        """Keep what somebody does not want to get."""
        transaction = Transaction()
        actions = [
            MailboxItem.person.set(person),
            MailboxItem.unwanted.set(sorted(unwanted)),
            MailboxItem.expires_at.set(now + KEPT),
        ]
        transaction.update("mailbox", MailboxItem(*_key(person)), actions)
        transaction.commit()

    def suppressed(self) -> Iterable[Mailbox]:
        """Yield the mailboxes that get no mail, the latest first."""
        rows = patiently(lambda: list(Item.query(DUE, index_name="due", scan_index_forward=False)))
        persons = [row.pk.removeprefix("MAILBOX#") for row in rows]
        for at in range(0, len(persons), AT_ONCE):
            some = persons[at : at + AT_ONCE]
            found = self.many(some)
            yield from (found[person] for person in some if person in found and found[person].suppression is not None)


def _done(transaction: Transaction) -> bool:
    try:
        transaction.commit()
    except ConditionsFailed:
        return False
    return True


def _key(person: str) -> tuple[str, str]:
    return f"MAILBOX#{person}", "MAILBOX"
