"""What moves the lines of those who wait, and lets deadlines end."""

from functools import cache

from shared.bootstrap.aws import open_table
from shared.config import TableSettings
from shared.gatherings.dynamo import DynamoGatheringStore
from shared.gatherings.queries import GatheringReader
from shared.network import load
from shared.registration.dynamo import DynamoRegistrationStore
from shared.registration.ports import Bookkeeping
from shared.workdays import Workdays


@cache
def around() -> Bookkeeping:
    """Return what it takes to change registrations."""
    open_table(TableSettings.read())
    return Bookkeeping(GatheringReader(DynamoGatheringStore()), Workdays(load()), DynamoRegistrationStore())
