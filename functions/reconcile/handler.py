"""Repairs what was missed: seats that are free and not offered, reminders without a schedule, or not sent in time."""

from typing import TYPE_CHECKING, Any

from shared.bootstrap.line import around, gatherings
from shared.bootstrap.reminders import timekeeping
from shared.gatherings.service import coming, current
from shared.observability import count, logger
from shared.registration.waiting import move_line
from shared.reminders.model import Kept
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
    clockwork = timekeeping()
    those = current(store=gatherings(), now=now)
    kept = sum((keep_time(one.id, around=clockwork, now=now) for one in those), Kept())
    count("OffersMissed", repaired)
    count("SchedulesMissed", kept.set + kept.removed + kept.due)
    logger.info(
        "reconciled",
        extra={
            "offers_missed": repaired,
            "schedules_missing": kept.set,
            "schedules_needless": kept.removed,
            "reminders_due": kept.due,
        },
    )
