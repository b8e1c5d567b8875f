"""Counts of views in the table: one partition, since all there is of a period is always read together."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from pynamodb.attributes import NumberAttribute

from shared.limits import Limit, count
from shared.registration.model import TooManyAttempts
from shared.table import ConditionsFailed, Item, Transaction, patiently
from shared.viewing.model import Count, Viewing

VIEWS: Final = "VIEWS"


class ViewsItem(Item):
    """How often a webinar was played, and watched to its end, in a month."""

    plays = NumberAttribute(default=0)
    completed = NumberAttribute(default=0)


_COUNTERS: Final = {Viewing.PLAY: ViewsItem.plays, Viewing.COMPLETE: ViewsItem.completed}


class DynamoViewStore:
    """Counts in DynamoDB."""

    def add(self, webinar: str, viewing: Viewing, month: str, *, limit: Limit, now: datetime) -> None:
        """Count one more, against the limit. Raise TooManyAttempts."""
        transaction = Transaction()
        transaction.update("views", ViewsItem(VIEWS, f"{month}#{webinar}"), [_COUNTERS[viewing].add(1)])
        count(transaction, limit, now=now)
        try:
            transaction.commit()
        except ConditionsFailed as refused:
            raise TooManyAttempts(retry_after=limit.retry_after(now)) from refused

    def counted(self, since: str | None, until: str) -> Iterator[Count]:
        """Yield what was counted from one month until another, both included; with None, from the first."""
        last = f"{until}#~"
        within = ViewsItem.sk <= last if since is None else ViewsItem.sk.between(since, last)
        for row in patiently(lambda: list(ViewsItem.query(VIEWS, within))):
            month, _, webinar = row.sk.partition("#")
            yield Count(month, webinar, int(row.plays), int(row.completed))
