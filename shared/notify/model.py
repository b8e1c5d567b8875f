"""The life of one mail: planned, sending, then sent, refused or unknown; and what came back later.

The ledger has one row per (subject, kind, occurrence), so that the same fact delivered twice is one mail. What timed
out is *unknown* and never sent again by itself: two mails are worse than a button that asks a person.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from shared.gatherings.reminders import ReminderKind
from shared.mailboxes.model import Mailbox, Topic
from shared.refusals import N_, Refusal

MOST_ATTEMPTS: Final = 3
"""How often a definite refusal is tried again."""

SENDING_FOR: Final = timedelta(minutes=2)
"""Twice what the sending function may run: a row still sending by then was left by a crash."""


TURNS_BEGIN: Final = time(9)
"""On the wall clock."""

ROW_TAG: Final = "mail_row"
"""The name of the SES message tag that carries a mail's row."""


ONCE: Final = "once"
"""The occurrence of a mail that its subject can call for but once."""


class MailKind(StrEnum):
    """What a mail is about."""

    CONFIRMATION = "confirmation"
    PENDING = "pending"
    WAITLIST = "waitlist"
    OFFER = "offer"
    CHANGE = "change"
    LEFT = "left"
    MOVED = "moved"
    REMINDER = "reminder"
    MESSAGE = "message"
    CERTIFICATE = "certificate"
    THANKS = "thanks"
    NUDGE = "nudge"
    RECORDING = "recording"
    FOLLOW_UP = "follow-up"
    CANCELLATION = "cancellation"
    EXPIRY = "expiry"
    HANDOVER = "handover"
    ADDRESS = "address"
    OLD_ADDRESS = "old-address"
    LINK = "link"
    NEEDS = "needs"
    RECEIPT = "receipt"
    OPENING = "opening"
    LINKS = "links"
    INVITATION = "invitation"
    REVIEW = "review"

    @property
    def is_to_participant(self) -> bool:
        """Whether it goes to the address of the registration it is about: only then does its failure concern that."""
        return self not in _TO_OTHERS

    @property
    def topic(self) -> Topic | None:
        """What somebody chooses who does not want it; None for what one needs to take part, or has asked for."""
        return _TOPICS.get(self)

    @property
    def takes_a_turn(self) -> bool:
        """Whether a person gets at most one such mail a day, so that a second waits."""
        return self in _IN_TURN


_TO_OTHERS: Final = frozenset(
    {
        *(MailKind.OLD_ADDRESS, MailKind.NEEDS, MailKind.RECEIPT, MailKind.OPENING, MailKind.LINKS),
        *(MailKind.INVITATION, MailKind.REVIEW),
    }
)


OF_REMINDERS: Final[Mapping[ReminderKind, MailKind]] = {
    ReminderKind.REMINDER: MailKind.REMINDER,
    ReminderKind.THANKS: MailKind.THANKS,
    ReminderKind.NUDGE: MailKind.NUDGE,
    ReminderKind.RECORDING: MailKind.RECORDING,
    ReminderKind.FOLLOW_UP: MailKind.FOLLOW_UP,
}
"""The mail of each kind of reminder."""

_AFTERWARDS: Final = frozenset(OF_REMINDERS.values()) - {MailKind.REMINDER}

_TOPICS: Final = {
    MailKind.MESSAGE: Topic.MESSAGES,
    MailKind.INVITATION: Topic.INVITATIONS,
    **dict.fromkeys(_AFTERWARDS, Topic.AFTERWARDS),
}

_IN_TURN: Final = frozenset({MailKind.MESSAGE, *_AFTERWARDS})


class MailProblem(StrEnum):
    """Why a mail did not, or may not, reach the person."""

    UNKNOWN = "unknown"
    REFUSED = "refused"
    BOUNCED = "bounced"
    COMPLAINED = "complained"

    def outranks(self, known: "MailProblem | None") -> bool:
        """Whether it says more than what is known: reports come twice and in any order."""
        ranks = list(MailProblem)
        return known is None or ranks.index(self) > ranks.index(known)


class MailState(StrEnum):
    """How far a mail has come.

    *Sent* is what the mail service has taken, *delivered* what the mailbox has. *Waiting* is for another day, since the
    person has had one that day. *Suppressed* and *unwanted* ones are not sent: the mailbox takes nothing, or its owner
    does not want such mails.
    """

    PLANNED = "planned"
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    SUPPRESSED = "suppressed"
    UNWANTED = "unwanted"

    @property
    def may_have_arrived(self) -> bool:
        """Whether the person may have the mail."""
        return self in (MailState.SENDING, MailState.SENT, MailState.DELIVERED, MailState.UNKNOWN)

    @property
    def can_arrive(self) -> bool:
        """Whether it would be news that the mail is in the mailbox."""
        return self.may_have_arrived and self is not MailState.DELIVERED


REPEATABLE: Final = frozenset({MailState.UNKNOWN, MailState.REFUSED, MailState.SUPPRESSED})
"""The states from which a person may have a mail sent once more."""


@dataclass(frozen=True, slots=True)
class MailId:
    """Which mail: about which subject, of what kind, and which of its occurrences.

    The subject is a registration, the receipt of a booking, an interest, an invitation, a request for links, or a
    webinar; `gathering_id` is empty for the last two, which are about no gathering. The occurrence is the session that
    the mail's calendar object is about, with a number where that can happen again; the fact that asked for the mail;
    what a follow-up asks about; the day on which a webinar is looked at anew; or ONCE.
    """

    gathering_id: str
    subject_id: str
    kind: MailKind
    occurrence: str

    @property
    def tag(self) -> str:
        """The row as an SES message tag, which takes letters, digits, `_` and `-` only."""
        return f"{self.gathering_id}_{self.subject_id}_{self.kind}_{self.occurrence}"

    @classmethod
    def of_tag(cls, tag: str) -> "MailId":
        """Read a tag; raise ValueError when it is none of ours."""
        gathering_id, subject_id, kind, occurrence = tag.split("_")
        return cls(gathering_id, subject_id, MailKind(kind), occurrence)


@dataclass(frozen=True, slots=True)
class Turn:
    """The one mail of a day that a person, by keyed hash, gets of the kinds that take turns.

    `next_at` is when one that found it taken is tried again, in UTC.
    """

    person: str
    day: date
    next_at: datetime


def turn(person: str, now: datetime, zone: tzinfo) -> Turn:
    """Return a person's turn of today, by the clock in the zone: tomorrow's begins at nine."""
    today = now.astimezone(zone).date()
    tomorrow = datetime.combine(today + timedelta(days=1), TURNS_BEGIN, tzinfo=zone)
    return Turn(person, today, tomorrow.astimezone(UTC))


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The one mail that asks a person, by keyed hash, what came of something: a programme, or a gathering of none."""

    person: str
    about: str


@dataclass(frozen=True, slots=True)
class Row:
    """How one mail stands: when that was last tried, and until when it waits, if it does."""

    mail: MailId
    state: MailState
    problem: MailProblem | None
    at: datetime
    waits_until: datetime | None = None

    @property
    def can_be_sent_again(self) -> bool:
        """Whether a person may have it sent once more: of what is known to have left there is nothing to repeat."""
        return self.mail.kind.is_to_participant and self.state in REPEATABLE


def again(session_id: str, number: int) -> str:
    """Return the occurrence of a mail about a session, or about none (empty), of which there can be more."""
    return f"{session_id}-{number}" if session_id else str(number)


def invited(mails: Iterable[MailId]) -> frozenset[str]:
    """Return the sessions that calendars hold after these mails about one registration, but for its last one.

    The mail that ends it all is left out, so that a repeat of it finds the same.
    """
    held: set[str] = set()
    for _, session, gives in sorted(_entries(mails)):
        if gives:
            held.add(session)
        else:
            held.discard(session)
    return frozenset(held)


def _entries(mails: Iterable[MailId]) -> Iterator[tuple[int, str, bool]]:
    """Yield, for each calendar entry that was mailed, its number, its session, and whether it was given or taken."""
    for mail in mails:
        session, _, number = mail.occurrence.rpartition("-")
        match mail.kind:
            case MailKind.CONFIRMATION:
                yield 0, mail.occurrence, True
            case MailKind.ADDRESS if session:
                # The same entry, for another mailbox.
                yield 0, session, True
            case MailKind.CHANGE | MailKind.LEFT if session:
                yield int(number), session, mail.kind is MailKind.CHANGE


@dataclass(frozen=True, slots=True)
class Sent:
    """SES took it, under this id."""

    message_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """SES said no to this very mail."""


@dataclass(frozen=True, slots=True)
class Throttled:
    """SES said not now."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody knows: the answer never came."""


Outcome = Sent | Refused | Throttled | Unknown


def withheld(kind: MailKind, mailbox: Mailbox | None) -> MailState | None:
    """Return why a mail of a kind is not sent to a mailbox; None if it is."""
    if mailbox is None:
        return None
    if mailbox.suppression is not None:
        return MailState.SUPPRESSED
    return MailState.UNWANTED if kind.topic in mailbox.unwanted else None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a row becomes after an attempt: its new state, a problem to make known, and whether to try again."""

    state: MailState
    problem: MailProblem | None
    again: bool


def settle(outcome: Outcome, attempts: int) -> Settlement:
    """Return what follows from the outcome of attempt number `attempts`."""
    match outcome:
        case Sent():
            return Settlement(MailState.SENT, None, again=False)
        case Throttled():
            return Settlement(MailState.PLANNED, None, again=True)
        case Refused() if attempts < MOST_ATTEMPTS:
            return Settlement(MailState.REFUSED, None, again=True)
        case Refused():
            return Settlement(MailState.REFUSED, MailProblem.REFUSED, again=False)
        case Unknown():
            return Settlement(MailState.UNKNOWN, MailProblem.UNKNOWN, again=False)


class NothingToRepeat(Refusal):
    """The mail has gone, or is on its way: nobody gets it twice."""

    kind = "nothing-to-repeat"
    status = 409
    message = N_("This mail has been sent, or is on its way. It is not sent twice.")
