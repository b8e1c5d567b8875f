"""Mails as a mail program takes them apart."""

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Final

import icalendar
import vobject  # type: ignore[import-untyped]

from shared.gatherings.model import Gathering
from shared.links import KeyRing, Links
from shared.notify.compose import MailComposer
from shared.notify.model import MailId, MailKind
from shared.notify.ports import Letter
from shared.registration.model import Registration
from tests.support.builders import NETWORK, NOW

LINKS: Final = Links(KeyRing.of('{"key": "the key of links", "previous": []}'))
SENDER: Final = "tilmelding@db2030.example.org"


def a_composer() -> MailComposer:
    """Return what writes mails in the sample network's name."""
    return MailComposer(NETWORK, links=LINKS, base_url="https://tovholder.example.org", sender=SENDER)


def a_letter(kind: MailKind, registration: Registration, gathering: Gathering, *, session: int = 0) -> Letter:
    """Return what a mail about one of the sessions is to say."""
    about = None if kind is MailKind.LINK else gathering.sessions[session]
    occurrence = "fact" if about is None else about.id
    return Letter(MailId(gathering.id, registration.id, kind, occurrence), registration, gathering, about)


def written(kind: MailKind, registration: Registration, gathering: Gathering, *, session: int = 0) -> "Mail":
    """Return a mail."""
    return Mail.of(a_composer().compose(a_letter(kind, registration, gathering, session=session), now=NOW))


@dataclass(frozen=True)
class Mail:
    """A mail taken apart."""

    raw: bytes
    message: EmailMessage

    @classmethod
    def of(cls, raw: bytes) -> "Mail":
        """Read a mail."""
        message = message_from_bytes(raw, policy=policy.default)
        assert isinstance(message, EmailMessage)
        return cls(raw, message)

    def header(self, name: str) -> str:
        """Return a header that is there once."""
        [value] = self.message.get_all(name, [])
        return str(value)

    @property
    def text(self) -> str:
        """The text that is read."""
        return self._part("text/plain")

    @property
    def html(self) -> str:
        """The HTML that is read."""
        return self._part("text/html")

    @property
    def calendars(self) -> list[bytes]:
        """The calendar objects: the one that mail programs answer, and the file for the others."""
        return [part.get_content().encode() if part.get_content_type() == "text/calendar" else part.get_content()
                for part in self.message.walk()
                if part.get_content_type() in ("text/calendar", "application/ics")]  # fmt: skip

    @property
    def event(self) -> Any:
        """The one event of the calendar object."""
        return event_of(self.calendars[0])

    @property
    def link(self) -> str:
        """The personal link."""
        [link] = [word for word in self.text.split() if "/tilmelding/" in word]
        return link

    def _part(self, kind: str) -> str:
        [content] = [
            part.get_content() for part in self.message.walk()
            if part.get_content_type() == kind and not part.is_attachment()
        ]  # fmt: skip
        return str(content)


def event_of(calendar: bytes) -> Any:
    """Return the only event of a calendar object."""
    [event] = icalendar.Calendar.from_ical(calendar).walk("VEVENT")
    return event


def read_by_another(calendar: bytes) -> Any:
    """Return a calendar object as a parser reads it that did not write it, and that knows no time zones before."""
    vars(vobject.icalendar)["__tzidMap"].clear()
    return vobject.readOne(calendar.decode())
