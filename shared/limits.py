"""Limits on how often something may happen, counted exactly and in the transaction of what they limit.

A counter is a row per subject and span of time that expires by itself. Subjects are kept as keyed hashes only: a
network address and an e-mail address are personal data (GDPR, recital 30).
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from pynamodb.attributes import NumberAttribute

from shared.table import Item, Transaction


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` times in each span of time for one hashed subject. A transaction may count several, each once."""

    name: str
    subject: str
    most: int
    span: timedelta

    @property
    def label(self) -> str:
        """How a transaction tells it from the others."""
        return f"limit-{self.name}-{self.subject}"

    def window(self, now: datetime) -> int:
        """Return the number of the span that `now` lies in."""
        return int(now.timestamp() // self.span.total_seconds())

    def retry_after(self, now: datetime) -> int:
        """Return the whole seconds until the next span begins."""
        end = (self.window(now) + 1) * self.span.total_seconds()
        return max(1, math.ceil(end - now.timestamp()))


class LimitItem(Item):
    """How often it has happened in one span."""

    PERSONAL: ClassVar = frozenset({"pk"})

    times = NumberAttribute()


def count(transaction: Transaction, limit: Limit, *, now: datetime) -> None:
    """Count one more. The transaction fails with the limit's label when there were too many."""
    transaction.update(
        limit.label,
        LimitItem(f"LIMIT#{limit.name}#{limit.subject}#{limit.window(now)}", "LIMIT"),
        [LimitItem.times.add(1), LimitItem.expires_at.set(now + 2 * limit.span)],
        condition=LimitItem.times.does_not_exist() | (LimitItem.times < limit.most),
    )


def reached(labels: Collection[str], limits: Collection[Limit]) -> tuple[Limit, ...]:
    """Return the limits that made a transaction fail."""
    return tuple(limit for limit in limits if limit.label in labels)
