"""Many things at once, in the table as they are kept: what follows from them does not ask how they got there."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from infra.local.local_stack import LocalStack
from shared.registration.dynamo import RegistrationItem
from shared.registration.model import Registration
from shared.table import Item

AT_ONCE: Final = 25
"""How many items `BatchWriteItem` takes."""


def keep(stack: LocalStack, registrations: Iterable[Registration]) -> None:
    """Keep registrations."""
    put(stack, map(RegistrationItem.of, registrations))


def put(stack: LocalStack, items: Iterable[Item]) -> None:
    """Put items into the table."""
    client, table = stack.client("dynamodb"), stack.outputs["TableName"]
    puts = [{"PutRequest": {"Item": one.to_dynamodb_dict()}} for one in items]
    with ThreadPoolExecutor(4) as pool:
        starts = range(0, len(puts), AT_ONCE)
        list(pool.map(lambda at: client.batch_write_item(RequestItems={table: puts[at : at + AT_ONCE]}), starts))
