"""The way in to a session online. Mail scanners open links, so it is a button that lets in, and that is noted."""

from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from chalice.app import Response

from chalicelib import answers, bodies, routing
from chalicelib.screens import JoinScreen, Listing
from chalicelib.visit import Visit
from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Gathering, Session
from shared.links import LinkBroken, Purpose
from shared.registration.joining import Door, door, join
from shared.registration.model import Registration

pages = routing.pages()

FORM_LIVES: Final = timedelta(hours=12)
"""People open the page in good time, and press when it begins."""


@pages.get("/deltag/{token}")
def way_in(visit: Visit, token: str) -> Response:
    """Show what it is, when, and the button; or why there is none."""
    return _page(visit, token, *_mine(visit, token))


@pages.post("/deltag/{token}")
def go_in(visit: Visit, token: str) -> Response:
    """Note it, and lead to the meeting; or explain."""
    found, gathering, session = _mine(visit, token)
    csrf = bodies.form(visit.request).get("csrf", "")
    if bootstrap.links().read(Purpose.OWN_FORM, csrf, now=visit.now) != (found.id, session.id):
        raise LinkBroken
    key = (gathering.id, found.id)
    around = bootstrap.surroundings()
    link = join(key, session, around=around, now=visit.now, correlation_id=visit.correlation_id)
    return answers.redirect(link) if link else _page(visit, token, *_mine(visit, token))


def _mine(visit: Visit, token: str) -> tuple[Registration, Gathering, Session]:
    """Return what a link leads to. Raise LinkBroken, LinkExpired or RegistrationNotFound."""
    ids = bootstrap.links().read(Purpose.JOIN, token, now=visit.now)
    gathering_id, registration_id, generation, session_id = ids
    found = bootstrap.registrations().get(gathering_id, registration_id)
    gathering = bootstrap.gatherings().get(gathering_id)
    session = next((one for one in gathering.sessions if one.id == session_id), None)
    if generation != str(found.link_generation) or session is None:
        raise LinkBroken
    return found, gathering, session


def _page(visit: Visit, token: str, found: Registration, gathering: Gathering, session: Session) -> Response:
    csrf = bootstrap.links().token(Purpose.OWN_FORM, found.id, session.id, expires=visit.now + FORM_LIVES)
    stands = door(found, gathering, session, visit.now)
    screen = JoinScreen(Listing(gathering, visit.now), session, stands, f"/deltag/{token}", csrf)
    answer = answers.page(visit, "join.html", screen)
    link = gathering.where(session, found.mode).online_link
    if stands is not Door.OPEN or link is None:
        return answer
    there = urlsplit(link)
    return answers.leading_to(answer, f"{there.scheme}://{there.netloc}")
