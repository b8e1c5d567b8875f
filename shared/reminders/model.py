"""What came of reminders."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Came(StrEnum):
    """What came of a reminder."""

    SENT = "sent"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Entry:
    """What came of one reminder of one session: when that was noted, and to how many people it went."""

    session: str
    reminder: str
    moment: datetime
    came: Came
    noted_at: datetime
    people: int
