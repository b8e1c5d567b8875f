"""Tells people what becomes of registrations: those who are registered, who booked for them, and who asked to know."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from events.envelope import Envelope
from shared.bootstrap import mail as bootstrap
from shared.messaging.batch import BatchAnswer, consume
from shared.notify.posting import post
from shared.observability import logger
from shared.time import utcnow

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: "LambdaContext") -> BatchAnswer:
    """Send the mails that a batch of facts calls for."""
    return consume(event, _post)


def _post(facts: Sequence[Envelope[Any]]) -> set[str]:
    return post(facts, bootstrap.office(), now=utcnow())
