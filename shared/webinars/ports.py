"""What the use cases of webinars need."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Protocol

from events.envelope import Envelope
from shared.resources.model import Resource
from shared.webinars.model import Webinar
from shared.webinars.recording import Media, Recording, Upload


@dataclass(frozen=True, slots=True)
class WebinarPage:
    """Some webinars, and the cursor behind the last of them if there are more."""

    webinars: tuple[Webinar, ...]
    next: str | None


class WebinarStore(Protocol):
    """Where webinars are kept."""

    def get(self, webinar_id: str) -> Webinar:
        """Return a webinar; raise WebinarNotFound."""
        ...

    def create(self, webinar: Webinar) -> None:
        """Keep a new one; raise WebinarSlugTaken."""
        ...

    def save(
        self, before: Webinar, after: Webinar, facts: Sequence[Envelope[Any]], *, arrived: Upload | None = None
    ) -> None:
        """Replace `before` by `after`, announce the facts and forget the upload that has arrived, all or nothing.

        Raise WebinarChangedMeanwhile; UploadGone when nobody waits for the upload any more.
        """
        ...

    def listed(self, *, after: str | None = None, limit: int = 100) -> WebinarPage:
        """Return webinars of every state, the newest recording first, from behind the cursor `after`."""
        ...

    def every(self) -> Iterator[Webinar]:
        """Yield all webinars, of every state, as they are now."""
        ...

    def of_gathering(self, gathering_id: str) -> tuple[Webinar, ...]:
        """Return the webinars that are made of a gathering, of every state."""
        ...

    def due(self, now: datetime) -> Iterator[str]:
        """Yield the ids of those whose moment, or day, may have come."""
        ...

    def to_be_reviewed(self) -> tuple[Webinar, ...]:
        """Return those whose owners have been told to look at them, the first 50 by their day."""
        ...


class Uploads(Protocol):
    """Which recordings are on their way: at most one to each webinar. They are forgotten after some days."""

    def get(self, webinar_id: str) -> Upload | None: ...

    def put(self, webinar_id: str, upload: Upload, *, instead_of: Upload | None) -> None:
        """Keep an upload in place of what was seen there; raise WebinarChangedMeanwhile when it is that no more."""
        ...

    def remove(self, webinar_id: str, upload: Upload) -> None:
        """Forget an upload, unless another has taken its place."""
        ...


class Multipart(Protocol):
    """Where recordings arrive in parts."""

    def begin(self, key: str) -> str:
        """Return what the way to a key is called."""
        ...

    def lengths(self, upload: Upload) -> Mapping[int, int] | None:
        """Return how many bytes have come, by part; None when the way is closed."""
        ...

    def link(self, upload: Upload, number: int) -> str:
        """Return where a part of just its length can be put, for a while."""
        ...

    def complete(self, upload: Upload) -> None:
        """Make one file of the parts."""
        ...

    def abort(self, upload: Upload) -> None:
        """Close the way and forget the parts. What is closed stays so."""
        ...

    def look(self, recording: Recording) -> str:
        """Return where a recording can be watched, for as long as one may take."""
        ...


class Resources(Protocol):
    """All resources: they have files, too."""

    def every(self) -> tuple[Resource, ...]: ...


class Player(Protocol):
    """What reads recordings."""

    def look_into(self, key: str, size: int) -> Media:
        """Return what stands in a file of so many bytes. Raise Unplayable."""
        ...


class Files(Protocol):
    """Where what belongs to webinars lies, by key."""

    def put(self, key: str, content: bytes, content_type: str) -> None: ...

    def get(self, key: str) -> bytes: ...

    def remove(self, key: str) -> None: ...

    def listed(self) -> Iterator[tuple[str, datetime]]:
        """Yield the keys of all that belongs to webinars, each with when it came."""
        ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What webinars are worked on with. `hosts` are the allowed video hosts, `languages` the network's, the first one
    first."""

    store: WebinarStore
    languages: tuple[str, ...]
    hosts: tuple[str, ...]
    zone: tzinfo
