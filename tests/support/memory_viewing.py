"""Counts of views in memory, under the conditions of the table."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from shared.limits import Limit
from shared.registration.model import TooManyAttempts
from shared.viewing.model import Count, Viewing


class InMemoryViewStore:
    """Counts in memory."""

    def __init__(self) -> None:
        self._views: dict[tuple[str, str], Counter[Viewing]] = {}
        self._spans: Counter[tuple[str, str, int]] = Counter()

    def add(self, webinar: str, viewing: Viewing, month: str, *, limit: Limit, now: datetime) -> None:
        span = limit.name, limit.subject, limit.window(now)
        if self._spans[span] >= limit.most:
            raise TooManyAttempts(retry_after=limit.retry_after(now))
        self._spans[span] += 1
        self._views.setdefault((month, webinar), Counter())[viewing] += 1

    def counted(self, since: str | None, until: str) -> Iterator[Count]:
        for (month, webinar), views in sorted(self._views.items()):
            if (since is None or since <= month) and month <= until:
                yield Count(month, webinar, views[Viewing.PLAY], views[Viewing.COMPLETE])
