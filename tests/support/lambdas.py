"""What AWS Lambda hands to a function."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from events.envelope import Envelope


@dataclass(frozen=True)
class Context:
    """The context of one invocation."""

    function_name: str = "function"
    memory_limit_in_mb: int = 256
    invoked_function_arn: str = "arn:aws:lambda:eu-north-1:123456789012:function:function"
    aws_request_id: str = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"


def lambda_context() -> Any:
    """Return a context, as Powertools reads it."""
    return Context()


def body(fact: Envelope[Any] | str) -> str:
    """Return a fact as it is sent."""
    return fact if isinstance(fact, str) else fact.model_dump_json()


def sqs_event(facts: Iterable[Envelope[Any] | str]) -> dict[str, Any]:
    """Return a batch from a queue, its messages called `message-1` and so on."""
    return {
        "Records": [
            {
                "messageId": f"message-{number}",
                "receiptHandle": "receipt",
                "body": body(fact),
                "attributes": {"ApproximateReceiveCount": "1"},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:eu-north-1:123456789012:queue",
                "awsRegion": "eu-north-1",
            }
            for number, fact in enumerate(facts, start=1)
        ]
    }


def stream_event(facts: Iterable[Envelope[Any] | str]) -> dict[str, Any]:
    """Return a batch from the table's stream, its records numbered `1` and so on."""
    return {
        "Records": [
            {
                "eventID": f"event-{number}",
                "eventName": "INSERT",
                "eventVersion": "1.1",
                "eventSource": "aws:dynamodb",
                "awsRegion": "eu-north-1",
                "dynamodb": {
                    "Keys": {"pk": {"S": f"OUTBOX#{number}"}, "sk": {"S": "FACT"}},
                    "NewImage": {
                        "pk": {"S": f"OUTBOX#{number}"},
                        "sk": {"S": "FACT"},
                        "body": {"S": body(fact)},
                        "unsent": {"S": "unsent"},
                    },
                    "SequenceNumber": str(number),
                    "StreamViewType": "NEW_IMAGE",
                },
                "eventSourceARN": "arn:aws:dynamodb:eu-north-1:123456789012:table/tovholder/stream/2026-09-01",
            }
            for number, fact in enumerate(facts, start=1)
        ]
    }


def came_again(answer: Any) -> list[str]:
    """Return what a function gave back to its queue or stream."""
    return sorted(one["itemIdentifier"] for one in answer["batchItemFailures"])
