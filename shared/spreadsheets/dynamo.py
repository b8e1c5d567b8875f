"""Previews in the table: compressed, and in as many rows as they need."""

import gzip
from datetime import datetime
from typing import Final

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute

from shared.spreadsheets.previews import KEPT_FOR, KeptPreview, PreviewNotFound
from shared.table import ConditionsFailed, Item, Transaction, patiently

LARGEST_PART: Final = 350_000
"""Bytes. An item holds 400 KB."""


class PreviewItem(Item):
    """A part of the compressed document; what came of it stands in the first."""

    kind = UnicodeAttribute()
    part = BinaryAttribute(legacy_encoding=False, null=True)
    outcome = UnicodeAttribute(null=True)


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
        transaction.commit()

    def get(self, preview_id: str) -> KeptPreview:
        """Return a preview. Raise PreviewNotFound."""
        rows = _rows(preview_id)
        if not rows:
            raise PreviewNotFound
        first = rows[0]
        packed = b"".join(row.part for row in rows if row.part)
        document = gzip.decompress(packed).decode() if packed else ""
        return KeptPreview(preview_id, first.kind, document, first.outcome)

    def settle(self, preview_id: str, outcome: str) -> None:
        """Put what came of a preview in its place. The first word counts."""
        first, *others = _rows(preview_id)
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


def _rows(preview_id: str) -> list[PreviewItem]:
    return patiently(lambda: list(PreviewItem.query(f"IMPORT#{preview_id}", consistent_read=True)))


def _key(preview_id: str, number: int) -> tuple[str, str]:
    return f"IMPORT#{preview_id}", f"PART#{number:03}"
