"""Taking a seat, for the form and for the API alike."""

from chalicelib.visit import Visit
from shared.bootstrap import web as bootstrap
from shared.registration import service as registering
from shared.registration.model import Application
from shared.registration.ports import Answer


def take(visit: Visit, slug: str, application: Application, *, key: str) -> Answer:
    """Register whom the application names. `key` is the request's idempotency key. Raise what `register` raises."""
    return registering.register(
        slug,
        application,
        key=key,
        network=visit.visitor,
        gatherings=bootstrap.gathering_reader(),
        libraries=bootstrap.libraries(),
        store=bootstrap.registrations(),
        allowance=bootstrap.allowance(),
        secret=bootstrap.hashed(),
        kept_for=bootstrap.kept_for(),
        now=visit.now,
        correlation_id=visit.correlation_id,
    )
