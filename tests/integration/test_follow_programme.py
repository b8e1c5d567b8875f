"""The function that gives gatherings the rounds of their programmes, called as AWS calls it."""

import json
from dataclasses import replace
from typing import Any

import pytest

from events.envelope import Envelope
from events.programmes import ProgrammeChanged
from events.routes import QueueName
from functions.follow_programme.handler import handler as follow_programme
from functions.relay_outbox.handler import handler as relay_outbox
from shared import seats
from shared.gatherings import service as gathering_planning
from shared.gatherings.dynamo import DynamoGatheringStore
from shared.gatherings.model import Gathering, GatheringChangedMeanwhile
from shared.gatherings.rounds import Round
from shared.gatherings.seating import Move
from shared.messaging.outbox import unsent_since
from shared.programmes import service as planning
from shared.programmes.dynamo import DynamoProgrammeStore
from shared.programmes.model import Programme
from shared.table import Transaction
from tests.support import aws
from tests.support.builders import NETWORK, NOW, a_fact, a_gathering
from tests.support.clock import Clock, Sleep
from tests.support.faults import EVERYTHING, FaultInjector, Trouble
from tests.support.lambdas import came_again, lambda_context, sqs_event, stream_event
from tests.support.programmes import a_programme, a_round


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch, clock: Clock, table: None) -> None:
    monkeypatch.setattr("functions.follow_programme.handler.utcnow", clock)


def plan(**changes: Any) -> Programme:
    return planning.plan(a_programme(**changes), languages=NETWORK.languages, store=DynamoProgrammeStore())


def add(programme: Programme, **changes: Any) -> Gathering:
    store = DynamoGatheringStore()
    gathering = gathering_planning.plan(
        a_gathering(slug="", programme=programme.id, **changes),
        languages=NETWORK.languages,
        programmes=DynamoProgrammeStore(),
        store=store,
    )
    return gathering_planning.publish(gathering.id, store=store, now=NOW, correlation_id="correlation")


def change(programme: Programme, *rounds: Round) -> Programme:
    return planning.change(
        replace(programme, rounds=rounds),
        version=programme.version,
        languages=NETWORK.languages,
        store=DynamoProgrammeStore(),
        gatherings=DynamoGatheringStore(),
        see=seats.see,
        now=NOW,
        correlation_id="correlation",
    )


def changed(programme: Programme) -> Envelope[ProgrammeChanged]:
    return a_fact(ProgrammeChanged(programme_id=programme.id), subject=programme.id, version=programme.version)


def rounds(gathering: Gathering) -> list[str]:
    return [one.id for one in DynamoGatheringStore().get(gathering.id).inherited_rounds]


def test_gatherings_follow_their_programme() -> None:
    programme, other = plan(), plan(slug="andet")
    gatherings = [add(programme), add(programme), add(other)]
    facts = [changed(change(programme, a_round("new"))), changed(change(other, a_round("other")))]

    answer = follow_programme(sqs_event(facts), lambda_context())

    assert came_again(answer) == []
    assert [rounds(one) for one in gatherings] == [["new"], ["new"], ["other"]]


def test_the_fact_comes_by_its_queue() -> None:
    programme = plan()
    change(programme, a_round("new"))
    facts = list(unsent_since(NOW.replace(year=9000)))

    relay_outbox(stream_event(facts), lambda_context())

    [body] = aws.take(QueueName.FOLLOW_PROGRAMME)
    assert json.loads(body)["type"] == "ProgrammeChanged"


def test_twice_and_backwards_is_once() -> None:
    programme = plan()
    gathering = add(programme)
    first = change(programme, a_round("one"))
    second = change(first, a_round("two"))
    facts = [changed(second), changed(first), changed(second)]

    for fact in facts:
        follow_programme(sqs_event([fact]), lambda_context())

    assert rounds(gathering) == ["two"]
    assert DynamoGatheringStore().get(gathering.id).version == gathering.version + 1


def test_rounds_that_do_not_fit_any_more_are_told_and_not_tried_again(capsys: pytest.CaptureFixture[str]) -> None:
    programme = plan()
    full = add(programme, capacity=10)
    after = change(programme, a_round(reserved_seats=4))
    transaction = Transaction()
    seats.move(transaction, full.id, Move(take={"whole": 7}))
    transaction.commit()

    answer = follow_programme(sqs_event([changed(after)]), lambda_context())

    assert came_again(answer) == []
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    assert [one["RoundsUnfit"] for one in told if "RoundsUnfit" in one] == [[1.0]]


def test_what_others_are_changing_comes_again_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    from shared.bootstrap import programmes as bootstrap

    programme, other = plan(), plan(slug="andet")
    busy, free = add(programme), add(other)
    facts = [changed(change(programme, a_round("new"))), changed(change(other, a_round("other")))]

    class Busy(DynamoGatheringStore):
        def save(self, before: Gathering, *more: Any) -> None:
            if before.id == busy.id:
                raise GatheringChangedMeanwhile
            super().save(before, *more)

    monkeypatch.setattr(bootstrap, "gatherings", Busy)

    answer = follow_programme(sqs_event(facts), lambda_context())

    assert came_again(answer) == ["message-1"]
    assert (rounds(busy), rounds(free)) == ([], ["other"])


def test_a_store_in_trouble_costs_nothing_but_time(sleep: Sleep) -> None:
    programme = plan()
    gathering = add(programme)
    after = change(programme, a_round("new"))

    with FaultInjector(operations=EVERYTHING, probability=0.5, kinds=[Trouble.CONFLICT, Trouble.THROTTLED]):
        follow_programme(sqs_event([changed(after)]), lambda_context())

    assert rounds(gathering) == ["new"]
