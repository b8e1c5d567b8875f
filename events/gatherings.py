"""Facts about gatherings."""

from typing import ClassVar

from pydantic import AwareDatetime

from events.envelope import Contract


class GatheringPublished(Contract):
    """A gathering was published: the public sees it, and its window decides when people may register."""

    TYPE: ClassVar = "GatheringPublished"
    VERSION: ClassVar = 1

    gathering_id: str


class GatheringChanged(Contract):
    """A published gathering was changed. `on_the_calendar` says whether time, place or link changed."""

    TYPE: ClassVar = "GatheringChanged"
    VERSION: ClassVar = 1

    gathering_id: str
    on_the_calendar: bool


class GatheringMoved(Contract):
    """Sessions of a published gathering have another time, place or link: those who come are to be told."""

    TYPE: ClassVar = "GatheringMoved"
    VERSION: ClassVar = 1

    gathering_id: str
    sessions: tuple[str, ...]


class GatheringCancelled(Contract):
    """A gathering was cancelled for good."""

    TYPE: ClassVar = "GatheringCancelled"
    VERSION: ClassVar = 1

    gathering_id: str


class ReminderDue(Contract):
    """The moment of a reminder of one session has come. Whether it is still planned is for who takes this to see."""

    TYPE: ClassVar = "ReminderDue"
    VERSION: ClassVar = 1

    gathering_id: str
    session: str
    reminder: str
    moment: AwareDatetime
