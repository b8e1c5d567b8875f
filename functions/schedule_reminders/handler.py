"""Lets the schedules of reminders follow what gatherings plan."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from events.envelope import Envelope
from shared.bootstrap import reminders as bootstrap
from shared.messaging.batch import BatchAnswer, consume, log_done
from shared.messaging.relay import send_on
from shared.observability import logger
from shared.reminders.service import keep_time
from shared.time import utcnow

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: "LambdaContext") -> BatchAnswer:
    """Keep time for the gatherings that a batch of facts is about, each once."""
    return consume(event, _schedule)


def _schedule(facts: Sequence[Envelope[Any]]) -> set[str]:
    counts = [
        keep_time(
            gathering_id,
            gatherings=bootstrap.gatherings(),
            clock=bootstrap.clock(),
            log=bootstrap.log(),
            send=partial(send_on, queues=bootstrap.queues()),
            now=utcnow(),
        )
        for gathering_id in {fact.data.gathering_id for fact in facts}
    ]
    done, removed, due = (sum(numbers) for numbers in zip(*counts, strict=True))
    log_done("reminders_scheduled", facts, set=done, removed=removed, due=due)
    return set()
