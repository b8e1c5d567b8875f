"""Webinars and their files in memory, under the conditions of the table and the bucket."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from events.envelope import Envelope
from shared.webinars.model import Webinar, WebinarChangedMeanwhile, WebinarNotFound, WebinarSlugTaken
from shared.webinars.ports import WebinarPage


class InMemoryWebinarStore:
    """Webinars in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, Webinar] = {}
        self.facts: list[Envelope[Any]] = []

    def get(self, webinar_id: str) -> Webinar:
        if webinar_id not in self.kept:
            raise WebinarNotFound
        return self.kept[webinar_id]

    def create(self, webinar: Webinar) -> None:
        if webinar.id in self.kept:
            raise WebinarChangedMeanwhile
        if webinar.slug in {one.slug for one in self.kept.values()}:
            raise WebinarSlugTaken
        self.kept[webinar.id] = webinar

    def save(self, before: Webinar, after: Webinar, facts: Sequence[Envelope[Any]]) -> None:
        if self.kept[before.id].version != before.version:
            raise WebinarChangedMeanwhile
        self.kept[after.id] = after
        self.facts += facts

    def listed(self, *, after: str | None = None, limit: int = 100) -> WebinarPage:
        places = {f"{one.held_on.isoformat()}#{one.id}": one for one in self.kept.values()}
        wanted = sorted((place for place in places if after is None or place < after), reverse=True)
        shown = wanted[:limit]
        return WebinarPage(tuple(places[place] for place in shown), shown[-1] if len(wanted) > limit else None)

    def every(self) -> Iterator[Webinar]:
        yield from list(self.kept.values())

    def due(self, now: datetime) -> Iterator[str]:
        yield from [one.id for one in self.kept.values() if one.publish_at is not None and one.publish_at <= now]


class InMemoryFiles:
    """Files in memory, by key, each with its content type."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[bytes, str]] = {}

    def put(self, key: str, content: bytes, content_type: str) -> None:
        self.kept[key] = (content, content_type)

    def get(self, key: str) -> bytes:
        return self.kept[key][0]

    def remove(self, key: str) -> None:
        self.kept.pop(key, None)
