"""What everybody sees of a programme."""

from collections.abc import Iterable, Sequence
from typing import Any

from chalice.app import Response

from chalicelib import answers, routing, structured_data
from chalicelib.narrator import Narrator
from chalicelib.programme_screens import ProgrammeScreen, period
from chalicelib.render import address
from chalicelib.screens import Listing
from chalicelib.visit import Visit
from shared import seats
from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Gathering, State
from shared.programmes import service as planning
from shared.programmes.model import Programme

pages = routing.pages()


@pages.get("/forloeb/{slug}")
def programme(visit: Visit, slug: str) -> Response:
    """Show one programme: who may register when, what is coming and what has been."""
    found = planning.public(slug, store=bootstrap.programmes())
    listings = _listings((one for one in bootstrap.gatherings().of_programme(found.id) if one.is_public), visit)
    libraries = bootstrap.libraries().names()
    narrator = Narrator(visit.now, visit.voice, libraries)
    screen = ProgrammeScreen(
        programme=found,
        period=period(found.starts_on, found.ends_on, visit.voice),
        tracks=narrator.tracks(found),
        rounds=narrator.rounds(found.rounds),
        coming=tuple(one for one in listings if one.gathering.ends_at > visit.now),
        past=tuple(one for one in reversed(listings) if one.gathering.ends_at <= visit.now),
        series=_series(found, listings, visit),
    )
    return answers.page(visit, "programme.html", screen)


def _listings(found: Iterable[Gathering], visit: Visit) -> tuple[Listing, ...]:
    gatherings = tuple(found)
    left = seats.left(one.id for one in gatherings)
    return tuple(Listing.of(one, visit.now, left.get(one.id, {})) for one in gatherings)


def _series(found: Programme, listings: Sequence[Listing], visit: Visit) -> dict[str, Any]:
    """Return the programme as schema.org's EventSeries."""
    cancelled = found.state is State.CANCELLED
    return {
        "@context": "https://schema.org",
        "@type": "EventSeries",
        "name": visit.voice.text(found.title),
        "description": visit.voice.text(found.summary),
        "url": _url(f"/forloeb/{found.slug}", visit),
        "startDate": found.starts_on.isoformat(),
        "endDate": found.ends_on.isoformat(),
        "eventStatus": f"https://schema.org/Event{'Cancelled' if cancelled else 'Scheduled'}",
        "organizer": {"@type": "Organization", "name": visit.network.name, "url": f"{visit.network.base_url}/"},
        "subEvent": [
            structured_data.event(one, url=_url(one.path, visit), voice=visit.voice, network=visit.network)
            for one in listings
        ],
    }


def _url(path: str, visit: Visit) -> str:
    return visit.network.base_url + address(path, visit.voice.language, visit.network)
