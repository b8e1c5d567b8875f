"""The public API: what partners' sites and programs use."""

import re
from datetime import datetime
from typing import Any, Final

from chalice.app import Response

from chalicelib import answers, bodies, routing, seat, wire
from chalicelib.views.personal import ids
from chalicelib.visit import Visit
from shared import seats
from shared.bootstrap import web as bootstrap
from shared.gatherings import service as planning
from shared.gatherings.model import Gathering, Kind
from shared.refusals import N_, Fault, Invalid
from shared.registration import service as registering
from shared.registration.model import Registration

api = routing.api()

_KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")


@api.get("/api/v1/health")
def health(visit: Visit) -> Response:
    """Say that requests are answered."""
    return answers.data({"status": "ok"})


@api.get("/api/v1/openapi.json")
def openapi(visit: Visit) -> Response:
    """Describe the API."""
    from chalicelib.openapi import document

    return answers.data(document(visit.network))


@api.get("/api/v1/libraries")
def libraries(visit: Visit) -> Response:
    """List the libraries, all or those that a text is found in."""
    directory = bootstrap.libraries()
    found = directory.search(visit.query.get("q", ""))
    today = visit.now.astimezone(visit.network.zone).date()
    return answers.data(
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


@api.get("/api/v1/gatherings")
def gatherings(visit: Visit) -> Response:
    """List public gatherings: those to come, or those that start between two moments."""
    query = visit.query
    store = bootstrap.gatherings()
    since, until = _moment(query, "from"), _moment(query, "to")
    kind = _kind(query.get("kind"))
    theme = query.get("theme")
    if since is None and until is None:
        found = planning.coming(store=store, now=visit.now)
    else:
        found = planning.between(since, until, store=store)
    chosen = [one for one in found if (kind is None or one.kind is kind) and (theme is None or theme in one.themes)]
    left = seats.left(one.id for one in chosen)
    return answers.data(
        {"gatherings": [wire.for_everybody(one, seats.tightest(left.get(one.id, {})), visit.now) for one in chosen]}
    )


@api.get("/api/v1/gatherings/{slug}")
def gathering(visit: Visit, slug: str) -> Response:
    """Give one public gathering."""
    found = planning.public(slug, store=bootstrap.gatherings())
    return answers.data(wire.for_everybody(found, seats.tightest(seats.left_in(found.id)), visit.now))


@api.post("/api/v1/gatherings/{slug}/registrations")
def register(visit: Visit, slug: str) -> Response:
    """Take a seat."""
    key = visit.request.headers.get("idempotency-key", "")
    if not _KEY.fullmatch(key):
        raise Invalid(Fault("Idempotency-Key", N_("Send the header Idempotency-Key: 1 to 200 visible characters.")))
    application = bodies.read(wire.RegistrationBody, visit.request).to_domain(visit.network)
    try:
        answer = seat.take(visit, slug, application, key=f"api|{key}")
    except Invalid as invalid:
        raise Invalid(
            *(Fault(wire.FIELDS.get(fault.field, fault.field), fault.message, fault.values) for fault in invalid.faults)
        ) from invalid
    registered = {"id": answer.registration_id, "status": answer.status, "position": None}
    return answers.data({"registrations": [registered]}, status=201)


@api.get("/api/v1/registrations/{token}")
def registration(visit: Visit, token: str) -> Response:
    """Give the participant's own registration."""
    gathering_id, registration_id = ids(visit, token)
    mine = bootstrap.registrations().get(gathering_id, registration_id)
    return answers.data(_own(mine, bootstrap.gatherings().get(gathering_id)))


@api.delete("/api/v1/registrations/{token}")
def cancel(visit: Visit, token: str) -> Response:
    """Give the seat back."""
    gathering_id, registration_id = ids(visit, token)
    after = registering.cancel(
        gathering_id,
        registration_id,
        gatherings=bootstrap.gathering_reader(),
        store=bootstrap.registrations(),
        now=visit.now,
        correlation_id=visit.correlation_id,
    )
    return answers.data(_own(after, bootstrap.gatherings().get(gathering_id)))


def _own(mine: Registration, gathering: Gathering) -> dict[str, Any]:
    return {
        **wire.registration(mine),
        "gathering": gathering.slug,
        "changes_until": gathering.changes_until.isoformat(),
    }


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
