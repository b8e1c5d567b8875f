"""Facts about programmes."""

from typing import ClassVar

from events.envelope import Contract


class ProgrammePublished(Contract):
    """A programme was published: the public sees it."""

    TYPE: ClassVar = "ProgrammePublished"
    VERSION: ClassVar = 1

    programme_id: str


class ProgrammeChanged(Contract):
    """A programme of any state was changed or cancelled. Its gatherings inherit its rounds, drafts too."""

    TYPE: ClassVar = "ProgrammeChanged"
    VERSION: ClassVar = 1

    programme_id: str
