"""The coordinators' API: programmes and their tracks, and doing again what has been done before."""

from dataclasses import replace
from typing import Any, Final

from chalice.app import Response

from chalicelib import answers, bodies, cursors, outlooks, routing, wire_gatherings, wire_programmes, workplaces
from chalicelib.visit import SignedInVisit, Visit
from shared import seats
from shared.bootstrap import web as bootstrap
from shared.gatherings import service as gathering_planning
from shared.gatherings.copies import copy_of
from shared.gatherings.model import Window
from shared.gatherings.owning import owned
from shared.ids import new_id
from shared.programmes import service as planning
from shared.programmes.model import Programme, Track, TrackNotFound
from shared.roles import Role

api = routing.coordinator_api()

PATH: Final = "/api/v1/coordinator/programmes"
TRACKS: Final = "/api/v1/coordinator/tracks"
GATHERINGS: Final = "/api/v1/coordinator/gatherings"
PAGE: Final = 100


@api.get(PATH, *Role)
def programmes(visit: SignedInVisit) -> Response:
    """List programmes of every state, the latest first day first, a page at a time."""
    page = bootstrap.programmes().listed(after=cursors.given(visit), limit=PAGE)
    found = [_shown(one, visit) for one in page.programmes]
    return answers.data({"programmes": found, "next": cursors.cursor(page.next)})


@api.post(PATH, Role.COORDINATOR)
def plan(visit: Visit) -> Response:
    """Plan a programme: a draft."""
    wanted = bodies.read(wire_programmes.ProgrammeBody, visit.request).to_domain(new_id())
    planned = planning.plan(
        workplaces.known_in_programme(wanted), languages=visit.network.languages, store=bootstrap.programmes()
    )
    return answers.data(wire_programmes.for_coordinators(planned), status=201, headers=_at(PATH, planned.id))


@api.get(f"{PATH}/{{programme_id}}", *Role)
def programme(visit: SignedInVisit, programme_id: str) -> Response:
    """Give one programme."""
    return answers.data(_shown(bootstrap.programmes().get(programme_id), visit))


@api.patch(f"{PATH}/{{programme_id}}", Role.COORDINATOR)
def change(visit: Visit, programme_id: str) -> Response:
    """Change some fields of a programme."""
    patch = bodies.read(wire_programmes.ProgrammePatch, visit.request)
    before = bootstrap.programmes().get(programme_id)
    return answers.data(wire_programmes.for_coordinators(_changed(visit, before, patch.onto(before), patch.version)))


@api.get(f"{PATH}/{{programme_id}}/rounds", *Role)
def rounds(visit: SignedInVisit, programme_id: str) -> Response:
    """Say who could register when for the gatherings of a programme, or of one of its tracks, and why not."""
    found = bootstrap.programmes().get(programme_id).rounds_of(visit.query.get("track") or None)
    if found is None:
        raise TrackNotFound
    return outlooks.answer(found, visit, window=Window())


@api.post(f"{PATH}/{{programme_id}}/publish", Role.COORDINATOR, empty=True)
def publish(visit: Visit, programme_id: str) -> Response:
    """Show a programme to the public."""
    published = planning.publish(
        programme_id, store=bootstrap.programmes(), now=visit.now, correlation_id=visit.correlation_id
    )
    return answers.data(wire_programmes.for_coordinators(published))


@api.post(f"{PATH}/{{programme_id}}/cancel", Role.COORDINATOR, empty=True)
def cancel(visit: Visit, programme_id: str) -> Response:
    """Take a programme off."""
    cancelled = planning.cancel(
        programme_id, store=bootstrap.programmes(), now=visit.now, correlation_id=visit.correlation_id
    )
    return answers.data(wire_programmes.for_coordinators(cancelled))


@api.post(f"{PATH}/{{programme_id}}/duplicate", Role.COORDINATOR)
def duplicate(visit: Visit, programme_id: str) -> Response:
    """Plan a programme and its gatherings anew, in other weeks."""
    body = bodies.read(wire_programmes.DuplicateBody, visit.request)
    made = planning.duplicate(
        programme_id,
        body.starts_on,
        languages=visit.network.languages,
        zone=visit.network.zone,
        store=bootstrap.programmes(),
        gatherings=bootstrap.gatherings(),
    )
    shown = {
        **wire_programmes.for_coordinators(made.programme),
        "gatherings": [wire_gatherings.for_coordinators(one, visit.now) for one in made.gatherings],
        "warnings": [
            warning
            for one in made.gatherings
            for warning in wire_programmes.warnings(one, bootstrap.workdays(), visit.voice, visit.now)
        ],
    }
    return answers.data(shown, status=201, headers=_at(PATH, made.programme.id))


@api.post(f"{GATHERINGS}/{{gathering_id}}/duplicate", Role.COORDINATOR, own=True)
def duplicate_gathering(visit: SignedInVisit, gathering_id: str) -> Response:
    """Plan a gathering anew, in another week."""
    body = bodies.read(wire_programmes.DuplicateBody, visit.request)
    before = bootstrap.gatherings().get(gathering_id)
    planned = gathering_planning.plan(
        owned(copy_of(before, body.starts_on, id=new_id(), session_ids=[new_id() for _ in before.sessions]), visit.who),
        languages=visit.network.languages,
        programmes=bootstrap.programmes(),
        store=bootstrap.gatherings(),
    )
    shown = {
        **wire_gatherings.for_coordinators(planned, visit.now),
        "warnings": wire_programmes.warnings(planned, bootstrap.workdays(), visit.voice, visit.now),
    }
    return answers.data(shown, status=201, headers=_at(GATHERINGS, planned.id))


@api.get(TRACKS, *Role)
def tracks(visit: SignedInVisit) -> Response:
    """List all tracks, each with its programme."""
    found = [
        track | {"programme": one.id, "version": one.version}
        for one in planning.every(store=bootstrap.programmes())
        for track in _shown(one, visit)["tracks"]
    ]
    return answers.data({"tracks": found, "next": None})


@api.post(TRACKS, Role.COORDINATOR)
def add_track(visit: Visit) -> Response:
    """Add a track to a programme."""
    body = bodies.read(wire_programmes.NewTrackBody, visit.request)
    before, track = bootstrap.programmes().get(body.programme), body.to_domain()
    changed = _changed(visit, before, replace(before, tracks=(*before.tracks, track)), body.version)
    return answers.data(wire_programmes.track_of(changed, track), status=201)


@api.patch(f"{TRACKS}/{{track_id}}", Role.COORDINATOR)
def change_track(visit: Visit, track_id: str) -> Response:
    """Change some fields of a track."""
    patch = bodies.read(wire_programmes.TrackPatch, visit.request)
    before, track = _find(track_id)
    wanted = patch.onto(track)
    kept = tuple(wanted if one.id == track_id else one for one in before.tracks)
    changed = _changed(visit, before, replace(before, tracks=kept), patch.version)
    return answers.data(wire_programmes.track_of(changed, wanted))


def _shown(programme: Programme, visit: SignedInVisit) -> dict[str, Any]:
    """Only coordinators see the addresses of those who are invited."""
    show = wire_programmes.for_coordinators if Role.COORDINATOR in visit.who.roles else wire_programmes.for_viewers
    return show(programme)


def _changed(visit: Visit, before: Programme, wanted: Programme, version: int) -> Programme:
    return planning.change(
        workplaces.known_in_programme(wanted, before),
        version=version,
        languages=visit.network.languages,
        store=bootstrap.programmes(),
        gatherings=bootstrap.gatherings(),
        see=seats.see,
        now=visit.now,
        correlation_id=visit.correlation_id,
    )


def _find(track_id: str) -> tuple[Programme, Track]:
    for one in planning.every(store=bootstrap.programmes()):
        for track in one.tracks:
            if track.id == track_id:
                return one, track
    raise TrackNotFound


def _at(path: str, id: str) -> dict[str, str]:
    return {"Location": f"{path}/{id}"}
