"""Schedules in memory: they ring when a test says what time it is."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Schedule:
    """A message, from when on it is to be sent, and until when it may be."""

    at: datetime
    body: str
    until: datetime


class InMemoryClock:
    """What sends messages at their moments."""

    def __init__(self) -> None:
        self.schedules: dict[str, Schedule] = {}

    def names(self, prefix: str) -> frozenset[str]:
        return frozenset(name for name in self.schedules if name.startswith(prefix))

    def set(self, name: str, at: datetime, body: str, until: datetime) -> None:
        self.schedules.setdefault(name, Schedule(at, body, until))

    def remove(self, name: str) -> None:
        self.schedules.pop(name, None)

    def ring(self, now: datetime) -> list[str]:
        """Return the messages whose moment has come. Their schedules are gone."""
        due = [name for name, one in self.schedules.items() if one.at <= now]
        return [self.schedules.pop(name).body for name in due]
