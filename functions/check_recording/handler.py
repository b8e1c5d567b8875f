"""Looks into recordings that have come, and keeps those that browsers can play."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from shared.bootstrap.webinars import checking
from shared.messaging.batch import BatchAnswer, failures
from shared.observability import count, logger
from shared.time import utcnow
from shared.webinars.model import WebinarChangedMeanwhile

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: "LambdaContext") -> BatchAnswer:
    """Look into each recording that S3 tells of. One whose webinar is changed at the same moment comes again."""
    again = [record["messageId"] for record in event["Records"] if not _checked(record)]
    return failures(again)


def _checked(record: dict[str, Any]) -> bool:
    message_id = record["messageId"]
    for key in _keys(record["body"]):
        try:
            outcome = checking(utcnow(), message_id).check(key)
        except WebinarChangedMeanwhile:
            logger.info("recording_checked", extra={"key": key, "outcome": "again"})
            return False
        count("RecordingsChecked", 1)
        logger.info("recording_checked", extra={"key": key, "outcome": outcome})
    return True


def _keys(body: str) -> Iterator[str]:
    """Yield the keys that a message of S3's tells of: none in the one that it sends to try whether it may."""
    for record in json.loads(body).get("Records", ()):
        yield unquote_plus(record["s3"]["object"]["key"])
