"""Which facts call for which mails, as things stand when they are told."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from events.registration import (
    AboutRegistration,
    InvitationMade,
    NeedsStated,
    RegistrationAddressChanged,
    RegistrationCancelled,
    RegistrationChanged,
    RegistrationConfirmed,
    RegistrationExpired,
    RegistrationHandedOver,
    RegistrationLinkRequested,
    RegistrationOffered,
    RegistrationPending,
    RegistrationWaitlisted,
)
from shared.gatherings import wording
from shared.gatherings.model import Gathering
from shared.gatherings.needs import Needs
from shared.invitations.model import Invitation
from shared.messages.model import Trial
from shared.notify.letters import Known, letters, tried
from shared.notify.model import MailKind
from shared.notify.ports import Letter
from shared.registration.model import Awaits, Registration, Status, What
from tests.support.builders import NOW, a_fact, a_registration
from tests.support.mails import COORDINATOR, DEADLINE, FESTIVAL, PERSON, WEBINAR, a_composer, a_seat, a_wait

ONE = a_registration(WEBINAR, needs=Needs("Vegansk", ""), former_email="foer@herning.example.org", link_generation=2)
STANDING = {
    Status.CONFIRMED: a_seat(ONE),
    Status.PENDING: a_seat(ONE, Awaits.PROOF),
    Status.WAITLISTED: a_wait(ONE),
    Status.OFFERED: a_wait(ONE).offered(ONE.pools, DEADLINE, NOW),
    Status.CANCELLED: a_seat(ONE).ended(What.CANCELLED, PERSON, NOW),
    Status.EXPIRED: a_seat(ONE, Awaits.PROOF).lapsed(DEADLINE),
}
LIVE = {Status.CONFIRMED, Status.PENDING, Status.WAITLISTED, Status.OFFERED}
CALLED_FOR: dict[type[AboutRegistration], dict[MailKind, set[Status]]] = {
    RegistrationConfirmed: {MailKind.CONFIRMATION: {Status.CONFIRMED}},
    RegistrationPending: {MailKind.PENDING: {Status.PENDING}},
    RegistrationWaitlisted: {MailKind.WAITLIST: {Status.WAITLISTED}},
    RegistrationOffered: {MailKind.OFFER: {Status.OFFERED}},
    RegistrationChanged: {MailKind.CHANGE: {Status.CONFIRMED, Status.PENDING}},
    RegistrationCancelled: {MailKind.CANCELLATION: {Status.CANCELLED}},
    RegistrationExpired: {MailKind.EXPIRY: {Status.EXPIRED}},
    RegistrationHandedOver: {MailKind.HANDOVER: {Status.CANCELLED}},
    RegistrationAddressChanged: {MailKind.OLD_ADDRESS: set(Status), MailKind.ADDRESS: LIVE},
    RegistrationLinkRequested: {MailKind.LINK: set(Status)},
    NeedsStated: {MailKind.NEEDS: LIVE},
}


def called_for(kind: type[AboutRegistration], one: Registration, **known: Any) -> list[Letter]:
    fact = a_fact(kind(registration_id=one.id, gathering_id=one.gathering_id), subject=one.id)
    gatherings = {WEBINAR.id: WEBINAR, FESTIVAL.id: FESTIVAL}
    return list(letters(fact, Known(registrations={one.id: one}, gatherings=gatherings, **known), NOW))


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("kind", CALLED_FOR, ids=lambda kind: str(kind.TYPE))
def test_a_fact_calls_for_its_mails_while_it_is_true(kind: type[AboutRegistration], status: Status) -> None:
    told = [letter.mail.kind for letter in called_for(kind, STANDING[status])]

    assert told == [mail for mail, statuses in CALLED_FOR[kind].items() if status in statuses]


def test_of_what_is_gone_nobody_is_told() -> None:
    fact = a_fact(RegistrationConfirmed(registration_id=ONE.id, gathering_id=WEBINAR.id))

    assert list(letters(fact, Known(registrations={}, gatherings={WEBINAR.id: WEBINAR}), NOW)) == []
    assert list(letters(fact, Known(registrations={ONE.id: STANDING[Status.CONFIRMED]}, gatherings={}), NOW)) == []


@pytest.mark.parametrize("status", [Status.PENDING, Status.OFFERED])
def test_a_deadline_that_is_over_is_told_by_its_own_fact(status: Status) -> None:
    kind = {Status.PENDING: RegistrationPending, Status.OFFERED: RegistrationOffered}[status]

    assert called_for(kind, STANDING[status]) != []
    assert called_for(kind, replace(STANDING[status], deadline=NOW)) == []
    assert called_for(kind, replace(STANDING[status], deadline=NOW + timedelta(seconds=1))) != []


def test_only_what_calendars_hold_is_taken_out_of_them() -> None:
    gone = a_seat(a_registration(FESTIVAL)).ended(What.CANCELLED, PERSON, NOW)

    taken = called_for(RegistrationCancelled, gone, invited={gone.id: frozenset({"one", "three"})})
    [untold] = called_for(RegistrationCancelled, gone)

    assert [letter.session and letter.session.id for letter in taken] == ["one", "three"]
    assert untold.session is None


def test_who_is_not_the_one_is_told_nothing_whoever_noted_something_afterwards() -> None:
    gone = a_seat(ONE).ended(What.NOT_ME, PERSON, NOW).step(What.NOTED, COORDINATOR, NOW, note="Ring")

    assert called_for(RegistrationCancelled, gone, invited={gone.id: frozenset({"one"})}) == []


def test_needs_that_were_taken_back_are_not_told() -> None:
    assert called_for(NeedsStated, replace(STANDING[Status.CONFIRMED], needs=None)) == []


def invited(gathering: Gathering, now: datetime = NOW) -> list[Letter]:
    """Return what is told of an invitation."""
    invitation = Invitation("invitation", gathering.id, "bo@herning.example.org", "hash of bo", "en", NOW)
    fact = a_fact(InvitationMade(invitation_id="invitation", gathering_id=gathering.id))
    known = Known({}, {gathering.id: gathering}, invitations={"invitation": invitation})
    return list(letters(fact, known, now))


def test_who_is_invited_gets_a_mail_in_their_language() -> None:
    [letter] = invited(WEBINAR)

    assert (letter.to.email, letter.to.language) == ("bo@herning.example.org", "en")
    assert (letter.mail.kind, letter.mail.subject_id, letter.person) == (
        MailKind.INVITATION,
        "invitation",
        "hash of bo",
    )


def test_nobody_is_invited_to_what_is_over_cancelled_or_gone() -> None:
    gone = a_fact(InvitationMade(invitation_id="invitation", gathering_id=WEBINAR.id))

    assert invited(WEBINAR, now=WEBINAR.registration_closes_at) == []
    assert invited(WEBINAR.cancelled()) == []
    assert list(letters(gone, Known({}, {WEBINAR.id: WEBINAR}), NOW)) == []


TRIED: dict[MailKind, tuple[Status, bool]] = {
    MailKind.CONFIRMATION: (Status.CONFIRMED, True),
    MailKind.WAITLIST: (Status.WAITLISTED, False),
    MailKind.OFFER: (Status.OFFERED, False),
    MailKind.REMINDER: (Status.CONFIRMED, True),
    MailKind.CANCELLATION: (Status.CANCELLED, True),
    MailKind.CERTIFICATE: (Status.CONFIRMED, False),
    MailKind.RECORDING: (Status.CONFIRMED, False),
}


@pytest.mark.parametrize("kind", TRIED)
def test_a_mail_is_tried_as_it_is_to_whom_it_is_for(kind: MailKind) -> None:
    gathering = replace(FESTIVAL, texts=dict.fromkeys(wording.KINDS, {"da": "Gemte ord."}))
    trial = Trial("trial", FESTIVAL.id, kind, "tovholder@example.org", "da", body={"da": "Nye ord til {titel}."})

    letter = tried(trial, gathering, NOW)

    assert letter.registration is not None
    status, is_about_a_session = TRIED[kind]
    assert letter.registration.status is status
    assert letter.session == (FESTIVAL.sessions[0] if is_about_a_session else None)
    assert (letter.to.email, letter.mail.kind) == ("tovholder@example.org", kind)
    _, text, _ = a_composer().texts(letter, now=NOW)
    assert f"Nye ord til {FESTIVAL.title['da']}." in text
    assert "Gemte ord." not in text


def test_every_mail_with_own_words_can_be_tried() -> None:
    assert TRIED.keys() == {MailKind(kind) for kind in wording.KINDS}
