"""From the outbox to the queues: at least once, and never lost, on queues in memory and in SQS."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from events.envelope import Envelope
from events.gatherings import GatheringPublished
from events.registration import RegistrationCancelled, RegistrationConfirmed
from events.routes import QueueName
from shared.messaging.outbox import OutboxItem, announce, mark_sent, unsent_since
from shared.messaging.relay import relay
from shared.messaging.sqs import Queues
from shared.table import Transaction
from tests.support import aws
from tests.support.builders import NOW, a_fact
from tests.support.memory import InMemoryQueues

LATER = NOW + timedelta(seconds=1)
MAIL = QueueName.SEND_REGISTRATION_MAIL


@dataclass
class Post:
    """Queues, and what is on them."""

    queues: Any
    take: Callable[[QueueName], list[str]]


@pytest.fixture(params=["memory", "sqs"])
def post(request: pytest.FixtureRequest) -> Post:
    if request.param == "memory":
        queues = InMemoryQueues()
        return Post(queues, queues.take)
    request.getfixturevalue("table")
    return Post(Queues(aws.client("sqs"), aws.QUEUE_URLS), aws.take)


def confirmations(number: int) -> list[Envelope[Any]]:
    return [a_fact(RegistrationConfirmed(registration_id=f"r{at}", gathering_id="g")) for at in range(number)]


def bodies(facts: Iterable[Envelope[Any]]) -> list[str]:
    return [fact.model_dump_json() for fact in facts]


class Marks:
    """Which facts were marked as sent."""

    def __init__(self) -> None:
        self.ids: list[str] = []

    def __call__(self, ids: Iterable[str]) -> None:
        self.ids += ids


def test_a_fact_goes_to_the_queues_of_its_route(post: Post) -> None:
    [fact] = confirmations(1)
    marks = Marks()

    relayed = relay(bodies([fact]), queues=post.queues, mark_sent=marks)

    assert post.take(MAIL) == bodies([fact])
    assert post.take(QueueName.NOTE_MAIL_FAILURE) == []
    assert relayed.sent == (fact.id,) == tuple(marks.ids)


def test_more_facts_than_a_call_takes_all_arrive(post: Post) -> None:
    facts = confirmations(23)

    relay(bodies(facts), queues=post.queues, mark_sent=Marks())

    assert sorted(post.take(MAIL)) == sorted(bodies(facts))


def test_more_bytes_than_a_call_takes_all_arrive(post: Post) -> None:
    facts = [fact.model_copy(update={"correlation_id": "x" * 200_000}) for fact in confirmations(8)]

    relay(bodies(facts), queues=post.queues, mark_sent=Marks())

    assert len(post.take(MAIL)) == 8


def test_a_fact_that_nobody_waits_for_counts_as_sent(post: Post) -> None:
    fact = a_fact(GatheringPublished(gathering_id="g"))
    marks = Marks()

    relayed = relay(bodies([fact]), queues=post.queues, mark_sent=marks)

    assert marks.ids == [fact.id]
    assert relayed.unrouted == ()


def test_a_fact_of_an_unknown_type_stays_and_stops_no_other(post: Post) -> None:
    known, unknown = confirmations(2)
    marks = Marks()

    relayed = relay(
        [unknown.model_dump_json().replace("RegistrationConfirmed", "SeatSold"), known.model_dump_json()],
        queues=post.queues,
        mark_sent=marks,
    )

    assert marks.ids == [known.id]
    assert relayed.unrouted == (unknown.id,)
    assert post.take(MAIL) == bodies([known])


def test_what_a_full_queue_did_not_take_stays() -> None:
    queues = InMemoryQueues()
    queues.full = {MAIL}
    [fact] = confirmations(1)
    marks = Marks()

    relayed = relay(bodies([fact]), queues=queues, mark_sent=marks)

    assert marks.ids == []
    assert relayed.failed == {fact.id}


class HalfTaken:
    """An SQS that answers 200 and takes only part of each batch."""

    def __init__(self, *refused: str) -> None:
        self.refused = refused
        self.batches: list[list[str]] = []

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:
        self.batches.append([entry["Id"] for entry in Entries])
        failed = [{"Id": entry["Id"], "SenderFault": False, "Code": "InternalError"} for entry in Entries]
        return {"Successful": [], "Failed": [one for one in failed if one["Id"] in self.refused]}


def test_what_sqs_says_it_did_not_take_is_read() -> None:
    facts = confirmations(12)
    sqs: Any = HalfTaken("1")
    marks = Marks()

    relayed = relay(bodies(facts), queues=Queues(sqs, aws.QUEUE_URLS), mark_sent=marks)

    assert sqs.batches == [[str(at) for at in range(10)], ["0", "1"]]
    assert relayed.failed == {facts[1].id, facts[11].id}
    assert set(marks.ids) == {fact.id for fact in facts} - relayed.failed


def test_a_batch_is_never_larger_than_sqs_takes() -> None:
    sqs: Any = HalfTaken()
    facts = [fact.model_copy(update={"correlation_id": "æ" * 150_000}) for fact in confirmations(5)]

    relay(bodies(facts), queues=Queues(sqs, aws.QUEUE_URLS), mark_sent=Marks())

    assert [len(batch) for batch in sqs.batches] == [3, 2]


def put_out(fact: Envelope[Any]) -> None:
    transaction = Transaction()
    announce(transaction, fact)
    transaction.commit()


@pytest.mark.usefixtures("table")
def test_a_fact_waits_in_the_outbox_until_it_is_marked() -> None:
    first, second = confirmations(2)
    put_out(first)
    put_out(second)

    mark_sent([first.id])

    assert list(unsent_since(LATER)) == bodies([second])


@pytest.mark.usefixtures("table")
def test_marking_twice_is_marking_once() -> None:
    [fact] = confirmations(1)
    put_out(fact)

    mark_sent([fact.id, fact.id])
    mark_sent([fact.id])

    assert list(unsent_since(LATER)) == []
    assert len(aws.rows()) == 1


@pytest.mark.usefixtures("table")
def test_more_facts_than_a_transaction_holds_are_marked() -> None:
    facts = confirmations(101)
    for fact in facts:
        OutboxItem.of(fact).save()

    mark_sent(fact.id for fact in facts)

    assert list(unsent_since(LATER)) == []


@pytest.mark.usefixtures("table")
def test_only_what_has_waited_is_found_and_the_oldest_first() -> None:
    facts = [
        a_fact(RegistrationCancelled(registration_id="r", gathering_id="g")).model_copy(
            update={"at": NOW + timedelta(minutes=minutes)}
        )
        for minutes in (2, 0, 1, 5)
    ]
    for fact in facts:
        put_out(fact)

    found = list(unsent_since(NOW + timedelta(minutes=5)))

    assert found == bodies([facts[1], facts[2], facts[0]])


@pytest.mark.usefixtures("table")
def test_outbox_rows_expire_after_a_week() -> None:
    [fact] = confirmations(1)
    put_out(fact)

    [row] = aws.rows()

    assert int(row["expires_at"]["N"]) == int((NOW + timedelta(days=7)).timestamp())
