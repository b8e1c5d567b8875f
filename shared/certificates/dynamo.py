"""Certificates in the table."""

from collections.abc import Sequence
from typing import Any

from pynamodb.attributes import JSONAttribute, ListAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist

from events.envelope import Envelope
from shared.certificates.model import Certificate, CertificateNotFound
from shared.messaging.outbox import announce
from shared.registration.dynamo import RegistrationItem
from shared.registration.model import Registration
from shared.table import ConditionsFailed, Item, Transaction, patiently
from shared.time import utc_moment, utc_text


class CertificateItem(Item):
    """One certificate. It names nobody, and stays when its registration is forgotten."""

    gathering_id = UnicodeAttribute()
    registration_id = UnicodeAttribute()
    title: JSONAttribute = JSONAttribute()
    held: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute)
    minutes = NumberAttribute()
    goals: ListAttribute[Any] = ListAttribute(of=NumberAttribute)
    issued_at = UnicodeAttribute()
    revoked_at = UnicodeAttribute(null=True)

    @classmethod
    def of(cls, one: Certificate) -> "CertificateItem":
        """Return the item of a certificate."""
        return cls(
            *_key(one.code),
            gathering_id=one.gathering_id,
            registration_id=one.registration_id,
            title=dict(one.title),
            held=[utc_text(moment) for moment in one.held],
            minutes=one.minutes,
            goals=list(one.goals),
            issued_at=utc_text(one.issued_at),
            revoked_at=utc_text(one.revoked_at) if one.revoked_at else None,
        )

    def to_domain(self) -> Certificate:
        """Return the certificate."""
        began, ended = map(utc_moment, self.held)
        return Certificate(
            code=self.pk.removeprefix("CERTIFICATE#"),
            gathering_id=self.gathering_id,
            registration_id=self.registration_id,
            title=self.title,
            held=(began, ended),
            minutes=int(self.minutes),
            goals=tuple(map(int, self.goals)),
            issued_at=utc_moment(self.issued_at),
            revoked_at=utc_moment(self.revoked_at) if self.revoked_at else None,
        )


class DynamoCertificateStore:
    """Certificates in DynamoDB."""

    def issue(self, those: Sequence[tuple[Registration, Certificate, Envelope[Any]]]) -> set[str]:
        """Keep certificates and announce them, and return their codes: of who has changed meanwhile there is none."""
        left = {certificate.code: (one, certificate, fact) for one, certificate, fact in those}
        while left:
            transaction = Transaction()
            for code, (one, certificate, fact) in left.items():
                self._set(transaction, code, one, code)
                transaction.put(f"certificate {code}", CertificateItem.of(certificate))
                announce(transaction, fact)
            try:
                transaction.commit()
                break
            except ConditionsFailed as refused:
                left = {code: each for code, each in left.items() if code not in refused.items}
        return set(left)

    def get(self, code: str) -> Certificate:
        """Return a certificate; raise CertificateNotFound."""
        if not code:
            raise CertificateNotFound
        try:
            return patiently(lambda: CertificateItem.get(*_key(code), consistent_read=True)).to_domain()
        except DoesNotExist as error:
            raise CertificateNotFound from error

    def revoke(self, one: Registration, certificate: Certificate) -> bool:
        """Keep a certificate as revoked, and let the registration have none. Return False when that has changed."""
        transaction = Transaction()
        self._set(transaction, "registration", one, None)
        transaction.put("certificate", CertificateItem.of(certificate))
        try:
            transaction.commit()
        except ConditionsFailed:
            return False
        return True

    def _set(self, transaction: Transaction, label: str, one: Registration, code: str | None) -> None:
        item = RegistrationItem.of(one)
        mine = RegistrationItem.certificate
        transaction.update(
            label,
            RegistrationItem(item.pk, item.sk),
            [mine.set(code) if code else mine.remove(), RegistrationItem.version.set(one.version + 1)],
            condition=RegistrationItem.version == one.version,
        )


def _key(code: str) -> tuple[str, str]:
    return f"CERTIFICATE#{code}", "CERTIFICATE"
