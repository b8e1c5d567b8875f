"""A batch from a queue: each message stands for itself."""

from collections.abc import Sequence
from typing import Any

import pytest

from events.envelope import Envelope
from events.registration import RegistrationConfirmed
from shared.messaging.batch import consume
from tests.support.builders import a_fact
from tests.support.lambdas import came_again, sqs_event


def facts(number: int) -> list[Envelope[Any]]:
    return [a_fact(RegistrationConfirmed(registration_id=f"r{at}", gathering_id="g")) for at in range(number)]


class Consumer:
    """Takes facts, and gives back those in `again`."""

    def __init__(self, *again: str) -> None:
        self.again = set(again)
        self.batches: list[list[str]] = []

    def __call__(self, batch: Sequence[Envelope[Any]]) -> set[str]:
        self.batches.append([fact.id for fact in batch])
        return self.again & {fact.id for fact in batch}


def test_a_batch_is_handed_over_whole() -> None:
    sent, consumer = facts(3), Consumer()

    answer = consume(sqs_event(sent), consumer)

    assert consumer.batches == [[fact.id for fact in sent]]
    assert came_again(answer) == []


@pytest.mark.parametrize(
    "poison",
    ["", "not JSON", "{}", '{"type": "SeatSold", "version": 1}', '{"type": "RegistrationConfirmed", "version": 9}'],
)
def test_poison_comes_again_alone(poison: str) -> None:
    first, last = facts(2)
    consumer = Consumer()

    answer = consume(sqs_event([first, poison, last]), consumer)

    assert came_again(answer) == ["message-2"]
    assert consumer.batches == [[first.id, last.id]]


def test_a_batch_of_nothing_but_poison_reaches_nobody() -> None:
    consumer = Consumer()

    assert came_again(consume(sqs_event(["x", "y"]), consumer)) == ["message-1", "message-2"]
    assert consumer.batches == []


def test_the_same_fact_twice_in_a_batch_is_handed_over_once() -> None:
    [fact] = facts(1)
    consumer = Consumer()

    answer = consume(sqs_event([fact, fact]), consumer)

    assert consumer.batches == [[fact.id]]
    assert came_again(answer) == []


def test_what_is_given_back_comes_again_with_its_twins() -> None:
    first, second = facts(2)
    consumer = Consumer(first.id)

    answer = consume(sqs_event([first, second, first]), consumer)

    assert came_again(answer) == ["message-1", "message-3"]


def test_trouble_is_raised_so_that_the_whole_batch_comes_again() -> None:
    def trouble(batch: Sequence[Envelope[Any]]) -> set[str]:
        raise RuntimeError("trouble")

    with pytest.raises(RuntimeError):
        consume(sqs_event(facts(1)), trouble)
