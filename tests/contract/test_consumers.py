"""Each consumer eats a sample of every fact that is routed to it."""

import importlib

import pytest

from events import generate
from events.catalog import CATALOG
from events.envelope import Contract
from events.routes import ROUTES, QueueName
from tests.support.lambdas import came_again, lambda_context, sqs_event

ROUTED = [
    pytest.param(fact, queue, id=f"{fact.TYPE}.v{fact.VERSION} on {queue}")
    for fact in CATALOG.values()
    for queue in ROUTES[fact.TYPE]
]


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize(("fact", "queue"), ROUTED)
def test_every_sample_is_eaten_by_whom_it_goes_to(fact: type[Contract], queue: QueueName) -> None:
    module = importlib.import_module(f"functions.{queue.replace('-', '_')}.handler")
    sample = (generate.SAMPLES / generate.file_name(fact)).read_text(encoding="utf-8")

    answer = module.handler(sqs_event([sample, sample]), lambda_context())

    assert came_again(answer) == []


@pytest.mark.parametrize("queue", QueueName)
def test_every_queue_is_named_after_a_function(queue: QueueName) -> None:
    module = importlib.import_module(f"functions.{queue.replace('-', '_')}.handler")

    assert callable(module.handler)
