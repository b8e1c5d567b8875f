"""Webinars in the table."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache, partial
from itertools import islice
from typing import Any, Final

from pydantic import TypeAdapter
from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition

from events.envelope import Envelope
from shared.gatherings.model import LONGEST_SLUG
from shared.messaging.outbox import announce
from shared.table import ConditionsFailed, Item, Transaction, patiently
from shared.time import utc_text
from shared.webinars.model import State, UploadGone, Webinar, WebinarChangedMeanwhile, WebinarNotFound, WebinarSlugTaken
from shared.webinars.ports import WebinarPage
from shared.webinars.recording import Upload

LISTING: Final = "WEBINARS"
DUE: Final = "WEBINAR"
TOLD: Final = "WEBINAR_REVIEW"
_LONGEST_ID: Final = 64
KEPT_FOR: Final = timedelta(days=7)
"""For how long S3 keeps parts of what was not completed, by the bucket's own rule."""

_AT_ONCE: Final = 50
"""As many as are read together: 100 of the largest would be more than one answer holds."""


@lru_cache
def _document() -> TypeAdapter[Webinar]:
    return TypeAdapter(Webinar)


@lru_cache
def _upload() -> TypeAdapter[Upload]:
    return TypeAdapter(Upload)


class WebinarItem(Item):
    """A webinar as one document: it is always read and saved whole. Captions and other files lie elsewhere."""

    version = NumberAttribute()
    document = UnicodeAttribute()

    @classmethod
    def of(cls, webinar: Webinar) -> "WebinarItem":
        """Return the item of a webinar."""
        due, due_at = _due(webinar)
        return cls(
            *_key(webinar.id),
            version=webinar.version,
            document=_document().dump_json(webinar).decode(),
            listing_pk=LISTING,
            listing_sk=f"{webinar.held_on.isoformat()}#{webinar.id}",
            due=due,
            due_at=due_at and utc_text(due_at),
        )

    def to_domain(self) -> Webinar:
        """Return the webinar."""
        return _document().validate_json(self.document)


class WebinarSlugItem(Item):
    """That an address is taken, by which webinar, and whether everybody can watch it."""

    webinar_id = UnicodeAttribute()
    is_shown = BooleanAttribute()

    @classmethod
    def of(cls, webinar: Webinar) -> "WebinarSlugItem":
        """Return the item of a webinar's address."""
        return cls(*_slug_key(webinar.slug), webinar_id=webinar.id, is_shown=webinar.state is State.PUBLISHED)


class WebinarMemberItem(Item):
    """That there is a webinar: an index lags behind, and whoever writes all pages must not miss one."""


class UploadItem(Item):
    """A recording on its way. `key` tells it from the one before it, `state` from itself before."""

    key = UnicodeAttribute()
    state = UnicodeAttribute()
    document = UnicodeAttribute()


class WebinarOfGatheringItem(Item):
    """That a webinar is made of a gathering."""


class DynamoWebinarStore:
    """Webinars in DynamoDB."""

    def get(self, webinar_id: str) -> Webinar:
        """Return a webinar; raise WebinarNotFound."""
        if not 0 < len(webinar_id) <= _LONGEST_ID:
            raise WebinarNotFound
        try:
            return patiently(lambda: WebinarItem.get(*_key(webinar_id), consistent_read=True)).to_domain()
        except DoesNotExist as error:
            raise WebinarNotFound from error

    def shown(self, slug: str) -> str:
        """Return the id of the webinar that everybody can watch at an address; raise WebinarNotFound."""
        if len(slug) > LONGEST_SLUG:
            raise WebinarNotFound
        try:
            found = patiently(lambda: WebinarSlugItem.get(*_slug_key(slug)))
        except DoesNotExist as error:
            raise WebinarNotFound from error
        if not found.is_shown:
            raise WebinarNotFound
        return found.webinar_id

    def create(self, webinar: Webinar) -> None:
        """Keep a new one; raise WebinarSlugTaken, or WebinarChangedMeanwhile when there is one of this id."""
        transaction = Transaction()
        transaction.put("slug", WebinarSlugItem.of(webinar), condition=WebinarSlugItem.pk.does_not_exist())
        transaction.put("webinar", WebinarItem.of(webinar), condition=WebinarItem.pk.does_not_exist())
        transaction.put("member", WebinarMemberItem(LISTING, webinar.id))
        if webinar.gathering is not None:
            transaction.put("of_gathering", WebinarOfGatheringItem(*_of_gathering_key(webinar.gathering, webinar.id)))
        try:
            transaction.commit()
        except ConditionsFailed as refused:
            raise (WebinarChangedMeanwhile if "webinar" in refused.items else WebinarSlugTaken) from refused

    def save(
        self, before: Webinar, after: Webinar, facts: Sequence[Envelope[Any]], *, arrived: Upload | None = None
    ) -> None:
        """Replace `before` by `after`, announce the facts and forget the upload that has arrived, all or nothing.

        Raise WebinarChangedMeanwhile; UploadGone when nobody waits for the upload any more.
        """
        transaction = Transaction()
        if arrived is not None:
            transaction.delete("upload", UploadItem(*_upload_key(after.id)), condition=UploadItem.key == arrived.key)
        transaction.put("webinar", WebinarItem.of(after), condition=WebinarItem.version == before.version)
        if (before.state is State.PUBLISHED) != (after.state is State.PUBLISHED):
            transaction.put("slug", WebinarSlugItem.of(after))
        for fact in facts:
            announce(transaction, fact)
        try:
            transaction.commit()
        except ConditionsFailed as refused:
            raise (UploadGone if "upload" in refused.items else WebinarChangedMeanwhile) from refused

    def listed(self, *, after: str | None = None, limit: int = 100) -> WebinarPage:
        """Return webinars of every state, the newest recording first, from behind the cursor `after`."""
        before = None if after is None else WebinarItem.listing_sk < after
        rows = patiently(
            lambda: list(
                # One more than is shown tells whether there is a next page.
                WebinarItem.query(LISTING, before, scan_index_forward=False, limit=limit + 1, index_name="listing")
            )
        )
        shown = rows[:limit]
        return WebinarPage(tuple(row.to_domain() for row in shown), shown[-1].listing_sk if len(rows) > limit else None)

    def every(self) -> Iterator[Webinar]:
        """Yield all webinars, of every state, as they are now."""
        ids = iter(patiently(lambda: [row.sk for row in WebinarMemberItem.query(LISTING, consistent_read=True)]))
        while some := [_key(webinar_id) for webinar_id in islice(ids, _AT_ONCE)]:
            yield from (item.to_domain() for item in patiently(partial(_got, some)))

    def of_gathering(self, gathering_id: str) -> tuple[Webinar, ...]:
        """Return the webinars that are made of a gathering, of every state."""
        pk, prefix = _of_gathering_key(gathering_id, "")
        made = WebinarOfGatheringItem.sk.startswith(prefix)
        rows = patiently(lambda: list(WebinarOfGatheringItem.query(pk, made, consistent_read=True)))
        return tuple(self.get(row.sk.removeprefix(prefix)) for row in rows)

    def due(self, now: datetime) -> Iterator[str]:
        """Yield the ids of those whose moment, or day, may have come."""
        rows = patiently(lambda: list(WebinarItem.query(DUE, WebinarItem.due_at <= utc_text(now), index_name="due")))
        yield from (row.pk.removeprefix("WEBINAR#") for row in rows)

    def to_be_reviewed(self) -> tuple[Webinar, ...]:
        """Return those whose owners have been told to look at them, the first 50 by their day."""
        rows = patiently(lambda: list(WebinarItem.query(TOLD, limit=_AT_ONCE, index_name="due")))
        found = {item.pk: item for item in patiently(lambda: _got([(row.pk, row.sk) for row in rows]))} if rows else {}
        return tuple(found[row.pk].to_domain() for row in rows if row.pk in found)


def _due(webinar: Webinar) -> tuple[str | None, datetime | None]:
    """Return what it is due for, and from when on: a day is looked for from its beginning in UTC, wherever we are."""
    if webinar.publish_at is not None:
        return DUE, webinar.publish_at
    if webinar.state is State.PUBLISHED and webinar.review_on is not None:
        is_told = webinar.review_told == webinar.review_on
        return TOLD if is_told else DUE, datetime.combine(webinar.review_on, time(), tzinfo=UTC)
    return None, None


class DynamoUploads:
    """Recordings on their way, in DynamoDB."""

    def get(self, webinar_id: str) -> Upload | None:
        """Return what is on its way to a webinar."""
        try:
            item = patiently(lambda: UploadItem.get(*_upload_key(webinar_id), consistent_read=True))
        except DoesNotExist:
            return None
        return _upload().validate_json(item.document)

    def put(self, webinar_id: str, upload: Upload, *, instead_of: Upload | None) -> None:
        """Keep an upload in place of what was seen there; raise WebinarChangedMeanwhile when it is that no more."""
        item = UploadItem(
            *_upload_key(webinar_id),
            key=upload.key,
            state=upload.state,
            document=_upload().dump_json(upload).decode(),
            expires_at=upload.began_at + KEPT_FOR,
        )
        transaction = Transaction()
        transaction.put("upload", item, condition=_still(instead_of))
        try:
            transaction.commit()
        except ConditionsFailed as refused:
            raise WebinarChangedMeanwhile from refused

    def remove(self, webinar_id: str, upload: Upload) -> None:
        """Forget an upload, unless another has taken its place."""
        transaction = Transaction()
        transaction.delete("upload", UploadItem(*_upload_key(webinar_id)), condition=UploadItem.key == upload.key)
        with suppress(ConditionsFailed):
            transaction.commit()


def _still(upload: Upload | None) -> Condition:
    """That what is kept is what was seen."""
    if upload is None:
        return UploadItem.pk.does_not_exist()
    seen: Condition = (UploadItem.key == upload.key) & (UploadItem.state == upload.state)
    return seen


def _got(keys: list[tuple[str, str]]) -> list[WebinarItem]:
    return list(WebinarItem.batch_get(keys, consistent_read=True))


def _key(webinar_id: str) -> tuple[str, str]:
    return f"WEBINAR#{webinar_id}", "META"


def _upload_key(webinar_id: str) -> tuple[str, str]:
    return f"WEBINAR#{webinar_id}", "UPLOAD"


def _of_gathering_key(gathering_id: str, webinar_id: str) -> tuple[str, str]:
    return f"GATHERING#{gathering_id}", f"WEBINAR#{webinar_id}"


def _slug_key(slug: str) -> tuple[str, str]:
    return f"WEBINAR_SLUG#{slug}", "SLUG"
