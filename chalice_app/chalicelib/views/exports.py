"""The coordinators' API: participants as a file."""

from typing import Final

from chalice.app import Response

from chalicelib import exports, routing
from chalicelib.exports import Format
from chalicelib.participants import sought
from chalicelib.visit import SignedInVisit
from shared.bootstrap import web as bootstrap
from shared.gatherings.owning import require_owner
from shared.refusals import N_, Fault, Invalid
from shared.registration.queries import everybody, found
from shared.roles import Role

api = routing.coordinator_api()

PATH: Final = "/api/v1/coordinator/exports"


@api.get(PATH, Role.COORDINATOR, Role.EDITOR)
def export(visit: SignedInVisit) -> Response:
    """Give everybody in a gathering, or those that are looked for, or what to cater for, as a file.

    `needs` come along only when they are asked for. Editors get those of their own gatherings. The kind is
    `participants` or `catering`, the format `xlsx` or `csv`.
    """
    query = visit.query
    kind, wanted = query.get("kind", ""), query.get("format", Format.XLSX)
    if kind not in ("participants", "catering"):
        raise Invalid(Fault("kind", N_("Ask for participants or catering.")))
    if wanted not in tuple(Format):
        raise Invalid(Fault("format", N_("Ask for xlsx or csv.")))
    gathering = bootstrap.gatherings().get(query.get("gathering", ""))
    require_owner(gathering, visit.who)
    registrations = everybody(gathering.id, store=bootstrap.registrations())
    if kind == "catering":
        table = exports.catering(gathering, registrations, visit.voice)
    else:
        those = found(registrations, sought(query), bootstrap.libraries().shown)
        table = exports.participants(gathering, those, visit.voice, with_needs=query.get("needs") == "true")
    return exports.file(table, Format(wanted), f"{gathering.slug}-{kind}")
