"""Repairs what was missed: offers seats that are free to who waits, should the fact that says so have been lost."""

from typing import TYPE_CHECKING, Any

from shared.bootstrap.line import around, gatherings
from shared.gatherings.service import coming
from shared.observability import count, logger
from shared.registration.waiting import move_line
from shared.time import utcnow

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: "LambdaContext") -> None:
    """Move the lines of all gatherings to come: where nothing was missed, nobody moves."""
    now, books = utcnow(), around()
    repaired = sum(
        move_line(gathering.id, around=books, now=now, correlation_id=context.aws_request_id)
        for gathering in coming(store=gatherings(), now=now)
    )
    count("OffersMissed", repaired)
    logger.info("reconciled", extra={"offers_missed": repaired})
