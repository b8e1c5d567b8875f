"""Settles what has passed its deadline: mails that a crash left in sending become unknown."""

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from shared.bootstrap import mail as bootstrap
from shared.notify.service import settle_overdue
from shared.observability import logger, metrics
from shared.time import utcnow


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Settle what is due."""
    settled = settle_overdue(ledger=bootstrap.ledger(), now=utcnow(), correlation_id=context.aws_request_id)
    metrics.add_metric(name="MailsUnknown", unit=MetricUnit.Count, value=settled)
    logger.info("due_swept", extra={"mails_unknown": settled})
