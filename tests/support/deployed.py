"""A deployed copy as the outside sees it: its API, its inbox, and the few things a person looks up in AWS."""

import itertools
import json
import os
import re
import signal
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx

from infra.local.local_stack import LocalStack
from shared.links import KeyRing, Links, Purpose
from shared.time import utc_text
from tests.support.aws_wire import Trouble, Wire
from tests.support.inbox import PATIENCE, Inbox, eventually

_numbers = itertools.count(1)

HERNING: Final = "765700"
COPENHAGEN: Final = "Europe/Copenhagen"


_OF_A_SCHEDULE: Final = (
    *("GroupName", "Name", "ScheduleExpression", "ScheduleExpressionTimezone"),
    *("FlexibleTimeWindow", "ActionAfterCompletion", "Target"),
)


class Deployed:
    """The copy."""

    def __init__(
        self, stack: LocalStack, *, language: str = "da", library: str = HERNING, zone: str = COPENHAGEN
    ) -> None:
        self.stack = stack
        self.inbox = Inbox(stack.mail_url)
        self.web = httpx.Client(base_url=stack.base_url, timeout=60)
        self.api = httpx.Client(base_url=f"{stack.base_url}/api/v1", timeout=60)
        self._language = language
        self._library = library
        self._zone = ZoneInfo(zone)
        self._table = stack.client("dynamodb")
        self._sqs = stack.client("sqs")
        self._scheduler = stack.client("scheduler")
        self._secrets = stack.client("secretsmanager")
        self._tokens: dict[str, str] = {}

    def wake(self, at_once: int, wire: Wire) -> None:
        """Have so many workers started: a crowd of cold starts on two cores is a test of the machine.

        The list cannot be read meanwhile, so each request for it keeps its worker for as long as it is patient.
        """

        def all_awake() -> bool:
            with ThreadPoolExecutor(at_once) as pool:
                list(pool.map(lambda _: self.web.get("/arrangementer/"), range(at_once)))
            return len(self.stack.process_ids().get("web", [])) >= at_once

        with wire.trouble(Trouble.THROTTLED, "Query", when=lambda request: request.body.get("IndexName") == "listing"):
            eventually(all_awake, f"{at_once} workers", within=100)

    def close(self) -> None:
        """Leave."""
        for client in (self.web, self.api, self.inbox):
            client.close()

    def signed_in(self, role: str = "coordinator") -> dict[str, str]:
        """Return the header of somebody in that role."""
        if role not in self._tokens:
            self._tokens[role] = self.stack.token(role)
        return {"Authorization": f"Bearer {self._tokens[role]}"}

    def coordinate(self, method: str, path: str, body: object = None, *, role: str = "coordinator") -> httpx.Response:
        """Send a request to the coordinators' API."""
        return self.api.request(method, f"/coordinator{path}", json=body, headers=self.signed_in(role))

    def plan(self, **changes: Any) -> dict[str, Any]:
        """Plan a webinar, and return it as the API gives it."""
        answer = self.coordinate("POST", "/gatherings", self.a_webinar() | changes)
        assert answer.status_code == 201, answer.text
        planned: dict[str, Any] = answer.json()
        return planned

    def publish(self, **changes: Any) -> dict[str, Any]:
        """Plan a webinar and publish it."""
        answer = self.coordinate("POST", f"/gatherings/{self.plan(**changes)['id']}/publish")
        assert answer.status_code == 200, answer.text
        published: dict[str, Any] = answer.json()
        return published

    def a_webinar(self) -> dict[str, Any]:
        """Return the body of a webinar some weeks from now, with a title nobody else has."""
        start = datetime.now(self._zone).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=60)
        return {
            "kind": "webinar",
            "title": {self._language: f"Webinar {next(_numbers)}"},
            "summary": {self._language: "Om bier, børn og biblioteker."},
            "sessions": [
                {"starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=2, minutes=30)).isoformat()}
            ],
            "online_link": "https://moede.example.org/rum",
            "contact": "tovholder@db2030.example.org",
        }

    def somebody(self, who: str = "deltager", domain: str = "herning.example.org") -> str:
        """Return an address that nobody else has."""
        return f"{who}-{next(_numbers)}@{domain}"

    def register(self, gathering: Mapping[str, Any], email: str, *, key: str | None = None, **person: Any) -> Any:
        """Ask for a seat, and return the answer."""
        participant = {"name": "Bodil Ærøe", "email": email, "library": self._library, "role": "staff"} | person
        return self.api.post(
            f"/gatherings/{gathering['slug']}/registrations",
            json={"participants": [participant], "language": self._language},
            headers={"Idempotency-Key": key or f"key-{next(_numbers)}"},
        )

    def seat(self, gathering: Mapping[str, Any], email: str, **person: Any) -> str:
        """Take a seat and return the registration's id."""
        answer = self.register(gathering, email, **person)
        assert answer.status_code == 201, answer.text
        [registration] = answer.json()["registrations"]
        return str(registration["id"])

    def seats_left(self, gathering: Mapping[str, Any]) -> int | None:
        """Return what the API says is left."""
        left: int | None = self.api.get(f"/gatherings/{gathering['slug']}").raise_for_status().json()["seats_left"]
        return left

    def row(self, pk: str, sk: str) -> dict[str, Any]:
        """Return a row's texts and numbers, or nothing if there is none."""
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        found = self._table.get_item(TableName=self.stack.outputs["TableName"], Key=key, ConsistentRead=True)
        return {name: next(iter(value.values())) for name, value in found.get("Item", {}).items()}

    def registration(self, gathering: Mapping[str, Any], id: str) -> dict[str, Any]:
        """Return a registration as it is kept."""
        return self.row(f"GATHERING#{gathering['id']}", f"REGISTRATION#{id}")

    def mails_of(self, registration: str) -> list[dict[str, Any]]:
        """Return the ledger's rows of a registration."""
        found = self._table.query(
            TableName=self.stack.outputs["TableName"],
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": f"MAIL#{registration}"}},
            ConsistentRead=True,
        )
        return [{name: next(iter(value.values())) for name, value in row.items()} for row in found["Items"]]

    def facts(self, about: str) -> dict[str, str]:
        """Return the facts about a registration by type, as they were announced."""
        found: dict[str, str] = {}
        for page in self._table.get_paginator("scan").paginate(
            TableName=self.stack.outputs["TableName"],
            FilterExpression="begins_with(pk, :outbox)",
            ExpressionAttributeValues={":outbox": {"S": "OUTBOX#"}},
        ):
            bodies = (row["body"]["S"] for row in page["Items"])
            found |= {json.loads(body)["type"]: body for body in bodies if json.loads(body)["subject"] == about}
        return found

    def token(self, gathering: Mapping[str, Any], registration: str, *, lives: timedelta = timedelta(days=1)) -> str:
        """Return the token of a registration's own link."""
        ring = KeyRing.of(self._secrets.get_secret_value(SecretId=self.stack.outputs["LinkKeysSecret"])["SecretString"])
        return Links(ring).token(
            Purpose.REGISTRATION, gathering["id"], registration, "1", expires=datetime.now(UTC) + lives
        )

    def schedules(self, gathering: Mapping[str, Any]) -> list[str]:
        """Return the names of a gathering's schedules."""
        found = self._scheduler.list_schedules(
            GroupName=self.stack.outputs["ScheduleGroup"], NamePrefix=str(gathering["id"])
        )
        return [one["Name"] for one in found["Schedules"]]

    def schedule(self, name: str) -> dict[str, Any]:
        """Return a schedule."""
        return dict(self._scheduler.get_schedule(GroupName=self.stack.outputs["ScheduleGroup"], Name=name))

    def ring(self, name: str) -> None:
        """Let a schedule ring in a moment, whatever it was set to."""
        kept = {field: value for field, value in self.schedule(name).items() if field in _OF_A_SCHEDULE}
        soon = f"at({datetime.now(UTC) + timedelta(seconds=2):%Y-%m-%dT%H:%M:%S})"
        self._scheduler.update_schedule(**kept | {"ScheduleExpression": soon})

    def queue(self, name: str) -> str:
        """Return a queue's address."""
        return str(json.loads(self.stack.outputs["QueueUrls"])[name])

    def send(self, queue: str, *bodies: str) -> None:
        """Put messages on a queue, all at once."""
        entries = [{"Id": str(at), "MessageBody": body} for at, body in enumerate(bodies)]
        self._sqs.send_message_batch(QueueUrl=self.queue(queue), Entries=entries)

    def waiting(self, queue: str) -> int:
        """Return how many messages are on a queue, or in somebody's hands."""
        counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        told = self._sqs.get_queue_attributes(QueueUrl=self.queue(queue), AttributeNames=counts)["Attributes"]
        return sum(int(told[count]) for count in counts)

    def drained(self, queue: str, *, within: float = PATIENCE) -> None:
        """Wait until a queue is empty and nobody works on what was there."""
        eventually(lambda: not self.waiting(queue), f"end of {queue}", within=within)

    @contextmanager
    def impatient(self, queue: str, seconds: int = 1) -> Iterator[None]:
        """Let a queue hand out again after a second, or some, what was not done, and not after minutes."""
        url = self.queue(queue)
        name = "VisibilityTimeout"
        before = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"]
        self._sqs.set_queue_attributes(QueueUrl=url, Attributes={name: str(seconds)})
        try:
            yield
        finally:
            self._sqs.set_queue_attributes(QueueUrl=url, Attributes=before)

    @contextmanager
    def nobody_reads(self, queue: str) -> Iterator[None]:
        """Keep the consumer from its queue for a while."""
        functions = self.stack.client("lambda")
        arn = self._sqs.get_queue_attributes(QueueUrl=self.queue(queue), AttributeNames=["QueueArn"])["Attributes"]
        [mapping] = functions.list_event_source_mappings(EventSourceArn=arn["QueueArn"])["EventSourceMappings"]
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
        try:
            yield
        finally:
            functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)

    @contextmanager
    def denied(self, function: str) -> Iterator[None]:
        """Let a function do nothing in AWS for a while: neither read the table nor anything else."""
        name = json.loads(self.stack.outputs["FunctionNames"])[function]
        role = self.stack.client("lambda").get_function(FunctionName=name)["Configuration"]["Role"].rpartition("/")[2]
        nothing = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
        policy = {"RoleName": role, "PolicyName": "denied"}
        iam = self.stack.client("iam")
        iam.put_role_policy(**policy, PolicyDocument=json.dumps(nothing))
        try:
            yield
        finally:
            iam.delete_role_policy(**policy)

    def kill(self, function: str) -> None:
        """End the processes of a function, whatever they are doing."""
        for pid in self.stack.process_ids().get(function, []):
            os.kill(pid, signal.SIGKILL)

    def sweep(self, *mails: Mapping[str, Any]) -> None:
        """Let what is due be settled, and with it these mails, as if their time were over."""
        for mail in mails:
            self._table.update_item(
                TableName=self.stack.outputs["TableName"],
                Key={"pk": {"S": mail["pk"]}, "sk": {"S": mail["sk"]}},
                UpdateExpression="SET due_at = :past",
                ExpressionAttributeValues={":past": {"S": utc_text(datetime.now(UTC))}},
            )
        name = json.loads(self.stack.outputs["FunctionNames"])["sweep_due"]
        answer = self.stack.client("lambda").invoke(FunctionName=name)
        assert "FunctionError" not in answer, answer["Payload"].read()

    def take(self, queue: str) -> list[str]:
        """Take what is on a queue."""
        return self._take(self.queue(queue))

    def dead_letters(self, queue: str) -> list[str]:
        """Take the dead letters of a queue."""
        return self._take(json.loads(self.stack.outputs["DeadLetterUrls"])[queue])

    def _take(self, url: str) -> list[str]:
        found = self._sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        for message in found:
            self._sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [message["Body"] for message in found]

    def logs(self, since: float) -> list[str]:
        """Return what functions have logged of trouble since a time."""
        logs = self.stack.client("logs")
        said = []
        for group in logs.describe_log_groups()["logGroups"]:
            found = logs.filter_log_events(logGroupName=group["logGroupName"], startTime=int(since * 1000))["events"]
            name = group["logGroupName"].rpartition("/")[2].partition("-")[2]
            said += [
                (one["timestamp"], f"{name}: {one['message'].strip()}")
                for one in found
                if not re.search('"level": ?"INFO"|"_aws"|^(START|END|REPORT|INIT)', one["message"])
            ]
        return [text for _, text in sorted(said)]
