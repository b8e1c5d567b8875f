"""Facts leave in the transaction that makes them true.

A use case puts an outbox row beside the state it changes. The table's stream shows the row to `relay_outbox`, which
sends the fact to its queues and takes the row out of the `unsent` index. What a crash left there, `sweep_outbox` sends
again: at least once, in no promised order. Rows expire after seven days.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from pynamodb.attributes import UnicodeAttribute

from events.envelope import Envelope
from shared.table import Item, Transaction
from shared.time import utc_text

KEPT: Final = timedelta(days=7)
_UNSENT: Final = "unsent"
_AT_ONCE: Final = 100
"""The most items a transaction may hold."""


class OutboxItem(Item):
    """One fact on its way. `body` is the envelope as JSON."""

    body = UnicodeAttribute()

    @classmethod
    def of(cls, envelope: Envelope[Any]) -> "OutboxItem":
        """Return the row of a fact, not sent yet."""
        return cls(
            f"OUTBOX#{envelope.id}",
            "FACT",
            body=envelope.model_dump_json(),
            unsent=_UNSENT,
            created_at=utc_text(envelope.at),
            expires_at=envelope.at + KEPT,
        )


def announce(transaction: Transaction, envelope: Envelope[Any]) -> None:
    """Let the fact become known if, and only if, the transaction is written."""
    transaction.put("outbox", OutboxItem.of(envelope))


def mark_sent(fact_ids: Iterable[str]) -> None:
    """Take the rows of delivered facts out of the `unsent` index."""
    ids = iter(dict.fromkeys(fact_ids))
    while some := list(islice(ids, _AT_ONCE)):
        transaction = Transaction()
        for fact_id in some:
            transaction.update(fact_id, OutboxItem(f"OUTBOX#{fact_id}", "FACT"), [OutboxItem.unsent.remove()])
        transaction.commit()


def unsent_since(before: datetime) -> Iterator[str]:
    """Yield the facts that were announced before a moment and never marked as sent, oldest first, as JSON."""
    for row in OutboxItem.query(_UNSENT, OutboxItem.created_at < utc_text(before), index_name="unsent"):
        yield row.body
