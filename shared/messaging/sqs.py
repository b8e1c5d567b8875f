"""Sending facts to their queues."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from events.routes import QueueName

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_AT_ONCE: Final = 10
"""The most messages `SendMessageBatch` takes."""

_BYTES_AT_ONCE: Final = 1_048_576
"""The most bytes a batch may hold together."""


class Queues:
    """The queues, by name."""

    def __init__(self, client: "SQSClient", urls: Mapping[QueueName, str]) -> None:
        self._client = client
        self._urls = urls

    def send(self, letters: Iterable[tuple[QueueName, str, str]]) -> set[str]:
        """Send (queue, fact id, body) and return the ids of the facts that at least one queue did not take."""
        by_queue: dict[QueueName, list[tuple[str, str]]] = defaultdict(list)
        for queue, fact_id, body in letters:
            by_queue[queue].append((fact_id, body))
        return {
            fact_id
            for queue, facts in by_queue.items()
            for batch in _batches(facts)
            for fact_id in self._send_batch(queue, batch)
        }

    def _send_batch(self, queue: QueueName, batch: list[tuple[str, str]]) -> Iterator[str]:
        answer = self._client.send_message_batch(
            QueueUrl=self._urls[queue],
            Entries=[{"Id": str(at), "MessageBody": body} for at, (_, body) in enumerate(batch)],
        )
        # SQS answers 200 with some of the batch refused: the list is the only sign.
        for failure in answer.get("Failed", []):
            yield batch[int(failure["Id"])][0]


def _batches(facts: list[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    batch: list[tuple[str, str]] = []
    size = 0
    for fact in facts:
        weight = len(fact[1].encode())
        if batch and (len(batch) == _AT_ONCE or size + weight > _BYTES_AT_ONCE):
            yield batch
            batch, size = [], 0
        batch.append(fact)
        size += weight
    if batch:
        yield batch
