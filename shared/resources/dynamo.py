"""Resources in the table."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from pydantic import TypeAdapter
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition

from events.envelope import Envelope
from shared.messaging.outbox import announce
from shared.resources.model import Resource, ResourceChangedMeanwhile, ResourceNotFound
from shared.table import ConditionsFailed, Item, Transaction, patiently

_ALL: Final = "RESOURCES"
_LONGEST_ID: Final = 64


@lru_cache
def _document() -> TypeAdapter[Resource]:
    return TypeAdapter(Resource)


class ResourceItem(Item):
    """A resource as one document. All lie together: they are hundreds, and mostly read all at once."""

    version = NumberAttribute()
    document = UnicodeAttribute()

    @classmethod
    def of(cls, resource: Resource) -> "ResourceItem":
        """Return the item of a resource."""
        document = _document().dump_json(resource).decode()
        return cls(_ALL, resource.id, version=resource.version, document=document)

    def to_domain(self) -> Resource:
        """Return the resource."""
        return _document().validate_json(self.document)


class DynamoResourceStore:
    """Resources in DynamoDB."""

    def get(self, resource_id: str) -> Resource:
        """Return a resource; raise ResourceNotFound."""
        if not 0 < len(resource_id) <= _LONGEST_ID:
            raise ResourceNotFound
        try:
            return patiently(lambda: ResourceItem.get(_ALL, resource_id, consistent_read=True)).to_domain()
        except DoesNotExist as error:
            raise ResourceNotFound from error

    def every(self) -> tuple[Resource, ...]:
        """Return all resources, those that nobody sees among them, in no order."""
        # Strongly: who has just changed one looks at them next.
        rows = patiently(lambda: list(ResourceItem.query(_ALL, consistent_read=True)))
        return tuple(row.to_domain() for row in rows)

    def create(self, resource: Resource, facts: Sequence[Envelope[Any]]) -> None:
        """Keep a new one and announce the facts, all or nothing; raise ResourceChangedMeanwhile."""
        transaction = Transaction()
        transaction.put("resource", ResourceItem.of(resource), condition=ResourceItem.pk.does_not_exist())
        _commit(transaction, facts)

    def save(self, before: Resource, after: Resource, facts: Sequence[Envelope[Any]]) -> None:
        """Replace `before` by `after` and announce the facts, all or nothing; raise ResourceChangedMeanwhile."""
        transaction = Transaction()
        transaction.put("resource", ResourceItem.of(after), condition=_unchanged(before))
        _commit(transaction, facts)

    def remove(self, resource: Resource, facts: Sequence[Envelope[Any]]) -> None:
        """Delete it and announce the facts, all or nothing; raise ResourceChangedMeanwhile."""
        transaction = Transaction()
        transaction.delete("resource", ResourceItem(_ALL, resource.id), condition=_unchanged(resource))
        _commit(transaction, facts)


def _unchanged(resource: Resource) -> Condition:
    return ResourceItem.version == resource.version


def _commit(transaction: Transaction, facts: Sequence[Envelope[Any]]) -> None:
    for fact in facts:
        announce(transaction, fact)
    try:
        transaction.commit()
    except ConditionsFailed as refused:
        raise ResourceChangedMeanwhile from refused
