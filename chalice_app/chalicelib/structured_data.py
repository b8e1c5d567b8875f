"""A gathering as search engines and calendars read it: schema.org's Event."""

from collections.abc import Iterable
from typing import Any, Final

from chalicelib.screens import Listing, Standing
from shared.gatherings.model import Session, State, Where
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
        **_location(gathering.wheres, url),
        "organizer": {"@type": "Organization", "name": network.name, "url": f"{network.base_url}/"},
    }
    if availability := _AVAILABILITY.get(listing.standing):
        described["offers"] = {
            "@type": "Offer",
            "url": url,
            "availability": f"https://schema.org/{availability}",
        }
    if len(gathering.sessions) > 1:
        described["subEvent"] = [
            _part(session, gathering.where(session), described["name"], url, voice) for session in gathering.sessions
        ]
    return described


def _location(wheres: Iterable[Where], url: str) -> dict[str, Any]:
    """Return how one takes part, and where that is."""
    found = tuple(wheres)
    places = dict.fromkeys(where.place for where in found if where.place is not None)
    is_online = any(where.online_link is not None for where in found)
    mode = ("Mixed" if places else "Online") if is_online else "Offline"
    there = [{"@type": "Place", "name": place.name, "address": place.address} for place in places]
    online = [{"@type": "VirtualLocation", "url": url}] if is_online else []
    return {"eventAttendanceMode": f"https://schema.org/{mode}EventAttendanceMode", "location": there + online}


def _part(session: Session, where: Where, name: str, url: str, voice: Voice) -> dict[str, Any]:
    return {
        "@type": "Event",
        "name": voice.text(session.title) or name,
        "startDate": session.starts_at.isoformat(),
        "endDate": session.ends_at.isoformat(),
        **_location([where], url),
    }
