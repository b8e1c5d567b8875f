"""What giving certificates needs of its surroundings."""

from collections.abc import Sequence
from typing import Any, Protocol

from events.envelope import Envelope
from shared.certificates.model import Certificate
from shared.programmes.model import Programme
from shared.registration.model import Registration


class Programmes(Protocol):
    """Programmes by id. Raises ProgrammeNotFound."""

    def get(self, programme_id: str) -> Programme: ...


class CertificateStore(Protocol):
    """Where certificates are kept, each with the registration it is of."""

    def issue(self, those: Sequence[tuple[Registration, Certificate, Envelope[Any]]]) -> set[str]: ...

    def get(self, code: str) -> Certificate: ...

    def revoke(self, one: Registration, certificate: Certificate) -> bool: ...
