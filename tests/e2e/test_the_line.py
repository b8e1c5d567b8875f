"""More people than seats, and a waiting list: each has a place, and what is given back is offered by place."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest

from shared.network import load
from tests.support.aws_wire import Trouble, Wire
from tests.support.deployed import Deployed
from tests.support.inbox import eventually

pytestmark = pytest.mark.timeout(300)
"""A crowd on a machine that does other things besides takes its time."""

PEOPLE = 48
AT_ONCE = 16
SEATS = 16
GIVEN_BACK = 6
BRAVE = 48
"""People who ask while the table is away: the first of them wait for as long as they are patient."""

AWAY = 12.0
"""Seconds for which the table takes no writes: more than twice as long as anybody is patient."""

MOST_TRIES = 5

MUNICIPALITIES = load().areas.municipalities


class Queue:
    """People of many libraries who want the same, and may wait."""

    def __init__(self, deployed: Deployed) -> None:
        self._deployed = deployed
        self._name = deployed.somebody("koe").partition("@")[0]
        self.gathering = deployed.publish(capacity=SEATS, waiting_list=True)

    def rush(self) -> list[Mapping[str, Any]]:
        """Let everybody ask for a seat, again if the table is too busy; return what became of each."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(self.insist, range(PEOPLE)))
        assert Counter(answer.status_code for answer in answers) == {201: PEOPLE}
        return [answer.json()["registrations"][0] for answer in answers]

    def ask(self, number: int) -> Any:
        """Let one person ask."""
        home = MUNICIPALITIES[number % len(MUNICIPALITIES)]
        email = f"{self._name}-{number}@{home.domains[0]}"
        key = f"{self._name}-{number}"
        return self._deployed.register(self.gathering, email, key=key, name=f"Deltager {number}", library=home.library)

    def insist(self, number: int) -> Any:
        """Let one person ask, and again when told to try again later, as pages and API say."""
        for _ in range(MOST_TRIES):
            answer = self.ask(number)
            if answer.status_code != 503:
                break
        return answer

    def give_back(self, ids: list[str]) -> None:
        """Let some give their seats back, all at once."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            statuses = Counter(pool.map(self._cancel, ids))
        assert statuses == {200: len(ids)}

    def statuses(self) -> dict[str, str]:
        """Return everybody's status by id, as coordinators see it."""
        found: dict[str, str] = {}
        cursor = ""
        while True:
            path = f"/gatherings/{self.gathering['id']}/registrations{cursor}"
            page = self._deployed.coordinate("GET", path).json()
            found |= {one["id"]: one["status"] for one in page["registrations"]}
            if page["next"] is None:
                return found
            cursor = f"?cursor={page['next']}"

    def _cancel(self, id: str) -> int:
        path = f"/gatherings/{self.gathering['id']}/registrations"
        return self._deployed.coordinate("PATCH", path, {"id": id, "action": "cancel"}).status_code


@pytest.fixture
def queue(deployed: Deployed, wire: Wire) -> Queue:
    deployed.wake(AT_ONCE, wire)
    return Queue(deployed)


@pytest.fixture(params=[0.0, 0.5], ids=["in peace", "with conflicts"])
def conflicts(request: pytest.FixtureRequest, wire: Wire) -> Iterator[float]:
    with ExitStack() as troubles:
        if request.param:
            troubles.enter_context(wire.trouble(Trouble.CONFLICT, "TransactWriteItems", share=request.param))
        yield request.param


def test_who_gets_no_seat_gets_the_next_place_and_seats_given_back_go_to_the_first_places(
    conflicts: float, queue: Queue
) -> None:
    everybody = queue.rush()

    seated = [one["id"] for one in everybody if one["status"] == "confirmed"]
    waiting = {one["position"]: one["id"] for one in everybody if one["status"] == "waitlisted"}
    assert len(seated) == SEATS
    assert sorted(waiting) == list(range(1, PEOPLE - SEATS + 1)), "somebody has no place, or another's"

    queue.give_back(seated[:GIVEN_BACK])

    first = {waiting[position] for position in range(1, GIVEN_BACK + 1)}
    eventually(lambda: offered(queue) == first, f"offer for each of the first {GIVEN_BACK}", within=90)


def test_while_the_table_takes_no_writes_an_answer_is_kept_or_is_nothing(
    queue: Queue, deployed: Deployed, wire: Wire
) -> None:
    deployed.drained("send-registration-mail")
    deadline = time.monotonic() + AWAY
    away = wire.trouble(Trouble.THROTTLED, "TransactWriteItems", when=lambda _: time.monotonic() < deadline)
    # A mail that cannot be claimed meanwhile would come back minutes later, in the middle of other tests.
    with away, deployed.nobody_reads("send-registration-mail"), ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(queue.ask, range(BRAVE)))

    answered = Counter(answer.status_code for answer in answers)
    assert set(answered) <= {201, 503}
    assert answered[503] > AT_ONCE, "the table was not away for long enough"
    kept = {answer.json()["registrations"][0]["id"] for answer in answers if answer.status_code == 201}
    assert set(queue.statuses()) == kept

    again = [queue.ask(number).json()["registrations"][0]["id"] for number in range(BRAVE)]
    assert set(queue.statuses()) == set(again), "somebody is registered twice, or not at all"
    assert kept <= set(again)
    deployed.drained("send-registration-mail")


def offered(queue: Queue) -> set[str]:
    return {id for id, status in queue.statuses().items() if status == "offered"}
