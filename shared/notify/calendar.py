"""Calendar objects for participants (RFC 5545, RFC 5546).

Each object holds exactly one VEVENT: a seat in one session. Its UID is stable for the life of the registration, and
SEQUENCE rises with every change of the gathering or of the registration, so that an old mail read late changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

from icalendar import Calendar, Event, Timezone, vCalAddress, vDuration, vText

from shared.gatherings.model import Gathering, Session, State, Where
from shared.registration.model import Registration, Status

REFRESHED: Final = timedelta(hours=6)
"""How often programs that subscribe are asked to look again. The older ones know the name and this by `X-` words."""


class Method(StrEnum):
    """What a calendar is asked to do (RFC 5546, 1.4)."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


def uid(whose: str, session_id: str) -> str:
    """Return the UID of a seat in a session, by its registration's id; or of the session as everybody sees it, by its
    gathering's."""
    return f"{whose}-{session_id}"


def sequence(gathering: Gathering, registration: Registration | None = None) -> int:
    """Return SEQUENCE (RFC 5545, 3.8.7.4): it rises with what a calendar shows of either."""
    return gathering.sequence + (registration.version - 1 if registration is not None else 0)


def invitation(
    method: Method,
    *,
    registration: Registration,
    gathering: Gathering,
    session: Session,
    title: str,
    description: str,
    way_in: str,
    organiser: str,
    product: str,
    now: datetime,
) -> bytes:
    """Return the calendar object of a seat: REQUEST gives it, CANCEL takes it away.

    `way_in` is the person's own page to take part online by; nothing where they do not.
    """
    where = gathering.where(session, registration.mode)
    event = _event(session, where, title, description, now)
    event.add("uid", uid(registration.id, session.id))
    event.add("sequence", sequence(gathering, registration))
    event.add("status", "CANCELLED" if method is Method.CANCEL else "CONFIRMED")
    event.add("organizer", _address(gathering.contact, organiser))
    attendee = _address(registration.participant.email, registration.participant.name)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    attendee.params["RSVP"] = vText("FALSE")
    event.add("attendee", attendee)
    if way_in and method is Method.REQUEST:
        event.add("url", way_in)
    return _calendar(method, product, [session], [event])


@dataclass(frozen=True, slots=True)
class Entry:
    """A session in a calendar to which nobody is invited. `url` is its page; `registration` whose it is, or None."""

    gathering: Gathering
    session: Session
    title: str
    description: str
    url: str
    registration: Registration | None = None


def entries(those: Iterable[Entry], *, product: str, now: datetime, name: str = "", zone: str = "") -> bytes:
    """Return entries to import, or with the `name` of a calendar, to subscribe to (RFC 7986): nobody is named.

    A calendar without entries has the `zone` alone: one without any component is none (RFC 5545, 3.6).
    """
    sessions, events = [], []
    for one in those:
        mode = one.registration.mode if one.registration is not None else None
        event = _event(one.session, one.gathering.where(one.session, mode), one.title, one.description, now)
        event.add("uid", uid((one.registration or one.gathering).id, one.session.id))
        event.add("sequence", sequence(one.gathering, one.registration))
        event.add("status", _status(one))
        event.add("url", one.url)
        sessions.append(one.session)
        events.append(event)
    calendar = _calendar(Method.PUBLISH, product, sessions, events, name)
    if events:
        return calendar
    head, end, rest = calendar.partition(b"END:VCALENDAR")
    return head + _zone(zone, now.year, now.year) + end + rest


def _status(one: Entry) -> str:
    if one.gathering.state is State.CANCELLED:
        return "CANCELLED"
    is_held = one.registration is not None and one.registration.status is Status.PENDING
    return "TENTATIVE" if is_held else "CONFIRMED"


def _event(session: Session, where: Where, title: str, description: str, now: datetime) -> Event:
    event = Event()
    event.add("dtstamp", now)
    event.add("dtstart", session.starts_at)
    event.add("dtend", session.ends_at)
    event.add("summary", title)
    event.add("description", description)
    if where.place is not None:
        event.add("location", str(where.place))
    return event


def _calendar(
    method: Method, product: str, sessions: Iterable[Session], events: Iterable[Event], name: str = ""
) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", f"-//{product}//Tovholder//DA")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", REFRESHED, parameters={"value": "DURATION"})
        calendar.add("x-published-ttl", vDuration(REFRESHED))
    for event in events:
        calendar.add_component(event)
    head, first, rest = calendar.to_ical().partition(b"BEGIN:VEVENT")
    return bytes(head + b"".join(_zones(sessions)) + first + rest)


def _zones(sessions: Iterable[Session]) -> Iterable[bytes]:
    """Each zone once, with the rules of the years it is needed for: a tenth of the text of all its history."""
    years: dict[str, list[int]] = {}
    for session in sessions:
        years.setdefault(session.zone, []).append(session.starts.year)
    return [_zone(name, min(needed), max(needed)) for name, needed in years.items()]


@lru_cache
def _zone(name: str, first: int, last: int) -> bytes:
    # Written once and kept as bytes: it is the same for everybody, and most of what writing an entry costs.
    zone = Timezone.from_tzid(name, first_date=date(first - 1, 1, 1), last_date=date(last + 2, 1, 1))
    return bytes(zone.to_ical())


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    address.params["CN"] = vText(name)
    return address
