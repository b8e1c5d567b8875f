"""What remembers the life of every mail."""

from functools import cache

from shared.bootstrap.aws import open_table
from shared.config import TableSettings
from shared.notify.dynamo import DynamoLedger


@cache
def ledger() -> DynamoLedger:
    """Return the mail ledger."""
    open_table(TableSettings.read())
    return DynamoLedger()
