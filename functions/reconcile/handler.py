"""Repairs what was missed: seats that are free and not offered, reminders without a schedule, or not sent in time."""

from functools import partial
from typing import TYPE_CHECKING, Any

from shared.bootstrap import reminders as clockwork
from shared.bootstrap.line import around, gatherings
from shared.gatherings.service import coming, current
from shared.messaging.relay import send_on
from shared.observability import count, logger
from shared.registration.waiting import move_line
from shared.reminders.service import keep_time
from shared.time import utcnow

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: "LambdaContext") -> None:
    """Move the lines of all gatherings to come, and keep time for them: where nothing was missed, nothing is done."""
    now, books = utcnow(), around()
    repaired = sum(
        move_line(gathering.id, around=books, now=now, correlation_id=context.aws_request_id)
        for gathering in coming(store=gatherings(), now=now)
    )
    counts = [
        keep_time(
            gathering.id,
            gatherings=clockwork.gatherings(),
            clock=clockwork.clock(),
            log=clockwork.log(),
            send=partial(send_on, queues=clockwork.queues()),
            now=now,
        )
        for gathering in current(store=gatherings(), now=now)
    ]
    missing, needless, due = (sum(numbers) for numbers in zip((0, 0, 0), *counts, strict=True))
    count("OffersMissed", repaired)
    count("SchedulesMissed", missing + needless + due)
    logger.info(
        "reconciled",
        extra={
            "offers_missed": repaired,
            "schedules_missing": missing,
            "schedules_needless": needless,
            "reminders_due": due,
        },
    )
