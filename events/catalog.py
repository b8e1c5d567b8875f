"""Every fact by its name on the wire, and the one way to read one."""

from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from events.certificates import CertificateIssued
from events.envelope import Contract, Envelope
from events.gatherings import GatheringCancelled, GatheringChanged, GatheringMoved, GatheringPublished, ReminderDue
from events.mail import MailArrived, MailFailed
from events.messages import MailReleased, MessageDue, RegistrationsMessaged, TrialAsked
from events.programmes import ProgrammeChanged, ProgrammePublished
from events.registration import (
    BookingMade,
    InvitationMade,
    LinksRequested,
    NeedsStated,
    RecordingAnnounced,
    RegistrationAddressChanged,
    RegistrationCancelled,
    RegistrationChanged,
    RegistrationConfirmed,
    RegistrationExpired,
    RegistrationHandedOver,
    RegistrationLinkRequested,
    RegistrationOffered,
    RegistrationPending,
    RegistrationsMoved,
    RegistrationsReminded,
    RegistrationWaitlisted,
    RoundOpened,
    RoundRolledOver,
)
from events.resources import ResourceChanged
from events.themes import ThemesChanged
from events.webinars import WebinarChanged, WebinarDue, WebinarHidden, WebinarPublished

CATALOG: Final[dict[tuple[str, int], type[Contract]]] = {
    (fact.TYPE, fact.VERSION): fact
    for fact in (
        GatheringPublished,
        GatheringChanged,
        GatheringMoved,
        GatheringCancelled,
        ReminderDue,
        ProgrammePublished,
        ProgrammeChanged,
        RegistrationConfirmed,
        RegistrationPending,
        RegistrationWaitlisted,
        RegistrationOffered,
        RegistrationChanged,
        RegistrationCancelled,
        RegistrationExpired,
        RegistrationHandedOver,
        RegistrationAddressChanged,
        RegistrationLinkRequested,
        NeedsStated,
        BookingMade,
        LinksRequested,
        RoundOpened,
        RoundRolledOver,
        InvitationMade,
        RegistrationsMoved,
        RegistrationsReminded,
        RecordingAnnounced,
        MailFailed,
        MailArrived,
        MessageDue,
        RegistrationsMessaged,
        MailReleased,
        TrialAsked,
        CertificateIssued,
        WebinarPublished,
        WebinarChanged,
        WebinarHidden,
        WebinarDue,
        ThemesChanged,
        ResourceChanged,
    )
}


class UnknownFact(ValueError):
    """Poison: a type or version that nobody here knows."""


class _Name(BaseModel):
    """The part of an envelope that says how to read the rest."""

    model_config = ConfigDict(extra="ignore")

    type: str
    version: int


def decode(raw: str | bytes) -> Envelope[Any]:
    """Read an envelope from JSON.

    Raise UnknownFact, or pydantic's ValidationError: both are ValueErrors, and both mean poison.
    """
    name = _Name.model_validate_json(raw)
    fact = CATALOG.get((name.type, name.version))
    if fact is None:
        raise UnknownFact(f"{name.type} v{name.version}")
    return Envelope[fact].model_validate_json(raw)  # type: ignore[valid-type]
