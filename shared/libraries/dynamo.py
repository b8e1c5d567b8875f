"""What coordinators know of libraries beyond the network's profile, in the table."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter
from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from shared.libraries.model import Library, LibraryChangedMeanwhile, LibraryExists
from shared.table import ConditionsFailed, Item, Transaction, patiently

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition

_ALL: Final = "LIBRARIES"


@lru_cache
def _document() -> TypeAdapter[Library]:
    return TypeAdapter(Library)


class LibraryItem(Item):
    """A library as one document: added by a coordinator, or one of the profile's with what a coordinator added."""

    document = UnicodeAttribute()
    version = NumberAttribute(null=True)


class DynamoLibraryStore:
    """Libraries in DynamoDB."""

    def all(self) -> tuple[Library, ...]:
        """Return every library that a coordinator has written down."""
        # Strongly: who has just changed a library looks at it next.
        rows = patiently(lambda: list(LibraryItem.query(_ALL, consistent_read=True)))
        return tuple(_document().validate_json(row.document) for row in rows)

    def add(self, library: Library) -> Library:
        """Keep a new library and return it in its first version. Raise LibraryExists."""
        first = replace(library, version=1)
        transaction = Transaction()
        transaction.put("library", _item(first), condition=LibraryItem.pk.does_not_exist())
        try:
            transaction.commit()
        except ConditionsFailed:
            raise LibraryExists from None
        return first

    def save(self, libraries: Sequence[Library], *, relying_on: Sequence[Library] = ()) -> tuple[Library, ...]:
        """Keep changed libraries, all or none, and return them a version on. Raise LibraryChangedMeanwhile."""
        changed = tuple(replace(library, version=library.version + 1) for library in libraries)
        transaction = Transaction()
        for library in relying_on:
            transaction.check(f"check {library.id}", LibraryItem, _ALL, _key(library), condition=_unchanged(library))
        for before, after in zip(libraries, changed, strict=True):
            transaction.put(f"put {after.id}", _item(after), condition=_unchanged(before))
        try:
            transaction.commit()
        except ConditionsFailed:
            raise LibraryChangedMeanwhile from None
        return changed


def _unchanged(library: Library) -> "Condition":
    # Of a library as the profile states it there is no row; rows of before there were versions have none either.
    if library.version == 0:
        return LibraryItem.version.does_not_exist()
    return LibraryItem.version == library.version


def _key(library: Library) -> str:
    return f"LIBRARY#{library.id}"


def _item(library: Library) -> LibraryItem:
    document = _document().dump_json(library).decode()
    return LibraryItem(_ALL, _key(library), document=document, version=library.version)
