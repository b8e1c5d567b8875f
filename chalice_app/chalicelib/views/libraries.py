"""The coordinators' API: what is known of libraries beyond the network's profile."""

from dataclasses import asdict
from typing import Any, Final

from chalice.app import Response

from chalicelib import answers, bodies, routing, wire
from chalicelib.sign_in import sign_in
from chalicelib.visit import Visit
from shared.bootstrap import web as bootstrap
from shared.libraries.model import Library
from shared.roles import Role

api = routing.api()

PATH: Final = "/api/v1/coordinator/libraries"


@api.get(PATH)
def libraries(visit: Visit) -> Response:
    """List all libraries, by name."""
    sign_in(visit, *Role)
    found = [_shown(library, visit) for library in bootstrap.libraries().all()]
    return answers.data({"libraries": found, "next": None})


@api.post(PATH)
def add(visit: Visit) -> Response:
    """Add a library that the profile does not have."""
    sign_in(visit, Role.COORDINATOR)
    library = bodies.read(wire.LibraryBody, visit.request).to_domain()
    bootstrap.libraries().add(library)
    return answers.data(_shown(library, visit), status=201, headers={"Location": f"{PATH}/{library.id}"})


@api.patch(f"{PATH}/{{number}}")
def change(visit: Visit, number: str) -> Response:
    """Change some of what is known of a library."""
    sign_in(visit, Role.COORDINATOR)
    before = bootstrap.libraries().get(number)
    after = bodies.read(wire.LibraryPatch, visit.request).onto(before)
    bootstrap.libraries().change(after)
    return answers.data(_shown(after, visit))


def _shown(library: Library, visit: Visit) -> dict[str, Any]:
    today = visit.now.astimezone(visit.network.zone).date()
    return {
        **asdict(library),
        "certifications": [
            {
                "status": one.status,
                "since": one.since.isoformat(),
                "until": one.until.isoformat() if one.until else None,
            }
            for one in library.certifications
        ],
        "certification": library.certification(today),
    }
