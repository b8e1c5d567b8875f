"""What it takes to remind a thousand people, and ten thousand: time, CPU, calls and memory for each.

The registrations are put into the table as they are kept, before their gathering is published with a reminder that is
due in a minute: so all that follows is what a reminder sets in motion.
"""

import re
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from infra.local.local_stack import LocalStack
from shared.registration.model import Participant, Role
from tests.bench.calls import Meter
from tests.bench.registrations import NOT_OURS, coordinator, cpu_by_process
from tests.bench.rows import Row
from tests.support.builders import a_gathering, a_registration, a_session
from tests.support.many import keep

SIZES: Final = (1_000, 10_000)
WARM_UP: Final = 60
A_FIFTH_OF_PRETIX_MS: Final = 53 / 5
PATIENCE: Final = 600.0
_TO: Final = re.compile(rb"^To: .*?([\w.-]+@[\w.-]+)", re.MULTILINE)
STEADY: Final = 1.1
"""What is constant does not grow by more than this from one size to the next."""


def rows(stack: LocalStack) -> Iterator[Row]:
    """Remind few, and then many: what each costs is to be the same."""
    with Meter(stack.options.emulator_url) as meter:
        meter.lead(stack)
        _remind(stack, meter, WARM_UP)
        few, many = (_remind(stack, meter, people) for people in SIZES)
    for people, seen in zip(SIZES, (few, many), strict=True):
        what = f"reminding {people:,}"
        yield Row(f"{what}: people who got one mail, and no more", seen["once"], "", people, people)
        yield Row(f"{what}: time for each", seen["ms"], "ms")
        yield Row(f"{what}: CPU a mail, our functions together", seen["cpu_ms"], "ms", at_most=A_FIFTH_OF_PRETIX_MS)
        yield Row(f"{what}: calls to AWS for each", seen["calls"], "calls")
        for function in ("fan_out", "send_messages"):
            yield Row(f"{what}: most memory of {function}", seen[function], "MB")
    for name, what in (("ms", "time for each"), ("calls", "calls for each")):
        yield Row(f"reminding ten times as many: {what}, times", many[name] / few[name], "", at_most=STEADY)
    for function in ("fan_out", "send_messages"):
        times = many[function] / few[function]
        yield Row(f"reminding ten times as many: memory of {function}, times", times, "", at_most=STEADY)


def _remind(stack: LocalStack, meter: Meter, people: int) -> dict[str, float]:
    due = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=2, seconds=people // 100)
    starts_at = due + timedelta(hours=2)
    with coordinator(stack) as api:
        planned = api.post(
            "",
            json={
                "kind": "webinar",
                "title": {"da": f"Måling af {people} påmindelser"},
                "sessions": [
                    {"starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(hours=1)).isoformat()}
                ],
                "online_link": "https://meet.example.org/maaling",
                "contact": "tovholder@db2030.example.org",
                "reminders": [{"minutes_before": 120}],
            },
        )
        body: dict[str, Any] = planned.raise_for_status().json()
        _register(stack, body, people)
        time.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds() - 80))
        before, began = cpu_by_process(stack), time.monotonic()
        meter.reset()
        api.post(f"/{body['id']}/publish").raise_for_status()
        reached = _wait(stack, f"mind{people}-", people)
        seconds = time.monotonic() - began
    spent = sum(
        each - before.get(name, {}).get(pid, 0.0)
        for name, processes in cpu_by_process(stack).items()
        for pid, each in processes.items()
        if name not in NOT_OURS
    )
    peaks = {name: most_memory(stack, name) for name in ("fan_out", "send_messages")}
    calls = sum(meter.calls.values()) / people
    return {"once": reached, "ms": seconds / people * 1000, "cpu_ms": spent / people * 1000, "calls": calls} | peaks


def _register(stack: LocalStack, body: dict[str, Any], people: int) -> None:
    session = a_session(id=body["sessions"][0]["id"])
    somebody = a_gathering(id=body["id"], sessions=(session,))
    registrations = []
    for number in range(people):
        who = Participant(f"Deltager {number}", f"mind{people}-{number}@herning.example.org", "765700", Role.STAFF)
        registrations.append(a_registration(somebody, participant=who, person=f"hash of {number}"))
    keep(stack, registrations)


def _wait(stack: LocalStack, whose: str, people: int) -> int:
    """Wait for the mails, and a moment more for those that should not be; return how many got exactly one."""
    deadline = time.monotonic() + PATIENCE
    seen: dict[Path, str] = {}
    while len(_reached(stack, whose, seen)) < people and time.monotonic() < deadline:
        time.sleep(0.5)
    time.sleep(2)
    times = Counter(_reached(stack, whose, seen))
    return sum(number == 1 for number in times.values())


def _reached(stack: LocalStack, whose: str, seen: dict[Path, str]) -> list[str]:
    """Return whom mails have reached, of those whose addresses begin so. `seen` is what was read already."""
    for path in (stack.options.data_dir / "mails").glob("*.eml"):
        # A file may not be written in full yet: it is looked at again.
        if path not in seen and (found := _TO.search(path.read_bytes())):
            seen[path] = found.group(1).decode()
    return [address for address in seen.values() if address.startswith(whose)]


def most_memory(stack: LocalStack, function: str) -> float:
    """Return the most memory that a worker of a function has had resident, in MB."""
    return max(map(_peak, stack.process_ids().get(function, [])))


def _peak(pid: int) -> float:
    [line] = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024
