"""A participant's own page. The link is the key: it opens nothing but one registration, and for a time."""

from datetime import timedelta
from typing import Final

from chalice.app import Response

from chalicelib import answers, bodies, routing
from chalicelib.screens import CancelScreen, Listing, RegistrationScreen
from chalicelib.visit import Visit
from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Gathering
from shared.links import LinkBroken, Purpose
from shared.registration import service as registering
from shared.registration.model import Registration, Status

pages = routing.pages()

QUESTION_LIVES: Final = timedelta(hours=1)


@pages.get("/tilmelding/{token}")
def registration(visit: Visit, token: str) -> Response:
    """Show the registration."""
    mine, gathering = _mine(visit, token)
    screen = RegistrationScreen(
        listing=Listing(gathering, visit.now),
        name=mine.participant.name,
        token=token,
        cancelled=mine.status is Status.CANCELLED,
    )
    return answers.page(visit, "registration.html", screen)


@pages.get("/tilmelding/{token}/kalender.ics")
def calendar(visit: Visit, token: str) -> Response:
    """Give the sessions as calendar entries, under the ids of the invitations that were mailed."""
    from shared.notify.calendar import uid

    mine, gathering = _mine(visit, token)
    sessions = [session for session in gathering.sessions if session.id in mine.sessions]
    return answers.calendar(
        visit, gathering, sessions, url=f"/tilmelding/{token}", uid_of=lambda session: uid(mine.id, session.id)
    )


@pages.get("/tilmelding/{token}/afmelding")
def question(visit: Visit, token: str) -> Response:
    """Ask whether the seat is really to be given back: mail scanners open links, and press no buttons."""
    mine, gathering = _mine(visit, token)
    csrf = bootstrap.links().token(Purpose.CANCELLATION, mine.id, expires=visit.now + QUESTION_LIVES)
    return answers.page(visit, "cancel.html", CancelScreen(Listing(gathering, visit.now), token, csrf))


@pages.post("/tilmelding/{token}/afmelding")
def cancel(visit: Visit, token: str) -> Response:
    """Give the seat back."""
    gathering_id, registration_id = ids(visit, token)
    asked_about = bootstrap.links().read(
        Purpose.CANCELLATION, bodies.form(visit.request).get("csrf", ""), now=visit.now
    )
    if asked_about != (registration_id,):
        raise LinkBroken
    registering.cancel(
        gathering_id,
        registration_id,
        gatherings=bootstrap.gathering_reader(),
        store=bootstrap.registrations(),
        now=visit.now,
        correlation_id=visit.correlation_id,
    )
    return answers.see_other(visit, f"/tilmelding/{token}")


def ids(visit: Visit, token: str) -> tuple[str, str]:
    """Return the gathering's and the registration's id. Raise LinkBroken or LinkExpired."""
    gathering_id, registration_id = bootstrap.links().read(Purpose.REGISTRATION, token, now=visit.now)
    return gathering_id, registration_id


def _mine(visit: Visit, token: str) -> tuple[Registration, Gathering]:
    gathering_id, registration_id = ids(visit, token)
    mine = bootstrap.registrations().get(gathering_id, registration_id)
    return mine, bootstrap.gatherings().get(gathering_id)
