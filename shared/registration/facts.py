"""The facts of registrations, in their envelopes."""

from datetime import datetime
from typing import Any, Final, TypeVar

from events.envelope import Envelope
from events.registration import (
    AboutRegistration,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationExpired,
    RegistrationOffered,
    RegistrationPending,
    RegistrationWaitlisted,
)
from shared.ids import new_id
from shared.registration.model import Registration, Status

R = TypeVar("R", bound=AboutRegistration)

_OF_STATUS: Final[dict[Status, type[AboutRegistration]]] = {
    Status.CONFIRMED: RegistrationConfirmed,
    Status.PENDING: RegistrationPending,
    Status.WAITLISTED: RegistrationWaitlisted,
    Status.OFFERED: RegistrationOffered,
    Status.CANCELLED: RegistrationCancelled,
    Status.EXPIRED: RegistrationExpired,
}


def of_status(registration: Registration, now: datetime, correlation_id: str) -> Envelope[Any]:
    """Return the fact that says where the registration is now."""
    return fact(_OF_STATUS[registration.status], registration, now, correlation_id)


def fact(kind: type[R], registration: Registration, now: datetime, correlation_id: str) -> Envelope[R]:
    """Return a fact about the registration as it is."""
    return Envelope[R].of(
        kind(registration_id=registration.id, gathering_id=registration.gathering_id),
        id=new_id(),
        subject=registration.id,
        subject_version=registration.version,
        at=now,
        correlation_id=correlation_id,
    )
