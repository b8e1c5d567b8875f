"""Time that passes only when a test, or somebody who sleeps, says so."""

from datetime import datetime, timedelta

from tests.support.builders import NOW


class Clock:
    """The time of day, called as `utcnow` is."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, span: timedelta) -> None:
        """Let time pass."""
        self.now += span


class Sleep:
    """A stop-watch and a way to wait, for `patiently`: waiting takes no time and is written down."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    def __call__(self, seconds: float, /) -> None:
        self.pauses.append(seconds)

    def monotonic(self) -> float:
        """Return the seconds slept since the beginning."""
        return sum(self.pauses)
