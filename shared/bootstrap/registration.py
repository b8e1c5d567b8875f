"""What keeps registrations."""

from functools import cache

from shared.bootstrap.aws import open_table
from shared.config import NoteMailFailureSettings
from shared.registration.dynamo import DynamoRegistrationStore


@cache
def registrations() -> DynamoRegistrationStore:
    """Return where registrations are kept."""
    open_table(NoteMailFailureSettings.read())
    return DynamoRegistrationStore()
