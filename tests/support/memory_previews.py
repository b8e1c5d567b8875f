"""Previews in memory."""

from dataclasses import replace
from datetime import datetime

from shared.spreadsheets.previews import KeptPreview, PreviewNotFound


class InMemoryPreviewStore:
    """Previews in memory. They never expire."""

    def __init__(self) -> None:
        self._kept: dict[str, KeptPreview] = {}

    def keep(self, preview: KeptPreview, *, now: datetime) -> None:
        self._kept[preview.id] = preview

    def get(self, preview_id: str) -> KeptPreview:
        try:
            return self._kept[preview_id]
        except KeyError:
            raise PreviewNotFound from None

    def settle(self, preview_id: str, outcome: str) -> None:
        kept = self.get(preview_id)
        if kept.outcome is None:
            self._kept[preview_id] = replace(kept, document="", outcome=outcome)

    def add_step(self, preview_id: str, number: int, outcome: str, *, now: datetime) -> None:
        kept = self.get(preview_id)
        if number == len(kept.steps):
            self._kept[preview_id] = replace(kept, steps=(*kept.steps, outcome))
