"""The coordinators' API: lists that are shown first, and kept when somebody says so. Editors import participants of
their own gatherings."""

from typing import Any, Final

from chalice.app import Response

from chalicelib import answers, bodies, routing, wire_imports, wire_libraries
from chalicelib.coordinating import domains_listed
from chalicelib.participant_imports import go_on, preview_participants
from chalicelib.visit import SignedInVisit
from chalicelib.wire_imports import ImportBody
from shared.bootstrap import web as bootstrap
from shared.gatherings.owning import require_owner
from shared.libraries import importing as importing_libraries
from shared.registration import importing as importing_participants
from shared.roles import Role

api = routing.coordinator_api()

PATH: Final = "/api/v1/coordinator/imports"


@api.post(PATH, Role.COORDINATOR, Role.EDITOR)
def preview(visit: SignedInVisit) -> Response:
    """Say what a list would change. Nothing is changed."""
    told = _previewed(visit, bodies.read(ImportBody, visit.request, largest=bodies.LARGEST_UPLOAD))
    return answers.data(told, status=201, headers={"Location": f"{PATH}/{told['id']}"})


@api.post(f"{PATH}/{{import_id}}/confirm", Role.COORDINATOR, Role.EDITOR, empty=True)
def confirm(visit: SignedInVisit, import_id: str) -> Response:
    """Keep what was shown; of participants, some at a time, until it is complete. Nothing is done twice."""
    previews = bootstrap.previews()
    if previews.get(import_id, now=visit.now).kind == importing_participants.KIND:
        shown, _ = importing_participants.shown_import(import_id, previews=previews, now=visit.now)
        _require_owner(visit, shown.terms.gathering_id)
        return answers.data(wire_imports.progressed(import_id, go_on(visit, import_id), visit.voice))
    visit.who.require(Role.COORDINATOR)
    outcome = importing_libraries.confirm_import(
        import_id, directory=bootstrap.libraries(), previews=previews, now=visit.now
    )
    domains_listed(visit)
    return answers.data(wire_libraries.confirmed(import_id, outcome))


def _previewed(visit: SignedInVisit, body: ImportBody) -> dict[str, Any]:
    if body.kind == importing_participants.KIND:
        _require_owner(visit, body.gathering)
        sessions = None if body.sessions is None else tuple(body.sessions)
        import_id, shown = preview_participants(
            visit, body.gathering, body.content(), mode=body.mode, sessions=sessions
        )
        return wire_imports.previewed_participants(import_id, shown, visit.voice)
    visit.who.require(Role.COORDINATOR)
    preview_id, changes = importing_libraries.preview_import(
        body.content(), directory=bootstrap.libraries(), previews=bootstrap.previews(), now=visit.now
    )
    return wire_libraries.previewed(preview_id, changes, visit.voice)


def _require_owner(visit: SignedInVisit, gathering_id: str) -> None:
    require_owner(bootstrap.gatherings().get(gathering_id), visit.who)
