"""Which queues a fact goes to. Pure data: the relay and the infrastructure both read it."""

from enum import StrEnum
from typing import Final


class QueueName(StrEnum):
    """A queue is named after the job of the function that consumes it."""

    SEND_REGISTRATION_MAIL = "send-registration-mail"
    RECORD_MAIL_OUTCOME = "record-mail-outcome"
    NOTE_MAIL_FAILURE = "note-mail-failure"


ROUTES: Final[dict[str, tuple[QueueName, ...]]] = {
    "GatheringPublished": (),
    "GatheringChanged": (),
    "GatheringCancelled": (),
    "RegistrationConfirmed": (QueueName.SEND_REGISTRATION_MAIL,),
    "RegistrationCancelled": (QueueName.SEND_REGISTRATION_MAIL,),
    "RegistrationLinkRequested": (QueueName.SEND_REGISTRATION_MAIL,),
    "MailFailed": (QueueName.NOTE_MAIL_FAILURE,),
}
