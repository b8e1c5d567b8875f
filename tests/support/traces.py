"""Traces of a person: every way to write a name or an address, looked for in everything that is kept."""

import base64
import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from html import escape
from typing import Any, Final
from urllib.parse import quote

from events.routes import QueueName
from tests.support import aws

_FOLDS: Final[tuple[Callable[[str], str], ...]] = (str, str.lower, str.upper, str.casefold)
_FORMS: Final = ("NFC", "NFD")


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
    return ["\n".join(_scalars(row)) for row in rows] + messages + list(_objects())


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


def _objects() -> Iterable[str]:
    s3 = aws.client("s3")
    for bucket in s3.list_buckets()["Buckets"]:
        for listed in s3.list_objects_v2(Bucket=bucket["Name"]).get("Contents", []):
            body = s3.get_object(Bucket=bucket["Name"], Key=listed["Key"])["Body"].read()
            yield f"{listed['Key']}\n{_text(body)}"


def _text(binary: bytes) -> str:
    return binary.decode("utf-8", "replace")
