"""Facts about mail."""

from enum import StrEnum
from typing import ClassVar

from events.envelope import Contract


class MailProblem(StrEnum):
    """Why a mail did not, or may not, reach the person."""

    REFUSED = "refused"
    UNKNOWN = "unknown"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


class MailFailed(Contract):
    """A mail about a registration was refused, bounced, was complained about, or nobody knows whether it was sent."""

    TYPE: ClassVar = "MailFailed"
    VERSION: ClassVar = 1

    registration_id: str
    gathering_id: str
    kind: str
    problem: MailProblem
