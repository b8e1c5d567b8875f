"""What a registration asks of AWS: calls and capacity units, counted on the wire between functions and emulator.

One registration at a time, which is the dearest way: batches of more share their calls.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

import httpx
from aiohttp import web

from infra.local.local_stack import LocalStack
from tests.bench.registrations import gathering, mails, oversell_rows
from tests.bench.rows import Row
from tests.support.aws_wire import Trouble, Wire
from tests.support.inbox import eventually

PEOPLE: Final = 20
UNITS: Final = {"GetItem": "read", "BatchGetItem": "read", "Query": "read", "TransactGetItems": "read"}


class Meter(Wire):
    """A wire that asks DynamoDB what each call took, and adds it up."""

    def __init__(self, emulator_url: str) -> None:
        super().__init__(emulator_url)
        self.units: dict[str, float] = defaultdict(float)

    def reset(self) -> None:
        """Begin to count anew."""
        self.units.clear()
        self.calls.clear()

    async def _forward(self, http: web.Request, content: bytes) -> web.Response:
        operation = http.headers.get("X-Amz-Target", "").rpartition(".")[2]
        if not http.headers.get("X-Amz-Target", "").startswith("DynamoDB"):
            return await super()._forward(http, content)
        asking = json.dumps(json.loads(content) | {"ReturnConsumedCapacity": "TOTAL"}).encode()
        answer = await super()._forward(http, asking)
        body = answer.body if isinstance(answer.body, bytes) else b"{}"
        self.units[UNITS.get(operation, "write")] += _consumed(json.loads(body))
        return answer


def _consumed(answer: dict[str, Any]) -> float:
    told = answer.get("ConsumedCapacity", [])
    return sum(float(one["CapacityUnits"]) for one in (told if isinstance(told, list) else [told]))


def rows(stack: LocalStack) -> Iterator[Row]:
    """Give half of all attempts a conflict, and then count."""
    with Meter(stack.options.emulator_url) as meter:
        meter.lead(stack)
        with meter.trouble(Trouble.CONFLICT, "TransactWriteItems", share=0.5):
            yield from oversell_rows(stack, "half of the attempts in conflict")
        slug = gathering(stack, None)["slug"]
        for number in range(3):
            _register(stack, slug, f"warm{number}")
        meter.reset()
        for number in range(PEOPLE):
            _register(stack, slug, f"calls{number}")
        for name, count in sorted(meter.calls.items()):
            yield Row(f"a registration, until its mail is sent: {name}", count / PEOPLE, "calls")
        for kind, units in sorted(meter.units.items()):
            yield Row(f"a registration, until its mail is sent: {kind} capacity", units / PEOPLE, "units")
        meter.reset()
        for _ in range(PEOPLE):
            httpx.get(f"{stack.base_url}/arrangementer/{slug}").raise_for_status()
        for name, count in sorted(meter.calls.items()):
            yield Row(f"a gathering's page: {name}", count / PEOPLE, "calls")
        for kind, units in sorted(meter.units.items()):
            yield Row(f"a gathering's page: {kind} capacity", units / PEOPLE, "units")


def _register(stack: LocalStack, slug: str, name: str) -> None:
    before = mails(stack)
    person = {"name": name, "email": f"{name}@herning.example.org", "library": "765700", "role": "staff"}
    httpx.post(
        f"{stack.base_url}/api/v1/gatherings/{slug}/registrations",
        json={"participants": [person]},
        headers={"Idempotency-Key": f"{slug}-{name}"},
        timeout=60,
    ).raise_for_status()
    eventually(lambda: mails(stack) > before, f"the mail to {name}", within=30)
