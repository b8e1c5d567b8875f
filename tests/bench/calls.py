"""What a registration, a page and a view ask of AWS: calls and capacity units, counted between functions and emulator.

One registration at a time, which is the dearest way: batches of more share their calls.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
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
        # First, so that its pages are written before anything is counted.
        beacon = f"{stack.base_url}/api/v1/webinars/{_webinar(stack)}/views"
        with meter.trouble(Trouble.CONFLICT, "TransactWriteItems", share=0.5):
            yield from oversell_rows(stack, "half of the attempts in conflict")
        slug = gathering(stack, None)["slug"]
        for number in range(3):
            _register(stack, slug, f"warm{number}")
        page = f"{stack.base_url}/arrangementer/{slug}"
        yield from _each(
            meter, "a registration, until its mail is sent", lambda number: _register(stack, slug, f"calls{number}")
        )
        yield from _each(meter, "a gathering's page", lambda _: httpx.get(page).raise_for_status())
        yield from _each(
            meter, "a view of a webinar", lambda _: httpx.post(beacon, json={"what": "play"}).raise_for_status()
        )


def _each(meter: Meter, what: str, ask: Callable[[int], object]) -> Iterator[Row]:
    """Ask for the same some times, and tell what one of them takes."""
    meter.reset()
    for number in range(PEOPLE):
        ask(number)
    for name, count in sorted(meter.calls.items()):
        yield Row(f"{what}: {name}", count / PEOPLE, "calls")
    for kind, units in sorted(meter.units.items()):
        yield Row(f"{what}: {kind} capacity", units / PEOPLE, "units")


def _webinar(stack: LocalStack) -> str:
    """Publish a recording, and return its address."""
    headers = {"Authorization": f"Bearer {stack.token()}"}
    recording = {
        "title": {"da": "Måling"},
        "held_on": "2026-06-03",
        "spoken": "da",
        "link": "https://video.example.org/maaling",
        "exemption": "burden",
        "alternative": {"da": "Alt, der vises, bliver sagt."},
        "consent_on": "2026-06-03",
        "themes": ["maaling"],
        "review_on": "2099-06-03",
    }
    with httpx.Client(base_url=f"{stack.base_url}/api/v1/coordinator/webinars", headers=headers, timeout=60) as api:
        made = api.post("", json=recording).raise_for_status().json()
        api.post(f"/{made['id']}/publish").raise_for_status()
    return str(made["slug"])


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
