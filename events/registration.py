"""Facts about registrations."""

from typing import ClassVar

from events.envelope import Contract


class RegistrationConfirmed(Contract):
    """A person has a seat."""

    TYPE: ClassVar = "RegistrationConfirmed"
    VERSION: ClassVar = 1

    registration_id: str
    gathering_id: str


class RegistrationCancelled(Contract):
    """A person gave the seat back, and it is free."""

    TYPE: ClassVar = "RegistrationCancelled"
    VERSION: ClassVar = 1

    registration_id: str
    gathering_id: str


class RegistrationLinkRequested(Contract):
    """Somebody who is registered asked for the link to the personal page, or registered once more.

    Nothing changed, so `subject_version` is that of the registration as it is.
    """

    TYPE: ClassVar = "RegistrationLinkRequested"
    VERSION: ClassVar = 1

    registration_id: str
    gathering_id: str
