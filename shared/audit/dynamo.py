"""The log in the table: a partition for each month, a row for each thing done."""

import json
from typing import ClassVar

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import UpdateError

from shared.audit.model import KEPT, Doing, Entry
from shared.audit.ports import Page
from shared.roles import Role
from shared.table import Item, patiently
from shared.time import utc_moment, utc_text


class AuditItem(Item):
    """An entry. The moment is the key's first part; `ids` is JSON."""

    PERSONAL: ClassVar = frozenset({"who", "role"})

    who = UnicodeAttribute()
    role = UnicodeAttribute()
    method = UnicodeAttribute()
    route = UnicodeAttribute()
    ids = UnicodeAttribute()
    action = UnicodeAttribute(null=True)
    registrations: JSONAttribute = JSONAttribute(null=True)
    status = NumberAttribute(null=True)


class DynamoAuditLog:
    """The log in DynamoDB."""

    def begin(self, entry: Entry) -> None:
        """Keep what somebody sets out to do."""
        item = AuditItem(
            *_key(entry),
            who=entry.who,
            role=entry.role.value,
            method=entry.method,
            route=entry.route,
            ids=json.dumps(dict(entry.ids), sort_keys=True),
            action=entry.doing.action or None,
            registrations=list(entry.doing.registrations) or None,
            expires_at=entry.at + KEPT,
        )
        patiently(item.save)

    def end(self, entry: Entry, status: int) -> None:
        """Add how it ended, once."""
        item = AuditItem(*_key(entry))
        unknown = AuditItem.pk.exists() & AuditItem.status.does_not_exist()
        try:
            patiently(lambda: item.update([AuditItem.status.set(status)], condition=unknown))
        except UpdateError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise

    def of_month(self, month: str, *, after: str | None = None, limit: int = 100) -> Page:
        """Return entries of a month, the newest first."""
        below = AuditItem.sk < after if after else None
        rows = patiently(lambda: list(AuditItem.query(_pk(month), below, scan_index_forward=False, limit=limit + 1)))
        shown = rows[:limit]
        return Page(tuple(_entry(row) for row in shown), shown[-1].sk if len(rows) > limit else None)


def _pk(month: str) -> str:
    return f"AUDIT#{month}"


def _key(entry: Entry) -> tuple[str, str]:
    return _pk(entry.month), f"{utc_text(entry.at)}#{entry.id}"


def _entry(row: AuditItem) -> Entry:
    moment, _, id = row.sk.partition("#")
    status = None if row.status is None else int(row.status)
    return Entry(
        id,
        utc_moment(moment),
        row.who,
        Role(row.role),
        row.method,
        row.route,
        json.loads(row.ids),
        Doing(row.action or "", tuple(row.registrations or ())),
        status,
    )
