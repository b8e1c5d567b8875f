"""Notes what SES reports of mails it had taken: deliveries, bounces, complaints, rejections."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from shared.bootstrap.ledger import ledger
from shared.messaging.batch import BatchAnswer, failures
from shared.notify.service import Recorded, record_report
from shared.observability import count, logger
from shared.time import utcnow

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: "LambdaContext") -> BatchAnswer:
    """Record each report. One about a mail that is not in the ledger yet comes again."""
    now = utcnow()
    outcomes = {
        record["messageId"]: record_report(record["body"], ledger=ledger(), now=now, correlation_id=record["messageId"])
        for record in event["Records"]
    }
    came = Counter(outcomes.values())
    count("MailProblems", came[Recorded.NOTED])
    count("MailsDelivered", came[Recorded.ARRIVED])
    logger.info("mail_reports_recorded", extra={"outcomes": came})
    return failures(message for message, outcome in outcomes.items() if outcome.comes_again)
