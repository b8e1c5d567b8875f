"""Every mail to one participant in words: what was sent, what came of it, and what is still to come."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shared.gatherings.model import Gathering
from shared.i18n import Voice
from shared.messages.model import Message, MessageState
from shared.notify.model import OF_REMINDERS, MailId, MailKind, MailProblem, MailState, Row
from shared.refusals import N_
from shared.registration.audience import Numbers, among, reminded
from shared.registration.model import Registration

KINDS: Final = {
    MailKind.CONFIRMATION: N_("Confirmation"),
    MailKind.PENDING: N_("Seat held"),
    MailKind.WAITLIST: N_("Place on the waiting list"),
    MailKind.OFFER: N_("Offer of a seat"),
    MailKind.CHANGE: N_("Change of the registration"),
    MailKind.LEFT: N_("A session left out"),
    MailKind.MOVED: N_("Another time, place or link"),
    MailKind.REMINDER: N_("Reminder"),
    MailKind.MESSAGE: N_("Message"),
    MailKind.CERTIFICATE: N_("Certificate"),
    MailKind.THANKS: N_("Thanks"),
    MailKind.NUDGE: N_("Question how it was, once more"),
    MailKind.RECORDING: N_("The recording is online"),
    MailKind.FOLLOW_UP: N_("Question what came of it"),
    MailKind.CANCELLATION: N_("Cancellation"),
    MailKind.EXPIRY: N_("Registration has lapsed"),
    MailKind.HANDOVER: N_("Seat handed over"),
    MailKind.ADDRESS: N_("To the new address"),
    MailKind.OLD_ADDRESS: N_("To the former address"),
    MailKind.LINK: N_("Link to the own page"),
    MailKind.NEEDS: N_("Needs, to the contact"),
}

STATES: Final = {
    MailState.PLANNED: N_("about to be sent"),
    MailState.SENDING: N_("on its way"),
    MailState.SENT: N_("sent"),
    MailState.DELIVERED: N_("delivered"),
    MailState.REFUSED: N_("not sent: the mail service refuses the address"),
    MailState.UNKNOWN: N_("nobody knows whether it was sent"),
    MailState.SUPPRESSED: N_("not sent, because mail to this address does not arrive"),
    MailState.UNWANTED: N_("not sent, because the person does not want such mails"),
}

_PROBLEMS: Final = {
    MailProblem.BOUNCED: N_("came back: the mailbox does not take it"),
    MailProblem.COMPLAINED: N_("sent, and reported as spam"),
}


@dataclass(frozen=True, slots=True)
class MailLine:
    """One mail: what it is about, when that was, or will be, and how it stands; in the reader's words.

    `again` is the mail where it can be sent once more.
    """

    at: datetime
    what: str
    stands: str
    is_trouble: bool = False
    again: MailId | None = None


def lines(
    one: Registration,
    gathering: Gathering,
    rows: Iterable[Row],
    messages: Iterable[Message],
    libraries: Numbers,
    *,
    voice: Voice,
    now: datetime,
) -> tuple[MailLine, ...]:
    """Return the mails to somebody, the last one first."""
    written = {message.id: message for message in messages}
    found = [
        *(_sent(row, gathering, written, voice) for row in rows),
        *_to_come(one, gathering, written.values(), libraries, voice, now),
    ]
    return tuple(sorted(found, key=lambda line: line.at, reverse=True))


def _sent(row: Row, gathering: Gathering, written: Mapping[str, Message], voice: Voice) -> MailLine:
    what = voice.say(KINDS[row.mail.kind])
    about = _about(row.mail, gathering, written, voice)
    return MailLine(
        row.at,
        f"{what}: {about}" if about else what,
        _stands(row, voice),
        row.problem is not None or row.state in (MailState.UNKNOWN, MailState.SUPPRESSED),
        row.mail if row.can_be_sent_again else None,
    )


def _about(mail: MailId, gathering: Gathering, written: Mapping[str, Message], voice: Voice) -> str:
    if mail.kind is MailKind.MESSAGE:
        return voice.text(written[mail.occurrence].subject) if mail.occurrence in written else ""
    if len(gathering.sessions) < 2:
        return ""
    sessions = (one for one in gathering.sessions if f"{mail.occurrence}-".startswith(f"{one.id}-"))
    return next((voice.text(one.title) or voice.short_day(one.starts_at) for one in sessions), "")


def _stands(row: Row, voice: Voice) -> str:
    if row.waits_until is not None:
        when = voice.moment(row.waits_until)
        return voice.say("waits until %(moment)s: the person has had a message that day", moment=when)
    if row.problem in _PROBLEMS:
        return voice.say(_PROBLEMS[row.problem])
    return voice.say(STATES[row.state])


def _to_come(
    one: Registration,
    gathering: Gathering,
    written: Iterable[Message],
    libraries: Numbers,
    voice: Voice,
    now: datetime,
) -> Iterator[MailLine]:
    for planned in gathering.planned_reminders():
        if planned.moment > now and any(reminded([one], planned, gathering, libraries)):
            kind = OF_REMINDERS[planned.reminder.kind]
            yield MailLine(planned.moment, voice.say(KINDS[kind]), voice.say("planned"))
    for message in written:
        if message.state is MessageState.PLANNED and list(among([one], message.audience, libraries)):
            what = f"{voice.say(KINDS[MailKind.MESSAGE])}: {voice.text(message.subject)}"
            yield MailLine(message.send_at, what, voice.say("planned"))
