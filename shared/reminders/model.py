"""What came of reminders."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Came(StrEnum):
    """What came of a reminder."""

    SENT = "sent"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Kept:
    """How many schedules were set and removed, how many reminders were due already, and how many of these could not be
    sent on their way."""

    set: int = 0
    removed: int = 0
    due: int = 0
    failed: int = 0

    def __add__(self, other: "Kept") -> "Kept":
        return Kept(
            self.set + other.set, self.removed + other.removed, self.due + other.due, self.failed + other.failed
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """What came of one reminder of one session: when that was noted, and to how many people it went."""

    session: str
    reminder: str
    moment: datetime
    came: Came
    noted_at: datetime
    people: int

    @property
    def which(self) -> tuple[str, str, datetime]:
        """Which reminder it is: of which session, its key, and its moment."""
        return self.session, self.reminder, self.moment
