"""The load: locust users who register one new person after another, in a process of their own.

`BENCH_SLUG` is the gathering, `BENCH_PEOPLE` how many register in all.
"""

import itertools
import json
import os
from typing import Final

import gevent
from locust import FastHttpUser, constant, events, task
from locust.env import Environment
from locust.exception import StopUser

from shared.network import load

SLUG: Final = os.environ["BENCH_SLUG"]
PEOPLE: Final = int(os.environ["BENCH_PEOPLE"])
LIBRARIES: Final = [(one.library, one.domains[0]) for one in load().areas.municipalities]

numbers = itertools.count()


class Registrant(FastHttpUser):
    """Registers people without pause, each from a library of its own, so that no library's limit is in the way."""

    wait_time = constant(0)

    @task
    def register(self) -> None:
        """Register the next person, or stop when all are."""
        number = next(numbers)
        if number >= PEOPLE:
            raise StopUser
        library, domain = LIBRARIES[number % len(LIBRARIES)]
        person = {
            "name": f"Deltager {number}",
            "email": f"deltager{number}@{domain}",
            "library": library,
            "role": "staff",
        }
        with self.client.post(
            f"/api/v1/gatherings/{SLUG}/registrations",
            data=json.dumps({"participants": [person]}),
            headers={"Content-Type": "application/json", "Idempotency-Key": f"bench-{SLUG}-{number}"},
            catch_response=True,
        ) as answer:
            # A full gathering is an answer, and the right one.
            if answer.status_code in (201, 409):
                answer.success()
            statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
            if answer.status_code == 201:
                [registered] = answer.json()["registrations"]
                states[registered["status"]] = states.get(registered["status"], 0) + 1
                if registered["position"] is not None:
                    positions.append(registered["position"])
        if sum(statuses.values()) == PEOPLE:
            # Beside us: the runner waits for its users to end, this one too.
            gevent.spawn(self.environment.runner.quit)


statuses: dict[int, int] = {}
states: dict[str, int] = {}
positions: list[int] = []


def _report(environment: Environment, **_: object) -> None:
    total = environment.stats.total
    print(
        json.dumps(
            {
                "statuses": statuses,
                "states": states,
                "positions": positions,
                "seconds": (total.last_request_timestamp or total.start_time) - total.start_time,
                "median_ms": total.median_response_time,
                "p95_ms": total.get_response_time_percentile(0.95),
            }
        )
    )


events.quitting.add_listener(_report)  # type: ignore[no-untyped-call]
