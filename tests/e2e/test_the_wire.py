"""The wire itself: it lets through what AWS takes, and tells what AWS refuses though the emulator takes it."""

from typing import Any

import pytest

from tests.support.aws_rules import breaches
from tests.support.aws_wire import Wire

KEYS = ("pk", "sk", "due")
KEY = {"pk": {"S": "GATHERING#1"}, "sk": {"S": "SEATS"}}
OTHER = {"pk": {"S": "GATHERING#2"}, "sk": {"S": "SEATS"}}


def update(expression: str, *, condition: str | None = None, key: Any = KEY, **values: Any) -> dict[str, Any]:
    names = {"#left": "left", "#pool": "whole", "#due": "due"}
    text = f"{expression} {condition or ''}"
    part = {
        "TableName": "table",
        "Key": key,
        "UpdateExpression": expression,
        "ExpressionAttributeNames": {mark: name for mark, name in names.items() if mark in text},
        "ExpressionAttributeValues": {f":{name}": value for name, value in values.items()},
    }
    return part | ({"ConditionExpression": condition} if condition else {})


def transaction(*updates: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"TransactItems": [{"Update": each} for each in updates]} | more


TAKE = "SET #left.#pool = #left.#pool - :n"
ONE = {"N": "1"}
MAIL = {"Source": "a@example.org", "Destinations.member.1": "b@example.org", "RawMessage.Data": b"Subject: x\r\n\r\n"}


@pytest.mark.parametrize(
    ("service", "operation", "body", "path", "said"),
    [
        ("dynamodb", "TransactWriteItems", transaction(update(TAKE, condition="#left.#pool >= :n", n=ONE)), "/", None),
        (
            *("dynamodb", "TransactWriteItems"),
            *(transaction(update(TAKE, condition="#left.#pool - :n >= :n", n=ONE)), "/", "arithmetic"),
        ),
        ("dynamodb", "UpdateItem", update("ADD #left.#pool :n", n=ONE), "/", "nested path"),
        ("dynamodb", "UpdateItem", update("SET #left = :n, #left.#pool = :n", n=ONE), "/", "overlap"),
        ("dynamodb", "UpdateItem", update("SET left = :n", n=ONE), "/", "reserved word left"),
        ("dynamodb", "UpdateItem", update("SET #due = :n", n=ONE, m=ONE), "/", "differ"),
        ("dynamodb", "UpdateItem", update("SET #due = :n", n={"S": ""}), "/", "key due becomes empty"),
        ("dynamodb", "GetItem", {"TableName": "table", "Key": KEY | {"sk": {"S": ""}}}, "/", "key sk is empty"),
        ("dynamodb", "GetItem", {"TableName": "table", "Keys": KEY}, "/", "Missing required parameter"),
        (
            *("dynamodb", "TransactWriteItems"),
            *(transaction(update(TAKE, n=ONE), update(TAKE, n=ONE)), "/", "an item twice"),
        ),
        (
            *("dynamodb", "TransactWriteItems"),
            transaction(*(update(TAKE, key=KEY | {"sk": {"S": str(number)}}, n=ONE) for number in range(101))),
            *("/", "at most 100"),
        ),
        ("dynamodb", "BatchGetItem", {"RequestItems": {"table": {"Keys": [KEY, OTHER]}}}, "/", None),
        ("dynamodb", "BatchGetItem", {"RequestItems": {"table": {"Keys": [KEY, KEY]}}}, "/", "twice"),
        (
            *("sqs", "SendMessageBatch"),
            {"QueueUrl": "q", "Entries": [{"Id": str(number), "MessageBody": "x"} for number in range(11)]},
            *("/", "at most 10"),
        ),
        ("sqs", "SendMessage", {"QueueUrl": "q", "MessageBody": "\x00"}, "/", "characters that SQS refuses"),
        ("ses", "SendRawEmail", MAIL | {"Tags.member.1.Name": "row", "Tags.member.1.Value": "a_b-1"}, "/", None),
        ("ses", "SendRawEmail", MAIL | {"Tags.member.1.Name": "row", "Tags.member.1.Value": "a#b"}, "/", "tag"),
        ("ses", "SendRawEmail", MAIL | {"RawMessage.Data": "ø".encode()}, "/", "7 bits"),
        ("scheduler", "POST", {"ScheduleExpression": "at(2027-01-01T09:00:00)"}, "/schedules/a-name", None),
        ("scheduler", "POST", {"ScheduleExpression": "at(2027-01-01 09:00)"}, "/schedules/a-name", "schedule"),
        ("scheduler", "POST", {}, f"/schedules/{'x' * 65}", "name"),
    ],
)
def test_what_aws_would_refuse_is_found(
    service: str, operation: str, body: dict[str, Any], path: str, said: str | None
) -> None:
    found = [*breaches(service, operation, body, path, keys=KEYS)]

    if said is None:
        assert found == []
    else:
        assert any(said in breach for breach in found), found


def test_a_breach_fails_the_test_it_happens_in() -> None:
    wire = Wire("http://127.0.0.1:1")
    wire.check()

    wire.breaches.append("a rule")

    with pytest.raises(AssertionError, match="a rule"):
        wire.check()
    wire.check()
