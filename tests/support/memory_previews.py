"""Previews in memory."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from shared.spreadsheets.previews import KEPT_FOR, KeptPreview, PreviewNotFound


class InMemoryPreviewStore:
    """Previews in memory."""

    def __init__(self) -> None:
        self._kept: dict[str, KeptPreview] = {}
        self._expires_at: dict[str, datetime] = {}

    def keep(self, preview: KeptPreview, *, now: datetime) -> None:
        self._kept[preview.id] = preview
        self._expires_at[preview.id] = now + KEPT_FOR

    def get(self, preview_id: str, *, now: datetime) -> KeptPreview:
        if preview_id not in self._kept or self._expires_at[preview_id] <= now:
            raise PreviewNotFound
        return self._kept[preview_id]

    def settle(self, preview_id: str, outcome: str) -> None:
        kept = self._kept[preview_id]
        if kept.outcome is None:
            self._kept[preview_id] = replace(kept, document="", outcome=outcome)

    def every(self, *, now: datetime) -> Iterator[KeptPreview]:
        for preview_id in tuple(self._kept):
            with suppress(PreviewNotFound):
                yield self.get(preview_id, now=now)

    def drop(self, preview_id: str) -> None:
        self._kept.pop(preview_id, None)

    def add_step(self, preview_id: str, number: int, outcome: str, *, now: datetime) -> None:
        kept = self._kept.get(preview_id)
        if kept is not None and number == len(kept.steps):
            self._kept[preview_id] = replace(kept, steps=(*kept.steps, outcome))
