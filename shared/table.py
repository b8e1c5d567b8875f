"""The one table: its item base, its transaction, and patience with a busy store.

No PynamoDB object or exception leaves the storage modules; what they raise instead is `ConditionsFailed` (the store
said no), a refusal they make of it, or `StoreUnavailable` (the store could not say).
"""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final, Protocol, TypeVar
from uuid import uuid4

from botocore.exceptions import BotoCoreError
from pynamodb.attributes import NumberAttribute, TTLAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.exceptions import PynamoDBException, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from shared.patience import PATIENCE
from shared.refusals import StoreUnavailable

_T = TypeVar("_T")

_BUSY: Final = frozenset(
    {
        "TransactionConflict",
        "TransactionInProgressException",
        "ThrottlingError",
        "ThrottlingException",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "InternalServerError",
        "ServiceUnavailable",
    }
)


class ListingIndex(GlobalSecondaryIndex[Any]):
    """Gatherings by start."""

    class Meta:
        index_name = "listing"
        projection = AllProjection()

    listing_pk = UnicodeAttribute(hash_key=True)
    listing_sk = UnicodeAttribute(range_key=True)


class UnsentIndex(GlobalSecondaryIndex[Any]):
    """Facts the relay has not delivered yet, oldest first."""

    class Meta:
        index_name = "unsent"
        projection = AllProjection()

    unsent = UnicodeAttribute(hash_key=True)
    created_at = UnicodeAttribute(range_key=True)


class DueIndex(GlobalSecondaryIndex[Any]):
    """What has a deadline, by kind and moment."""

    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    due = UnicodeAttribute(hash_key=True)
    due_at = UnicodeAttribute(range_key=True)


class MessageIdIndex(GlobalSecondaryIndex[Any]):
    """Mail rows by the id that SES gave the mail."""

    class Meta:
        index_name = "message_id"
        projection = KeysOnlyProjection()

    message_id = UnicodeAttribute(hash_key=True)


class PersonIndex(GlobalSecondaryIndex[Any]):
    """All that is kept of one person, by the keyed hash of the e-mail address."""

    class Meta:
        index_name = "person"
        projection = KeysOnlyProjection()

    person = UnicodeAttribute(hash_key=True)


class Item(Model):
    """Base of all items. `schema` is the item's own layout, so that a migration can tell old from new.

    Indexes belong to the table and all items share one connection, so they are declared here, and queried by name
    (`query(…, index_name=…)`): PynamoDB's index objects know only the class declared last. They are sparse: an item is
    in an index while it has the index's attributes.
    """

    class Meta:
        table_name = "unbound"
        region = "unbound"
        # One attempt a call: `patiently` is the only thing that retries, so the budget holds. A store that does not
        # answer in two seconds is not going to, and API Gateway waits for nobody.
        max_retry_attempts = 0
        connect_timeout_seconds = 2
        read_timeout_seconds = 2

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    schema = NumberAttribute(default=1)
    listing_pk = UnicodeAttribute(null=True)
    listing_sk = UnicodeAttribute(null=True)
    unsent = UnicodeAttribute(null=True)
    created_at = UnicodeAttribute(null=True)
    due = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    message_id = UnicodeAttribute(null=True)
    person = UnicodeAttribute(null=True)
    expires_at = TTLAttribute(null=True)

    listing_index = ListingIndex()
    unsent_index = UnsentIndex()
    due_index = DueIndex()
    message_id_index = MessageIdIndex()
    person_index = PersonIndex()


def bind(table_name: str, region: str) -> None:
    """Bind every item class to the table. Called once, before the first read."""
    Item.Meta.table_name = table_name
    Item.Meta.region = region
    # Subclasses inherit the connection, hence one client and one pool. It connects at the first call.
    Item._connection = None
    Item._get_connection()


class ConditionsFailed(Exception):
    """The store refused a transaction: the labels of the conditions that did not hold, with the items as they were."""

    def __init__(self, items: Mapping[str, Mapping[str, Any]]) -> None:
        super().__init__(", ".join(items))
        self.items = items


class Conflicted(Exception):
    """Somebody else wrote one of the items at the same time: nothing was written, and it is not tried again."""


class _Written(StrEnum):
    """The order in which PynamoDB sends the parts of a transaction, and so the order of the reasons that come back."""

    CHECK = "check"
    DELETE = "delete"
    PUT = "put"
    UPDATE = "update"


class Transaction:
    """One `TransactWriteItems`. Each write carries the label by which a failed condition is recognised."""

    def __init__(self) -> None:
        # The token makes a repeat after a lost answer the same write, not a second one.
        self._write = TransactWrite(connection=_connection(), client_request_token=str(uuid4()))
        self._labels: dict[_Written, list[str]] = {kind: [] for kind in _Written}

    def check(self, label: str, model: type[Item], pk: str, sk: str, condition: Condition) -> None:
        """Require a condition of an item that is not written."""
        self._labels[_Written.CHECK].append(label)
        self._write.condition_check(model, pk, sk, condition=condition)

    def delete(self, label: str, item: Item, condition: Condition | None = None) -> None:
        """Delete an item."""
        self._labels[_Written.DELETE].append(label)
        self._write.delete(item, condition=condition)

    def put(self, label: str, item: Item, condition: Condition | None = None) -> None:
        """Put a whole item."""
        self._labels[_Written.PUT].append(label)
        self._write.save(item, condition=condition, return_values="ALL_OLD")

    def update(self, label: str, item: Item, actions: Sequence[Action], condition: Condition | None = None) -> None:
        """Change some attributes of an item."""
        self._labels[_Written.UPDATE].append(label)
        self._write.update(item, actions=list(actions), condition=condition, return_values="ALL_OLD")

    def commit(self, *, fleeting: bool = False) -> None:
        """Write all or nothing, with patience. `fleeting`: what is written may no longer hold a moment later.

        Raise ConditionsFailed when a condition did not hold, StoreUnavailable when nothing is known to be written,
        and Conflicted when what is fleeting met somebody else's write.
        """
        try:
            patiently(lambda: self._commit_once(fleeting))
        except TransactWriteError as error:
            reasons = error.cancellation_reasons
            if {reason.code for reason in reasons if reason is not None} != {"ConditionalCheckFailed"}:
                raise
            labels = [label for kind in _Written for label in self._labels[kind]]
            raise ConditionsFailed(
                {
                    label: reason.raw_item or {}
                    for label, reason in zip(labels, reasons, strict=True)
                    if reason is not None
                }
            ) from error

    def _commit_once(self, fleeting: bool) -> None:
        try:
            with self._write:
                pass
        except TransactWriteError as error:
            if fleeting and "TransactionConflict" in {one.code for one in error.cancellation_reasons if one}:
                raise Conflicted from error
            raise


def _is_busy(error: PynamoDBException) -> bool:
    """Whether the store was too busy, or away, to answer: a repeat may succeed."""
    if isinstance(error, TransactWriteError) and any(
        # A conflict beside a failed condition may have been what made it fail: look again.
        reason is not None and reason.code in _BUSY
        for reason in error.cancellation_reasons
    ):
        return True
    # What botocore raises itself, and is no answer of the store: the network failed before one came.
    if isinstance(error.cause, BotoCoreError):
        return True
    return error.cause_response_code in _BUSY


class Sleeper(Protocol):
    """How `patiently` waits: replaced in tests."""

    def __call__(self, seconds: float, /) -> None: ...


def patiently(
    attempt: Callable[[], _T],
    *,
    patience: timedelta = PATIENCE,
    sleep: Sleeper = time.sleep,
    monotonic: Callable[[], float] = time.monotonic,
) -> _T:
    """Call `attempt` until the store answers, with full jitter between.

    Raise StoreUnavailable when the patience is at an end; whatever else `attempt` raises passes through.
    """
    deadline = monotonic() + patience.total_seconds()
    ceiling = 0.02
    while True:
        try:
            return attempt()
        except PynamoDBException as error:
            if not _is_busy(error):
                raise
            pause = random.uniform(0, ceiling)  # noqa: S311 (jitter, not a secret)
            if monotonic() + pause >= deadline:
                raise StoreUnavailable from error
            sleep(pause)
            ceiling = min(ceiling * 2, 0.4)


def _connection() -> Connection:
    """The connection of the table's own, so that transactions share its client and its pool."""
    return Item._get_connection().connection
