"""Importing participants, for the coordinators' pages and their API alike."""

from chalicelib.visit import SignedInVisit
from shared.bootstrap import web as bootstrap
from shared.registration import importing
from shared.registration.importing import Preview, Progress, Terms
from shared.registration.model import Actor, By
from shared.registration.queries import everybody


def preview_participants(
    visit: SignedInVisit, gathering_id: str, content: bytes, *, mode: str, sessions: tuple[str, ...] | None
) -> tuple[str, Preview]:
    """Return whom a sheet would register, and the id by which to confirm it. Raise what the use case raises."""
    return importing.preview_import(
        content,
        Terms(gathering_id, visit.network.languages[0], mode, sessions),
        gathering=bootstrap.gatherings().get(gathering_id),
        registrations=everybody(gathering_id, store=bootstrap.registrations()),
        libraries=bootstrap.libraries(),
        previews=bootstrap.previews(),
        now=visit.now,
    )


def go_on(visit: SignedInVisit, import_id: str) -> Progress:
    """Register the next lines on the coordinator's word. Raise what the use case raises."""
    return importing.go_on(
        import_id,
        By(Actor.COORDINATOR, visit.who.id),
        allowance=bootstrap.allowance(),
        around=bootstrap.surroundings(),
        previews=bootstrap.previews(),
        now=visit.now,
        correlation_id=visit.correlation_id,
    )
