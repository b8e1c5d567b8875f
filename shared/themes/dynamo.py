"""Themes in the table."""

from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist

from events.envelope import Envelope
from shared.messaging.outbox import announce
from shared.table import ConditionsFailed, Item, Transaction, patiently
from shared.themes.model import Themes
from shared.themes.ports import ThemesMoved

_KEY = ("THEMES", "ALL")


@lru_cache
def _document() -> TypeAdapter[Themes]:
    return TypeAdapter(Themes)


class ThemesItem(Item):
    """All themes as one document: they are few, always read together, and in an order."""

    version = NumberAttribute()
    document = UnicodeAttribute()


class DynamoThemeStore:
    """Themes in DynamoDB."""

    def read(self) -> Themes:
        """Return all themes; none before there are any."""
        try:
            # Strongly: who has just changed a theme looks at it next.
            row = patiently(lambda: ThemesItem.get(*_KEY, consistent_read=True))
        except DoesNotExist:
            return Themes()
        return _document().validate_json(row.document)

    def save(self, themes: Themes, fact: Envelope[Any]) -> None:
        """Keep them in place of those of the version before, and announce the fact. Raise ThemesMoved."""
        first = themes.version == 1
        before = ThemesItem.pk.does_not_exist() if first else ThemesItem.version == themes.version - 1
        transaction = Transaction()
        item = ThemesItem(*_KEY, version=themes.version, document=_document().dump_json(themes).decode())
        transaction.put("themes", item, condition=before)
        announce(transaction, fact)
        try:
            transaction.commit()
        except ConditionsFailed:
            raise ThemesMoved from None
