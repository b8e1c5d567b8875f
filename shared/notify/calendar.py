"""Calendar objects for participants (RFC 5545, RFC 5546).

Each object holds exactly one VEVENT: a seat in one session. Its UID is stable for the life of the registration, and
SEQUENCE rises with every change of the gathering or of the registration, so that an old mail read late changes nothing.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from shared.gatherings.model import Gathering, Mode, Session
from shared.registration.model import Registration


class Method(StrEnum):
    """What a calendar is asked to do (RFC 5546, 1.4)."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


def uid(registration_id: str, session_id: str) -> str:
    """Return the UID of a seat in a session."""
    return f"{registration_id}-{session_id}"


def sequence(gathering: Gathering, registration: Registration | None = None) -> int:
    """Return SEQUENCE (RFC 5545, 3.8.7.4): it rises with what a calendar shows of either."""
    return gathering.sequence + (registration.version - 1 if registration is not None else 0)


def ways(gathering: Gathering, registration: Registration | None = None) -> frozenset[Mode]:
    """Return how somebody can take part: as chosen where there is a choice, else in all ways that there are."""
    if registration is not None and len(gathering.modes) > 1:
        return frozenset({registration.mode})
    there = {Mode.ON_SITE: gathering.place, Mode.ONLINE: gathering.online_link}
    return frozenset(mode for mode, where in there.items() if where is not None)


def invitation(
    method: Method,
    *,
    registration: Registration,
    gathering: Gathering,
    session: Session,
    title: str,
    description: str,
    organiser: str,
    product: str,
    now: datetime,
) -> bytes:
    """Return the calendar object of a seat: REQUEST gives it, CANCEL takes it away."""
    open_to = ways(gathering, registration)
    event = _event(gathering, session, title, description, now, on_site=Mode.ON_SITE in open_to)
    event.add("uid", uid(registration.id, session.id))
    event.add("sequence", sequence(gathering, registration))
    event.add("status", "CANCELLED" if method is Method.CANCEL else "CONFIRMED")
    event.add("organizer", _address(gathering.contact, organiser))
    attendee = _address(registration.participant.email, registration.participant.name)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    attendee.params["RSVP"] = vText("FALSE")
    event.add("attendee", attendee)
    if gathering.online_link and Mode.ONLINE in open_to and method is Method.REQUEST:
        event.add("url", gathering.online_link)
    return _calendar(method, product, [session], [event])


def entries(
    *,
    gathering: Gathering,
    sessions: Iterable[Session],
    uid_of: Callable[[Session], str],
    title: str,
    description: str,
    url: str,
    product: str,
    now: datetime,
    registration: Registration | None = None,
) -> bytes:
    """Return calendar entries to import: nobody is invited, and nobody named. `registration` is whose they are."""
    sessions = tuple(sessions)
    events = []
    for session in sessions:
        event = _event(gathering, session, title, description, now)
        event.add("uid", uid_of(session))
        event.add("sequence", sequence(gathering, registration))
        event.add("url", url)
        events.append(event)
    return _calendar(Method.PUBLISH, product, sessions, events)


def _event(
    gathering: Gathering, session: Session, title: str, description: str, now: datetime, *, on_site: bool = True
) -> Event:
    event = Event()
    event.add("dtstamp", now)
    event.add("dtstart", session.starts_at)
    event.add("dtend", session.ends_at)
    event.add("summary", title)
    event.add("description", description)
    if gathering.place is not None and on_site:
        event.add("location", f"{gathering.place.name}, {gathering.place.address}")
    return event


def _calendar(method: Method, product: str, sessions: Iterable[Session], events: Iterable[Event]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", f"-//{product}//Tovholder//DA")
    calendar.add("version", "2.0")
    calendar.add("method", method)
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
