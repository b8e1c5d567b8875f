"""Tells people what becomes of registrations: those who are registered, who booked for them, and who asked to know."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from events.envelope import Envelope
from shared.bootstrap import mail as bootstrap
from shared.bootstrap.ledger import ledger
from shared.messaging.batch import BatchAnswer, consume, log_done
from shared.notify.service import tell
from shared.observability import count, logger
from shared.time import utcnow

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: "LambdaContext") -> BatchAnswer:
    """Send the mails that a batch of facts calls for."""
    return consume(event, _tell)


def _tell(facts: Sequence[Envelope[Any]]) -> set[str]:
    told = tell(
        facts,
        registrations=bootstrap.registrations(),
        gatherings=bootstrap.gatherings(),
        notices=bootstrap.notices(),
        invitations=bootstrap.invitations(),
        composer=bootstrap.composer(),
        ledger=ledger(),
        mailer=bootstrap.mailer(),
        now=utcnow(),
    )
    for state, number in told.states.items():
        count(f"Mails{state.capitalize()}", number)
    log_done("mails_sent", facts, **told.states)
    return told.again
