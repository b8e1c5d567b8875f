"""What is counted when a recording is watched, and what is told of it: estimates, since nobody is recognised."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

from shared.time import months_later


class Viewing(StrEnum):
    """What is counted, each at most once every time a page is opened."""

    PLAY = "play"
    """A recording begins."""

    COMPLETE = "complete"
    """It was watched to its end. Of recordings at a video host, nobody here can see that."""


@dataclass(frozen=True, slots=True)
class Count:
    """How often a webinar, by its id, was played and watched to its end in a month."""

    month: str
    webinar: str
    plays: int = 0
    completed: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """How often recordings were played, how many of these plays could be followed, and how many of those came to the
    end."""

    plays: int = 0
    followed: int = 0
    completed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.plays + other.plays, self.followed + other.followed, self.completed + other.completed)

    @property
    def share(self) -> int | None:
        """Of a hundred plays that could be followed, how many came to the end; None if none could be.

        A play at midnight may come to its end in the next month, hence the limit.
        """
        return min(100, round(100 * self.completed / self.followed)) if self.followed else None


class Period(StrEnum):
    """What figures are of, up to the present month."""

    YEAR = "year"
    TWELVE_MONTHS = "twelve-months"
    EVER = "ever"

    def since(self, today: date) -> str | None:
        """Return its first month; None if it is as long as there is anything."""
        match self:
            case Period.YEAR:
                return f"{today:%Y}-01"
            case Period.TWELVE_MONTHS:
                return f"{months_later(today, -11):%Y-%m}"
            case Period.EVER:
                return None


def month_of(moment: datetime, zone: tzinfo) -> str:
    """Return the month that a moment is in by the clock of a zone: `2026-11`."""
    return f"{moment.astimezone(zone):%Y-%m}"
