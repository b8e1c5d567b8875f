"""A gathering as search engines and calendars read it: schema.org's Event."""

from typing import Any, Final

from chalicelib.screens import Listing, Standing
from shared.gatherings.model import Gathering, Session, State
from shared.i18n import Voice
from shared.network import Network

_AVAILABILITY: Final = {Standing.OPEN: "InStock", Standing.FULL: "SoldOut", Standing.NOT_YET: "PreOrder"}


def event(listing: Listing, *, url: str, voice: Voice, network: Network) -> dict[str, Any]:
    """Return the Event. The online link stays out: the page is where one takes part from, once registered."""
    gathering = listing.gathering
    cancelled = gathering.state is State.CANCELLED
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": voice.text(gathering.title),
        "description": voice.text(gathering.summary),
        "url": url,
        "startDate": gathering.starts_at.isoformat(),
        "endDate": gathering.ends_at.isoformat(),
        "eventStatus": f"https://schema.org/Event{'Cancelled' if cancelled else 'Scheduled'}",
        "eventAttendanceMode": f"https://schema.org/{_attendance(gathering)}EventAttendanceMode",
        "location": _locations(gathering, url),
        "organizer": {"@type": "Organization", "name": network.name, "url": f"{network.base_url}/"},
    }
    if availability := _AVAILABILITY.get(listing.standing):
        described["offers"] = {
            "@type": "Offer",
            "url": url,
            "availability": f"https://schema.org/{availability}",
        }
    if len(gathering.sessions) > 1:
        described["subEvent"] = [_part(session, described["name"], voice) for session in gathering.sessions]
    return described


def _attendance(gathering: Gathering) -> str:
    if gathering.is_online:
        return "Mixed" if gathering.place else "Online"
    return "Offline"


def _locations(gathering: Gathering, url: str) -> list[dict[str, Any]]:
    places = [gathering.place] if gathering.place else []
    online = [{"@type": "VirtualLocation", "url": url}] if gathering.is_online else []
    return [{"@type": "Place", "name": place.name, "address": place.address} for place in places] + online


def _part(session: Session, name: str, voice: Voice) -> dict[str, Any]:
    return {
        "@type": "Event",
        "name": voice.text(session.title) or name,
        "startDate": session.starts_at.isoformat(),
        "endDate": session.ends_at.isoformat(),
    }
