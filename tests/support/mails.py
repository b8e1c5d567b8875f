"""Mails as a mail program takes them apart."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Final

import icalendar
import vobject  # type: ignore[import-untyped]

from shared.gatherings.model import Gathering, Kind, Place
from shared.gatherings.needs import Needs
from shared.links import KeyRing, Links
from shared.messages.model import Message
from shared.notify.compose import MailComposer
from shared.notify.model import ONCE, MailId, MailKind
from shared.notify.ports import Letter, Recipient
from shared.registration.model import Actor, Awaits, By, Registration, What
from shared.registration.ports import Receipt
from shared.webinars.model import State
from tests.support.builders import NETWORK, NOW, a_published_gathering, a_ready_webinar, a_session, a_webinar

LINKS: Final = Links(KeyRing.of('{"key": "the key of links", "previous": []}'))
SENDER: Final = "tilmelding@db2030.example.org"
PERSON: Final = By(Actor.PARTICIPANT)
BOOKER: Final = By(Actor.BOOKER)
COORDINATOR: Final = By(Actor.COORDINATOR, "a-coordinator", "For a reason")
CLOCK: Final = By(Actor.CLOCK)
DEADLINE: Final = NOW + timedelta(days=3)

WEBINAR: Final = a_published_gathering(
    slug="citizen-science",
    title={"da": "Verdensmål og citizen science", "en": "The Global Goals and citizen science"},
    online_link="https://moede.example.org/hemmeligt-rum",
    is_recorded=True,
)
INSPIRATION_DAY: Final = a_published_gathering(
    slug="inspirationsdag-i-herning",
    kind=Kind.INSPIRATION_DAY,
    title={"da": "Inspirationsdag: Ét bibliotek, sytten verdensmål"},
    sessions=(a_session("2026-11-12T09:30", hours=6),),
    place=Place("Herning Bibliotek", "Østergade 8, 7400 Herning"),
    online_link=None,
    asks_invoice_reference=True,
    price_text={"da": "1.000 kr. pr. deltager. Vi sender en e-faktura bagefter."},
)
FESTIVAL: Final = a_published_gathering(
    slug="vidensfestival-i-ballerup",
    kind=Kind.FESTIVAL,
    title={"da": "Vidensfestival i Ballerup: unge stemmer"},
    place=Place("Baltoppen LIVE", "Baltorpvej 20, 2750 Ballerup"),
    online_link="https://moede.example.org/festival",
    sessions=(
        a_session("2026-10-22T09:00", hours=6, title={"da": "Festivaldag"}),
        a_session("2026-10-29T13:00", id="two", title={"da": "Opsamling online"}),
        a_session("2027-01-14T13:00", id="three", title={"da": "Hvad blev det til?"}),
    ),
)

OF_A_SESSION: Final = frozenset(
    {
        MailKind.CONFIRMATION,
        MailKind.CHANGE,
        MailKind.MOVED,
        MailKind.LEFT,
        MailKind.CANCELLATION,
        MailKind.EXPIRY,
        MailKind.HANDOVER,
        MailKind.ADDRESS,
    }
)
"""The mails that may carry a calendar object."""


def a_composer() -> MailComposer:
    """Return what writes mails in the sample network's name."""
    names = {one.library: one.name for one in NETWORK.areas.municipalities}
    return MailComposer(
        NETWORK,
        library_name=lambda number: names.get(number, number),
        links=LINKS,
        base_url="https://tovholder.example.org",
        sender=SENDER,
    )


def a_seat(registration: Registration, *awaits: Awaits, by: By = PERSON, at: datetime = NOW) -> Registration:
    """Return a registration as it is after somebody got a seat, held if something is awaited."""
    seat = replace(registration, awaits=frozenset(awaits))
    return seat.seated(registration.pools, at, by, hold_until=DEADLINE)


def a_wait(registration: Registration) -> Registration:
    """Return a registration as it is in the line."""
    return replace(registration, pools=()).waiting(("whole",), 7, NOW, PERSON, hold_until=DEADLINE)


_STATES: Final[dict[MailKind, Callable[[Registration], Registration]]] = {
    MailKind.PENDING: lambda one: a_seat(one, Awaits.PROOF),
    MailKind.WAITLIST: a_wait,
    MailKind.OFFER: lambda one: a_wait(one).offered(one.pools, DEADLINE, NOW),
    MailKind.CHANGE: lambda one: a_seat(one).step(What.CHANGED, PERSON, NOW),
    MailKind.LEFT: lambda one: a_seat(one).step(What.CHANGED, PERSON, NOW),
    MailKind.CERTIFICATE: lambda one: replace(a_seat(one), certificate="abcdefghijklmnop"),
    MailKind.CANCELLATION: lambda one: a_seat(one).ended(What.CANCELLED, PERSON, NOW),
    MailKind.EXPIRY: lambda one: a_seat(one, Awaits.PROOF).lapsed(DEADLINE),
    MailKind.HANDOVER: lambda one: a_seat(one).ended(What.HANDED_OVER, PERSON, NOW),
    MailKind.NEEDS: lambda one: replace(a_seat(one), needs=Needs("Glutenfri", "Rampe")),
}
"""How a registration stands when there is a mail of the kind. The others are about seats."""


def as_told(kind: MailKind, registration: Registration) -> Registration:
    """Return a registration as it is when there is a mail of the kind."""
    return _STATES.get(kind, a_seat)(registration)


def a_receipt(gathering: Gathering, *registrations: Registration, name: str = "Bodil Booker") -> Receipt:
    """Return the receipt of a booking."""
    ids = tuple(one.id for one in registrations)
    return Receipt("receipt", gathering.id, name, "bodil@herning.example.org", "hash", "da", ids, NOW)


SUBJECT: Final = {"da": "Nyt lokale til {titel}", "en": "Another room for {titel}"}
BODY: Final = {
    "da": "Vi har fået et større lokale.\nSe kortet: https://example.org/kort",
    "en": "We have a larger room.\nSee the map: https://example.org/kort",
}


def a_letter(
    kind: MailKind, registration: Registration, gathering: Gathering, *, session: int | None = 0, **more: Any
) -> Letter:
    """Return what a mail is to say: about one of the sessions, if its kind can be."""
    names_one = kind in (*OF_A_SESSION, MailKind.REMINDER)
    about = gathering.sessions[session] if session is not None and names_one else None
    mail = MailId(gathering.id, registration.id, kind, ONCE if about is None else about.id)
    who, language = registration.participant, registration.language
    match kind:
        case MailKind.RECEIPT:
            receipt = a_receipt(gathering, registration, name=who.name)
            to = Recipient(who.name, receipt.email, language)
            return Letter(mail, to, gathering, receipt=receipt, listed=((registration, gathering),))
        case MailKind.OPENING:
            return Letter(mail, Recipient("", who.email, language), gathering)
        case MailKind.INVITATION:
            return Letter(mail, Recipient("", who.email, language), gathering, person=registration.person)
        case MailKind.LINKS:
            mail = replace(mail, gathering_id="")
            return Letter(mail, Recipient("", who.email, language), None, listed=((registration, gathering),))
        case MailKind.REVIEW:
            webinar = a_ready_webinar(
                id="webinar", title=gathering.title, review_on=gathering.starts_at.date(), state=State.PUBLISHED
            )
            return Letter(replace(mail, gathering_id=""), Recipient("", who.email, language), None, webinar=webinar)
        case MailKind.NEEDS:
            return Letter(mail, Recipient("", gathering.contact, language), gathering, registration)
        case MailKind.OLD_ADDRESS:
            to = Recipient(who.name, "tidligere@herning.example.org", language)
            return Letter(mail, to, gathering, registration)
        case MailKind.RECORDING:
            more["webinar"] = a_webinar(slug="citizen-science-optaget")
        case MailKind.MESSAGE:
            more["message"] = Message("message", gathering.id, SUBJECT, BODY, NOW, NOW)
    return Letter(mail, Recipient(who.name, who.email, language), gathering, registration, session=about, **more)


def written(
    kind: MailKind, registration: Registration, gathering: Gathering, *, session: int | None = 0, **more: Any
) -> "Mail":
    """Return a mail."""
    return Mail.of(a_composer().compose(a_letter(kind, registration, gathering, session=session, **more), now=NOW))


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
        [link] = self.links
        return link

    @property
    def links(self) -> list[str]:
        """The links to pages of registrations and bookings."""
        return [word for word in self.text.split() if "/tilmelding/" in word]

    @property
    def mine(self) -> str:
        """The token of the link to all that is the recipient's."""
        [link] = [word for word in self.text.split() if "/mine/" in word]
        return link.rpartition("/")[2]

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
