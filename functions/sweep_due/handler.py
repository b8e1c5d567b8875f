"""Settles what has passed its deadline: mails that a crash left in sending become unknown."""

from typing import TYPE_CHECKING, Any

from shared.bootstrap.ledger import ledger
from shared.notify.service import settle_overdue
from shared.observability import count, logger
from shared.time import utcnow

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: "LambdaContext") -> None:
    """Settle what is due."""
    settled = settle_overdue(ledger=ledger(), now=utcnow(), correlation_id=context.aws_request_id)
    count("MailsUnknown", settled)
    logger.info("due_swept", extra={"mails_unknown": settled})
