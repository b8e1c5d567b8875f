"""What AWS refuses and the emulator takes: read from the request as it was sent.

The emulator takes arithmetic in conditions, nested `ADD`, a transaction that names an item twice and more. So every
request of every end-to-end test passes here, and a breach fails the test.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import combinations
from typing import Any, Final
from urllib.parse import unquote

from botocore.session import get_session
from botocore.validate import ParamValidator
from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords

Body = Mapping[str, Any]

LARGEST_ITEM: Final = 400_000
LARGEST_TRANSACTION: Final = 4_000_000
LARGEST_BATCH: Final = 1_048_576
LARGEST_EXPRESSION: Final = 4_096

_CONDITIONS: Final = ("ConditionExpression", "FilterExpression", "KeyConditionExpression")
_EXPRESSIONS: Final = (*_CONDITIONS, "UpdateExpression", "ProjectionExpression")
_WORDS_OF_EXPRESSIONS: Final = frozenset(
    {
        *("AND", "OR", "NOT", "IN", "BETWEEN", "SET", "ADD", "REMOVE", "DELETE", "SIZE", "CONTAINS", "BEGINS_WITH"),
        *("ATTRIBUTE_EXISTS", "ATTRIBUTE_NOT_EXISTS", "ATTRIBUTE_TYPE", "IF_NOT_EXISTS", "LIST_APPEND"),
    }
)
_PATH: Final = r"#?\w+(?:\.#?\w+|\[\d+\])*"
_CLAUSE: Final = re.compile(r"\b(SET|REMOVE|ADD|DELETE)\b", re.IGNORECASE)
_XML_CHARACTERS: Final = re.compile("[\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")
_SCHEDULE_NAME: Final = re.compile(r"[0-9a-zA-Z_.-]{1,64}")
_SCHEDULE: Final = re.compile(
    r"at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)|rate\(\d+ (minute|hour|day)s?\)|cron\(([^ ()]+ ){5}[^ ()]+\)"
)
_TAG: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")


def breaches(service: str, operation: str, body: Body, path: str, *, keys: Iterable[str]) -> Iterator[str]:
    """Yield the rules that a request breaks. `keys` are the attributes that tables and indexes are keyed by."""
    said = [*_shape(service, operation, body)]
    match service:
        case "dynamodb":
            said += _dynamodb(operation, body, frozenset(keys))
        case "sqs":
            said += _sqs(operation, body)
        case "ses":
            said += _ses(operation, body)
        case "scheduler":
            said += _scheduler(body, path)
    for breach in said:
        yield f"{service} {operation}: {breach}"


@cache
def _operations(service: str) -> Any:
    return get_session().get_service_model(service)


def _shape(service: str, operation: str, body: Body) -> Iterator[str]:
    """The SDK would have checked this, but our functions switch that off to save time."""
    if service not in ("dynamodb", "sqs", "secretsmanager"):
        return
    report = ParamValidator().validate(dict(body), _operations(service).operation_model(operation).input_shape)
    if report.has_errors():
        yield report.generate_report()


def _dynamodb(operation: str, body: Body, keys: frozenset[str]) -> Iterator[str]:
    if operation == "TransactWriteItems":
        yield from _transaction(body, keys)
    elif operation == "BatchGetItem":
        for table, asked in body["RequestItems"].items():
            yield from _unique("BatchGetItem asks for an item twice", (_key(table, key) for key in asked["Keys"]))
            yield from _at_most(100, asked["Keys"], "keys")
    elif operation == "BatchWriteItem":
        for requests in body["RequestItems"].values():
            yield from _at_most(25, requests, "writes")
    yield from _expressions(body, keys)


def _transaction(body: Body, keys: frozenset[str]) -> Iterator[str]:
    parts = [(kind, part) for item in body["TransactItems"] for kind, part in item.items()]
    yield from _at_most(100, parts, "items in a transaction")
    yield from _unique("a transaction writes an item twice", (_written(part) for _, part in parts))
    if len(json.dumps(body)) > LARGEST_TRANSACTION:
        yield "a transaction of more than 4 MB"
    if not 1 <= len(body.get("ClientRequestToken", "x")) <= 36:
        yield "a token of more than 36 characters"
    for kind, part in parts:
        if kind == "ConditionCheck" and "ConditionExpression" not in part:
            yield "a check without a condition"
        yield from _expressions(part, keys)


def _written(part: Body) -> str:
    # Only keys named pk and sk: what a Put writes says nothing of which of it is the key.
    key = part.get("Key") or {name: part["Item"][name] for name in ("pk", "sk")}
    return _key(part["TableName"], key)


def _key(table: str, key: Body) -> str:
    return f"{table} {json.dumps(key, sort_keys=True)}"


def _expressions(body: Body, keys: frozenset[str]) -> Iterator[str]:
    yield from _values(body, keys)
    texts = {name: body[name] for name in _EXPRESSIONS if name in body}
    for name, text in texts.items():
        if not text or len(text) > LARGEST_EXPRESSION:
            yield f"{name} is empty or too long"
        if name in _CONDITIONS and re.search(r"\+|(?<!\w)-|\s-\s", text):
            yield f"arithmetic in {name}: {text}"
        for word in re.findall(r"(?<![#:\w])[A-Za-z_]\w*", text):
            if word.upper() not in _WORDS_OF_EXPRESSIONS and word.upper() in _reserved():
                yield f"the reserved word {word} in {name}: {text}"
    if update := texts.get("UpdateExpression"):
        yield from _update(update)
    together = " ".join(texts.values())
    for attribute, mark in (("ExpressionAttributeNames", "#"), ("ExpressionAttributeValues", ":")):
        given, used = set(body.get(attribute, {})), set(re.findall(rf"{mark}\w+", together))
        if attribute in body and not given:
            yield f"{attribute} is empty"
        if given != used:
            yield f"{attribute} and the expressions differ: {sorted(given ^ used)} in {together}"


@cache
def _reserved() -> frozenset[str]:
    return frozenset(ReservedKeywords.get_reserved_keywords())


def _update(text: str) -> Iterator[str]:
    _, *pieces = _CLAUSE.split(text)
    paths: list[str] = []
    for clause, actions in zip(pieces[::2], pieces[1::2], strict=True):
        for action in re.split(r",(?![^(]*\))", actions):
            found = re.match(rf"\s*({_PATH})", action)
            if found is None:
                yield f"an action without a path: {text}"
                continue
            paths.append(found.group(1))
            if clause.upper() in ("ADD", "DELETE") and re.search(r"[.\[]", found.group(1)):
                yield f"{clause} on a nested path: {text}"
    for one, other in combinations(sorted(paths), 2):
        if one == other or other.startswith((f"{one}.", f"{one}[")):
            yield f"two paths overlap: {text}"


def _values(body: Body, keys: frozenset[str]) -> Iterator[str]:
    item = body.get("Item", {})
    for name, value in {**item, **body.get("Key", {})}.items():
        if name in keys and value.get("S") == "":
            yield f"the key {name} is empty"
    if len(json.dumps(item)) > LARGEST_ITEM:
        yield "an item of more than 400 kB"
    names = {mark: name for mark, name in body.get("ExpressionAttributeNames", {}).items() if name in keys}
    for mark, value in body.get("ExpressionAttributeValues", {}).items():
        if value.get("S") == "":
            for alias, name in names.items():
                if re.search(rf"{alias}\s*=\s*{mark}\b", " ".join(body.get(text, "") for text in _EXPRESSIONS)):
                    yield f"the key {name} becomes empty"
        if any(value.get(kind) == [] for kind in ("SS", "NS", "BS")):
            yield "an empty set"


def _sqs(operation: str, body: Body) -> Iterator[str]:
    if operation == "SendMessageBatch":
        entries = body["Entries"]
        if not entries:
            yield "a batch without messages"
        yield from _at_most(10, entries, "messages in a batch")
        yield from _unique("a batch has an id twice", (entry["Id"] for entry in entries))
        for entry in entries:
            if not re.fullmatch(r"[A-Za-z0-9_-]{1,80}", entry["Id"]):
                yield f"the id {entry['Id']}"
        yield from _messages(entry["MessageBody"] for entry in entries)
    elif operation == "SendMessage":
        yield from _messages([body["MessageBody"]])


def _messages(texts: Iterable[str]) -> Iterator[str]:
    size = 0
    for text in texts:
        size += len(text.encode())
        if not text or not _XML_CHARACTERS.fullmatch(text):
            yield "a message that is empty or has characters that SQS refuses"
    if size > LARGEST_BATCH:
        yield "more than 1 MiB at once"


def _ses(operation: str, body: Body) -> Iterator[str]:
    if operation != "SendRawEmail":
        return
    mail: bytes = body["RawMessage.Data"]
    yield from _at_most(50, [name for name in body if name.startswith("Destinations.member.")], "recipients")
    yield from _unique("a tag twice", (value for name, value in body.items() if re.fullmatch(r"Tags.*\.Name", name)))
    for name, value in body.items():
        if name.startswith("Tags.member.") and not _TAG.fullmatch(value):
            yield f"a tag that SES refuses: {value}"
    if not mail.isascii() or b"\0" in mail:
        yield "a mail that is not 7 bits"
    if max(map(len, mail.splitlines())) > 998:
        yield "a line of more than 998 characters (RFC 5322, 2.1.1)"
    if len(mail) > 10_000_000:
        yield "a mail of more than 10 MB"


def _scheduler(body: Body, path: str) -> Iterator[str]:
    name = unquote(path.partition("?")[0].rpartition("/")[2])
    if not _SCHEDULE_NAME.fullmatch(name):
        yield f"the name {name}"
    if "ScheduleExpression" in body and not _SCHEDULE.fullmatch(body["ScheduleExpression"]):
        yield f"the schedule {body['ScheduleExpression']}"


def _at_most(number: int, things: Iterable[object], what: str) -> Iterator[str]:
    if (count := len(list(things))) > number:
        yield f"{count} {what}, at most {number}"


def _unique(otherwise: str, things: Iterable[str]) -> Iterator[str]:
    seen = list(things)
    if len(set(seen)) < len(seen):
        yield otherwise
