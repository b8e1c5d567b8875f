"""The public API: what partners' sites and programs use."""

from datetime import datetime
from typing import Any

from chalice.app import Response

from chalicelib import (
    answers,
    bodies,
    routing,
    seat,
    wire,
    wire_gatherings,
    wire_registrations,
    wire_themes,
    wire_viewing,
)
from chalicelib.faults import placed
from chalicelib.own import PARTICIPANT, changed, mine
from chalicelib.screens import Listing
from chalicelib.visit import Visit
from shared import seats
from shared.bootstrap import web as bootstrap
from shared.gatherings import service as planning
from shared.gatherings.model import GOALS, Gathering, Kind
from shared.refusals import N_, Fault, Invalid
from shared.registration import changes
from shared.registration.line import position
from shared.registration.model import Registration, Status
from shared.viewing import service as viewing

api = routing.api()


@api.get("/api/v1/health")
def health(visit: Visit) -> Response:
    """Say that requests are answered."""
    return answers.public({"status": "ok"})


@api.get("/api/v1/openapi.json")
def openapi(visit: Visit) -> Response:
    """Describe the API."""
    from chalicelib.openapi import document

    return answers.public(document(visit.network))


@api.get("/api/v1/libraries")
def libraries(visit: Visit) -> Response:
    """List the libraries, all or those that a text is found in."""
    directory = bootstrap.libraries()
    found = directory.search(visit.query.get("q", ""))
    today = visit.today
    return answers.public(
        {
            "libraries": [
                {
                    "id": library.id,
                    "name": library.name,
                    "municipality": directory.municipality(library),
                    "region": directory.region(library, today),
                }
                for library in found
            ]
        }
    )


@api.get("/api/v1/themes")
def themes(visit: Visit) -> Response:
    """List the themes in their order."""
    return answers.public({"themes": [wire_themes.for_everybody(one) for one in bootstrap.themes().themes().standing]})


@api.get("/api/v1/webinars")
def webinars(visit: Visit) -> Response:
    """List the webinars that are shown: all, on a theme, about a goal, or with words in them."""
    query = visit.query
    theme = query.get("theme") or None
    found = bootstrap.catalogue().found(
        theme=theme and bootstrap.themes().themes().target(theme), goal=_goal(query.get("goal")), q=query.get("q", "")
    )
    return answers.public({"webinars": found})


@api.get("/api/v1/webinars/{slug}")
def webinar(visit: Visit, slug: str) -> Response:
    """Give one webinar that is shown."""
    return answers.public(bootstrap.catalogue().get(slug))


@api.post("/api/v1/webinars/{slug}/views")
def view(visit: Visit, slug: str) -> Response:
    """Count that a webinar is played, or watched to its end."""
    what = bodies.read(wire_viewing.ViewBody, visit.request).what
    viewing.count(slug, what, network=visit.visitor, around=bootstrap.counting(), now=visit.now)
    return answers.nothing()


@api.get("/api/v1/gatherings")
def gatherings(visit: Visit) -> Response:
    """List public gatherings: those to come, or those that start between two moments."""
    query = visit.query
    store = bootstrap.gatherings()
    since, until = _moment(query, "from"), _moment(query, "to")
    kind = _kind(query.get("kind"))
    theme = query.get("theme")
    slugs = bootstrap.themes().themes().slugs(theme) if theme else frozenset()
    if since is None and until is None:
        found = planning.coming(store=store, now=visit.now)
    else:
        found = planning.between(since, until, store=store)
    chosen = [
        one for one in found if (kind is None or one.kind is kind) and (not theme or not slugs.isdisjoint(one.themes))
    ]
    left = seats.left(one.id for one in chosen)
    return answers.public(
        {
            "gatherings": [
                wire_gatherings.for_everybody(Listing.of(one, visit.now, left.get(one.id, {}))) for one in chosen
            ]
        }
    )


@api.get("/api/v1/gatherings/{slug}")
def gathering(visit: Visit, slug: str) -> Response:
    """Give one public gathering."""
    found = planning.public(slug, store=bootstrap.gatherings())
    return answers.public(wire_gatherings.for_everybody(Listing.of(found, visit.now, seats.left_in(found.id))))


@api.post("/api/v1/gatherings/{slug}/registrations")
def register(visit: Visit, slug: str) -> Response:
    """Take seats."""
    key = bodies.idempotency_key(visit.request)
    booking = bodies.read(wire_registrations.RegistrationBody, visit.request).to_domain(visit.network)
    with placed(wire_registrations.in_body):
        taken = seat.take(visit, slug, booking, key=f"api|{key}")
    return answers.data(wire_registrations.answered(taken), status=201)


@api.get("/api/v1/registrations/{token}")
def registration(visit: Visit, token: str) -> Response:
    """Give the participant's own registration."""
    return answers.data(_own(*mine(visit, token)))


@api.patch("/api/v1/registrations/{token}")
def change(visit: Visit, token: str) -> Response:
    """Confirm, accept, decline, disown or change the own registration, or hand it over to a colleague."""
    found, gathering = mine(visit, token)
    patch = bodies.read(wire_registrations.OwnPatch, visit.request)
    return answers.data(_own(changed(visit, found, patch), gathering))


@api.delete("/api/v1/registrations/{token}")
def cancel(visit: Visit, token: str) -> Response:
    """Give the seat, or the place in the line, back."""
    found, gathering = mine(visit, token)
    after = changes.cancel(
        (found.gathering_id, found.id),
        PARTICIPANT,
        around=bootstrap.surroundings(),
        now=visit.now,
        correlation_id=visit.correlation_id,
    )
    return answers.data(_own(after, gathering))


def _own(found: Registration, gathering: Gathering) -> dict[str, Any]:
    line = bootstrap.registrations().line(gathering.id) if found.status is Status.WAITLISTED else ()
    return {
        **wire_registrations.registration(found, position(line, found.id)),
        "gathering": gathering.slug,
        "changes_until": gathering.changes_until.isoformat(),
    }


def _goal(said: str | None) -> int | None:
    if not said:
        return None
    if not said.isdecimal() or int(said) not in GOALS:
        raise Invalid(Fault("goal", N_("The goals are numbered 1 to 17.")))
    return int(said)


def _kind(text: str | None) -> Kind | None:
    try:
        return Kind(text) if text is not None else None
    except ValueError as error:
        raise Invalid(Fault("kind", N_("There is no such kind of gathering."))) from error


def _moment(query: dict[str, str], name: str) -> datetime | None:
    if name not in query:
        return None
    try:
        # A plus in a query is a blank once decoded: +01:00 is sent by many as it is.
        moment = wire.within_reason(datetime.fromisoformat(query[name].replace(" ", "+")))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Invalid(Fault(name, N_("A time needs its offset from UTC, as in 2027-03-23T09:00:00+01:00.")))
    return moment
