"""One at a time writes the catalogue, and what was asked for meanwhile is written before the turn is given back."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from shared.catalogue.dynamo import TURN, DynamoTurns
from shared.catalogue.ports import Turns
from tests.support.builders import NOW
from tests.support.memory_site import InMemoryTurns

Another = Callable[[], Turns]


@pytest.fixture(params=["memory", "dynamo"])
def another(request: pytest.FixtureRequest) -> Another:
    if request.param == "memory":
        row: dict[str, object] = {"asked": 0, "holder": None, "until": None}
        return lambda: InMemoryTurns(row)
    request.getfixturevalue("table")
    return DynamoTurns


def test_one_at_a_time_has_the_turn(another: Another) -> None:
    first, second = another(), another()
    first.ask()

    assert first.take(NOW) == 1
    assert second.take(NOW) is None
    assert first.done(1)
    assert second.take(NOW) == 1


def test_what_was_asked_for_meanwhile_keeps_the_turn(another: Another) -> None:
    first, second = another(), another()
    first.ask()
    seen = first.take(NOW)
    second.ask()

    assert seen == 1
    assert not first.done(seen)
    assert second.take(NOW) is None
    assert first.take(NOW) == 2
    assert first.done(2)


def test_a_turn_that_is_given_back_unfinished_is_anybodys(another: Another) -> None:
    first, second = another(), another()
    first.ask()
    first.take(NOW)
    second.give_back()
    assert second.take(NOW) is None, "nobody gives back what is another's"

    first.give_back()

    assert second.take(NOW) == 1


def test_the_turn_of_who_has_died_ends(another: Another) -> None:
    dead, alive = another(), another()
    dead.ask()
    dead.take(NOW)

    assert alive.take(NOW + TURN) is None
    assert alive.take(NOW + TURN + timedelta(seconds=1)) == 1
    assert not dead.done(1), "it was not dead after all, and must not give back what is another's"
    assert alive.done(1)
