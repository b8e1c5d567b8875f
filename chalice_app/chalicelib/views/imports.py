"""The coordinators' API: lists that are shown first, and kept when somebody says so."""

from typing import Final

from chalice.app import Response

from chalicelib import answers, bodies, routing, wire_libraries
from chalicelib.visit import Visit
from shared.bootstrap import web as bootstrap
from shared.libraries import importing
from shared.roles import Role

api = routing.coordinator_api()

PATH: Final = "/api/v1/coordinator/imports"


@api.post(PATH, Role.COORDINATOR)
def preview(visit: Visit) -> Response:
    """Say what a list would change. Nothing is changed."""
    body = bodies.read(wire_libraries.ImportBody, visit.request, largest=bodies.LARGEST_UPLOAD)
    preview_id, shown = importing.preview_import(
        body.content(), directory=bootstrap.libraries(), previews=bootstrap.previews(), now=visit.now
    )
    told = wire_libraries.previewed(preview_id, shown, visit.voice)
    return answers.data(told, status=201, headers={"Location": f"{PATH}/{preview_id}"})


@api.post(f"{PATH}/{{import_id}}/confirm", Role.COORDINATOR, empty=True)
def confirm(visit: Visit, import_id: str) -> Response:
    """Keep what was shown. The second time does nothing more, and is answered as the first."""
    outcome = importing.confirm_import(import_id, directory=bootstrap.libraries(), previews=bootstrap.previews())
    return answers.data(wire_libraries.confirmed(import_id, outcome))
