"""Sends again what the relay left: a stream forgets after a day, and the outbox remembers for seven."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from shared.bootstrap import relay as bootstrap
from shared.messaging.outbox import mark_sent, unsent_since
from shared.messaging.relay import relay
from shared.observability import count, logger
from shared.time import utcnow

UNDER_WAY: Final = timedelta(minutes=5)
"""A fact younger than this is most likely with the relay."""

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: "LambdaContext") -> None:
    """Relay every fact that has been waiting too long."""
    queues = bootstrap.queues()
    relayed = relay(unsent_since(utcnow() - UNDER_WAY), queues=queues, mark_sent=mark_sent)
    count("FactsResent", len(relayed.sent))
    logger.info(
        "outbox_swept",
        extra={"resent": len(relayed.sent), "failed": len(relayed.failed), "unrouted": relayed.unrouted},
    )
