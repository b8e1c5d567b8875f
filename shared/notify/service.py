"""Telling people about their registration, once.

A batch of facts goes through four steps: read what the facts are about, write the mails, claim their rows, send and
settle. Reading, claiming and settling are one call to the store for the whole batch, because calls are what a mail
costs. Writing comes before claiming, so that a text that cannot be written leaves no row that seems to be on its way.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any, Final

from events.envelope import Envelope
from events.registration import RegistrationCancelled, RegistrationConfirmed, RegistrationLinkRequested
from shared.gatherings.model import Gathering
from shared.notify.model import MailId, MailKind, settle
from shared.notify.ports import Attempt, Composer, Gatherings, Ledger, Letter, Mailer, Registrations
from shared.notify.reports import read_report
from shared.registration.model import Registration, Status

AT_ONCE: Final = 50
"""How many mails are claimed and settled together: a mail that fails takes two of a transaction's hundred writes."""


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a batch: the ids of facts to be delivered again, and how many mails ended in which state."""

    again: set[str]
    states: Counter[str]


class Recorded(StrEnum):
    """What came of a report."""

    NOTED = "noted"
    NOTHING_NEW = "nothing_new"
    NO_SUCH_MAIL = "no_such_mail"
    UNREADABLE = "unreadable"

    @property
    def comes_again(self) -> bool:
        """Whether the report should be delivered again, and to the dead letters if that does not help."""
        return self in (Recorded.NO_SUCH_MAIL, Recorded.UNREADABLE)


def tell(
    facts: Sequence[Envelope[Any]],
    *,
    registrations: Registrations,
    gatherings: Gatherings,
    composer: Composer,
    ledger: Ledger,
    mailer: Mailer,
    now: datetime,
) -> Told:
    """Send the mails that the facts call for.

    A fact that is no longer true calls for none: who cancelled before the confirmation left gets no confirmation.
    """
    known = registrations.many([(fact.data.gathering_id, fact.data.registration_id) for fact in facts])
    plans = {gathering_id: gatherings.get(gathering_id) for gathering_id in {r.gathering_id for r in known.values()}}
    letters: dict[MailId, Letter] = {}
    asked_by: dict[MailId, Envelope[Any]] = {}
    for fact in facts:
        registration = known.get(fact.data.registration_id)
        if registration is None:
            continue
        for letter in _letters(fact, registration, plans[registration.gathering_id]):
            letters[letter.mail] = letter
            asked_by[letter.mail] = fact
    written = {mail: composer.compose(letter, now=now) for mail, letter in letters.items()}

    told = Told(set(), Counter())
    mails = iter(written)
    while some := list(islice(mails, AT_ONCE)):
        attempts = []
        for claim in ledger.claim(some, now=now):
            fact = asked_by[claim.mail]
            recipient = letters[claim.mail].registration.participant.email
            outcome = mailer.send(written[claim.mail], recipient=recipient, mail=claim.mail)
            settlement = settle(outcome, claim.number)
            attempts.append(Attempt(claim, outcome, settlement, fact.correlation_id))
            if settlement.again:
                told.again.add(fact.id)
        if attempts:
            ledger.close(attempts, now=now)
        told.states.update(str(attempt.settlement.state) for attempt in attempts)
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
    noted = ledger.note(mail, report.problem, now=now, correlation_id=correlation_id)
    return Recorded.NOTED if noted else Recorded.NOTHING_NEW


def settle_overdue(*, ledger: Ledger, now: datetime, correlation_id: str) -> int:
    """Set rows that a crash left in sending to unknown, make that known, and return how many there were."""
    return sum(ledger.give_up_on(mail, now=now, correlation_id=correlation_id) for mail in ledger.overdue(now))


def _letters(fact: Envelope[Any], registration: Registration, gathering: Gathering) -> Iterator[Letter]:
    match fact.data:
        case RegistrationConfirmed() if registration.status is Status.CONFIRMED:
            kind = MailKind.CONFIRMATION
        case RegistrationCancelled() if registration.status is Status.CANCELLED:
            kind = MailKind.CANCELLATION
        case RegistrationLinkRequested():
            mail = MailId(gathering.id, registration.id, MailKind.LINK, fact.id)
            yield Letter(mail, registration, gathering, session=None)
            return
        case _:
            return
    # One calendar object a mail: Outlook reads only the first VEVENT.
    for session in gathering.sessions:
        if session.id in registration.sessions:
            yield Letter(MailId(gathering.id, registration.id, kind, session.id), registration, gathering, session)
