"""What a gathering's page weighs on first load, and how soon it begins."""

import gzip
import statistics
import time
from collections.abc import Iterator
from typing import Final

import httpx
from playwright.sync_api import Response

from infra.local.local_stack import LocalStack
from tests.bench.registrations import gathering
from tests.bench.rows import Row
from tests.support.preview import browser

COMPRESSED: Final = ("text/", "javascript", "json", "svg")
TIMES: Final = 50


def rows(stack: LocalStack) -> Iterator[Row]:
    """Measure weight and requests in a browser, and the first byte without one."""
    slug = str(gathering(stack, 40)["slug"])
    answers: list[Response] = []
    with browser() as chromium:
        page = chromium.new_page()
        page.on("response", lambda answer: answers.append(answer))
        page.goto(f"{stack.base_url}/arrangementer/{slug}", wait_until="networkidle")
        weight = sum(_weight(answer) for answer in answers)
    yield Row("a gathering's page, compressed, first load", weight / 1000, "kB", at_most=150)
    yield Row("a gathering's page, requests", len(answers), "", at_most=10)
    with httpx.Client(base_url=stack.base_url) as client:
        for path in (f"/arrangementer/{slug}", "/arrangementer/", f"/arrangementer/{slug}/tilmelding"):
            name = path.replace(slug, "{slug}")
            yield Row(f"first byte, warm: {name}", _first_byte(client, path), "ms")


def _weight(answer: Response) -> int:
    """The body as the edge in AWS sends it. The emulator's does not compress."""
    body = answer.body()
    kind = answer.headers.get("content-type", "")
    return len(gzip.compress(body, 6)) if any(one in kind for one in COMPRESSED) else len(body)


def _first_byte(client: httpx.Client, path: str) -> float:
    def once() -> float:
        begun = time.perf_counter()
        with client.stream("GET", path) as answer:
            next(answer.iter_raw())
            return (time.perf_counter() - begun) * 1000

    once()
    return statistics.median(once() for _ in range(TIMES))
