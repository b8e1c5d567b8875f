"""Which queues a fact goes to. Pure data: the relay and the infrastructure both read it."""

from enum import StrEnum
from typing import Final


class QueueName(StrEnum):
    """A queue is named after the job of the function that consumes it."""

    SEND_REGISTRATION_MAIL = "send-registration-mail"
    RECORD_MAIL_OUTCOME = "record-mail-outcome"
    NOTE_MAIL_FAILURE = "note-mail-failure"
    MOVE_LINE = "move-line"
    FOLLOW_PROGRAMME = "follow-programme"
    FAN_OUT = "fan-out"
    SEND_MESSAGES = "send-messages"
    SCHEDULE_REMINDERS = "schedule-reminders"
    GENERATE_CATALOGUE = "generate-catalogue"
    CHECK_RECORDING = "check-recording"


ROUTES: Final[dict[str, tuple[QueueName, ...]]] = {
    "GatheringPublished": (QueueName.SCHEDULE_REMINDERS,),
    "GatheringChanged": (QueueName.MOVE_LINE, QueueName.SCHEDULE_REMINDERS),
    "GatheringMoved": (QueueName.FAN_OUT,),
    "GatheringCancelled": (QueueName.FAN_OUT, QueueName.SCHEDULE_REMINDERS),
    "ReminderDue": (QueueName.FAN_OUT,),
    "ProgrammePublished": (),
    "ProgrammeChanged": (QueueName.FOLLOW_PROGRAMME,),
    "RegistrationConfirmed": (QueueName.SEND_REGISTRATION_MAIL,),
    "RegistrationPending": (QueueName.SEND_REGISTRATION_MAIL,),
    "RegistrationWaitlisted": (QueueName.SEND_REGISTRATION_MAIL,),
    "RegistrationOffered": (QueueName.SEND_REGISTRATION_MAIL,),
    "RegistrationChanged": (QueueName.SEND_REGISTRATION_MAIL, QueueName.MOVE_LINE),
    "RegistrationCancelled": (QueueName.SEND_REGISTRATION_MAIL, QueueName.MOVE_LINE),
    "RegistrationExpired": (QueueName.SEND_REGISTRATION_MAIL, QueueName.MOVE_LINE),
    "RegistrationHandedOver": (QueueName.SEND_REGISTRATION_MAIL,),
    "RegistrationAddressChanged": (QueueName.SEND_REGISTRATION_MAIL,),
    "RegistrationLinkRequested": (QueueName.SEND_REGISTRATION_MAIL,),
    "NeedsStated": (QueueName.SEND_REGISTRATION_MAIL,),
    "BookingMade": (QueueName.SEND_REGISTRATION_MAIL,),
    "LinksRequested": (QueueName.SEND_REGISTRATION_MAIL,),
    "RoundOpened": (QueueName.SEND_REGISTRATION_MAIL,),
    "RoundRolledOver": (QueueName.MOVE_LINE,),
    "InvitationMade": (QueueName.SEND_REGISTRATION_MAIL,),
    "RegistrationsMoved": (QueueName.SEND_MESSAGES,),
    "RegistrationsReminded": (QueueName.SEND_MESSAGES,),
    "RecordingAnnounced": (QueueName.SEND_MESSAGES,),
    "MessageDue": (QueueName.FAN_OUT,),
    "RegistrationsMessaged": (QueueName.SEND_MESSAGES,),
    "MailReleased": (QueueName.SEND_MESSAGES,),
    "TrialAsked": (QueueName.SEND_REGISTRATION_MAIL,),
    "CertificateIssued": (QueueName.SEND_MESSAGES,),
    "MailFailed": (QueueName.NOTE_MAIL_FAILURE,),
    "MailArrived": (QueueName.NOTE_MAIL_FAILURE,),
    "WebinarPublished": (QueueName.GENERATE_CATALOGUE, QueueName.FAN_OUT),
    "WebinarChanged": (QueueName.GENERATE_CATALOGUE,),
    "WebinarHidden": (QueueName.GENERATE_CATALOGUE,),
    "WebinarDue": (QueueName.SEND_REGISTRATION_MAIL,),
    "ThemesChanged": (QueueName.GENERATE_CATALOGUE,),
    "ResourceChanged": (QueueName.GENERATE_CATALOGUE,),
}
