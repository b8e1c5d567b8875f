"""What the log needs of its surroundings."""

from dataclasses import dataclass
from typing import Protocol

from shared.audit.model import Entry


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries, the newest first, and the cursor behind the last of them if there are more."""

    entries: tuple[Entry, ...]
    next: str | None


class AuditLog(Protocol):
    """Where the log is kept. Raises StoreUnavailable when it cannot be."""

    def begin(self, entry: Entry) -> None:
        """Keep what somebody sets out to do."""

    def end(self, entry: Entry, status: int) -> None:
        """Add how it ended: once, whatever is tried later."""

    def of_month(self, month: str, *, after: str | None = None, limit: int = 100) -> Page:
        """Return entries of a month such as `2026-09`, the newest first."""
