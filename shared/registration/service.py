"""Registering, looking at it and giving it back."""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from events.envelope import C, Envelope
from events.mail import MailFailed
from events.registration import RegistrationCancelled, RegistrationConfirmed, RegistrationLinkRequested
from shared import addresses
from shared.gatherings.model import Gathering
from shared.ids import new_id
from shared.limits import Limit
from shared.refusals import Refusal, StoreUnavailable
from shared.registration.model import Application, Registration, admit, sameness, seat
from shared.registration.ports import (
    Answer,
    GatheringMoved,
    Gatherings,
    Libraries,
    Once,
    RegistrationStore,
    SomebodyThere,
    Taken,
)

Secret = Callable[[str], str]
"""A keyed hash: nobody without the key can tell whose address it was made of."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much one network address, one e-mail domain and one e-mail address may ask for."""

    network_per_second: int
    domain_per_second: int
    address_per_hour: int

    def limits(self, *, network: str, email: str, secret: Secret) -> tuple[Limit, ...]:
        """Return the limits that a request from `network` for `email` counts against."""
        second, hour = timedelta(seconds=1), timedelta(hours=1)
        return (
            Limit("network", secret(f"network|{network}"), self.network_per_second, second),
            Limit("domain", secret(f"domain|{addresses.domain(email)}"), self.domain_per_second, second),
            Limit("address", secret(f"address|{sameness(email)}"), self.address_per_hour, hour),
        )


def keyed(key: bytes) -> Secret:
    """Return the keyed hash (HMAC-SHA-256, RFC 2104) under a key."""
    return lambda text: hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:40]


def register(
    slug: str,
    application: Application,
    *,
    key: str,
    network: str,
    gatherings: Gatherings,
    libraries: Libraries,
    store: RegistrationStore,
    allowance: Allowance,
    secret: Secret,
    kept_for: timedelta,
    now: datetime,
    correlation_id: str,
) -> Answer:
    """Take a seat and have it confirmed by mail.

    The same person twice in one gathering is one registration and one seat: the repeat is answered with what there
    is, and the link is mailed again. The same `key` with the same application is answered alike and does nothing.

    Raise Invalid, a refusal that says why there is no seat, or StoreUnavailable when nothing was kept.
    """
    once = Once(secret(f"key|{key}"), secret(_canonical(slug, application)))
    gathering = gatherings.remembered(slug)
    for _ in range(3):
        try:
            registration = _seat(application, gathering, libraries, kept_for, now)
        except Refusal:
            # What we remembered may be what refuses; only what is kept now has that right.
            fresh = gatherings.fresh(slug)
            if fresh.version == gathering.version:
                raise
            gathering = fresh
            continue
        person = registration.participant
        limits = allowance.limits(network=network, email=person.email, secret=secret)
        outcome = store.take_seat(
            registration,
            _fact(_confirmed(registration), registration, now, correlation_id),
            guard=secret(f"person|{gathering.id}|{sameness(person.email)}|{sameness(person.name)}"),
            gathering_version=gathering.version,
            once=once,
            limits=limits,
            now=now,
        )
        match outcome:
            case Taken(answer):
                return answer
            case GatheringMoved():
                gathering = gatherings.fresh(slug)
            case SomebodyThere(registration_id):
                existing = store.get(gathering.id, registration_id)
                return store.ask_for_link(
                    Answer(existing.id, existing.status),
                    _fact(_link_requested(existing), existing, now, correlation_id),
                    once=once,
                    limits=limits,
                    now=now,
                )
    raise StoreUnavailable


def cancel(
    gathering_id: str,
    registration_id: str,
    *,
    gatherings: Gatherings,
    store: RegistrationStore,
    now: datetime,
    correlation_id: str,
) -> Registration:
    """Give a seat back. To cancel what is cancelled changes nothing. Raise TooLateToChange."""
    before = store.get(gathering_id, registration_id)
    after = before.cancelled(gatherings.by_id(gathering_id), now)
    if after is not before:
        fact = RegistrationCancelled(registration_id=after.id, gathering_id=after.gathering_id)
        store.give_back(before, after, _fact(fact, after, now, correlation_id))
    return after


def note_mail_problem(fact: Envelope[MailFailed], *, store: RegistrationStore, now: datetime) -> bool:
    """Mark the registration whose mail failed. Return False when a newer fact of the same mail came before."""
    failed = fact.data
    return store.note_mail_problem(failed.gathering_id, failed.registration_id, failed.problem, fact, now=now)


def _seat(
    application: Application, gathering: Gathering, libraries: Libraries, kept_for: timedelta, now: datetime
) -> Registration:
    admit(gathering, now)
    return seat(
        application,
        gathering,
        registration_id=new_id(),
        email=addresses.sendable(application.email),
        library_known=libraries.knows(application.library),
        kept_for=kept_for,
        now=now,
    )


def _confirmed(registration: Registration) -> RegistrationConfirmed:
    return RegistrationConfirmed(registration_id=registration.id, gathering_id=registration.gathering_id)


def _link_requested(registration: Registration) -> RegistrationLinkRequested:
    return RegistrationLinkRequested(registration_id=registration.id, gathering_id=registration.gathering_id)


def _fact(data: C, registration: Registration, now: datetime, correlation_id: str) -> Envelope[C]:
    return Envelope[C].of(
        data,
        id=new_id(),
        subject=registration.id,
        subject_version=registration.version,
        at=now,
        correlation_id=correlation_id,
    )


def _canonical(slug: str, application: Application) -> str:
    return json.dumps(["body", slug, *(getattr(application, name) for name in application.__slots__)])
