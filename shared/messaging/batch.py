"""Taking a batch of facts from a queue: what cannot be read, or not be done now, fails alone.

Powertools' BatchProcessor handles one record at a time. Our consumers handle a batch at a time, because the number of
calls to AWS is what a message costs (ADR 0004); the answer to Lambda is the same.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypedDict

from aws_lambda_powertools import Logger

from events.catalog import decode
from events.envelope import Envelope

logger = Logger(child=True)


class ItemFailure(TypedDict):
    """One message that stays on the queue."""

    itemIdentifier: str


class BatchAnswer(TypedDict):
    """Lambda's partial batch response."""

    batchItemFailures: list[ItemFailure]


def failures(ids: Iterable[str]) -> BatchAnswer:
    """Return Lambda's partial batch response."""
    return {"batchItemFailures": [{"itemIdentifier": one} for one in ids]}


def consume(event: dict[str, Any], handle: Callable[[Sequence[Envelope[Any]]], set[str]]) -> BatchAnswer:
    """Hand the facts of a batch to `handle`, which returns the ids of those to be delivered again.

    A message that is no fact we know is poison: it is delivered again until its queue gives it to the dead letters,
    and the rest of the batch goes on.
    """
    message_of: dict[str, str] = {}
    poison: list[str] = []
    facts: list[Envelope[Any]] = []
    twins: list[tuple[str, str]] = []
    for record in event["Records"]:
        try:
            fact = decode(record["body"])
        except ValueError as error:
            poison.append(record["messageId"])
            logger.error("poison", extra={"message_id": record["messageId"], "reason": type(error).__name__})
            continue
        if fact.id in message_of:
            twins.append((fact.id, record["messageId"]))
        else:
            message_of[fact.id] = record["messageId"]
            facts.append(fact)
    again = handle(facts) if facts else set()
    return failures([*poison, *(message_of[one] for one in again), *(twin for one, twin in twins if one in again)])


def log_done(outcome: str, facts: Sequence[Envelope[Any]], **counts: int) -> None:
    """Write the one line of a batch: what was done, and for which facts."""
    logger.info(
        outcome,
        extra={
            "facts": [fact.id for fact in facts],
            "correlation_ids": [fact.correlation_id for fact in facts],
            **counts,
        },
    )
