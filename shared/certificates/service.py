"""Giving certificates to all who have earned one, and taking one back."""

from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Final

from events.certificates import CertificateIssued
from events.envelope import Envelope
from shared.certificates.model import Certificate, earned, earning
from shared.certificates.ports import CertificateStore, Programmes
from shared.gatherings.model import Gathering
from shared.ids import new_id
from shared.registration.model import Registration
from shared.registration.queries import Pages, each

AT_ONCE: Final = 25
"""Certificates that are given together: each is three rows of a transaction's hundred."""


def ruled(gathering: Gathering, *, programmes: Programmes) -> Gathering:
    """Return the gathering with the rule that holds for its certificates: its own, or else its programme's."""
    if gathering.certificate_share is not None or gathering.programme is None:
        return gathering
    return replace(gathering, certificate_share=programmes.get(gathering.programme).certificate_share)


def issue(
    gathering: Gathering,
    *,
    registrations: Pages,
    programmes: Programmes,
    store: CertificateStore,
    now: datetime,
    correlation_id: str,
) -> int:
    """Give a certificate to each who has earned one and has none, have it mailed, and return how many that are.

    Who changes at the same moment is left for the next time.
    """
    gathering = ruled(gathering, programmes=programmes)
    those = earning(each(gathering.id, store=registrations), gathering, now)
    issued = 0
    while some := list(islice(those, AT_ONCE)):
        made = [(one, Certificate.of(new_id(), one, gathering, earned(one, gathering, now), now)) for one in some]
        issued += len(store.issue([(one, each, _issued(one, now, correlation_id)) for one, each in made]))
    return issued


def revoke(one: Registration, *, store: CertificateStore, now: datetime) -> bool:
    """Take somebody's certificate back. Return False when there is none, or the registration has changed meanwhile."""
    if one.certificate is None:
        return False
    return store.revoke(one, store.get(one.certificate).revoked(now))


def _issued(one: Registration, now: datetime, correlation_id: str) -> Envelope[CertificateIssued]:
    return Envelope[CertificateIssued].of(
        CertificateIssued(registration_id=one.id, gathering_id=one.gathering_id),
        id=new_id(),
        subject=one.id,
        subject_version=one.version + 1,
        at=now,
        correlation_id=correlation_id,
    )
