"""Marks the registration whose mail did not, or may not have, arrived, and sends no more where nothing arrives.

Unmarks it when a mail that was thought lost has arrived after all.
"""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

from events.envelope import Envelope
from events.mail import MailArrived, MailFailed
from shared.bootstrap import registration as bootstrap
from shared.mailboxes.service import suppress
from shared.messaging.batch import BatchAnswer, consume, log_done
from shared.observability import count, logger
from shared.registration.changes import note_mail_arrival, note_mail_problem
from shared.time import utcnow


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: "LambdaContext") -> BatchAnswer:
    """Mark the registrations that a batch of facts is about."""
    return consume(event, _note)


def _note(facts: Sequence[Envelope[Any]]) -> set[str]:
    registrations, mailboxes, now = bootstrap.registrations(), bootstrap.mailboxes(), utcnow()
    came: Counter[str] = Counter()
    for fact in facts:
        match fact.data:
            case MailFailed():
                came["noted"] += note_mail_problem(fact, store=registrations, now=now)
                came["suppressed"] += suppress(fact, registrations=registrations, store=mailboxes, now=now)
            case MailArrived():
                came["unmarked"] += note_mail_arrival(fact, store=registrations, now=now)
    noted, suppressed, unmarked = came["noted"], came["suppressed"], came["unmarked"]
    count("MailboxesSuppressed", suppressed)
    log_done("mail_problems_noted", facts, noted=noted, suppressed=suppressed, unmarked=unmarked)
    return set()
