"""Whether somebody was there, session by session, and who says so. To have pressed the button to join is no proof."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Source(StrEnum):
    """Who says so."""

    CHECK_IN = "check_in"
    """Whoever stood at the door."""

    REPORT = "report"
    """The tool that held the meeting."""

    HAND = "hand"
    """A coordinator, afterwards."""


@dataclass(frozen=True, slots=True)
class Attendance:
    """Whether somebody was in a session, who said so, and when. `seconds` is how long, where a report tells."""

    was_there: bool
    source: Source
    at: datetime
    seconds: int | None = None

    def after(self, known: "Attendance | None") -> "Attendance":
        """Return what holds when this is said after what was known.

        People know better than reports, and of two reports the one that saw more. To say the same changes nothing.
        """
        if known is None:
            return self
        if self.source is Source.REPORT:
            if known.source is not Source.REPORT or (known.seconds or 0) > (self.seconds or 0):
                return known
            is_same = (known.was_there, known.seconds) == (self.was_there, self.seconds)
        else:
            is_same = known.was_there == self.was_there and known.source is not Source.REPORT
        return known if is_same else self
