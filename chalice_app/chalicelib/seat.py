"""Taking seats, for the form and for the API alike."""

from chalicelib.visit import Visit
from shared.bootstrap import web as bootstrap
from shared.registration import service as registering
from shared.registration.applying import Booking
from shared.registration.ports import Answers
from shared.registration.service import Invitation


def take(
    visit: Visit, slug: str, booking: Booking, *, key: str, invitation: Invitation | None = None, counted: bool = False
) -> Answers:
    """Register whom the booking names. `key` is the request's idempotency key. Raise what `register` raises."""
    return registering.register(
        slug,
        booking,
        key=key,
        network=visit.visitor,
        allowance=bootstrap.allowance(),
        around=bootstrap.surroundings(),
        now=visit.now,
        correlation_id=visit.correlation_id,
        invitation=invitation,
        counted=counted,
    )


def count(visit: Visit, email: str, *, key: str) -> None:
    """Count a form that takes several seats, which are then `counted`. Raise what `count` raises."""
    registering.count(
        key,
        email,
        network=visit.visitor,
        allowance=bootstrap.allowance(),
        around=bootstrap.surroundings(),
        now=visit.now,
    )
