"""Lets the schedules of reminders follow what gatherings plan."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from events.envelope import Envelope
from shared.bootstrap import reminders as bootstrap
from shared.messaging.batch import BatchAnswer, consume, log_done
from shared.observability import logger
from shared.reminders.model import Kept
from shared.reminders.service import keep_time
from shared.time import utcnow

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: "LambdaContext") -> BatchAnswer:
    """Keep time for the gatherings that a batch of facts is about, each once."""
    return consume(event, _schedule)


def _schedule(facts: Sequence[Envelope[Any]]) -> set[str]:
    around, now = bootstrap.timekeeping(), utcnow()
    gatherings = {fact.data.gathering_id for fact in facts}
    kept = {gathering_id: keep_time(gathering_id, around=around, now=now) for gathering_id in gatherings}
    log_done("reminders_scheduled", facts, **asdict(sum(kept.values(), Kept())))
    return {fact.id for fact in facts if kept[fact.data.gathering_id].failed}
