"""What an import would do, kept from when it is shown until it is confirmed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from shared.refusals import N_, Refusal

KEPT_FOR: Final = timedelta(days=1)
"""How long a preview can be confirmed. It may hold what is personal, so it does not stay."""


@dataclass(frozen=True, slots=True)
class KeptPreview:
    """A preview as a document of its import's own (JSON), or if it was confirmed, only what came of it.

    One that is confirmed a part at a time keeps its document; `steps` is what came of each part so far.
    """

    id: str
    kind: str
    document: str
    outcome: str | None = None
    steps: tuple[str, ...] = ()


class PreviewNotFound(Refusal):
    """No import has this id, or not any more."""

    kind = "import-not-found"
    status = 404
    message = N_("This import is not here any more. Upload the list again.")


class PreviewStore(Protocol):
    """Where previews are kept."""

    def keep(self, preview: KeptPreview, *, now: datetime) -> None:
        """Keep a new preview, for KEPT_FOR."""
        ...

    def get(self, preview_id: str, *, now: datetime) -> KeptPreview:
        """Return a preview. Raise PreviewNotFound, also when it has been kept for long enough and lies there still."""
        ...

    def settle(self, preview_id: str, outcome: str) -> None:
        """Put what came of a preview in its place. The first word counts."""
        ...

    def add_step(self, preview_id: str, number: int, outcome: str, *, now: datetime) -> None:
        """Keep what came of a part, counted from 0. The first word counts; there is none about what was dropped."""
        ...

    def every(self, *, now: datetime) -> Iterator[KeptPreview]:
        """Yield all that can still be confirmed or looked at, in no order."""
        ...

    def drop(self, preview_id: str) -> None:
        """Forget a preview, with all that came of it."""
        ...
