"""More people than seats, all at once, and an AWS that is busy: no seat is given twice, and nobody sees a fault."""

from collections import Counter
from collections.abc import Iterator
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

PEOPLE = 64
AT_ONCE = 16
"""Half as many where much goes wrong. Of lost answers there is one, since it takes two seconds of somebody's five."""
SEATS = 20

DOMAINS = [municipality.domains[0] for municipality in load().areas.municipalities]


class Crowd:
    """People of many libraries who want the same."""

    def __init__(self, deployed: Deployed) -> None:
        self._deployed = deployed
        self.name = deployed.somebody("flok").partition("@")[0]
        self.gathering = deployed.publish(capacity=SEATS)

    def rush(self, at_once: int = AT_ONCE) -> Counter[int]:
        """Let everybody ask for a seat, and return the answers by status."""
        with ThreadPoolExecutor(at_once) as pool:
            return Counter(answer.status_code for answer in pool.map(self._ask, range(PEOPLE)))

    def got_their_mails(self) -> bool:
        """Whether there is a mail for each seat."""
        return self._deployed.inbox.count(f"{self.name}-") >= SEATS

    def mails(self) -> int:
        """Return how many mails there are."""
        return self._deployed.inbox.count(f"{self.name}-")

    def _ask(self, number: int) -> Any:
        email = f"{self.name}-{number}@{DOMAINS[number % len(DOMAINS)]}"
        return self._deployed.register(self.gathering, email, name=f"Deltager {number}")


@pytest.fixture
def crowd(deployed: Deployed, wire: Wire) -> Iterator[Crowd]:
    deployed.wake(AT_ONCE, wire)
    crowd = Crowd(deployed)
    yield crowd
    assert deployed.seats_left(crowd.gathering) == 0
    eventually(crowd.got_their_mails, f"mail for each of {SEATS} people", within=40)
    deployed.drained("send-registration-mail")
    assert crowd.mails() == SEATS, "somebody got two"


def test_each_seat_is_given_once(crowd: Crowd) -> None:
    assert crowd.rush() == {201: SEATS, 409: PEOPLE - SEATS}


def test_each_seat_is_given_once_while_every_other_attempt_meets_another(crowd: Crowd, wire: Wire) -> None:
    with ExitStack() as troubles:
        conflict = troubles.enter_context(wire.trouble(Trouble.CONFLICT, "TransactWriteItems", share=0.5))
        throttled = troubles.enter_context(wire.trouble(Trouble.THROTTLED, "*", share=0.1, when=of_the_table))
        cut = troubles.enter_context(wire.trouble(Trouble.CUT, "TransactWriteItems", share=0.1))
        lost = troubles.enter_context(wire.trouble(Trouble.LOST, "TransactWriteItems", share=0.1, most=1))

        assert crowd.rush(AT_ONCE // 2) == {201: SEATS, 409: PEOPLE - SEATS}
        eventually(crowd.got_their_mails, f"mail for each of {SEATS} people", within=40)

    assert conflict.times > SEATS
    assert throttled.times and cut.times and lost.times


def test_while_the_store_stays_busy_nothing_is_kept_and_the_same_request_may_come_again(
    deployed: Deployed, wire: Wire
) -> None:
    gathering, email = deployed.publish(capacity=1), deployed.somebody()
    typed = {"name": "Inger Christensen", "email": email, "library": "765700", "role": "leader"}

    with wire.trouble(Trouble.CONFLICT, "TransactWriteItems"):
        with ThreadPoolExecutor(2) as pool:
            by_api = pool.submit(deployed.register, gathering, email, key="again")
            by_form = pool.submit(deployed.web.post, f"/arrangementer/{gathering['slug']}/tilmelding", data=typed)
        refused, form = by_api.result(), by_form.result()

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert refused.json()["type"] == "urn:tovholder:problem:unavailable"
    assert form.status_code == 503
    assert 'value="Inger Christensen"' in form.text and f'value="{email}"' in form.text
    assert deployed.seats_left(gathering) == 1
    assert deployed.register(gathering, email, key="again").status_code == 201
    deployed.inbox.wait(email)


def of_the_table(request: Any) -> bool:
    return bool(request.service == "dynamodb")
