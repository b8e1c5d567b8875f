"""Reading what a batch of facts is about: all of a sort in one call, and nothing that no fact needs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from events.envelope import Envelope
from events.messages import MailReleased, RegistrationsMessaged, TrialAsked
from events.registration import (
    AboutRegistration,
    AboutRegistrations,
    BookingMade,
    InvitationMade,
    LinksRequested,
    RecordingAnnounced,
    RegistrationConfirmed,
    RoundOpened,
)
from events.webinars import WebinarDue
from shared.messages.model import Message, MessageNotFound
from shared.notify.letters import Known, is_about_entries
from shared.notify.model import MailId, MailKind, invited
from shared.notify.ports import Office
from shared.registration.model import Registration, RegistrationNotFound, Status
from shared.registration.ports import Receipt
from shared.webinars.model import Webinar, WebinarNotFound, first_shown


def read(facts: Sequence[Envelope[Any]], office: Office) -> Known:
    """Return what the facts are about, as it is now."""
    about = [fact.data for fact in facts]
    receipts = _receipts(
        {(data.gathering_id, data.booking_id) for data in about if isinstance(data, BookingMade)}, office
    )
    keys = {(data.gathering_id, data.registration_id) for data in about if isinstance(data, AboutRegistration)}
    pages = [data for data in about if isinstance(data, AboutRegistrations)]
    keys |= {(page.gathering_id, id) for page in pages for id in page.registration_ids}
    keys |= {(receipt.gathering_id, id) for receipt in receipts.values() for id in receipt.registrations}
    found = office.registrations.many(sorted(keys)) if keys else {}
    bookings = {(one.gathering_id, one.booking_id) for one in found.values() if one.booking_id is not None}
    receipts |= _receipts({key for key in bookings if key[1] not in receipts}, office)

    interests = {
        data.interest_id: interest
        for data in about
        if isinstance(data, RoundOpened)
        and (interest := office.notices.interest(data.gathering_id, data.interest_id)) is not None
    }
    requests = {
        data.request_id: request
        for data in about
        if isinstance(data, LinksRequested) and (request := office.notices.request(data.request_id)) is not None
    }
    of_request = {id: office.registrations.of_person(request.person) for id, request in requests.items()}

    invited_to = {
        data.invitation_id: invitation
        for data in about
        if isinstance(data, InvitationMade)
        and (invitation := office.invitations.get(data.gathering_id, data.invitation_id)) is not None
    }

    trials = {
        data.trial_id: trial
        for data in about
        if isinstance(data, TrialAsked) and (trial := office.messages.trial(data.trial_id)) is not None
    }

    webinars = _webinars(about, office)

    wanted = {one.gathering_id for one in found.values()}
    wanted |= {data.gathering_id for data in about if isinstance(data, InvitationMade)}
    wanted |= {trial.gathering_id for trial in trials.values()}
    wanted |= {data.gathering_id for data in about if isinstance(data, RoundOpened) and data.interest_id in interests}
    wanted |= {one.gathering_id for each in of_request.values() for one in each}
    changing = {data.registration_id for data in about if is_about_entries(data)} & found.keys()
    # Who has a seat has its entries; a seat that is held may have had them before.
    changing |= {id for page in pages for id in page.registration_ids if _is_held(found.get(id))}
    return Known(
        registrations=found,
        gatherings=office.gatherings.many(wanted) if wanted else {},
        receipts=receipts,
        invited={id: invited([*office.ledger.of_subject(id), *_confirmed_now(id, about, found)]) for id in changing},
        interests=interests,
        requests=requests,
        of_request=of_request,
        invitations=invited_to,
        messages=_messages(about, office),
        trials=trials,
        recordings=_recordings(about, office),
        webinars=webinars,
        owners={owner: office.owner_address(owner) for owner in {one.owner for one in webinars.values()}},
    )


def _messages(about: Iterable[Any], office: Office) -> dict[str, Message]:
    keys = set()
    for data in about:
        match data:
            case RegistrationsMessaged(gathering_id=gathering_id, message_id=message_id):
                keys.add((gathering_id, message_id))
            case MailReleased(gathering_id=gathering_id, kind=MailKind.MESSAGE, occurrence=message_id):
                keys.add((gathering_id, message_id))
    found = {}
    for key in keys:
        with suppress(MessageNotFound):
            found[key[1]] = office.messages.get(*key)
    return found


def _webinars(about: Iterable[Any], office: Office) -> dict[str, Webinar]:
    found = {}
    for id in {data.webinar_id for data in about if isinstance(data, WebinarDue)}:
        with suppress(WebinarNotFound):
            found[id] = office.webinars.get(id)
    return found


def _recordings(about: Iterable[Any], office: Office) -> dict[str, Webinar]:
    ids = set()
    for data in about:
        match data:
            case RecordingAnnounced(gathering_id=gathering_id):
                ids.add(gathering_id)
            case MailReleased(gathering_id=gathering_id, kind=MailKind.RECORDING):
                ids.add(gathering_id)
    found = {id: first_shown(office.webinars.of_gathering(id)) for id in ids}
    return {id: webinar for id, webinar in found.items() if webinar is not None}


def _confirmed_now(registration_id: str, about: Iterable[Any], found: Mapping[str, Registration]) -> Iterator[MailId]:
    """Yield the confirmations that the batch itself calls for: the entries they give need not be given twice."""
    one = found[registration_id]
    for data in about:
        if isinstance(data, RegistrationConfirmed) and data.registration_id == one.id:
            for session in one.sessions if one.status is Status.CONFIRMED else ():
                yield MailId(one.gathering_id, one.id, MailKind.CONFIRMATION, session)


def _is_held(one: Registration | None) -> bool:
    return one is not None and one.status is Status.PENDING


def _receipts(keys: set[tuple[str, str]], office: Office) -> dict[str, Receipt]:
    found = {}
    for gathering_id, receipt_id in keys:
        try:
            found[receipt_id] = office.registrations.receipt(gathering_id, receipt_id)
        except RegistrationNotFound:
            # Erased: who signed somebody up is no longer known, and nobody waits for the receipt.
            continue
    return found
