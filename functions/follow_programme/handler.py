"""Gives gatherings the rounds of their programmes when these have changed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from events.envelope import Envelope
from shared.bootstrap import programmes as bootstrap
from shared.messaging.batch import BatchAnswer, consume, log_done
from shared.observability import count, logger
from shared.programmes.service import follow
from shared.time import utcnow

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: "LambdaContext") -> BatchAnswer:
    """Let the gatherings follow the programmes that a batch of facts is about, each programme once."""
    return consume(event, _follow)


def _follow(facts: Sequence[Envelope[Any]]) -> set[str]:
    now = utcnow()
    of_programme = {fact.data.programme_id: fact for fact in facts}
    followed = {
        programme_id: follow(
            programme_id,
            store=bootstrap.programmes(),
            gatherings=bootstrap.gatherings(),
            now=now,
            correlation_id=fact.correlation_id,
        )
        for programme_id, fact in of_programme.items()
    }
    unfit = [gathering for one in followed.values() for gathering in one.unfit]
    if unfit:
        # A person must see to them; trying again would end the same way.
        logger.warning("rounds_do_not_fit", extra={"gatherings": unfit})
    count("RoundsUnfit", len(unfit))
    log_done("programmes_followed", facts, gatherings=sum(one.changed for one in followed.values()))
    return {fact.id for fact in facts if followed[fact.data.programme_id].again}
