"""Marks the registration whose mail did not, or may not have, arrived, and sends no more where nothing arrives."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

from events.envelope import Envelope
from shared.bootstrap import registration as bootstrap
from shared.mailboxes.service import suppress
from shared.messaging.batch import BatchAnswer, consume, log_done
from shared.observability import count, logger
from shared.registration.changes import note_mail_problem
from shared.time import utcnow


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: "LambdaContext") -> BatchAnswer:
    """Mark the registrations that a batch of facts is about."""
    return consume(event, _note)


def _note(facts: Sequence[Envelope[Any]]) -> set[str]:
    registrations, mailboxes, now = bootstrap.registrations(), bootstrap.mailboxes(), utcnow()
    noted = sum(note_mail_problem(fact, store=registrations, now=now) for fact in facts)
    stopped = sum(suppress(fact, registrations=registrations, store=mailboxes, now=now) for fact in facts)
    count("MailboxesSuppressed", stopped)
    log_done("mail_problems_noted", facts, noted=noted, suppressed=stopped)
    return set()
