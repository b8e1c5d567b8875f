"""What everybody sees of a programme."""

from collections.abc import Iterable

from chalice.app import Response

from chalicelib import answers, routing
from chalicelib.narrator import Narrator
from chalicelib.programme_screens import ProgrammeScreen
from chalicelib.screens import Listing
from chalicelib.visit import Visit
from shared import seats
from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Gathering
from shared.programmes import service as planning

pages = routing.pages()


@pages.get("/forloeb/{slug}")
def programme(visit: Visit, slug: str) -> Response:
    """Show one programme: who may register when, what is coming and what has been."""
    found = planning.public(slug, store=bootstrap.programmes())
    listings = _listings((one for one in bootstrap.gatherings().of_programme(found.id) if one.is_public), visit)
    libraries = bootstrap.libraries().names()
    narrator = Narrator(visit.now, visit.voice, libraries)
    return answers.page(visit, "programme.html", ProgrammeScreen.of(found, listings, narrator, visit))


@pages.get("/forloeb/{slug}/kalender.ics")
def calendar(visit: Visit, slug: str) -> Response:
    """Give the programme's gatherings as a calendar to subscribe to."""
    found = planning.public(slug, store=bootstrap.programmes())
    gatherings = (one for one in bootstrap.gatherings().of_programme(found.id) if one.is_public)
    return answers.feed(visit, gatherings, f"{visit.network.short_name}: {visit.voice.text(found.title)}")


def _listings(found: Iterable[Gathering], visit: Visit) -> tuple[Listing, ...]:
    gatherings = tuple(found)
    left = seats.left(one.id for one in gatherings)
    return tuple(Listing.of(one, visit.now, left.get(one.id, {})) for one in gatherings)
