"""How many registrations a second the whole local stack answers, what each costs in CPU, and that none is oversold."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from infra.local.local_stack import LocalStack
from infra.local.processes import cpu_seconds
from tests.bench.rows import Row

DRIVER: Final = Path(__file__).with_name("drive.py")
DRAINED_WITHIN: Final = 60.0
PRETIX_A_SECOND: Final = 5.7
PEOPLE: Final = 600
WARM_UP: Final = 60
GIVEN_BACK: Final = 50
NOT_OURS: Final = frozenset({"driver", "edge", "emulator", "mailbox"})


@dataclass(frozen=True, slots=True)
class Run:
    """One run: answers by HTTP's status, registrations by theirs, the positions in the line, seconds until the last
    answer, and until the last mail after it."""

    statuses: Mapping[int, int]
    states: Mapping[str, int]
    positions: tuple[int, ...]
    seconds: float
    median_ms: float
    p95_ms: float
    drained_after: float
    cpu: Mapping[str, float]

    @property
    def answered(self) -> int:
        """How many requests got an answer."""
        return sum(self.statuses.values())

    @property
    def a_second(self) -> float:
        """How many were answered a second."""
        return self.answered / self.seconds


def rows(stack: LocalStack) -> Iterator[Row]:
    """Measure the rate, then that a full gathering is neither oversold nor undersold."""
    # Workers that start on two cores are no part of what is measured, nor those that a crowd needs.
    run(stack, people=4 * WARM_UP, at_once=16, capacity=None)
    run(stack, people=WARM_UP, at_once=8, capacity=None)
    _, rate = run(stack, people=PEOPLE, at_once=8, capacity=None)
    yield Row("registrations answered, 8 at once", rate.a_second, "a second", at_least=8 * PRETIX_A_SECOND)
    yield Row("… median answer", rate.median_ms, "ms")
    yield Row("… 95 of 100 answered within", rate.p95_ms, "ms")
    yield Row("… mail backlog drained after the last answer", rate.drained_after, "s", at_most=10)
    for name, seconds in sorted(rate.cpu.items()):
        yield Row(f"… CPU a registration: {name}", seconds / PEOPLE * 1000, "ms")
    ours = sum(seconds for name, seconds in rate.cpu.items() if name not in NOT_OURS)
    yield Row("… CPU a registration: our functions together", ours / PEOPLE * 1000, "ms", at_most=25)
    yield from oversell_rows(stack, "plain")


def oversell_rows(stack: LocalStack, how: str) -> Iterator[Row]:
    """Let twice as many people as seats ask for one; who gets none waits."""
    planned, result = run(stack, people=400, at_once=16, capacity=200, waiting_list=True)
    yield Row(
        f"oversell, {how}: seats given of 200 to 400 people, 16 at once", result.states["confirmed"], "", 200, 200
    )
    in_order = len(set(result.positions) & set(range(1, 201))) if len(result.positions) == 200 else 0
    yield Row(f"oversell, {how}: others waiting, each at a place of 1 to 200", in_order, "", 200, 200)
    faults = sum(count for status, count in result.statuses.items() if status >= 500)
    yield Row(f"oversell, {how}: faults (5xx)", faults, "", 0)
    yield Row(f"oversell, {how}: 95 of 100 answered within", result.p95_ms, "ms")
    offered, seconds = _give_back(stack, planned["id"])
    bar = GIVEN_BACK
    yield Row(f"oversell, {how}: {bar} cancel at once, offers held by places 1 to {bar}", offered, "", bar, bar)
    yield Row(f"oversell, {how}: the last offer after the last cancellation", seconds, "s")


def run(
    stack: LocalStack, *, people: int, at_once: int, capacity: int | None, waiting_list: bool = False
) -> tuple[Mapping[str, Any], Run]:
    """Register people for a new gathering. Return it, and what was measured."""
    planned = gathering(stack, capacity, waiting_list=waiting_list)
    mails_before = mails(stack)
    with _cpu(stack) as cpu:
        told = _drive(stack, planned["slug"], people, at_once)
        last_answer = time.monotonic()
        seated = told["statuses"].get("201", 0)
        while mails(stack) - mails_before < seated and time.monotonic() - last_answer < DRAINED_WITHIN:
            time.sleep(0.2)
        drained_after = time.monotonic() - last_answer
    cpu["driver"] = told["cpu"]
    statuses = {int(status): count for status, count in told["statuses"].items()}
    states, positions = told["states"], tuple(told["positions"])
    return planned, Run(
        statuses, states, positions, told["seconds"], told["median_ms"], told["p95_ms"], drained_after, cpu
    )


def gathering(stack: LocalStack, capacity: int | None, *, waiting_list: bool = False) -> Mapping[str, Any]:
    """Plan and publish a webinar, and return it as the API gives it."""
    with coordinator(stack) as api:
        planned = api.post(
            "",
            json={
                "kind": "webinar",
                "title": {"da": "Måling", "en": "Measurement"},
                "summary": {"da": "Et webinar, som mange vil til."},
                "sessions": [{"starts_at": "2030-03-05T09:00:00+01:00", "ends_at": "2030-03-05T11:00:00+01:00"}],
                "online_link": "https://meet.example.org/maaling",
                "capacity": capacity,
                "waiting_list": waiting_list,
                "contact": "tovholder@db2030.example.org",
            },
        )
        planned.raise_for_status()
        api.post(f"/{planned.json()['id']}/publish").raise_for_status()
        published: Mapping[str, Any] = planned.json()
        return published


def _give_back(stack: LocalStack, gathering_id: str) -> tuple[int, float]:
    """Let some cancel at once. Return how many of the first places then hold offers, and how long that took."""
    with coordinator(stack) as api:
        path = f"/{gathering_id}/registrations"
        before = _everybody(api, path)
        seated = [one["id"] for one in before if one["status"] == "confirmed"][:GIVEN_BACK]
        first = {one["id"] for one in before if one["position"] in range(1, GIVEN_BACK + 1)}
        with ThreadPoolExecutor(16) as pool:
            for answer in pool.map(lambda id: api.patch(path, json={"id": id, "action": "cancel"}), seated):
                answer.raise_for_status()
        given_back, offered = time.monotonic(), set[str]()
        while len(offered) < GIVEN_BACK and time.monotonic() - given_back < DRAINED_WITHIN:
            time.sleep(0.2)
            offered = {one["id"] for one in _everybody(api, path) if one["status"] == "offered"}
        return len(offered & first) - len(offered - first), time.monotonic() - given_back


def _everybody(api: httpx.Client, path: str) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = api.get(path, params={"cursor": cursor} if cursor else {}).raise_for_status().json()
        found += page["registrations"]
        cursor = page["next"]
    return found


def coordinator(stack: LocalStack) -> httpx.Client:
    """Return a client of the coordinators' API of gatherings."""
    return httpx.Client(
        base_url=f"{stack.base_url}/api/v1/coordinator/gatherings",
        headers={"Authorization": f"Bearer {stack.token()}"},
        timeout=60,
    )


def mails(stack: LocalStack) -> int:
    """Return how many mails have reached the inbox."""
    return sum(1 for _ in (stack.options.data_dir / "mails").glob("*.eml"))


def _drive(stack: LocalStack, slug: str, people: int, at_once: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "locust", "--locustfile", str(DRIVER), "--headless", "--only-summary"]
    command += ["--host", stack.base_url, "--users", str(at_once), "--spawn-rate", str(at_once)]
    environment = os.environ | {"BENCH_SLUG": slug, "BENCH_PEOPLE": str(people), "PYTHONPATH": "."}
    before = os.times()
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    after = os.times()
    try:
        [told] = [line for line in done.stdout.splitlines() if line.startswith('{"statuses"')]
    except ValueError:
        raise SystemExit(f"the driver said nothing:\n{done.stdout}\n{done.stderr}") from None
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return {**json.loads(told), "cpu": spent}


@contextmanager
def _cpu(stack: LocalStack) -> Iterator[dict[str, float]]:
    """Yield a mapping that holds, after the block, the CPU seconds spent in it by process name."""
    before = cpu_by_process(stack)
    spent: dict[str, float] = {}
    yield spent
    for name, processes in cpu_by_process(stack).items():
        spent[name] = sum(seconds - before.get(name, {}).get(pid, 0.0) for pid, seconds in processes.items())


def cpu_by_process(stack: LocalStack) -> dict[str, dict[int, float]]:
    """Return the CPU seconds of each process, by name and id."""
    return {name: {pid: cpu_seconds(pid) for pid in pids} for name, pids in stack.process_ids().items()}
