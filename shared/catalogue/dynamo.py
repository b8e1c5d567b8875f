"""Whose turn it is to write the catalogue, in the table."""

from datetime import datetime, timedelta
from typing import Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition

from shared.ids import new_id
from shared.table import Item, patiently
from shared.time import utc_text

TURN: Final = timedelta(minutes=6)
"""After so long, whoever has the turn has died with it: the function that writes has five minutes."""

_KEY: Final = ("CATALOGUE", "TURN")


class CatalogueTurnItem(Item):
    """How often the catalogue was asked for, who writes it, and until when at most."""

    asked = NumberAttribute(default=0)
    holder = UnicodeAttribute(null=True)
    until = UnicodeAttribute(null=True)


class DynamoTurns:
    """Turns in DynamoDB."""

    def __init__(self) -> None:
        self._me = new_id()

    def ask(self) -> None:
        """Note that there is something new to write."""
        patiently(lambda: CatalogueTurnItem(*_KEY).update(actions=[CatalogueTurnItem.asked.add(1)]))

    def take(self, now: datetime) -> int | None:
        """Take the turn, and return how often it had been asked for; None while somebody else has it."""
        item = CatalogueTurnItem(*_KEY)
        free = (
            CatalogueTurnItem.holder.does_not_exist()
            | (CatalogueTurnItem.until < utc_text(now))
            | (CatalogueTurnItem.holder == self._me)
        )
        until = utc_text(now + TURN)
        try:
            patiently(
                lambda: item.update(
                    [CatalogueTurnItem.holder.set(self._me), CatalogueTurnItem.until.set(until)], condition=free
                )
            )
        except UpdateError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise
            return None
        return int(item.asked)

    def give_back(self) -> None:
        """Give the turn back unfinished."""
        self._give(CatalogueTurnItem.holder == self._me)

    def done(self, seen: int) -> bool:
        """Give the turn back, and return whether nobody has asked since `seen`."""
        return self._give((CatalogueTurnItem.holder == self._me) & (CatalogueTurnItem.asked == seen))

    def _give(self, condition: Condition) -> bool:
        actions = [CatalogueTurnItem.holder.remove(), CatalogueTurnItem.until.remove()]
        try:
            patiently(lambda: CatalogueTurnItem(*_KEY).update([*actions], condition=condition))
        except UpdateError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise
            return False
        return True
