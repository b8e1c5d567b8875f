"""What sends mail."""

from functools import cache

from shared.bootstrap.aws import client, open_table, secret
from shared.config import SendRegistrationMailSettings
from shared.gatherings.dynamo import DynamoGatheringStore
from shared.invitations.dynamo import DynamoInvitationStore
from shared.libraries.dynamo import DynamoLibraryStore
from shared.libraries.service import Directory
from shared.links import KeyRing, Links
from shared.network import load
from shared.notices.dynamo import DynamoNoticeStore
from shared.notify.compose import MailComposer
from shared.notify.ses import SesMailer
from shared.registration.dynamo import DynamoRegistrationStore
from shared.time import utcnow


@cache
def _settings() -> SendRegistrationMailSettings:
    settings = SendRegistrationMailSettings.read()
    open_table(settings)
    return settings


@cache
def composer() -> MailComposer:
    """Return what writes the mails."""
    settings = _settings()
    links = Links(KeyRing.of(secret(settings.link_keys_secret)))
    return MailComposer(
        load(),
        library_name=lambda number: libraries().shown(number).name,
        links=links,
        base_url=settings.base_url,
        sender=settings.mail_sender,
    )


@cache
def libraries() -> Directory:
    """Return the libraries as they are called now."""
    _settings()
    return Directory(load(), DynamoLibraryStore(), clock=utcnow)


@cache
def mailer() -> SesMailer:
    """Return what sends them: one attempt a call, so that a mail is never sent twice."""
    settings = _settings()
    return SesMailer(
        client("ses", attempts=1), sender=settings.mail_sender, configuration_set=settings.mail_configuration_set
    )


@cache
def registrations() -> DynamoRegistrationStore:
    """Return whom the mails are to."""
    _settings()
    return DynamoRegistrationStore()


@cache
def gatherings() -> DynamoGatheringStore:
    """Return what the mails are about."""
    _settings()
    return DynamoGatheringStore()


@cache
def notices() -> DynamoNoticeStore:
    """Return the addresses that get one mail."""
    _settings()
    return DynamoNoticeStore()


@cache
def invitations() -> DynamoInvitationStore:
    """Return who is invited."""
    _settings()
    return DynamoInvitationStore()
