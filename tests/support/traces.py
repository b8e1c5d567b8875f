"""Traces of a person: every way to write a name or an address, looked for in everything that is kept."""

import base64
import gzip
import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from html import escape
from typing import Any, Final
from urllib.parse import quote

from events.routes import QueueName
from tests.support import aws

_FOLDS: Final[tuple[Callable[[str], str], ...]] = (str, str.lower, str.upper, str.casefold)
_FORMS: Final = ("NFC", "NFD")
_GZIP: Final = b"\x1f\x8b"
_ALWAYS: Final = datetime.fromtimestamp(0, UTC)


def spellings(text: str) -> set[str]:
    """Return every way in which a text may have been written down."""
    plain = {unicodedata.normalize(form, fold(text)) for form in _FORMS for fold in _FOLDS}
    return plain | {
        written
        for one in plain
        for written in (
            quote(one),
            quote(one, safe=""),
            escape(one),
            json.dumps(one)[1:-1],
            base64.b64encode(one.encode()).decode().rstrip("="),
        )
    }


def hashes(secret: Callable[[str], str], *, email: str, name: str, gathering_ids: Iterable[str]) -> set[str]:
    """Return every keyed hash that is made of a person."""
    mailbox, called = email.casefold(), name.casefold()
    of_gatherings = {
        secret(text) for id in gathering_ids for text in (f"person|{id}|{mailbox}|{called}", f"interest|{id}|{mailbox}")
    }
    return {secret(f"mailbox|{mailbox}"), secret(f"address|{mailbox}")} | of_gatherings


def found(traces: Iterable[str], dump: Iterable[str]) -> dict[str, list[str]]:
    """Return what was found, and in which parts of the dump."""
    parts = list(dump)
    hits = {trace: [part for part in parts if trace in part] for trace in traces}
    return {trace: where for trace, where in hits.items() if where}


def simulated(*, lasting_beyond: datetime) -> list[str]:
    """Return everything that is kept in the simulated AWS: rows, messages, and objects by name and content.

    Rows that expire before the moment are left out: DynamoDB deletes them.
    """
    rows = [row for row in aws.rows() if "expires_at" not in row or _expires(row) > lasting_beyond.timestamp()]
    messages = [body for queue in QueueName for body in aws.take(queue)]
    return ["\n".join(_scalars(row)) for row in rows] + messages + list(_objects(aws.client("s3"), _ALWAYS))


def deployed(client: Callable[[str], Any], *, since: datetime) -> list[str]:
    """Return everything that is kept in a deployed copy: rows of all tables, messages of all queues and dead letters,
    which stay there, and of all buckets and logs what was written since a moment."""
    return [
        *("\n".join(_scalars(row)) for row in _rows(client("dynamodb"))),
        *_messages(client("sqs")),
        *_objects(client("s3"), since),
        *_logged(client("logs"), since),
    ]


def _rows(dynamodb: Any) -> Iterator[dict[str, Any]]:
    for table in dynamodb.list_tables()["TableNames"]:
        for page in dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
            yield from page["Items"]


def _messages(sqs: Any) -> Iterator[str]:
    for url in sqs.list_queues().get("QueueUrls", []):
        ask = {"QueueUrl": url, "MaxNumberOfMessages": 10, "VisibilityTimeout": 5}
        while found := sqs.receive_message(**ask).get("Messages", []):
            yield from (message["Body"] for message in found)


def _logged(logs: Any, since: datetime) -> Iterator[str]:
    start = int(since.timestamp() * 1000)
    for group in logs.describe_log_groups()["logGroups"]:
        for page in logs.get_paginator("filter_log_events").paginate(
            logGroupName=group["logGroupName"], startTime=start
        ):
            yield from (event["message"] for event in page["events"])


def _scalars(value: Any) -> Iterator[str]:
    """Yield every name and value of an item, as they are."""
    match value:
        case dict():
            for name, inner in value.items():
                yield name
                yield from _scalars(inner)
        case list():
            for inner in value:
                yield from _scalars(inner)
        case bytes():
            yield _text(value)
        case _:
            yield str(value)


def _expires(row: dict[str, Any]) -> float:
    return float(row["expires_at"]["N"])


def _objects(s3: Any, since: datetime) -> Iterable[str]:
    for bucket in s3.list_buckets()["Buckets"]:
        listed = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket["Name"])
        for found in (each for page in listed for each in page.get("Contents", []) if each["LastModified"] >= since):
            body = s3.get_object(Bucket=bucket["Name"], Key=found["Key"])["Body"].read()
            yield f"{found['Key']}\n{_text(body)}"


def _text(binary: bytes) -> str:
    if binary.startswith(_GZIP):
        binary = gzip.decompress(binary)
    return binary.decode("utf-8", "replace")
