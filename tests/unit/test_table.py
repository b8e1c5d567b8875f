"""One transaction, and patience with a busy store: seen from outside, through a real client."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings, strategies as st
from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import DoesNotExist, GetError, TransactWriteError

from shared.refusals import StoreUnavailable
from shared.table import ConditionsFailed, Item, Transaction, patiently
from tests.support.clock import Sleep
from tests.support.faults import EVERYTHING, FaultInjector, Trouble, answer_with, cancelled, store_client

pytestmark = pytest.mark.usefixtures("table")

BUSY = [trouble for trouble in Trouble if trouble not in (Trouble.DENIED, Trouble.LOST_ANSWER)]


class CountItem(Item):
    number = NumberAttribute(default=0)


def an_item(name: str, count: int = 0) -> CountItem:
    return CountItem(name, "COUNT", number=count)


def kept(name: str) -> int:
    return int(CountItem.get(name, "COUNT").number)


def everything_there_is(*, fails: frozenset[str]) -> Transaction:
    """A transaction of two parts of each kind, added in an order that PynamoDB does not keep."""
    for name in ("check 1", "check 2", "delete 1", "delete 2", "put 1", "put 2", "update 1", "update 2"):
        an_item(name, count=1).save()
    transaction = Transaction()
    for number in (2, 1):
        for kind in ("update", "put", "delete", "check"):
            name = f"{kind} {number}"
            condition = CountItem.number == (99 if name in fails else 1)
            match kind:
                case "update":
                    transaction.update(name, an_item(name), [CountItem.number.add(1)], condition)
                case "put":
                    transaction.put(name, an_item(name, count=7), condition)
                case "delete":
                    transaction.delete(name, an_item(name), condition)
                case "check":
                    transaction.check(name, CountItem, name, "COUNT", condition)
    return transaction


@settings(max_examples=25)
@given(
    fails=st.frozensets(
        st.sampled_from([f"{kind} {n}" for kind in ("check", "delete", "put", "update") for n in (1, 2)]), min_size=1
    )
)
def test_every_failed_condition_is_told_by_its_own_label(fails: frozenset[str]) -> None:
    transaction = everything_there_is(fails=fails)

    with pytest.raises(ConditionsFailed) as refused:
        transaction.commit()

    assert set(refused.value.items) == fails


def test_a_failed_condition_shows_the_item_as_it_was() -> None:
    transaction = everything_there_is(fails=frozenset({"put 1", "update 2"}))

    with pytest.raises(ConditionsFailed) as refused:
        transaction.commit()

    shown = {label: (item["pk"]["S"], item["number"]["N"]) for label, item in refused.value.items.items()}
    assert shown == {"put 1": ("put 1", "1"), "update 2": ("update 2", "1")}


def test_nothing_is_written_when_one_condition_fails() -> None:
    transaction = everything_there_is(fails=frozenset({"check 1"}))

    with pytest.raises(ConditionsFailed):
        transaction.commit()

    assert [kept(name) for name in ("delete 1", "put 1", "update 1")] == [1, 1, 1]


def test_everything_is_written_when_all_conditions_hold() -> None:
    everything_there_is(fails=frozenset()).commit()

    assert (kept("put 1"), kept("update 1"), kept("check 1")) == (7, 2, 1)
    with pytest.raises(DoesNotExist):
        kept("delete 1")


def test_an_item_that_is_not_there_is_shown_as_nothing() -> None:
    transaction = Transaction()
    transaction.update("update", an_item("nothing"), [CountItem.number.add(1)], CountItem.pk.exists())

    with pytest.raises(ConditionsFailed) as refused:
        transaction.commit()

    assert refused.value.items == {"update": {}}


@pytest.mark.parametrize("at", range(4), ids=["check", "delete", "put", "update"])
def test_reasons_are_read_in_the_order_in_which_the_parts_are_sent(at: int, sleep: Sleep) -> None:
    transaction = Transaction()
    transaction.update("update", an_item("a"), [CountItem.number.add(1)])
    transaction.put("put", an_item("b"))
    transaction.delete("delete", an_item("c"))
    transaction.check("check", CountItem, "d", "COUNT", CountItem.pk.does_not_exist())
    codes = ["None"] * 4
    codes[at] = "ConditionalCheckFailed"

    stop = answer_with(store_client(), "TransactWriteItems", lambda body: cancelled(codes))

    with pytest.raises(ConditionsFailed) as refused:
        transaction.commit()
    stop()

    assert list(refused.value.items) == [("check", "delete", "put", "update")[at]]


def a_put() -> Transaction:
    transaction = Transaction()
    transaction.put("put", an_item("a", count=1), CountItem.pk.does_not_exist())
    transaction.update("update", an_item("b"), [CountItem.number.add(1)])
    return transaction


@pytest.mark.parametrize("trouble", BUSY)
def test_a_busy_store_is_asked_again(trouble: Trouble, sleep: Sleep) -> None:
    with FaultInjector(trouble, trouble) as injector:
        a_put().commit()

    assert injector.troubles == [trouble, trouble]
    assert len(sleep.pauses) == 2
    assert kept("a") == 1


@pytest.mark.parametrize("trouble", BUSY)
def test_a_store_that_stays_busy_is_given_up_in_time(trouble: Trouble, sleep: Sleep) -> None:
    with FaultInjector(probability=1, kinds=[trouble]), pytest.raises(StoreUnavailable):
        a_put().commit()

    assert 3 < sleep.monotonic() < 5
    with pytest.raises(DoesNotExist):
        kept("a")


def test_a_lost_answer_is_asked_for_again_and_written_once(sleep: Sleep) -> None:
    an_item("b", count=5).save()

    with FaultInjector(Trouble.LOST_ANSWER, Trouble.CONFLICT) as injector:
        a_put().commit()

    assert len({request["ClientRequestToken"] for request in injector.seen}) == 1
    assert len(injector.seen) == 3
    assert kept("b") == 6


def test_every_transaction_has_a_token_of_its_own() -> None:
    with FaultInjector() as injector:
        for name in ("a", "b"):
            transaction = Transaction()
            transaction.put("put", an_item(name))
            transaction.commit()

    assert len({request["ClientRequestToken"] for request in injector.seen}) == 2


def test_a_failed_condition_alone_is_not_tried_again(sleep: Sleep) -> None:
    an_item("a").save()

    with FaultInjector() as injector, pytest.raises(ConditionsFailed):
        a_put().commit()

    assert len(injector.seen) == 1
    assert sleep.pauses == []


def test_what_is_no_fault_of_the_store_is_told_at_once(sleep: Sleep) -> None:
    with FaultInjector(Trouble.DENIED) as injector, pytest.raises(TransactWriteError):
        a_put().commit()

    assert len(injector.seen) == 1


def test_reading_is_patient_too(sleep: Sleep) -> None:
    an_item("a", count=3).save()

    with FaultInjector(Trouble.THROTTLED, Trouble.UNREACHABLE, Trouble.LOST_ANSWER, operations=EVERYTHING):
        found = patiently(lambda: kept("a"))

    assert found == 3
    assert len(sleep.pauses) == 3


def test_half_of_all_answers_may_be_conflicts(sleep: Sleep) -> None:
    with FaultInjector(probability=0.5, kinds=[Trouble.CONFLICT, Trouble.CONFLICT_BESIDE_CONDITION]) as injector:
        for _ in range(20):
            transaction = Transaction()
            transaction.update("update", an_item("b"), [CountItem.number.add(1)])
            transaction.commit()

    assert kept("b") == 20
    assert 5 < len(injector.troubles) < 60


def busy_for(times: int) -> Callable[[], str]:
    answers = iter([False] * times + [True])

    def attempt() -> str:
        if next(answers):
            return "answer"
        throttled = ClientError({"Error": {"Code": "ThrottlingException"}}, "GetItem")
        raise GetError(cause=throttled)

    return attempt


def test_pauses_grow_and_are_never_the_same_for_everybody() -> None:
    pauses = []
    for _ in range(50):
        sleep = Sleep()
        patiently(busy_for(7), patience=timedelta(minutes=1), sleep=sleep, monotonic=sleep.monotonic)
        pauses.append(sleep.pauses)

    for at, ceiling in enumerate([0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.0]):
        column = [one[at] for one in pauses]
        assert 0 <= min(column) < max(column) <= ceiling
        assert len(set(column)) == 50


@given(patience=st.floats(min_value=0, max_value=30))
def test_nobody_is_kept_waiting_beyond_the_patience(patience: float) -> None:
    sleep = Sleep()

    with pytest.raises(StoreUnavailable):
        patiently(busy_for(10_000), patience=timedelta(seconds=patience), sleep=sleep, monotonic=sleep.monotonic)

    assert sleep.monotonic() <= patience


def test_what_is_not_the_stores_passes_through() -> None:
    def attempt() -> None:
        raise KeyError("ours")

    with pytest.raises(KeyError):
        patiently(attempt)
