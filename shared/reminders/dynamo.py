"""The log of reminders in the table."""

from datetime import timedelta
from typing import Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from shared.reminders.model import Came, Entry
from shared.table import Item, patiently
from shared.time import utc_moment, utc_text

KEPT: Final = timedelta(days=400)
"""As long as it is remembered which mails were sent."""

_PREFIX: Final = "REMINDED#"


class ReminderItem(Item):
    """What came of one reminder."""

    session = UnicodeAttribute()
    reminder = UnicodeAttribute()
    moment = UnicodeAttribute()
    came = UnicodeAttribute()
    noted_at = UnicodeAttribute()
    people = NumberAttribute()

    def to_domain(self) -> Entry:
        """Return the entry."""
        return Entry(
            self.session,
            self.reminder,
            utc_moment(self.moment),
            Came(self.came),
            utc_moment(self.noted_at),
            int(self.people),
        )


class DynamoReminderLog:
    """What came of reminders, in DynamoDB."""

    def note(self, gathering_id: str, entry: Entry) -> None:
        """Note what came of a reminder. Noted again it says the same."""
        moment = utc_text(entry.moment)
        item = ReminderItem(
            f"GATHERING#{gathering_id}",
            f"{_PREFIX}{moment}#{entry.session}#{entry.reminder}",
            session=entry.session,
            reminder=entry.reminder,
            moment=moment,
            came=entry.came,
            noted_at=utc_text(entry.noted_at),
            people=entry.people,
            expires_at=entry.noted_at + KEPT,
        )
        patiently(item.save)

    def of_gathering(self, gathering_id: str) -> tuple[Entry, ...]:
        """Return what came of a gathering's reminders, in the order of their moments."""
        pk, prefix = f"GATHERING#{gathering_id}", ReminderItem.sk.startswith(_PREFIX)
        return tuple(
            row.to_domain() for row in patiently(lambda: list(ReminderItem.query(pk, prefix, consistent_read=True)))
        )
