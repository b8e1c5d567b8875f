"""What the pages and the API are made of."""

import json
from functools import cache
from typing import TYPE_CHECKING

from shared.audit.dynamo import DynamoAuditLog
from shared.bootstrap.aws import client, open_table, secret
from shared.certificates.dynamo import DynamoCertificateStore
from shared.config import WebSettings
from shared.erasure.dynamo import DynamoPersonalRows
from shared.erasure.ports import Kept
from shared.gatherings.dynamo import DynamoGatheringStore
from shared.gatherings.queries import GatheringReader
from shared.invitations.dynamo import DynamoInvitationStore
from shared.libraries.dynamo import DynamoLibraryStore
from shared.libraries.service import Directory
from shared.links import KeyRing, Links
from shared.logins.dynamo import DynamoLoginStore
from shared.mailboxes.dynamo import DynamoMailboxStore
from shared.messages.dynamo import DynamoMessageStore
from shared.network import Network, load
from shared.notices.dynamo import DynamoNoticeStore
from shared.notices.ports import Openings
from shared.notify.dynamo import DynamoLedger
from shared.people.cognito import CognitoAccounts
from shared.programmes.dynamo import DynamoProgrammeStore
from shared.registration.allowance import Allowance
from shared.registration.dynamo import DynamoRegistrationStore
from shared.registration.ports import Secret, Surroundings
from shared.registration.service import keyed
from shared.reminders.dynamo import DynamoReminderLog
from shared.spreadsheets.dynamo import DynamoPreviewStore
from shared.themes.dynamo import DynamoThemeStore
from shared.themes.service import ThemeReader
from shared.time import utcnow
from shared.workdays import Workdays

if TYPE_CHECKING:
    from shared.audit.ports import AuditLog
    from shared.catalogue.queries import CatalogueReader
    from shared.logins.cognito import ManagedLogin
    from shared.notify.compose import MailComposer
    from shared.people.ports import Accounts
    from shared.sender.ports import Identities, Names
    from shared.tokens import TokenReader
    from shared.viewing.ports import Counting, ViewStore


@cache
def settings() -> WebSettings:
    """Return the settings, with the table bound."""
    found = WebSettings.read()
    open_table(found)
    return found


@cache
def network() -> Network:
    """Return the profile, with the address this deployment is reached at."""
    return load().model_copy(update={"base_url": settings().base_url})


@cache
def gatherings() -> DynamoGatheringStore:
    """Return where gatherings are kept."""
    settings()
    return DynamoGatheringStore()


@cache
def gathering_reader() -> GatheringReader:
    """Return gatherings by address, remembered."""
    return GatheringReader(gatherings())


@cache
def programmes() -> DynamoProgrammeStore:
    """Return where programmes are kept."""
    settings()
    return DynamoProgrammeStore()


@cache
def theme_store() -> DynamoThemeStore:
    """Return where themes are kept."""
    settings()
    return DynamoThemeStore()


@cache
def themes() -> ThemeReader:
    """Return all themes, remembered."""
    return ThemeReader(theme_store(), clock=utcnow)


@cache
def catalogue() -> "CatalogueReader":
    """Return what is shown of webinars, remembered: few ask for it here, since most of it is written ahead."""
    from shared.catalogue.queries import CatalogueReader
    from shared.catalogue.s3 import BucketIndex

    return CatalogueReader(BucketIndex(client("s3", attempts=1), settings().site_bucket), clock=utcnow)


@cache
def view_store() -> "ViewStore":
    """Return where views are counted."""
    from shared.viewing.dynamo import DynamoViewStore

    settings()
    return DynamoViewStore()


@cache
def counting() -> "Counting":
    """Return what views are counted with. Most processes never count any."""
    from shared.viewing.ports import Counting
    from shared.webinars.dynamo import DynamoWebinarStore

    return Counting(DynamoWebinarStore(), view_store(), hashed(), settings().limit_views_per_hour, network().zone)


@cache
def workdays() -> Workdays:
    """Return the calendar."""
    return Workdays(network())


@cache
def registrations() -> DynamoRegistrationStore:
    """Return where registrations are kept."""
    settings()
    return DynamoRegistrationStore()


@cache
def libraries() -> Directory:
    """Return all libraries."""
    settings()
    return Directory(network(), DynamoLibraryStore(), clock=utcnow)


@cache
def previews() -> DynamoPreviewStore:
    """Return where previews of imports are kept."""
    settings()
    return DynamoPreviewStore()


@cache
def links() -> Links:
    """Return what makes and reads signed links."""
    return Links(KeyRing.of(secret(settings().link_keys_secret)))


@cache
def hashed() -> Secret:
    """Return the keyed hash of people and addresses. Its key never rotates, or the same person would be two."""
    return keyed(secret(settings().guard_key_secret).encode())


@cache
def origin_secret() -> str:
    """Return what the edge says to be believed. It is the JSON of the secret, as CloudFront is given its key."""
    return str(json.loads(secret(settings().origin_secret))["key"])


@cache
def allowance() -> Allowance:
    """Return how much may be asked for."""
    told = settings()
    return Allowance(
        network_per_second=told.limit_network_per_second,
        domain_per_second=told.limit_domain_per_second,
        address_per_hour=told.limit_address_per_hour,
        unproven_per_domain=told.limit_unproven_per_domain,
    )


@cache
def surroundings() -> Surroundings:
    """Return all that registration works with."""
    return Surroundings(
        gatherings=gathering_reader(),
        deadlines=workdays(),
        store=registrations(),
        libraries=libraries(),
        secret=hashed(),
        zone=network().zone,
    )


@cache
def reminder_log() -> DynamoReminderLog:
    """Return what came of reminders."""
    settings()
    return DynamoReminderLog()


@cache
def certificates() -> DynamoCertificateStore:
    """Return where certificates are kept."""
    settings()
    return DynamoCertificateStore()


@cache
def mailboxes() -> DynamoMailboxStore:
    """Return where it is kept what is known of mailboxes."""
    settings()
    return DynamoMailboxStore()


@cache
def messages() -> DynamoMessageStore:
    """Return where coordinators' messages are kept."""
    settings()
    return DynamoMessageStore()


@cache
def composer() -> "MailComposer":
    """Return what writes mails, to look at them: only who writes to people pays for what that takes."""
    from shared.notify.compose import MailComposer

    profile = network()
    return MailComposer(
        profile,
        library_name=lambda number: libraries().shown(number).name,
        links=links(),
        base_url=profile.base_url,
        sender=profile.mail.reply_to,
    )


@cache
def ledger() -> DynamoLedger:
    """Return where the life of every mail is kept."""
    settings()
    return DynamoLedger()


@cache
def notices() -> DynamoNoticeStore:
    """Return where those are kept who asked to be told something."""
    settings()
    return DynamoNoticeStore()


@cache
def invitations() -> DynamoInvitationStore:
    """Return where it is kept who was invited."""
    settings()
    return DynamoInvitationStore()


@cache
def openings() -> Openings:
    """Return what knows when registration opens to somebody."""
    return Openings(gathering_reader(), libraries(), network().zone, notices())


@cache
def kept() -> Kept:
    """Return where all that is kept of people lies."""
    return Kept(gatherings(), programmes(), registrations(), notices(), DynamoPersonalRows(), previews())


@cache
def logins() -> DynamoLoginStore:
    """Return where logins are kept."""
    settings()
    return DynamoLoginStore()


@cache
def audit_log() -> "AuditLog":
    """Return the log of what those who sign in did."""
    settings()
    return DynamoAuditLog()


@cache
def people() -> "Accounts":
    """Return who may sign in."""
    return CognitoAccounts(client("cognito-idp"), settings().user_pool_id)


@cache
def names() -> "Names":
    """Return the DNS: only who looks into the sender's domain pays for what asking it takes."""
    from shared.sender.dns import DnsNames

    return DnsNames()


@cache
def identities() -> "Identities":
    """Return the domains that SES may send from. It is asked once: the page waits, and says what was not answered."""
    from shared.sender.ses import SesIdentities

    return SesIdentities(client("ses", attempts=1))


@cache
def door() -> "ManagedLogin":
    """Return where people sign in."""
    from shared.logins.cognito import ManagedLogin

    told = settings()
    return ManagedLogin(
        url=told.sign_in_url,
        client_id=told.token_client_id,
        callback=f"{told.base_url}/tovholder/login/callback",
        goodbye=f"{told.base_url}/",
    )


@cache
def tokens() -> "TokenReader":
    """Return what reads coordinators' tokens. Only their requests pay for the cryptography."""
    from shared.tokens import TokenReader

    told = settings()
    return TokenReader(issuer=told.token_issuer, keys_url=told.token_keys_url, client_id=told.token_client_id)
