"""What reminding needs of its surroundings."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.gatherings.model import Gathering
from shared.gatherings.reminders import SWITCHED_ON, ReminderKind
from shared.messaging.relay import Send
from shared.registration.audience import Numbers
from shared.registration.queries import Pages
from shared.reminders.model import Entry
from shared.webinars.model import Webinar


class Gatherings(Protocol):
    """Gatherings as they are."""

    def get(self, gathering_id: str) -> Gathering: ...


class Webinars(Protocol):
    """Webinars as they are. Raises WebinarNotFound."""

    def get(self, webinar_id: str) -> Webinar: ...

    def of_gathering(self, gathering_id: str) -> tuple[Webinar, ...]: ...


class Clock(Protocol):
    """What sends a message at a moment. A schedule that has done so is gone."""

    def names(self, prefix: str) -> frozenset[str]:
        """Return the schedules whose names begin so."""
        ...

    def set(self, name: str, at: datetime, body: str, until: datetime) -> None:
        """Let the message be sent at a moment, or as soon after as can be, but not after `until`. Twice is once."""
        ...

    def remove(self, name: str) -> None:
        """Let it not be sent. One that is gone is no fault."""
        ...


class Log(Protocol):
    """What came of reminders."""

    def note(self, gathering_id: str, entry: Entry) -> None: ...

    def of_gathering(self, gathering_id: str) -> tuple[Entry, ...]: ...


@dataclass(frozen=True, slots=True)
class Timekeeping:
    """All that it takes to keep schedules in step with plans. Only the `kinds` are sent."""

    gatherings: Gatherings
    clock: Clock
    log: Log
    send: Send
    kinds: Collection[ReminderKind] = SWITCHED_ON


@dataclass(frozen=True, slots=True)
class Reminding:
    """All that it takes to remind people. Only the `kinds` are sent."""

    gatherings: Gatherings
    webinars: Webinars
    registrations: Pages
    libraries: Numbers
    log: Log
    send: Send
    kinds: Collection[ReminderKind] = SWITCHED_ON
