"""Offers seats that have become free to who is first in line, and moves notices with the rounds that they wait for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from events.envelope import Envelope
from events.gatherings import GatheringChanged
from shared.bootstrap import line as bootstrap
from shared.messaging.batch import BatchAnswer, consume, log_done
from shared.notices.service import retime
from shared.observability import count, logger
from shared.registration.waiting import move_line
from shared.time import utcnow

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: "LambdaContext") -> BatchAnswer:
    """Let the lines move of the gatherings that a batch of facts is about, each once."""
    return consume(event, _move)


def _move(facts: Sequence[Envelope[Any]]) -> set[str]:
    around, now = bootstrap.around(), utcnow()
    asked_by = {fact.data.gathering_id: fact.correlation_id for fact in facts}
    offered = sum(
        move_line(gathering_id, around=around, now=now, correlation_id=correlation_id)
        for gathering_id, correlation_id in asked_by.items()
    )
    changed = {fact.data.gathering_id for fact in facts if isinstance(fact.data, GatheringChanged)}
    retimed = sum(retime(gathering_id, around=bootstrap.openings(), now=now) for gathering_id in changed)
    count("SeatsOffered", offered)
    log_done("lines_moved", facts, offered=offered, retimed=retimed)
    return set()
