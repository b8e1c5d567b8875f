"""Everything about one person, put together (GDPR, Article 15 and 20)."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Final

from shared.erasure.model import Mail, Theirs, gathering_without, programme_without
from shared.erasure.ports import Kept
from shared.erasure.service import every_gathering, is_of, previews_of
from shared.gatherings.model import Gathering, Mode, Session, Where
from shared.gatherings.questions import Answer, Question
from shared.invitations.model import Invitation
from shared.mailboxes.model import TOPICS, Mailbox, Reason
from shared.notices.model import Interest
from shared.notify.model import MailKind, MailProblem, MailState
from shared.privacy.export import PersonFile, Row, Section, Several, Text, Value
from shared.programmes.service import every
from shared.refusals import N_
from shared.registration.attendance import Source
from shared.registration.model import Actor, Registration, RegistrationNotFound, Role, Status, Step, What
from shared.registration.ports import LeftOut, Receipt, Secret

STATUSES: Final = {
    Status.PENDING: N_("Waiting to be confirmed"),
    Status.CONFIRMED: N_("Registered"),
    Status.WAITLISTED: N_("On the waiting list"),
    Status.OFFERED: N_("Offered a seat"),
    Status.CANCELLED: N_("Signed off"),
    Status.EXPIRED: N_("Lapsed"),
}

_SOURCES: Final = {
    Source.CHECK_IN: N_("checked in at the door"),
    Source.REPORT: N_("by the report of the meeting"),
    Source.HAND: N_("noted by a coordinator"),
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
    What.CALLED_OFF: N_("The gathering was cancelled"),
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

_ACTORS: Final = {
    Actor.PARTICIPANT: N_("By yourself"),
    Actor.BOOKER: N_("By whoever signed you up"),
    Actor.COORDINATOR: N_("By a coordinator"),
    Actor.CLOCK: N_("By our system"),
}

MAILS: Final = {
    MailKind.CONFIRMATION: N_("Confirmation of your seat"),
    MailKind.PENDING: N_("A seat that is held for you"),
    MailKind.WAITLIST: N_("Your place on the waiting list"),
    MailKind.OFFER: N_("A seat offered to you"),
    MailKind.CHANGE: N_("A change of your registration"),
    MailKind.LEFT: N_("A session that you no longer come to"),
    MailKind.MOVED: N_("Another time, place or link"),
    MailKind.REMINDER: N_("A reminder"),
    MailKind.CERTIFICATE: N_("Your certificate"),
    MailKind.THANKS: N_("Thanks for taking part"),
    MailKind.NUDGE: N_("The question how it was, once more"),
    MailKind.RECORDING: N_("That the recording is online"),
    MailKind.FOLLOW_UP: N_("The question what came of it"),
    MailKind.MESSAGE: N_("A message from the coordinators"),
    MailKind.CANCELLATION: N_("Your registration has ended"),
    MailKind.EXPIRY: N_("Your registration has lapsed"),
    MailKind.HANDOVER: N_("Your seat was given to a colleague"),
    MailKind.ADDRESS: N_("To your new address"),
    MailKind.OLD_ADDRESS: N_("To the address you had before"),
    MailKind.LINK: N_("The link to your page"),
    MailKind.NEEDS: N_("To the gathering’s contact: there is something to see to"),
    MailKind.RECEIPT: N_("Receipt for those whom you signed up"),
    MailKind.OPENING: N_("You can sign up now"),
    MailKind.LINKS: N_("The link to all your registrations"),
    MailKind.INVITATION: N_("Your invitation"),
    MailKind.REVIEW: N_("To who looks after a webinar: it is to be looked at anew"),
}

STATES: Final = {
    MailState.PLANNED: N_("Will be sent"),
    MailState.WAITING: N_("Will be sent on another day"),
    MailState.SENDING: N_("On its way"),
    MailState.SENT: N_("Sent"),
    MailState.DELIVERED: N_("Delivered"),
    MailState.REFUSED: N_("Could not be sent"),
    MailState.UNKNOWN: N_("Perhaps sent"),
    MailState.SUPPRESSED: N_("Not sent, because mail to this address does not arrive"),
    MailState.UNWANTED: N_("Not sent, because you do not want such mails"),
}

_PROBLEMS: Final = {
    MailProblem.UNKNOWN: N_("Perhaps sent"),
    MailProblem.REFUSED: N_("Could not be sent"),
    MailProblem.BOUNCED: N_("Came back"),
    MailProblem.COMPLAINED: N_("Reported as spam"),
}

_NO_MAIL: Final = {
    Reason.BOUNCED: N_("A mail came back for good"),
    Reason.COMPLAINED: N_("A mail was reported as spam"),
}

_IMPORTS: Final = {"participants": N_("People to sign up"), "invitations": N_("People to invite")}

_EMAIL: Final = N_("E-mail")

LibraryName = Callable[[str], str]
"""Returns what the library of a number is called."""


def everything_about(
    person: str, *, kept: Kept, library_name: LibraryName, secret: Secret, now: datetime
) -> PersonFile:
    """Return all that is kept of a person, who is named by the keyed hash of the address."""
    return PersonFile(now, tuple(_sections(person, kept, library_name, is_of(person, secret), now)))


def _sections(
    person: str, kept: Kept, library_name: LibraryName, is_theirs: Theirs, now: datetime
) -> Iterator[Section]:
    def gathering(gathering_id: str) -> Gathering:
        return kept.gatherings.get(gathering_id)

    def mails(about: str) -> Iterator[Several]:
        if found := kept.rows.mails(about):
            yield Several("mails", N_("Mails to you"), tuple(map(_of_mail, found)))

    for one in kept.registrations.of_person(person):
        rows = (*_of_registration(one, gathering(one.gathering_id), library_name), *mails(one.id))
        yield Section("registrations", N_("Registration"), rows, _gathering(gathering(one.gathering_id)))
    if mailbox := kept.rows.mailbox(person):
        yield Section("mailbox", N_("Your mailbox"), tuple(_of_mailbox(mailbox)))
    for gathering_id, receipt_id in kept.rows.receipts(person):
        with suppress(RegistrationNotFound):
            rows = (*_of_receipt(kept.registrations.receipt(gathering_id, receipt_id)), *mails(receipt_id))
            yield Section("bookings", N_("You signed others up"), rows, _gathering(gathering(gathering_id)))
    for gathering_id, left_out in kept.rows.left_out(person):
        about = _gathering(gathering(gathering_id))
        yield Section("left_out", N_("Somebody signed you up, and there was no room"), _of_left_out(left_out), about)
    for gathering_id, interest_id in kept.rows.interests(person):
        interest = kept.notices.interest(gathering_id, interest_id)
        if interest is not None:
            rows = (*_of_interest(interest, library_name), *mails(interest_id))
            title = N_("You asked to be told when you can sign up")
            yield Section("interests", title, rows, _gathering(gathering(gathering_id)))
    for invitation in kept.rows.invitations(person):
        rows = (*_of_invitation(invitation), *mails(invitation.id))
        yield Section("invitations", N_("You were invited"), rows, _gathering(gathering(invitation.gathering_id)))
    for request_id in kept.rows.requests(person):
        request = kept.notices.request(request_id)
        if request is not None:
            rows = (Row("email", _EMAIL, request.email), *mails(request_id))
            yield Section("requests", N_("You asked for your links"), rows)
    for preview in previews_of(person, is_theirs, kept=kept, now=now):
        rows = (Row("kind", N_("List of"), preview.kind, said=_IMPORTS.get(preview.kind)),)
        yield Section("imports", N_("You stand in a list that a coordinator has uploaded"), rows)
    for one_gathering in every_gathering(kept.gatherings):
        if gathering_without(one_gathering, is_theirs) is not one_gathering:
            yield _listed(_gathering(one_gathering))
    for programme in every(store=kept.programmes):
        if programme_without(programme, is_theirs) is not programme:
            yield _listed(Row("programme", N_("Programme"), programme.title))


def _gathering(gathering: Gathering) -> Row:
    return Row("gathering", N_("Gathering"), gathering.title)


def _of_registration(one: Registration, gathering: Gathering, library_name: LibraryName) -> Iterator[Row | Several]:
    who = one.participant
    yield Row("name", N_("Name"), who.name)
    yield Row("email", _EMAIL, who.email)
    if one.former_email:
        yield Row("former_email", N_("E-mail before that"), one.former_email)
    yield from _of_library(who.library, library_name)
    yield Row("role", N_("Role"), who.role, said=_ROLES[who.role])
    yield Row("status", N_("Status"), one.status, said=STATUSES[one.status])
    if gathering.modes != (one.mode,):
        yield Row("mode", N_("Takes part"), one.mode, said=_MODES[one.mode])
    where = one.where(gathering)
    sessions = (session for session in gathering.sessions if session.id in where)
    yield Several("sessions", N_("Sessions"), tuple(tuple(_of_session(each, where[each.id])) for each in sessions))
    if one.deadline:
        yield Row("deadline", N_("Kept until"), one.deadline)
    if one.booking_id:
        yield Row("booked_by_another", N_("Booked by somebody else"), value=True)
    if one.answers:
        yield Several("answers", N_("Your answers"), tuple(_of_answers(one, gathering)))
    if one.needs is not None:
        yield Row("diet", N_("Diet"), one.needs.diet)
        yield Row("accommodation", N_("Access"), one.needs.accommodation)
    if one.invoice is not None:
        yield Row("gln", N_("EAN/GLN number for the invoice"), one.invoice.gln)
        yield Row("reference", N_("Reference for the invoice"), one.invoice.reference)
    if one.note:
        yield Row("note", N_("Coordinators’ note"), one.note)
    if one.joined:
        yield Several("joined", N_("You pressed the button to take part"), tuple(_of_joins(one, gathering)))
    if one.attended:
        yield Several("attended", N_("Whether you were there"), tuple(_of_attendance(one, gathering)))
    if one.certificate:
        yield Row("certificate", N_("Code of your certificate"), one.certificate)
    if one.mail_problem:
        yield Row("mail_problem", N_("A mail to you did not arrive"), value=True)
    yield Several("history", N_("What happened"), tuple(map(_of_step, one.history)))


def _of_mailbox(one: Mailbox) -> Iterator[Row | Several]:
    if one.unwanted:
        topics = ((_part("topic", topic, said=TOPICS[topic]),) for topic in sorted(one.unwanted))
        yield Several("unwanted", N_("What you do not want to get"), tuple(topics))
    if one.suppression is not None:
        reason = one.suppression.reason
        yield Row("no_mail", N_("Gets no mail"), reason, said=_NO_MAIL[reason])
        yield Row("no_mail_since", N_("Since when"), one.suppression.since)


def _of_library(number: str, library_name: LibraryName) -> tuple[Row, ...]:
    name = library_name(number) if number else ""
    return (Row("library", N_("Library number"), number), Row("library_name", N_("Library"), name))


def _part(key: str, value: Value, said: str | None = None) -> Row:
    """Return a row of an entry: entries are read as a sentence, without labels."""
    return Row(key, "", value, said)


def _of_session(session: Session, where: Where) -> Iterator[Row]:
    yield _part("title", session.title)
    yield _part("starts_at", session.starts_at)
    yield _part("ends_at", session.ends_at)
    if where.place is not None:
        yield _part("place", str(where.place))
    if where.online_link is not None:
        yield _part("online", True, said=_MODES[Mode.ONLINE])


def _of_joins(one: Registration, gathering: Gathering) -> Iterator[tuple[Row, ...]]:
    titles = {session.id: session.title for session in gathering.sessions}
    for session, at in one.joined.items():
        yield _part("title", titles.get(session, {})), _part("at", at)


def _of_attendance(one: Registration, gathering: Gathering) -> Iterator[tuple[Row, ...]]:
    titles = {session.id: session.title for session in gathering.sessions}
    for session, said in one.attended.items():
        yield (
            _part("title", titles.get(session, {})),
            _part("was_there", said.was_there),
            _part("said_by", said.source, said=_SOURCES[said.source]),
            _part("at", said.at),
        )


def _of_answers(one: Registration, gathering: Gathering) -> Iterator[tuple[Row, ...]]:
    asked = {question.id: question for question in gathering.questions}
    for id, answer in one.answers.items():
        question = asked.get(id)
        # An answer outlives a question that coordinators have taken out.
        label = _part("question", id if question is None else question.label)
        given = answer if question is None else _answered(question, answer)
        yield label, _part("answer", given)


def _of_step(step: Step) -> tuple[Row, ...]:
    return (
        _part("at", step.at),
        _part("what", step.what, said=_STEPS[step.what]),
        _part("by", step.by.actor, said=_ACTORS[step.by.actor]),
        _part("why", step.by.why),
    )


def _of_mail(mail: Mail) -> tuple[Row, ...]:
    outcome: tuple[str, str] = (mail.state, STATES[mail.state])
    if mail.problem is not None:
        outcome = (mail.problem, _PROBLEMS[mail.problem])
    return (
        _part("at", mail.at),
        _part("kind", mail.kind, said=MAILS[mail.kind]),
        _part("outcome", outcome[0], said=outcome[1]),
    )


def _answered(question: Question, answer: Answer) -> str | bool | tuple[str, ...] | Text:
    if isinstance(answer, bool) or not question.options:
        return answer
    labels = {option.id: option.label for option in question.options}
    if isinstance(answer, str):
        return labels.get(answer, answer)
    return tuple(next(iter(labels[one].values()), one) if one in labels else one for one in answer)


def _of_receipt(receipt: Receipt) -> Iterator[Row | Several]:
    yield Row("name", N_("Name"), receipt.name)
    yield Row("email", _EMAIL, receipt.email)
    yield Row("made_at", N_("When"), receipt.made_at)
    yield Row("registrations", N_("Registrations, by number"), receipt.registrations)
    if receipt.left_out:
        yield Several("left_out", N_("There was no room for"), tuple(map(_of_left_out, receipt.left_out)))


def _of_left_out(left_out: LeftOut) -> tuple[Row, ...]:
    return (Row("name", N_("Name"), left_out.name),)


def _of_interest(interest: Interest, library_name: LibraryName) -> Iterator[Row]:
    yield Row("email", _EMAIL, interest.email)
    yield from _of_library(interest.library, library_name)
    if interest.role:
        role = Role(interest.role)
        yield Row("role", N_("Role"), role, said=_ROLES[role])
    yield Row("opens_at", N_("You will be told"), interest.opens_at)


def _of_invitation(invitation: Invitation) -> tuple[Row, ...]:
    return (Row("email", _EMAIL, invitation.email), Row("invited_at", N_("When"), invitation.invited_at))


def _listed(about: Row) -> Section:
    rows = (Row("invited", N_("A round of registration is for you"), value=True),)
    return Section("rounds", N_("Your address is on a list of those who may sign up"), rows, about)
