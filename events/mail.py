"""Facts about mail."""

from typing import ClassVar, Literal

from events.envelope import Contract


class MailFailed(Contract):
    """A mail about a registration was refused, bounced, was complained about, or nobody knows whether it was sent.

    `for_good`: nothing more should be sent to the address.
    """

    TYPE: ClassVar = "MailFailed"
    VERSION: ClassVar = 1

    registration_id: str
    gathering_id: str
    kind: str
    problem: Literal["refused", "unknown", "bounced", "complained"]
    for_good: bool = False


class MailArrived(Contract):
    """A mail about a registration has arrived of which nobody knew whether it was sent."""

    TYPE: ClassVar = "MailArrived"
    VERSION: ClassVar = 1

    registration_id: str
    gathering_id: str
    kind: str
