"""What keeps registrations."""

from functools import cache

from shared.bootstrap.aws import open_table
from shared.config import NoteMailFailureSettings
from shared.mailboxes.dynamo import DynamoMailboxStore
from shared.registration.dynamo import DynamoRegistrationStore


@cache
def mailboxes() -> DynamoMailboxStore:
    """Return where it is kept what is known of mailboxes."""
    open_table(NoteMailFailureSettings.read())
    return DynamoMailboxStore()


@cache
def registrations() -> DynamoRegistrationStore:
    """Return where registrations are kept."""
    open_table(NoteMailFailureSettings.read())
    return DynamoRegistrationStore()
