"""What those who sign in have done."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from chalice.app import Response

from chalicelib import audit_words, desk, routing
from chalicelib.audit_words import Subject
from chalicelib.desk import ROLES, DeskScreen
from chalicelib.visit import DeskVisit
from shared.audit.model import Entry
from shared.audit.ports import Page
from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Text
from shared.programmes.service import every
from shared.refusals import NotFound
from shared.roles import Role
from shared.time import MONTH

pages = routing.desk()


@dataclass(frozen=True, slots=True)
class LogScreen(DeskScreen):
    """A page of a month. `emails` by id, of those who can sign in still; `titles` by id, of gatherings and programmes
    that there are still; `newest` is the present month."""

    month: str
    newest: str
    page: Page
    emails: Mapping[str, str]
    titles: Mapping[str, Text]

    def within(self, month: str) -> datetime:
        """A moment within a month, in every zone."""
        return datetime(int(month[:4]), int(month[5:]), 15, tzinfo=UTC)

    @property
    def earlier(self) -> str:
        """The month before."""
        year, month = int(self.month[:4]), int(self.month[5:])
        return f"{year - 1}-12" if month == 1 else f"{year}-{month - 1:02}"

    @property
    def later(self) -> str | None:
        """The month after, unless it is to come."""
        year, month = int(self.month[:4]), int(self.month[5:])
        later = f"{year + 1}-01" if month == 12 else f"{year}-{month + 1:02}"
        return later if later <= self.newest else None

    def sentence(self, entry: Entry) -> str:
        """What was done, to be translated."""
        return audit_words.sentence(entry)

    def ending(self, entry: Entry) -> str:
        """How it ended, to be translated."""
        return audit_words.ending(entry)

    def subjects(self, entry: Entry) -> tuple[Subject, ...]:
        """What it was done to."""
        return tuple(audit_words.subjects(entry))

    def role_of(self, entry: Entry) -> str:
        """The name of the role in which it was done, to be translated."""
        return ROLES[entry.role]


@pages.get("/tovholder/log", Role.COORDINATOR)
def log(visit: DeskVisit) -> Response:
    """Show a month, the newest first."""
    newest = f"{visit.now:%Y-%m}"
    month = visit.query.get("month", newest)
    if not re.fullmatch(MONTH, month):
        raise NotFound
    page = bootstrap.audit_log().of_month(month, after=visit.query.get("after"))
    emails = {person.id: person.email for person in bootstrap.people().everybody()}
    return desk.page(visit, "desk/log.html", LogScreen(visit.login, month, newest, page, emails, _titles(page)))


def _titles(page: Page) -> dict[str, Text]:
    """Return the titles of what stands in a page of the log, by id."""
    gatherings = {entry.ids["gathering_id"] for entry in page.entries if "gathering_id" in entry.ids}
    titles = {id: one.title for id, one in bootstrap.gatherings().many(gatherings).items()} if gatherings else {}
    if any("programme_id" in entry.ids for entry in page.entries):
        titles |= {one.id: one.title for one in every(store=bootstrap.programmes())}
    return titles
