"""What coordinators know of libraries beyond the network's profile, in the table."""

from functools import lru_cache
from typing import Final

from pydantic import TypeAdapter
from pynamodb.attributes import UnicodeAttribute

from shared.libraries.model import Library, LibraryExists
from shared.table import ConditionsFailed, Item, Transaction, patiently

_ALL: Final = "LIBRARIES"


@lru_cache
def _document() -> TypeAdapter[Library]:
    return TypeAdapter(Library)


class LibraryItem(Item):
    """A library as one document: added by a coordinator, or one of the profile's with what a coordinator added."""

    document = UnicodeAttribute()


class DynamoLibraryStore:
    """Libraries in DynamoDB."""

    def all(self) -> tuple[Library, ...]:
        """Return every library that a coordinator has written down."""
        rows = patiently(lambda: list(LibraryItem.query(_ALL)))
        return tuple(_document().validate_json(row.document) for row in rows)

    def add(self, library: Library) -> None:
        """Keep a new library. Raise LibraryExists."""
        transaction = Transaction()
        transaction.put("library", _item(library), condition=LibraryItem.pk.does_not_exist())
        try:
            transaction.commit()
        except ConditionsFailed:
            raise LibraryExists from None

    def save(self, library: Library) -> None:
        """Keep a library as it is now: the last word counts."""
        patiently(_item(library).save)


def _item(library: Library) -> LibraryItem:
    return LibraryItem(_ALL, f"LIBRARY#{library.id}", document=_document().dump_json(library).decode())
