"""What deletes when the time is over."""

from functools import cache

from shared.bootstrap.aws import open_table
from shared.config import DeleteExpiredSettings
from shared.erasure.dynamo import DynamoPersonalRows
from shared.erasure.ports import Kept
from shared.gatherings.dynamo import DynamoGatheringStore
from shared.network import Network, load
from shared.notices.dynamo import DynamoNoticeStore
from shared.programmes.dynamo import DynamoProgrammeStore
from shared.registration.dynamo import DynamoRegistrationStore
from shared.spreadsheets.dynamo import DynamoPreviewStore


@cache
def network() -> Network:
    """Return the profile."""
    return load()


@cache
def kept() -> Kept:
    """Return where all that is kept of people lies."""
    open_table(DeleteExpiredSettings.read())
    return Kept(
        DynamoGatheringStore(),
        DynamoProgrammeStore(),
        DynamoRegistrationStore(),
        DynamoNoticeStore(),
        DynamoPersonalRows(),
        DynamoPreviewStore(),
    )
