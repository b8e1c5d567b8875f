"""Previews in the table: compressed, and in as many rows as they need."""

import gzip
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import ClassVar, Final

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute

from shared.spreadsheets.previews import KEPT_FOR, KeptPreview, PreviewNotFound
from shared.table import ConditionsFailed, Item, Transaction, patiently

LARGEST_PART: Final = 350_000
"""Bytes. An item holds 400 KB."""

LISTING: Final = "IMPORTS"
STEP: Final = "STEP#"


class PreviewItem(Item):
    """A part of the compressed document, with what came of it in the first; or what came of a step."""

    PERSONAL: ClassVar = frozenset({"part", "outcome"})

    kind = UnicodeAttribute()
    part = BinaryAttribute(legacy_encoding=False, null=True)
    outcome = UnicodeAttribute(null=True)


class ListedPreviewItem(Item):
    """That there is a preview, so that all of them are found."""


class DynamoPreviewStore:
    """Previews in DynamoDB."""

    def keep(self, preview: KeptPreview, *, now: datetime) -> None:
        """Keep a new preview, for KEPT_FOR."""
        packed = gzip.compress(preview.document.encode(), mtime=0)
        transaction = Transaction()
        for number, at in enumerate(range(0, len(packed), LARGEST_PART)):
            item = PreviewItem(
                *_key(preview.id, number),
                kind=preview.kind,
                part=packed[at : at + LARGEST_PART],
                expires_at=now + KEPT_FOR,
            )
            transaction.put(item.sk, item)
        transaction.put("listed", ListedPreviewItem(LISTING, preview.id, expires_at=now + KEPT_FOR))
        transaction.commit()

    def get(self, preview_id: str, *, now: datetime) -> KeptPreview:
        """Return a preview. Raise PreviewNotFound."""
        parts, steps = _rows(preview_id)
        # DynamoDB may take days to delete what has expired.
        if not parts or parts[0].expires_at <= now:
            raise PreviewNotFound
        first = parts[0]
        packed = b"".join(row.part for row in parts if row.part)
        document = gzip.decompress(packed).decode() if packed else ""
        return KeptPreview(preview_id, first.kind, document, first.outcome, tuple(row.outcome or "" for row in steps))

    def settle(self, preview_id: str, outcome: str) -> None:
        """Put what came of a preview in its place. The first word counts."""
        (first, *others), _ = _rows(preview_id)
        transaction = Transaction()
        for row in others:
            transaction.delete(row.sk, row)
        transaction.update(
            first.sk,
            first,
            [PreviewItem.outcome.set(outcome), PreviewItem.part.remove()],
            condition=PreviewItem.pk.exists() & PreviewItem.outcome.does_not_exist(),
        )
        try:
            transaction.commit()
        except ConditionsFailed:
            return

    def add_step(self, preview_id: str, number: int, outcome: str, *, now: datetime) -> None:
        """Keep what came of a part, counted from 0. The first word counts; there is none about what was dropped."""
        transaction = Transaction()
        transaction.check("preview", PreviewItem, *_key(preview_id, 0), PreviewItem.pk.exists())
        item = PreviewItem(
            _pk(preview_id), f"{STEP}{number:05}", kind="step", outcome=outcome, expires_at=now + KEPT_FOR
        )
        transaction.put("step", item, condition=PreviewItem.pk.does_not_exist())
        try:
            transaction.commit()
        except ConditionsFailed:
            return

    def every(self, *, now: datetime) -> Iterator[KeptPreview]:
        """Yield all that can still be confirmed or looked at, in no order."""
        for row in patiently(lambda: list(ListedPreviewItem.query(LISTING, consistent_read=True))):
            with suppress(PreviewNotFound):
                yield self.get(row.sk, now=now)

    def drop(self, preview_id: str) -> None:
        """Forget a preview, with all that came of it."""
        # A list of 10 000 lines is three parts and 67 steps: a transaction holds 100 writes.
        transaction = Transaction()
        for row in (row for rows in _rows(preview_id) for row in rows):
            transaction.delete(row.sk, row)
        transaction.delete("listed", ListedPreviewItem(LISTING, preview_id))
        transaction.commit()


def _rows(preview_id: str) -> tuple[list[PreviewItem], list[PreviewItem]]:
    """Return the parts of the document and the steps, in their order."""
    rows = patiently(lambda: list(PreviewItem.query(_pk(preview_id), consistent_read=True)))
    steps = [row for row in rows if row.sk.startswith(STEP)]
    return [row for row in rows if not row.sk.startswith(STEP)], steps


def _pk(preview_id: str) -> str:
    return f"IMPORT#{preview_id}"


def _key(preview_id: str, number: int) -> tuple[str, str]:
    return _pk(preview_id), f"PART#{number:03}"
