"""Everything about one person, put together (GDPR, Article 15)."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Final

from shared.erasure.model import Theirs, gathering_without, programme_without
from shared.erasure.ports import Kept
from shared.erasure.service import every_gathering, is_of
from shared.gatherings.model import Gathering, Mode
from shared.gatherings.questions import Answer, Question
from shared.invitations.model import Invitation
from shared.notices.model import Interest, LinksRequest
from shared.privacy.export import PersonFile, Row, Section, Text
from shared.programmes.service import every
from shared.refusals import N_
from shared.registration.model import Registration, RegistrationNotFound, Role, Status, What
from shared.registration.ports import Receipt, Secret

STATUSES: Final = {
    Status.PENDING: N_("Waiting to be confirmed"),
    Status.CONFIRMED: N_("Registered"),
    Status.WAITLISTED: N_("On the waiting list"),
    Status.OFFERED: N_("Offered a seat"),
    Status.CANCELLED: N_("Signed off"),
    Status.EXPIRED: N_("Lapsed"),
}

_ROLES: Final = {Role.STAFF: N_("Member of staff"), Role.LEADER: N_("Leader")}
_MODES: Final = {Mode.ON_SITE: N_("On site"), Mode.ONLINE: N_("Online")}

_STEPS: Final = {
    What.REGISTERED: N_("Registered"),
    What.WAITLISTED: N_("Put on the waiting list"),
    What.OFFERED: N_("Offered a seat"),
    What.ACCEPTED: N_("Seat accepted"),
    What.PROVEN: N_("Address confirmed"),
    What.LIBRARY_ACCEPTED: N_("Workplace confirmed by a coordinator"),
    What.APPROVED: N_("Approved by a coordinator"),
    What.CANCELLED: N_("Signed off"),
    What.MOVED: N_("Moved to another gathering"),
    What.NOT_ME: N_("Signed off: it was not you"),
    What.NOT_INTERESTED: N_("Taken off the waiting list on your wish"),
    What.REJECTED: N_("Declined by a coordinator"),
    What.HOLD_ENDED: N_("Lapsed: not confirmed in time"),
    What.OFFER_ENDED: N_("Lapsed: the offer was not accepted in time"),
    What.SEATED_OUT_OF_TURN: N_("Given a seat out of turn by a coordinator"),
    What.CHANGED: N_("Changed"),
    What.ADDRESS_CHANGED: N_("E-mail address changed"),
    What.HANDED_OVER: N_("Handed over to a colleague"),
    What.TAKEN_OVER: N_("Taken over from a colleague"),
    What.NOTED: N_("Noted by a coordinator"),
    What.CORRECTED: N_("Name, address, library or role corrected by a coordinator"),
}

_EMAIL: Final = N_("E-mail")


def everything_about(person: str, *, kept: Kept, secret: Secret, now: datetime) -> PersonFile:
    """Return all that is kept of a person, who is named by the keyed hash of the address."""
    return PersonFile(now, tuple(_sections(person, kept, is_of(person, secret))))


def _sections(person: str, kept: Kept, is_theirs: Theirs) -> Iterator[Section]:
    def gathering(gathering_id: str) -> Gathering:
        return kept.gatherings.get(gathering_id)

    for one in kept.registrations.of_person(person):
        yield _of_registration(one, gathering(one.gathering_id))
    for key in kept.rows.receipts(person):
        with suppress(RegistrationNotFound):
            yield _of_receipt(kept.registrations.receipt(*key), gathering(key[0]))
    for gathering_id, interest_id in kept.rows.interests(person):
        interest = kept.notices.interest(gathering_id, interest_id)
        if interest is not None:
            yield _of_interest(interest, gathering(gathering_id))
    for invitation in kept.rows.invitations(person):
        yield _of_invitation(invitation, gathering(invitation.gathering_id))
    for request_id in kept.rows.requests(person):
        request = kept.notices.request(request_id)
        if request is not None:
            yield _of_request(request)
    for one_gathering in every_gathering(kept.gatherings):
        if gathering_without(one_gathering, is_theirs) is not one_gathering:
            yield _listed(one_gathering.title)
    for programme in every(store=kept.programmes):
        if programme_without(programme, is_theirs) is not programme:
            yield _listed(programme.title)


def _of_registration(one: Registration, gathering: Gathering) -> Section:
    return Section("registrations", N_("Registration"), tuple(_rows(one, gathering)), about=gathering.title)


def _rows(one: Registration, gathering: Gathering) -> Iterator[Row]:
    who = one.participant
    yield Row("name", N_("Name"), who.name)
    yield Row("email", _EMAIL, who.email)
    if one.former_email:
        yield Row("former_email", N_("E-mail before that"), one.former_email)
    yield Row("library", N_("Library"), who.library)
    yield Row("role", N_("Role"), who.role, said=_ROLES[who.role])
    yield Row("status", N_("Status"), one.status, said=STATUSES[one.status])
    yield Row("mode", N_("Takes part"), one.mode, said=_MODES[one.mode])
    for session in gathering.sessions:
        if session.id in one.sessions:
            yield Row(f"sessions.{session.id}", N_("Session"), session.starts_at)
    if one.deadline:
        yield Row("deadline", N_("Kept until"), one.deadline)
    if one.booking_id:
        yield Row("booked_by_another", N_("Booked by somebody else"), value=True)
    for question in gathering.questions:
        if question.id in one.answers:
            answer = _answered(question, one.answers[question.id])
            yield Row(f"answers.{question.id}", question.label, answer)
    if one.needs is not None:
        yield Row("diet", N_("Diet"), one.needs.diet)
        yield Row("accommodation", N_("Access"), one.needs.accommodation)
    if one.invoice is not None:
        yield Row("gln", N_("EAN/GLN number for the invoice"), one.invoice.gln)
        yield Row("reference", N_("Reference for the invoice"), one.invoice.reference)
    if one.note:
        yield Row("note", N_("Coordinators’ note"), one.note)
    if one.mail_problem:
        yield Row("mail_problem", N_("A mail to you did not arrive"), value=True)
    for at, step in enumerate(one.history):
        yield Row(f"history.{at}", _STEPS[step.what], step.at)


def _answered(question: Question, answer: Answer) -> str | bool | tuple[str, ...] | Text:
    if isinstance(answer, bool) or not question.options:
        return answer
    labels = {option.id: option.label for option in question.options}
    if isinstance(answer, str):
        return labels.get(answer, answer)
    return tuple(next(iter(labels[one].values()), one) if one in labels else one for one in answer)


def _of_receipt(receipt: Receipt, gathering: Gathering) -> Section:
    rows = (
        Row("name", N_("Name"), receipt.name),
        Row("email", _EMAIL, receipt.email),
        Row("made_at", N_("When"), receipt.made_at),
        Row("registrations", N_("Registrations, by number"), receipt.registrations),
    )
    return Section("bookings", N_("You signed others up"), rows, about=gathering.title)


def _of_interest(interest: Interest, gathering: Gathering) -> Section:
    rows = (
        Row("email", _EMAIL, interest.email),
        Row("library", N_("Library"), interest.library),
        Row("opens_at", N_("You will be told"), interest.opens_at),
    )
    return Section("interests", N_("You asked to be told when you can sign up"), rows, about=gathering.title)


def _of_invitation(invitation: Invitation, gathering: Gathering) -> Section:
    rows = (Row("email", _EMAIL, invitation.email), Row("invited_at", N_("When"), invitation.invited_at))
    return Section("invitations", N_("You were invited"), rows, about=gathering.title)


def _of_request(request: LinksRequest) -> Section:
    return Section("requests", N_("You asked for your links"), (Row("email", _EMAIL, request.email),))


def _listed(title: Text) -> Section:
    rows = (Row("invited", N_("A round of registration is for you"), value=True),)
    return Section("rounds", N_("Your address is on a list of those who may sign up"), rows, about=title)
