"""What somebody finds by the address alone: being told when registration opens, and all one's own, to be erased."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from chalice.app import Response

from chalicelib import answers, bodies, routing
from chalicelib.mine_screens import AskedScreen, AskScreen, Mine, MineScreen, NotedScreen, NoticeScreen
from chalicelib.routing import Unavailable
from chalicelib.screens import LibraryChoice, Listing, MyDataScreen, Problem
from chalicelib.visit import Visit
from chalicelib.wire_notices import InterestBody
from shared import seats
from shared.bootstrap import web as bootstrap
from shared.erasure import file, service as erasing
from shared.gatherings import service as planning
from shared.gatherings.model import GatheringNotFound
from shared.limits import Limit
from shared.links import CALENDAR_LIVES, MINE_LIVES, LinkBroken, Purpose
from shared.notices import queries, service as notices
from shared.notices.queries import Own
from shared.privacy.export import PersonFile, as_json
from shared.refusals import N_, Fault, Invalid, Refusal, StoreUnavailable

pages = routing.pages()
api = routing.api()

QUESTION_LIVES: Final = timedelta(hours=1)
"""How long a link to one of the own registrations works, where it is shown on the page with all of them."""


@pages.get("/arrangementer/{slug}/besked")
def notice(visit: Visit, slug: str) -> Response:
    """Ask for the address."""
    screen = NoticeScreen(listing=_listing(visit, slug), libraries=LibraryChoice.all(bootstrap.libraries()))
    return answers.page(visit, "notice.html", screen)


@pages.post("/arrangementer/{slug}/besked")
def leave(visit: Visit, slug: str) -> Response:
    """Keep an address until its owner can register."""
    fields = bodies.form(visit.request)
    listing = _listing(visit, slug)
    try:
        # Only a program fills in a field that nobody sees. It is told nothing of that.
        opens_at = visit.now if fields.get("website") else _leave(visit, slug, fields)
    except (Refusal, StoreUnavailable) as stopped:
        libraries = LibraryChoice.all(bootstrap.libraries())
        return _again(visit, "notice.html", NoticeScreen, fields, stopped, listing=listing, libraries=libraries)
    noted = bootstrap.links().token(Purpose.NOTICE, slug, opens_at.isoformat(), expires=visit.now + QUESTION_LIVES)
    return answers.see_other(visit, f"/arrangementer/{slug}/besked/{noted}")


@pages.get("/arrangementer/{slug}/besked/{token}")
def noted(visit: Visit, slug: str, token: str) -> Response:
    """Say when that will be."""
    of, opens_at = bootstrap.links().read(Purpose.NOTICE, token, now=visit.now)
    if of != slug:
        raise GatheringNotFound
    return answers.page(visit, "noted.html", NotedScreen(_listing(visit, slug), datetime.fromisoformat(opens_at)))


@api.post("/api/v1/gatherings/{slug}/interest")
def interest(visit: Visit, slug: str) -> Response:
    """Keep an address until its owner can register."""
    body = bodies.read(InterestBody, visit.request)
    return answers.data({"opens_at": _leave(visit, slug, body.model_dump()).isoformat()}, status=202)


@pages.get("/mine")
def ask(visit: Visit) -> Response:
    """Ask for the address."""
    return answers.page(visit, "mine-ask.html", AskScreen())


@pages.post("/mine")
def send(visit: Visit) -> Response:
    """Have the link to all one's own mailed, if there is anything; the answer does not tell."""
    fields = bodies.form(visit.request)
    email = fields.get("email", "")
    try:
        if not fields.get("website"):
            notices.ask_for_links(
                email,
                language=visit.voice.language,
                limits=_limits(visit, email),
                secret=bootstrap.hashed(),
                store=bootstrap.notices(),
                now=visit.now,
                correlation_id=visit.correlation_id,
            )
    except (Refusal, StoreUnavailable) as stopped:
        return _again(visit, "mine-ask.html", AskScreen, fields, stopped)
    return answers.page(visit, "mine-asked.html", AskedScreen())


@pages.get("/mine/{token}")
def mine(visit: Visit, token: str) -> Response:
    """Show all registrations of the link's owner, and to leaders, how many of their library are coming."""
    person = _person(visit, token)
    found = queries.own(person, registrations=bootstrap.registrations(), gatherings=bootstrap.gatherings())
    directory = bootstrap.libraries()
    led = queries.led_by(found, directory)
    coming = planning.coming(store=bootstrap.gatherings(), now=visit.now) if led else ()
    shown = [_shown(visit, one) for one in found]
    screen = MineScreen(
        path=f"/mine/{token}",
        calendar=f"/kalender/{_calendar_token(visit, person)}.ics",
        preferences=f"/praeferencer/{_preferences_token(visit, person)}",
        coming=tuple(one for one in reversed(shown) if not one.is_over),
        over=tuple(one for one in shown if one.is_over),
        leads=bool(led),
        counts=queries.counts(led, coming, seats.see, directory),
        libraries={library: directory.current(library).name for library in led},
    )
    return answers.page(visit, "mine.html", screen)


@pages.get("/kalender/{file}")
def calendar(visit: Visit, file: str) -> Response:
    """Give what the link's owner comes to as a calendar to subscribe to: `{token}.ics`."""
    token, _, ending = file.rpartition(".")
    if ending != "ics":
        raise LinkBroken
    (person,) = bootstrap.links().read(Purpose.CALENDAR, token, now=visit.now)
    found = queries.own(person, registrations=bootstrap.registrations(), gatherings=bootstrap.gatherings())
    return answers.own_feed(visit, found, visit.voice.say("My gatherings"))


@pages.get("/mine/{token}/data")
def data(visit: Visit, token: str) -> Response:
    """Show everything that is kept about the link's owner, and ask whether it is to be erased."""
    person = _person(visit, token)
    csrf = bootstrap.links().token(Purpose.OWN_FORM, person, expires=visit.now + QUESTION_LIVES)
    return answers.page(visit, "my-data.html", MyDataScreen(_file(visit, person), f"/mine/{token}/data", csrf))


@pages.get("/mine/{token}/data.json")
def download(visit: Visit, token: str) -> Response:
    """Give the same as a file."""
    attached = {"Content-Disposition": 'attachment; filename="data.json"'}
    return answers.data(as_json(_file(visit, _person(visit, token))), headers=attached)


@pages.post("/mine/{token}/data")
def erase(visit: Visit, token: str) -> Response:
    """Erase everything about the link's owner."""
    person = _person(visit, token)
    fields = bodies.form(visit.request)
    if bootstrap.links().read(Purpose.OWN_FORM, fields.get("csrf", ""), now=visit.now) != (person,):
        raise LinkBroken
    if fields.get("sure") != "yes":
        raise Invalid(Fault("sure", N_("Tick that you are sure.")))
    erasing.erase(
        person,
        kept=bootstrap.kept(),
        around=bootstrap.surroundings(),
        secret=bootstrap.hashed(),
        now=visit.now,
        correlation_id=visit.correlation_id,
    )
    return answers.see_other(visit, f"/mine/{token}/data")


def _leave(visit: Visit, slug: str, fields: Mapping[str, str]) -> datetime:
    email = fields.get("email", "")
    return notices.leave_interest(
        slug,
        email,
        library=fields.get("library", ""),
        role=fields.get("role", ""),
        language=visit.voice.language,
        limits=_limits(visit, email),
        secret=bootstrap.hashed(),
        around=bootstrap.openings(),
        now=visit.now,
    )


def _limits(visit: Visit, email: str) -> tuple[Limit, ...]:
    return bootstrap.allowance().limits(network=visit.visitor, email=email, secret=bootstrap.hashed())


def _again(
    visit: Visit,
    template: str,
    screen: type[AskScreen] | type[NoticeScreen],
    fields: Mapping[str, str],
    stopped: Refusal | StoreUnavailable,
    **more: Any,
) -> Response:
    """Show the form again with what was typed, and why it was not taken."""
    refusal = stopped if isinstance(stopped, Refusal) else Unavailable(retry_after=5)
    faults = refusal.faults if isinstance(refusal, Invalid) else ()
    problem = None if faults else Problem(refusal.message, retry_after=refusal.retry_after)
    shown = screen(typed=fields, faults=faults, problem=problem, **more)
    return answers.page(visit, template, shown, status=refusal.status, retry_after=refusal.retry_after)


def _listing(visit: Visit, slug: str) -> Listing:
    return Listing(planning.public(slug, store=bootstrap.gatherings()), visit.now)


def _person(visit: Visit, token: str) -> str:
    """Return the keyed hash of the owner's address. Raise LinkBroken or LinkExpired."""
    (person,) = bootstrap.links().read(Purpose.MINE, token, now=visit.now)
    return person


def _calendar_token(visit: Visit, person: str) -> str:
    return bootstrap.links().token(Purpose.CALENDAR, person, expires=visit.now + CALENDAR_LIVES)


def _preferences_token(visit: Visit, person: str) -> str:
    return bootstrap.links().token(Purpose.PREFERENCES, person, expires=visit.now + MINE_LIVES)


def _file(visit: Visit, person: str) -> PersonFile:
    return file.everything_about(
        person,
        kept=bootstrap.kept(),
        library_name=lambda number: bootstrap.libraries().shown(number).name,
        secret=bootstrap.hashed(),
        now=visit.now,
    )


def _shown(visit: Visit, one: Own) -> Mine:
    registration = one.registration
    token = bootstrap.links().token(
        Purpose.REGISTRATION,
        registration.gathering_id,
        registration.id,
        str(registration.link_generation),
        expires=visit.now + MINE_LIVES,
    )
    return Mine(Listing(one.gathering, visit.now), registration, f"/tilmelding/{token}")
