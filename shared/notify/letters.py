"""Which mails a fact calls for, given what was read of what it is about.

A fact that is no longer true calls for none: who cancelled before the confirmation left gets no confirmation.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from events.certificates import CertificateIssued
from events.envelope import Envelope
from events.messages import MailReleased, RegistrationsMessaged, TrialAsked
from events.registration import (
    AboutRegistration,
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
)
from events.webinars import WebinarDue
from shared.gatherings.model import WHOLE, Gathering, Session, State
from shared.gatherings.reminders import Planned, ReminderKind
from shared.messages.model import Message, Trial
from shared.notify.model import OF_REMINDERS, ONCE, MailId, MailKind, again
from shared.notify.ports import Interest, Invitation, Letter, LinksRequest, Recipient
from shared.registration.audience import is_meant
from shared.registration.model import Actor, By, Participant, Registration, Role, Status, Step, What
from shared.registration.ports import Receipt
from shared.webinars.model import State as WebinarState, Webinar


@dataclass(frozen=True, slots=True)
class Known:
    """What was read for a batch of facts, by id; what is gone is left out.

    `invited` are the sessions that calendars hold, by registration, where a fact may change that; `of_request` the
    registrations of who asked for links; `recordings` those that are shown, by gathering, of several the first;
    `owners` where those who look after the `webinars` are written to.
    """

    registrations: Mapping[str, Registration]
    gatherings: Mapping[str, Gathering]
    receipts: Mapping[str, Receipt] = field(default_factory=dict)
    invited: Mapping[str, frozenset[str]] = field(default_factory=dict)
    interests: Mapping[str, Interest] = field(default_factory=dict)
    requests: Mapping[str, LinksRequest] = field(default_factory=dict)
    of_request: Mapping[str, tuple[Registration, ...]] = field(default_factory=dict)
    invitations: Mapping[str, Invitation] = field(default_factory=dict)
    messages: Mapping[str, Message] = field(default_factory=dict)
    trials: Mapping[str, Trial] = field(default_factory=dict)
    recordings: Mapping[str, Webinar] = field(default_factory=dict)
    webinars: Mapping[str, Webinar] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)


def letters(fact: Envelope[Any], known: Known, now: datetime) -> Iterator[Letter]:
    """Yield the mails."""
    match fact.data:
        case AboutRegistration(registration_id=registration_id, gathering_id=gathering_id):
            registration, gathering = known.registrations.get(registration_id), known.gatherings.get(gathering_id)
            if registration is not None and gathering is not None:
                yield from _Telling(registration, gathering, known).of(fact, now)
        case RegistrationsMoved(gathering_id=gathering_id, registration_ids=ids, sessions=sessions):
            gathering = known.gatherings.get(gathering_id)
            for one in (known.registrations[id] for id in ids if id in known.registrations):
                if gathering is not None and gathering.state is State.PUBLISHED and one.status.is_live:
                    yield from _Telling(one, gathering, known).moved(sessions, now)
        case RegistrationsMessaged(gathering_id=gathering_id, registration_ids=ids, message_id=message_id):
            gathering = known.gatherings.get(gathering_id)
            for one in (known.registrations[id] for id in ids if id in known.registrations):
                if gathering is not None:
                    yield from _Telling(one, gathering, known).messaged(message_id)
        case RegistrationsReminded(gathering_id=gathering_id, registration_ids=ids) as due:
            gathering = known.gatherings.get(gathering_id)
            if gathering is not None:
                planned = gathering.planned(due.session, due.reminder, due.moment, {ReminderKind(due.kind)})
                for one in (known.registrations[id] for id in ids if id in known.registrations):
                    if planned is not None:
                        yield from _Telling(one, gathering, known).reminded(planned, now)
        case RecordingAnnounced(gathering_id=gathering_id, registration_ids=ids):
            gathering = known.gatherings.get(gathering_id)
            for one in (known.registrations[id] for id in ids if id in known.registrations):
                if gathering is not None:
                    yield from _Telling(one, gathering, known).told_of_recording()
        case TrialAsked(trial_id=trial_id):
            trial = known.trials.get(trial_id)
            gathering = known.gatherings.get(trial.gathering_id) if trial is not None else None
            if trial is not None and gathering is not None:
                yield tried(trial, gathering, now)
        case BookingMade(booking_id=booking_id):
            yield from _receipt(booking_id, known)
        case RoundOpened(interest_id=interest_id, gathering_id=gathering_id):
            yield from _opening(interest_id, known.gatherings.get(gathering_id), fact, known, now)
        case LinksRequested(request_id=request_id):
            yield from _links(request_id, known)
        case InvitationMade(invitation_id=invitation_id, gathering_id=gathering_id):
            yield from _invitation(invitation_id, known.gatherings.get(gathering_id), fact, known, now)
        case WebinarDue(webinar_id=webinar_id):
            yield from _review(webinar_id, known)


def told_step(kind: MailKind, registration: Registration) -> Step | None:
    """Return the step in a registration's history that a mail tells of; None for mails that tell how it stands."""
    match kind:
        case MailKind.CANCELLATION | MailKind.HANDOVER | MailKind.EXPIRY:
            return registration.ending
        case MailKind.CHANGE:
            return next((step for step in reversed(registration.history) if step.what is What.CHANGED), None)
        case _:
            return None


_OF_ENTRIES: Final = (
    RegistrationChanged,
    RegistrationCancelled,
    RegistrationHandedOver,
    RegistrationExpired,
    RegistrationAddressChanged,
)


def is_about_entries(data: Any) -> bool:
    """Whether a fact may change what calendars hold, so that it has to be known."""
    return isinstance(data, _OF_ENTRIES)


_ABOUT_SEATS: Final = (
    RegistrationConfirmed,
    RegistrationPending,
    RegistrationWaitlisted,
    RegistrationOffered,
    RegistrationExpired,
)
"""What is nobody's concern once the gathering is cancelled."""


_IN_FORCE: Final = frozenset(one for one in Status if one.is_live)
_OVER: Final = frozenset(Status) - _IN_FORCE

_TOLD_WHILE: Final[Mapping[MailKind, frozenset[Status]]] = {
    MailKind.CONFIRMATION: frozenset({Status.CONFIRMED}),
    MailKind.PENDING: frozenset({Status.PENDING}),
    MailKind.WAITLIST: frozenset({Status.WAITLISTED}),
    MailKind.OFFER: frozenset({Status.OFFERED}),
    MailKind.CHANGE: frozenset({Status.CONFIRMED, Status.PENDING}),
    MailKind.LEFT: _IN_FORCE,
    MailKind.MOVED: _IN_FORCE,
    MailKind.REMINDER: frozenset({Status.CONFIRMED}),
    MailKind.CERTIFICATE: frozenset({Status.CONFIRMED}),
    MailKind.THANKS: frozenset({Status.CONFIRMED}),
    MailKind.NUDGE: frozenset({Status.CONFIRMED}),
    MailKind.FOLLOW_UP: frozenset({Status.CONFIRMED}),
    MailKind.CANCELLATION: _OVER,
    MailKind.EXPIRY: _OVER,
    MailKind.HANDOVER: _OVER,
    MailKind.ADDRESS: _IN_FORCE,
    MailKind.LINK: frozenset(Status),
}
"""How a registration has to stand for a mail still to be true."""


@dataclass(frozen=True, slots=True)
class _Telling:
    """What one registration's facts call for."""

    registration: Registration
    gathering: Gathering
    known: Known

    def of(self, fact: Envelope[Any], now: datetime) -> Iterator[Letter]:
        one = self.registration
        if self.gathering.state is State.CANCELLED and isinstance(fact.data, _ABOUT_SEATS):
            return
        match fact.data, one.status:
            case RegistrationConfirmed() | RegistrationPending(), _ if _is_told_with_address(one):
                return
            case RegistrationConfirmed(), Status.CONFIRMED:
                for session in self._sessions():
                    yield self._letter(MailKind.CONFIRMATION, session.id, session)
            case RegistrationPending(), Status.PENDING if not self._is_over(now):
                yield self._letter(MailKind.PENDING)
            case RegistrationWaitlisted(), Status.WAITLISTED:
                yield self._letter(MailKind.WAITLIST)
            case RegistrationOffered(), Status.OFFERED if not self._is_over(now):
                yield self._letter(MailKind.OFFER)
            case RegistrationChanged(), Status.CONFIRMED:
                yield from self._changed()
            case RegistrationChanged(), Status.PENDING:
                yield self._letter(MailKind.CHANGE, again("", one.version))
            case RegistrationCancelled(), Status.CANCELLED if not _was_not_me(one):
                yield from self._taken_away(MailKind.CANCELLATION)
            case RegistrationExpired(), Status.EXPIRED:
                yield from self._taken_away(MailKind.EXPIRY)
            case RegistrationHandedOver(), Status.CANCELLED:
                yield from self._taken_away(MailKind.HANDOVER)
            case RegistrationAddressChanged(), _:
                yield from self._address_changed()
            case MailReleased(kind=kind, occurrence=occurrence), _:
                yield from self.released(MailKind(kind), occurrence, now)
            case CertificateIssued(), Status.CONFIRMED if one.certificate is not None:
                yield self._letter(MailKind.CERTIFICATE, fact.id)
            case RegistrationLinkRequested(), _:
                yield self._letter(MailKind.LINK, fact.id)
            case NeedsStated(), _ if one.status.is_live and one.needs is not None:
                occurrence = again("", fact.subject_version)
                yield self._letter(MailKind.NEEDS, occurrence, to=Recipient("", self.gathering.contact, None))

    def moved(self, sessions: Sequence[str], now: datetime) -> Iterator[Letter]:
        """Tell how sessions are now: each move once, and of several in a row the last one only."""
        own = [one for one in self._sessions() if one.id in sessions and one.ends_at > now]
        numbers = {one.id: moved.number for one in own if (moved := self.gathering.last_move(one.id)) is not None}
        has_seat = self.registration.status is Status.CONFIRMED
        entries = [one for one in own if one.id in numbers and (has_seat or one.id in self._invited())]
        for session in entries:
            yield self._letter(MailKind.MOVED, again(session.id, numbers[session.id]), session)
        if numbers and not entries:
            yield self._letter(MailKind.MOVED, again("", max(numbers.values())))

    def reminded(self, planned: Planned, now: datetime) -> Iterator[Letter]:
        """Tell what is due to who still has a seat, and is still meant, in time.

        Before a session that is of each of its times once, after the end but once, and a follow-up asks about a
        programme.
        """
        one, reminder = self.registration, planned.reminder
        if one.status is not Status.CONFIRMED or not is_meant(one, reminder.audience) or now >= planned.until:
            return
        match reminder.kind:
            case ReminderKind.REMINDER:
                for session in self._sessions():
                    if session.id == planned.session:
                        occurrence = f"{session.id}-{reminder.key}-{planned.moment:%Y%m%dT%H%M}"
                        yield self._letter(MailKind.REMINDER, occurrence, session)
            case ReminderKind.FOLLOW_UP:
                yield self._letter(MailKind.FOLLOW_UP, self.gathering.programme or self.gathering.id)
            case kind:
                yield self._letter(OF_REMINDERS[kind], reminder.key)

    def told_of_recording(self) -> Iterator[Letter]:
        """Tell once that the recording is online, to who has a seat, if it is shown and that is planned."""
        one, telling = self.registration, self.gathering.telling_of_recording
        recording = self.known.recordings.get(self.gathering.id)
        if telling is None or recording is None or one.status is not Status.CONFIRMED:
            return
        if is_meant(one, telling.audience):
            yield replace(self._letter(MailKind.RECORDING), webinar=recording)

    def messaged(self, message_id: str) -> Iterator[Letter]:
        """Tell what a coordinator wrote, to who still belongs to those that it is for."""
        message = self.known.messages.get(message_id)
        if message is not None and is_meant(self.registration, message.audience):
            yield replace(self._letter(MailKind.MESSAGE, message.id), message=message)

    def released(self, kind: MailKind, occurrence: str, now: datetime) -> Iterator[Letter]:
        """Tell what one mail tells, if that is still so."""
        if kind is MailKind.MESSAGE:
            yield from self.messaged(occurrence)
        elif kind is MailKind.RECORDING:
            yield from self.told_of_recording()
        elif kind in _TOLD_WHILE and self.registration.status in _TOLD_WHILE[kind] and not self._is_over(now):
            of_sessions = [one for one in self.gathering.sessions if f"{occurrence}-".startswith(f"{one.id}-")]
            session = of_sessions[0] if of_sessions else None
            if kind is MailKind.REMINDER and (session is None or now >= session.starts_at):
                return
            if kind is not MailKind.CERTIFICATE or self.registration.certificate is not None:
                yield self._letter(kind, occurrence, session)

    def _changed(self) -> Iterator[Letter]:
        """What calendars should no longer hold is taken out of them, and what they lack is given to them."""
        number, invited = self.registration.version, self._invited()
        # Where one can take part in two ways the way may have changed, and entries say which it is.
        told = frozenset() if len(self.gathering.modes) > 1 else invited
        for session in self.gathering.sessions:
            is_mine = session.id in self.registration.sessions
            if session.id in invited and not is_mine:
                yield self._letter(MailKind.LEFT, again(session.id, number), session)
            elif is_mine and session.id not in told:
                yield self._letter(MailKind.CHANGE, again(session.id, number), session)

    def _taken_away(self, kind: MailKind) -> Iterator[Letter]:
        invited = [session for session in self.gathering.sessions if session.id in self._invited()]
        for session in invited:
            yield self._letter(kind, session.id, session)
        if not invited:
            yield self._letter(kind)

    def _address_changed(self) -> Iterator[Letter]:
        one, number = self.registration, self.registration.link_generation
        if one.former_email is not None:
            to = Recipient(one.participant.name, one.former_email, one.language)
            yield self._letter(MailKind.OLD_ADDRESS, again("", number), to=to)
        if not one.status.is_live:
            return
        # A seat that is held until the new address is proven may be in a calendar already.
        is_seat = one.status is Status.CONFIRMED
        entries = [session for session in self._sessions() if is_seat or session.id in self._invited()]
        for session in entries:
            yield self._letter(MailKind.ADDRESS, again(session.id, number), session)
        if not entries:
            yield self._letter(MailKind.ADDRESS, again("", number))

    def _letter(
        self, kind: MailKind, occurrence: str = ONCE, session: Session | None = None, to: Recipient | None = None
    ) -> Letter:
        one, who = self.registration, self.registration.participant
        return Letter(
            MailId(one.gathering_id, one.id, kind, occurrence),
            to or Recipient(who.name, who.email, one.language),
            self.gathering,
            registration=one,
            # One calendar object a mail: Outlook reads only the first VEVENT.
            session=session,
            receipt=self.known.receipts.get(one.booking_id or ""),
        )

    def _sessions(self) -> Iterable[Session]:
        return (session for session in self.gathering.sessions if session.id in self.registration.sessions)

    def _invited(self) -> frozenset[str]:
        return self.known.invited.get(self.registration.id, frozenset())

    def _is_over(self, now: datetime) -> bool:
        return self.registration.deadline is not None and now >= self.registration.deadline


def _is_told_with_address(registration: Registration) -> bool:
    """Whether how it stands came with another address, and is told by the mail about that."""
    last = next((step for step in reversed(registration.history) if step.what is not What.NOTED), None)
    return last is not None and last.what is What.ADDRESS_CHANGED


def _was_not_me(registration: Registration) -> bool:
    """Whether somebody has said to be a stranger to this. They hear no more from us."""
    return registration.ending is not None and registration.ending.what is What.NOT_ME


_TRIED_OF_A_SESSION: Final = (MailKind.CONFIRMATION, MailKind.REMINDER, MailKind.CANCELLATION)
_TRIED_OFFER: Final = timedelta(days=2)
"""How long an offer stands in a trial."""


def tried(trial: Trial, gathering: Gathering, now: datetime) -> Letter:
    """Return a mail as it would be to whom it is for, to whoever writes it. Its links lead nowhere."""
    kind = MailKind(trial.kind)
    seated = Registration(
        id=trial.id,
        gathering_id=gathering.id,
        participant=Participant("", trial.email, "", Role.STAFF),
        sessions=tuple(session.id for session in gathering.sessions),
        mode=gathering.modes[0],
        language=trial.language,
        registered_at=now,
        guard="",
        person="",
        general=(),
        pools=(WHOLE,),
    )
    return Letter(
        MailId(gathering.id, trial.id, kind, ONCE),
        Recipient("", trial.email, trial.language),
        replace(gathering, texts={kind: trial.body}),
        registration=_as_told(kind, seated, now),
        session=gathering.sessions[0] if kind in _TRIED_OF_A_SESSION else None,
        message=trial.message(now),
        webinar=_tried_recording(trial, gathering, now) if kind is MailKind.RECORDING else None,
    )


def _tried_recording(trial: Trial, gathering: Gathering, now: datetime) -> Webinar:
    return Webinar(trial.id, gathering.slug, gathering.title, now.date(), trial.language, owner="")


def _as_told(kind: MailKind, seated: Registration, now: datetime) -> Registration:
    """Return a registration as it is when there is a mail of the kind."""
    match kind:
        case MailKind.WAITLIST:
            return replace(seated, status=Status.WAITLISTED)
        case MailKind.OFFER:
            return seated.offered(seated.pools, now + _TRIED_OFFER, now)
        case MailKind.CANCELLATION:
            return seated.ended(What.CANCELLED, By(Actor.PARTICIPANT), now)
        case MailKind.CERTIFICATE:
            return replace(seated, certificate=seated.id)
        case _:
            return seated


def _receipt(booking_id: str, known: Known) -> Iterator[Letter]:
    receipt = known.receipts.get(booking_id)
    gathering = known.gatherings.get(receipt.gathering_id) if receipt is not None else None
    if receipt is None or gathering is None:
        return
    registrations = (known.registrations.get(id) for id in receipt.registrations)
    listed = tuple((one, gathering) for one in registrations if one is not None)
    mail = MailId(gathering.id, receipt.id, MailKind.RECEIPT, ONCE)
    to = Recipient(receipt.name, receipt.email, receipt.language)
    yield Letter(mail, to, gathering, receipt=receipt, listed=listed)


def _opening(
    interest_id: str, gathering: Gathering | None, fact: Envelope[Any], known: Known, now: datetime
) -> Iterator[Letter]:
    interest = known.interests.get(interest_id)
    if interest is None or gathering is None or not gathering.takes_registrations(now):
        return
    # Who leaves an address again before it is forgotten has the same interest, and is told of each opening.
    mail = MailId(gathering.id, interest_id, MailKind.OPENING, fact.id)
    yield Letter(mail, Recipient("", interest.email, interest.language), gathering)


def _links(request_id: str, known: Known) -> Iterator[Letter]:
    request = known.requests.get(request_id)
    if request is None:
        return
    found = (
        (one, known.gatherings[one.gathering_id])
        for one in known.of_request[request_id]
        if one.status.is_live and one.gathering_id in known.gatherings
    )
    listed = tuple(sorted(found, key=lambda each: each[1].starts_at))
    # Who has never been registered gets no mail: anybody can type anybody's address.
    if known.of_request[request_id]:
        mail = MailId("", request_id, MailKind.LINKS, ONCE)
        to = Recipient("", request.email, request.language)
        yield Letter(mail, to, None, listed=listed, person=request.person)


def _invitation(
    invitation_id: str, gathering: Gathering | None, fact: Envelope[Any], known: Known, now: datetime
) -> Iterator[Letter]:
    invitation = known.invitations.get(invitation_id)
    if invitation is None or gathering is None or gathering.state is not State.PUBLISHED:
        return
    if now < gathering.registration_closes_at:
        # Who is invited once more gets one more mail.
        mail = MailId(gathering.id, invitation_id, MailKind.INVITATION, fact.id)
        yield Letter(mail, Recipient("", invitation.email, invitation.language), gathering, person=invitation.person)


def _review(webinar_id: str, known: Known) -> Iterator[Letter]:
    webinar = known.webinars.get(webinar_id)
    if webinar is None or webinar.state is not WebinarState.PUBLISHED or webinar.review_on is None:
        return
    # Another day has been chosen meanwhile: it is told of when it comes.
    if webinar.review_on == webinar.review_told:
        mail = MailId("", webinar.id, MailKind.REVIEW, webinar.review_on.isoformat())
        yield Letter(mail, Recipient("", known.owners[webinar.owner], None), None, webinar=webinar)
