"""Facts about registrations."""

from typing import ClassVar

from pydantic import AwareDatetime

from events.envelope import Contract


class AboutRegistration(Contract):
    """Base of facts about one registration."""

    registration_id: str
    gathering_id: str


class RegistrationConfirmed(AboutRegistration):
    """A person has a seat, and nothing is missing."""

    TYPE: ClassVar = "RegistrationConfirmed"
    VERSION: ClassVar = 1


class RegistrationPending(AboutRegistration):
    """A seat is held for a person until something is proven or approved."""

    TYPE: ClassVar = "RegistrationPending"
    VERSION: ClassVar = 1


class RegistrationWaitlisted(AboutRegistration):
    """A person has a place in the line."""

    TYPE: ClassVar = "RegistrationWaitlisted"
    VERSION: ClassVar = 1


class RegistrationOffered(AboutRegistration):
    """A seat that became free is kept for who was first in line, until a deadline."""

    TYPE: ClassVar = "RegistrationOffered"
    VERSION: ClassVar = 1


class RegistrationChanged(AboutRegistration):
    """A person's sessions are others; the seats of those left out are free."""

    TYPE: ClassVar = "RegistrationChanged"
    VERSION: ClassVar = 1


class RegistrationCancelled(AboutRegistration):
    """A person's seat or place in the line was given back, and is free."""

    TYPE: ClassVar = "RegistrationCancelled"
    VERSION: ClassVar = 1


class RegistrationExpired(AboutRegistration):
    """A hold or an offer has ended, and the seat is free."""

    TYPE: ClassVar = "RegistrationExpired"
    VERSION: ClassVar = 1


class RegistrationHandedOver(AboutRegistration):
    """A person's seat has gone to a colleague. It was never free; the colleague's registration has facts of its own."""

    TYPE: ClassVar = "RegistrationHandedOver"
    VERSION: ClassVar = 1


class RegistrationAddressChanged(AboutRegistration):
    """A person has another e-mail address: the old one is to be told, and its links are dead."""

    TYPE: ClassVar = "RegistrationAddressChanged"
    VERSION: ClassVar = 1


class RegistrationLinkRequested(AboutRegistration):
    """Somebody who is registered asked for the link to the personal page, or registered once more.

    Nothing changed, so `subject_version` is that of the registration as it is.
    """

    TYPE: ClassVar = "RegistrationLinkRequested"
    VERSION: ClassVar = 1


class NeedsStated(AboutRegistration):
    """A person has said something of diet or accommodation: the contact should look."""

    TYPE: ClassVar = "NeedsStated"
    VERSION: ClassVar = 1


class BookingMade(Contract):
    """Somebody has registered others, and is to have a receipt."""

    TYPE: ClassVar = "BookingMade"
    VERSION: ClassVar = 1

    booking_id: str
    gathering_id: str


class LinksRequested(Contract):
    """Somebody asked for the links to all their registrations, or is registered nowhere: only the request knows."""

    TYPE: ClassVar = "LinksRequested"
    VERSION: ClassVar = 1

    request_id: str


class RoundOpened(Contract):
    """Somebody who left an address can register now, and is to be told once."""

    TYPE: ClassVar = "RoundOpened"
    VERSION: ClassVar = 1

    interest_id: str
    gathering_id: str


class RoundRolledOver(Contract):
    """The reserved seats that a round had left are everybody's now."""

    TYPE: ClassVar = "RoundRolledOver"
    VERSION: ClassVar = 1

    gathering_id: str


class InvitationMade(Contract):
    """A coordinator has invited an address, for the first time or once more: it is to have its personal link."""

    TYPE: ClassVar = "InvitationMade"
    VERSION: ClassVar = 1

    invitation_id: str
    gathering_id: str


class AboutRegistrations(Contract):
    """Base of facts about some of a gathering's registrations: a page of all that something concerns."""

    gathering_id: str
    registration_ids: tuple[str, ...]


class RegistrationsMoved(AboutRegistrations):
    """Sessions that these come to have another time, place or link."""

    TYPE: ClassVar = "RegistrationsMoved"
    VERSION: ClassVar = 1

    sessions: tuple[str, ...]


class RegistrationsReminded(AboutRegistrations):
    """A reminder of this `kind` is due to these: they have a seat in its session; after the end, it is their last."""

    TYPE: ClassVar = "RegistrationsReminded"
    VERSION: ClassVar = 1

    session: str
    reminder: str
    moment: AwareDatetime
    kind: str = "reminder"


class RecordingAnnounced(AboutRegistrations):
    """A recording of the gathering is online: these had a seat, and are to be told."""

    TYPE: ClassVar = "RecordingAnnounced"
    VERSION: ClassVar = 1
