"""Tells all whom something concerns: no faster than the mail service takes it."""

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
    """Send the mails that a page of people is to have."""
    return consume(event, _post)


def _post(facts: Sequence[Envelope[Any]]) -> set[str]:
    return post(facts, bootstrap.paced_office(), now=utcnow())
