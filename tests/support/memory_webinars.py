"""Webinars and their files in memory, under the conditions of the table and the bucket."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

from events.envelope import Envelope
from shared.webinars.model import State, UploadGone, Webinar, WebinarChangedMeanwhile, WebinarNotFound, WebinarSlugTaken
from shared.webinars.ports import WebinarPage
from shared.webinars.recording import Recording, Upload
from tests.support.builders import NOW


class InMemoryWebinarStore:
    """Webinars in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, Webinar] = {}
        self.uploads = InMemoryUploads()
        self.facts: list[Envelope[Any]] = []

    def get(self, webinar_id: str) -> Webinar:
        if webinar_id not in self.kept:
            raise WebinarNotFound
        return self.kept[webinar_id]

    def shown(self, slug: str) -> str:
        for one in self.kept.values():
            if one.slug == slug and one.state is State.PUBLISHED:
                return one.id
        raise WebinarNotFound

    def create(self, webinar: Webinar) -> None:
        if webinar.id in self.kept:
            raise WebinarChangedMeanwhile
        if webinar.slug in {one.slug for one in self.kept.values()}:
            raise WebinarSlugTaken
        self.kept[webinar.id] = webinar

    def save(
        self, before: Webinar, after: Webinar, facts: Sequence[Envelope[Any]], *, arrived: Upload | None = None
    ) -> None:
        if arrived is not None and _seen(self.uploads.get(after.id))[0] != arrived.key:
            raise UploadGone
        if self.kept[before.id].version != before.version:
            raise WebinarChangedMeanwhile
        if arrived is not None:
            self.uploads.remove(after.id, arrived)
        self.kept[after.id] = after
        self.facts += facts

    def listed(self, *, after: str | None = None, limit: int = 100) -> WebinarPage:
        places = {f"{one.held_on.isoformat()}#{one.id}": one for one in self.kept.values()}
        wanted = sorted((place for place in places if after is None or place < after), reverse=True)
        shown = wanted[:limit]
        return WebinarPage(tuple(places[place] for place in shown), shown[-1] if len(wanted) > limit else None)

    def every(self) -> Iterator[Webinar]:
        yield from list(self.kept.values())

    def of_gathering(self, gathering_id: str) -> tuple[Webinar, ...]:
        return tuple(one for one in self.kept.values() if one.gathering == gathering_id)

    def due(self, now: datetime) -> Iterator[str]:
        yield from [one.id for one in self.kept.values() if (moment := _moment(one)) is not None and moment <= now]

    def to_be_reviewed(self) -> tuple[Webinar, ...]:
        told = [one for one in self.kept.values() if _waits(one) and one.review_told == one.review_on]
        return tuple(sorted(told, key=lambda one: (one.review_on, one.id)))[:50]


def _waits(one: Webinar) -> bool:
    return one.state is State.PUBLISHED and one.review_on is not None


def _moment(one: Webinar) -> datetime | None:
    if one.review_on is not None and _waits(one) and one.review_told != one.review_on:
        return datetime.combine(one.review_on, time(), tzinfo=UTC)
    return one.publish_at


class InMemoryFiles:
    """Files in memory, by key, each with its content type. What is put comes `now`."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[bytes, str]] = {}
        self.now = NOW
        self._came_at: dict[str, datetime] = {}

    def put(self, key: str, content: bytes, content_type: str) -> None:
        self.kept[key] = (content, content_type)
        self._came_at[key] = self.now

    def listed(self) -> Iterator[tuple[str, datetime]]:
        yield from [(key, self._came_at[key]) for key in sorted(self.kept)]

    def get(self, key: str) -> bytes:
        return self.kept[key][0]

    def remove(self, key: str) -> None:
        self.kept.pop(key, None)


class InMemoryUploads:
    """Recordings on their way, in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, Upload] = {}

    def get(self, webinar_id: str) -> Upload | None:
        return self.kept.get(webinar_id)

    def put(self, webinar_id: str, upload: Upload, *, instead_of: Upload | None) -> None:
        there = self.kept.get(webinar_id)
        if _seen(there) != _seen(instead_of):
            raise WebinarChangedMeanwhile
        self.kept[webinar_id] = upload

    def remove(self, webinar_id: str, upload: Upload) -> None:
        if _seen(self.kept.get(webinar_id))[0] == upload.key:
            del self.kept[webinar_id]


def _seen(upload: Upload | None) -> tuple[str | None, str | None]:
    return (None, None) if upload is None else (upload.key, upload.state)


class InMemoryMultipart:
    """Parts in memory: those that were put, by what the way is called. `files` is where whole files lie."""

    def __init__(self, files: InMemoryFiles) -> None:
        self._files = files
        self.parts: dict[str, dict[int, bytes]] = {}

    def begin(self, key: str) -> str:
        name = f"way {len(self.parts) + 1} to {key}"
        self.parts[name] = {}
        return name

    def put(self, upload: Upload, number: int, content: bytes) -> None:
        """Do as a browser does by a link."""
        assert len(content) == upload.length(number), "the length is signed"
        self.parts[upload.multipart][number] = content

    def lengths(self, upload: Upload) -> Mapping[int, int] | None:
        parts = self.parts.get(upload.multipart)
        return None if parts is None else {number: len(content) for number, content in parts.items()}

    def link(self, upload: Upload, number: int) -> str:
        return f"https://store.example.org/{upload.key}?part={number}"

    def complete(self, upload: Upload) -> None:
        parts = self.parts.pop(upload.multipart)
        self._files.put(upload.key, b"".join(parts[number] for number in sorted(parts)), "")

    def abort(self, upload: Upload) -> None:
        self.parts.pop(upload.multipart, None)

    def look(self, recording: Recording) -> str:
        return f"https://store.example.org/{recording.file}"
