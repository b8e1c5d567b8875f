"""Facts about messages that coordinators write, and about mails that waited."""

from typing import ClassVar

from events.envelope import Contract
from events.registration import AboutRegistration, AboutRegistrations


class MessageDue(Contract):
    """A coordinator's message to people of a gathering is to leave."""

    TYPE: ClassVar = "MessageDue"
    VERSION: ClassVar = 1

    gathering_id: str
    message_id: str


class RegistrationsMessaged(AboutRegistrations):
    """These belong to the audience of a coordinator's message."""

    TYPE: ClassVar = "RegistrationsMessaged"
    VERSION: ClassVar = 1

    message_id: str


class TrialAsked(Contract):
    """Somebody wants to see a mail in their own mailbox before others get it."""

    TYPE: ClassVar = "TrialAsked"
    VERSION: ClassVar = 1

    trial_id: str


class MailReleased(AboutRegistration):
    """A mail is to be sent now: it had waited for another day, or nobody knows whether it was sent, and a coordinator
    wants it sent once more."""

    TYPE: ClassVar = "MailReleased"
    VERSION: ClassVar = 1

    kind: str
    occurrence: str
