"""What sends mail."""

from dataclasses import replace
from functools import cache

from shared.bootstrap.aws import client, open_table, secret
from shared.bootstrap.ledger import ledger
from shared.config import SendMessagesSettings, SendRegistrationMailSettings
from shared.gatherings.dynamo import DynamoGatheringStore
from shared.invitations.dynamo import DynamoInvitationStore
from shared.libraries.dynamo import DynamoLibraryStore
from shared.libraries.service import Directory
from shared.links import KeyRing, Links
from shared.mailboxes.dynamo import DynamoMailboxStore
from shared.messages.dynamo import DynamoMessageStore
from shared.network import load
from shared.notices.dynamo import DynamoNoticeStore
from shared.notify.compose import MailComposer
from shared.notify.ports import Office
from shared.notify.ses import PacedMailer, SesMailer
from shared.people.cognito import CognitoAccounts
from shared.people.service import address_of
from shared.registration.dynamo import DynamoRegistrationStore
from shared.time import utcnow
from shared.webinars.dynamo import DynamoWebinarStore


@cache
def _settings() -> SendRegistrationMailSettings:
    settings = SendRegistrationMailSettings.read()
    open_table(settings)
    return settings


@cache
def office() -> Office:
    """Return all that it takes to send mail."""
    return Office(
        DynamoRegistrationStore(),
        DynamoGatheringStore(),
        DynamoNoticeStore(),
        DynamoInvitationStore(),
        DynamoMessageStore(),
        DynamoWebinarStore(),
        DynamoMailboxStore(),
        _composer(),
        ledger(),
        _mailer(),
        load().zone,
        _owner_address,
    )


@cache
def paced_office() -> Office:
    """Return the same for what goes to many: no faster than this process may."""
    per_second = SendMessagesSettings.read().mails_per_second
    return replace(office(), mailer=PacedMailer(_mailer(), per_second=per_second))


@cache
def _composer() -> MailComposer:
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


def _owner_address(owner: str) -> str:
    """Return where who looks after something is written to: the network's own address when they are gone."""
    return address_of(owner, accounts=_accounts(), otherwise=load().mail.reply_to)


@cache
def _accounts() -> CognitoAccounts:
    """Return those who sign in: few mails are to one of them, and those alone pay for the client."""
    return CognitoAccounts(client("cognito-idp"), _settings().user_pool_id)


@cache
def libraries() -> Directory:
    """Return the libraries as they are called now."""
    _settings()
    return Directory(load(), DynamoLibraryStore(), clock=utcnow)


@cache
def _mailer() -> SesMailer:
    """Return what sends them: one attempt a call, so that a mail is never sent twice."""
    settings = _settings()
    return SesMailer(
        client("ses", attempts=1), sender=settings.mail_sender, configuration_set=settings.mail_configuration_set
    )
