"""Takes facts from the table's stream to the queues of their routes."""

from typing import TYPE_CHECKING, Any

from shared.bootstrap import relay as bootstrap
from shared.messaging.batch import BatchAnswer, failures
from shared.messaging.outbox import mark_sent
from shared.messaging.relay import fact_id, relay
from shared.observability import count, logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: "LambdaContext") -> BatchAnswer:
    """Relay the batch. A fact that a queue did not take comes again from its record on."""
    number_of = {
        record["dynamodb"]["NewImage"]["body"]["S"]: record["dynamodb"]["SequenceNumber"] for record in event["Records"]
    }
    relayed = relay(number_of, queues=bootstrap.queues(), mark_sent=mark_sent)
    count("FactsRelayed", len(relayed.sent))
    count("FactsUnrouted", len(relayed.unrouted))
    logger.info(
        "facts_relayed", extra={"sent": relayed.sent, "failed": len(relayed.failed), "unrouted": relayed.unrouted}
    )
    return failures(number for body, number in number_of.items() if fact_id(body) in relayed.failed)
