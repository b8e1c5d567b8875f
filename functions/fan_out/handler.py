"""Takes what happened to a gathering to everybody whom it concerns."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from events.envelope import Envelope
from events.gatherings import GatheringCancelled
from shared.bootstrap import fan_out as bootstrap
from shared.messaging.batch import BatchAnswer, consume, log_done
from shared.messaging.relay import send_on
from shared.observability import count, logger
from shared.registration.calling_off import call_off
from shared.registration.fan_out import pages
from shared.time import utcnow

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: "LambdaContext") -> BatchAnswer:
    """Fan out a batch of facts. One whose pages a queue did not all take is done again."""
    return consume(event, _fan_out)


def _fan_out(facts: Sequence[Envelope[Any]]) -> set[str]:
    around, again, sent, ended = bootstrap.around(), set(), 0, 0
    for fact in facts:
        if isinstance(fact.data, GatheringCancelled):
            ended += call_off(fact.data.gathering_id, around=around, now=utcnow(), correlation_id=fact.correlation_id)
            continue
        went, failed = send_on(pages(fact, store=around.store), queues=bootstrap.queues())
        sent += went
        if failed:
            again.add(fact.id)
    count("RegistrationsCalledOff", ended)
    log_done("fanned_out", facts, pages=sent, ended=ended)
    return again
