"""Many registrations at once, in the table as they are kept: what follows from them does not ask how they got there."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from infra.local.local_stack import LocalStack
from shared.registration.dynamo import RegistrationItem
from shared.registration.model import Registration

AT_ONCE: Final = 25
"""How many items `BatchWriteItem` takes."""


def keep(stack: LocalStack, registrations: Iterable[Registration]) -> None:
    """Keep them."""
    client, table = stack.client("dynamodb"), stack.outputs["TableName"]
    items = [{"PutRequest": {"Item": RegistrationItem.of(one).to_dynamodb_dict()}} for one in registrations]
    with ThreadPoolExecutor(4) as pool:
        starts = range(0, len(items), AT_ONCE)
        list(pool.map(lambda at: client.batch_write_item(RequestItems={table: items[at : at + AT_ONCE]}), starts))
