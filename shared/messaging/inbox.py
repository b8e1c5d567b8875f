"""Facts take effect once and never backwards.

A consumer whose effect is not idempotent by itself puts `apply_newer` into the transaction of the effect: the row
remembers the newest version of the subject that this consumer has applied.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

from pynamodb.attributes import NumberAttribute

from events.envelope import Envelope
from events.routes import QueueName
from shared.table import ConditionsFailed, Item, Transaction

KEPT: Final = timedelta(days=30)
"""Longer than a fact can be on its way: outbox 7 days, queue and dead letters 14 each."""

LABEL: Final = "inbox"


class InboxItem(Item):
    """The newest version of one subject that one consumer has applied."""

    subject_version = NumberAttribute()


def pass_over(consumer: QueueName, envelope: Envelope[Any], *, now: datetime) -> None:
    """Let facts older than this one have no effect either, which has none itself."""
    transaction = Transaction()
    apply_newer(transaction, consumer, envelope, now=now)
    with suppress(ConditionsFailed):
        transaction.commit()


def apply_newer(transaction: Transaction, consumer: QueueName, envelope: Envelope[Any], *, now: datetime) -> None:
    """Let the transaction fail with the label `inbox` unless the fact is newer than what the consumer has applied."""
    transaction.update(
        LABEL,
        InboxItem(f"INBOX#{consumer}#{envelope.subject}", "SUBJECT"),
        [
            InboxItem.subject_version.set(envelope.subject_version),
            InboxItem.expires_at.set(now + KEPT),
        ],
        condition=InboxItem.subject_version.does_not_exist() | (InboxItem.subject_version < envelope.subject_version),
    )
