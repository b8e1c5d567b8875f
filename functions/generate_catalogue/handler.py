"""Writes the pages of the catalogue when what stands on them has changed, and every night what was missed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from events.envelope import Envelope
from shared.bootstrap import catalogue as bootstrap
from shared.catalogue.service import keep_up
from shared.messaging.batch import BatchAnswer, consume, log_done
from shared.observability import count, logger
from shared.time import utcnow

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: "LambdaContext") -> BatchAnswer | None:
    """Write what a batch of facts makes new; without facts, what is new."""
    if "Records" not in event:
        _write((), at_night=True)
        return None
    return consume(event, _write)


def _write(facts: Sequence[Envelope[Any]], *, at_night: bool = False) -> set[str]:
    written = keep_up(turns=bootstrap.turns(), around=bootstrap.around(), clock=utcnow, at_night=at_night)
    files = len(written.keys) if written else 0
    count("CatalogueFilesWritten", files)
    log_done("catalogue_written", facts, files=files, kept=written.kept if written else 0, left=written is None)
    # Whoever has the turn goes on with what is new. Should they die of it, these come again.
    return {fact.id for fact in facts} if written is None else set()
