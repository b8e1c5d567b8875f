"""Facts about certificates."""

from typing import ClassVar

from events.registration import AboutRegistration


class CertificateIssued(AboutRegistration):
    """Somebody who was there has a certificate, and is to have it by mail."""

    TYPE: ClassVar = "CertificateIssued"
    VERSION: ClassVar = 1
