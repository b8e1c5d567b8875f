"""Telling people about registrations, once.

A batch of facts goes through four steps: read what the facts are about, write the mails, claim their rows, send and
settle. Reading, claiming and settling are one call to the store for the whole batch, because calls are what a mail
costs. Writing comes before claiming, so that a text that cannot be written leaves no row that seems to be on its way.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any, Final

from events.envelope import Envelope
from events.messages import TrialAsked
from events.registration import LinksRequested, RegistrationAddressChanged, RoundOpened
from shared.notify.letters import letters
from shared.notify.model import (
    REPEATABLE,
    FollowUp,
    MailId,
    MailKind,
    MailState,
    NothingToRepeat,
    Turn,
    settle,
    turn,
    withheld,
)
from shared.notify.ports import Attempt, Ledger, Letter, Office
from shared.notify.reading import read
from shared.notify.reports import read_report

AT_ONCE: Final = 33
"""How many mails are claimed and settled together: one may take three of a transaction's hundred writes."""


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a batch: the ids of facts to be delivered again, and how many mails ended in which state."""

    again: set[str]
    states: Counter[str]


class Recorded(StrEnum):
    """What came of a report."""

    NOTED = "noted"
    ARRIVED = "arrived"
    NOTHING_NEW = "nothing_new"
    NO_SUCH_MAIL = "no_such_mail"
    UNREADABLE = "unreadable"

    @property
    def comes_again(self) -> bool:
        """Whether the report should be delivered again, and to the dead letters if that does not help."""
        return self in (Recorded.NO_SUCH_MAIL, Recorded.UNREADABLE)


def tell(facts: Sequence[Envelope[Any]], *, office: Office, now: datetime) -> Told:
    """Send the mails that the facts call for, and forget the addresses that were kept for one mail only."""
    known = read(facts, office)
    wanted: dict[MailId, Letter] = {}
    asked_by: dict[MailId, Envelope[Any]] = {}
    for fact in facts:
        for letter in letters(fact, known, now):
            wanted[letter.mail] = letter
            asked_by[letter.mail] = fact
    kept_back = _withheld(wanted, office)
    office.ledger.withhold(kept_back, now=now)
    written = {
        mail: office.composer.compose(letter, now=now) for mail, letter in wanted.items() if mail not in kept_back
    }

    told = Told(set(), Counter(map(str, kept_back.values())))
    asking = {asked_by[mail].id for mail in written}
    answered = {fact.id: fact for fact in facts if fact.id not in asking}
    unanswered: set[str] = set()
    mails = iter(written)
    while some := list(islice(mails, AT_ONCE)):
        attempts = []
        turns, follow_ups = _turns(some, wanted, office, now), _follow_ups(some, wanted)
        for claim in office.ledger.claim(some, now=now, turns=turns, follow_ups=follow_ups):
            fact = asked_by[claim.mail]
            outcome = office.mailer.send(written[claim.mail], recipient=wanted[claim.mail].to.email, mail=claim.mail)
            settlement = settle(outcome, claim.number)
            attempts.append(Attempt(claim, outcome, settlement, fact.correlation_id))
            if settlement.again:
                told.again.add(fact.id)
            if settlement.again or settlement.state is MailState.UNKNOWN:
                unanswered.add(fact.id)
            answered[fact.id] = fact
        if attempts:
            office.ledger.close(attempts, now=now)
        told.states.update(str(attempt.settlement.state) for attempt in attempts)
    for id in answered.keys() - unanswered:
        _forget(answered[id], office)
    return told


def record_report(body: str, *, ledger: Ledger, now: datetime, correlation_id: str) -> Recorded:
    """Note on its row what SES reports of a mail, and make it known.

    A report may come before its mail's message id is written down, so a mail that is not there is looked for again.
    """
    try:
        report = read_report(body)
    except ValueError:
        return Recorded.UNREADABLE
    if report is None:
        return Recorded.NOTHING_NEW
    mail = report.mail or ledger.find(report.message_id)
    if mail is None:
        return Recorded.NO_SUCH_MAIL
    if report.problem is None:
        arrived = ledger.arrive(mail, now=now, correlation_id=correlation_id)
        return Recorded.ARRIVED if arrived else Recorded.NOTHING_NEW
    noted = ledger.note(mail, report.problem, for_good=report.for_good, now=now, correlation_id=correlation_id)
    return Recorded.NOTED if noted else Recorded.NOTHING_NEW


def settle_overdue(*, ledger: Ledger, now: datetime, correlation_id: str) -> int:
    """Set rows that a crash left in sending to unknown, make that known, and return how many there were."""
    return sum(ledger.give_up_on(mail, now=now, correlation_id=correlation_id) for mail in ledger.overdue(now))


def release_waiting(*, ledger: Ledger, now: datetime, correlation_id: str) -> int:
    """Let the mails be sent that have waited for another day, and return how many there were."""
    return sum(
        ledger.release(mail, {MailState.WAITING}, now=now, correlation_id=correlation_id) for mail in ledger.waited(now)
    )


def send_again(mail: MailId, *, ledger: Ledger, now: datetime, correlation_id: str) -> None:
    """Let a mail be sent once more of which nobody knows whether it was, or that was refused. Raise NothingToRepeat."""
    if not mail.kind.is_to_participant or not ledger.release(mail, REPEATABLE, now=now, correlation_id=correlation_id):
        raise NothingToRepeat


def _withheld(wanted: Mapping[MailId, Letter], office: Office) -> dict[MailId, MailState]:
    """Return the mails that are not sent, and why: their mailbox takes nothing, or its owner does not want them."""
    persons = {mail: person for mail, letter in wanted.items() if (person := _person(letter))}
    if not persons:
        return {}
    mailboxes = office.mailboxes.many(set(persons.values()))
    return {
        mail: why for mail, person in persons.items() if (why := withheld(mail.kind, mailboxes.get(person))) is not None
    }


def _person(letter: Letter) -> str:
    """Return whose mailbox a mail goes to, by keyed hash; nothing where that is not known, or not a participant's."""
    if letter.registration is not None:
        return letter.registration.person if letter.mail.kind.is_to_participant else ""
    return letter.person


def _turns(
    mails: Sequence[MailId], wanted: Mapping[MailId, Letter], office: Office, now: datetime
) -> dict[MailId, Turn]:
    """Return the turns that mails take: those of kinds that take turns, to people who are registered."""
    return {
        mail: turn(one.person, now, office.zone)
        for mail in mails
        if mail.kind.takes_a_turn and (one := wanted[mail].registration) is not None and one.person
    }


def _follow_ups(mails: Sequence[MailId], wanted: Mapping[MailId, Letter]) -> dict[MailId, FollowUp]:
    """Return what a person is asked about once, whichever of their registrations calls for it."""
    return {
        mail: FollowUp(one.person, mail.occurrence)
        for mail in mails
        if mail.kind is MailKind.FOLLOW_UP and (one := wanted[mail].registration) is not None and one.person
    }


def _forget(fact: Envelope[Any], office: Office) -> None:
    """Forget an address that has had its mail, or will get none."""
    match fact.data:
        case RegistrationAddressChanged(registration_id=registration_id, gathering_id=gathering_id):
            office.registrations.forget_former_address(gathering_id, registration_id)
        case RoundOpened(gathering_id=gathering_id, interest_id=interest_id):
            office.notices.forget(gathering_id, interest_id)
        case TrialAsked(trial_id=trial_id):
            office.messages.forget_trial(trial_id)
        case LinksRequested(request_id=request_id):
            office.notices.forget_request(request_id)
