"""Deletes, night after night, what has been kept for as long as it may be."""

from typing import TYPE_CHECKING, Any

from shared.bootstrap import deletion as bootstrap
from shared.erasure.expiry import expire
from shared.observability import count, logger
from shared.time import utcnow

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: "LambdaContext") -> None:
    """Delete what is due."""
    network = bootstrap.network()
    deleted = expire(
        kept=bootstrap.kept(),
        periods=network.legal.periods,
        zone=network.zone,
        now=utcnow(),
        correlation_id=context.aws_request_id,
    )
    count("GatheringsDeletedFrom", deleted.total())
    gatherings = {group.value: number for group, number in deleted.items()}
    logger.info("expired_deleted", extra={"gatherings": gatherings, "files": bootstrap.remove_left_files(utcnow())})
