"""What moves the lines of those who wait, and lets deadlines end."""

from functools import cache

from shared.bootstrap.aws import open_table
from shared.config import TableSettings
from shared.gatherings.dynamo import DynamoGatheringStore
from shared.gatherings.queries import GatheringReader
from shared.libraries.dynamo import DynamoLibraryStore
from shared.libraries.service import Directory
from shared.messages.dynamo import DynamoMessageStore
from shared.network import load
from shared.notices.dynamo import DynamoNoticeStore
from shared.notices.ports import Openings
from shared.registration.dynamo import DynamoRegistrationStore
from shared.registration.ports import Bookkeeping
from shared.time import utcnow
from shared.workdays import Workdays


@cache
def gatherings() -> DynamoGatheringStore:
    """Return where gatherings are kept."""
    open_table(TableSettings.read())
    return DynamoGatheringStore()


@cache
def _gatherings() -> GatheringReader:
    return GatheringReader(gatherings())


@cache
def around() -> Bookkeeping:
    """Return what it takes to change registrations."""
    return Bookkeeping(_gatherings(), Workdays(load()), DynamoRegistrationStore())


@cache
def messages() -> DynamoMessageStore:
    """Return where coordinators' messages are kept."""
    open_table(TableSettings.read())
    return DynamoMessageStore()


@cache
def openings() -> Openings:
    """Return what knows when registration opens to somebody."""
    network = load()
    libraries = Directory(network, DynamoLibraryStore(), clock=utcnow)
    return Openings(_gatherings(), libraries, network.zone, DynamoNoticeStore())
