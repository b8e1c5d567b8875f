"""Others do something between the look and the write, or at the very same moment: on the table alone."""

import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import moto.dynamodb.responses
import pytest

from shared.gatherings.model import FairShare, Gathering
from shared.patience import tries
from shared.refusals import Refusal, StoreUnavailable
from shared.registration import changes
from shared.registration.applying import MOST_TOGETHER, Booker
from shared.registration.model import (
    AlreadyRegistered,
    FairShareReached,
    GatheringFull,
    RegistrationOver,
    Status,
    TooManyAttempts,
)
from shared.registration.ports import Answer
from shared.seats import SeatsItem
from tests.support import aws
from tests.support.builders import NOW, a_gathering, an_application, applicants
from tests.support.clock import Sleep
from tests.support.faults import FaultInjector, Trouble, meanwhile
from tests.support.programmes import a_round
from tests.support.stores import COORDINATOR, GENEROUS, Desk, everybody, in_the_table

AT_ONCE = 16


@pytest.fixture
def desk(table: None) -> Desk:
    return Desk(in_the_table())


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Moto takes one transaction after the other, and each takes long: sixteen at a time have to wait."""
    monkeypatch.setattr(tries, "__defaults__", (timedelta(minutes=2),))


@contextmanager
def one_after_the_other() -> Iterator[None]:
    """Moto takes requests in no order and without any lock of its own: give it one."""
    handler = moto.dynamodb.responses.DynamoHandler
    lock, real = threading.RLock(), handler.call_action

    def locked(self: Any) -> Any:
        with lock:
            return real(self)

    vars_of: Any = handler
    vars_of.call_action = locked
    try:
        yield
    finally:
        vars_of.call_action = real


def at_once(desk: Desk, gathering: Gathering, number: int, **more: Any) -> list[Answer | Refusal]:
    """Let so many people register, sixteen at a time."""

    def come(application: Any) -> Answer | Refusal:
        own = Desk(desk.stores, allowance=desk.allowance)
        own.libraries = desk.libraries
        try:
            return own.register(gathering, application, key=application.name, **more)
        except Refusal as refused:
            return refused

    here, there = applicants(number)[:MOST_TOGETHER], applicants(number)[MOST_TOGETHER:]
    people = [*here, *(replace(one, email=f"{one.name[9:]}@aarhus.example.org", library="775100") for one in there)]
    with one_after_the_other(), ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(come, people))


@pytest.mark.usefixtures("patient")
def test_forty_people_at_once_get_twenty_seats_and_twenty_places(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=20, waiting_list=True))

    answers = at_once(desk, gathering, 40)

    assert [one for one in answers if isinstance(one, Refusal)] == []
    kept = desk.everybody(gathering)
    assert sum(one.status is Status.CONFIRMED for one in kept) == 20
    places = [one.place for one in kept if one.place is not None]
    assert len(places) == len(set(places)) == 20
    positions = [one.position for one in answers if isinstance(one, Answer) and one.position is not None]
    assert sorted(positions) == list(range(1, 21))
    assert [party.place for party in desk.line(gathering)] == sorted(places)
    assert desk.seats(gathering).left["whole"] == 0
    assert desk.seats(gathering).waiting["whole"] == 20


@pytest.mark.usefixtures("patient")
def test_the_last_seats_are_given_once_while_the_store_conflicts(desk: Desk, sleep: Sleep) -> None:
    gathering = desk.publish(a_gathering(capacity=5))

    with FaultInjector(probability=0.3, kinds=(Trouble.CONFLICT, Trouble.LOST_ANSWER)):
        answers = at_once(desk, gathering, 20)

    assert sum(isinstance(one, Answer) for one in answers) == 5
    assert sum(isinstance(one, GatheringFull) for one in answers) == 15
    assert desk.left(gathering) == 0


@pytest.mark.usefixtures("patient")
def test_a_librarys_share_holds_when_all_come_at_once(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(fair_share=FairShare(3)))

    answers = at_once(desk, gathering, 16)

    assert sum(isinstance(one, Answer) for one in answers) == 3
    assert sum(isinstance(one, FairShareReached) for one in answers) == 13
    assert desk.seats(gathering).libraries == {"765700": 3}


@pytest.mark.usefixtures("patient")
def test_the_same_person_many_times_at_once_is_one_registration(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=2))

    with one_after_the_other(), ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(lambda key: Desk(desk.stores).register(gathering, key=f"key {key}"), range(AT_ONCE)))

    assert len({answer.registration_id for answer in answers}) == 1
    assert desk.left(gathering) == 1


@pytest.mark.usefixtures("patient")
def test_seats_given_back_at_once_are_offered_once_each_in_order(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=8, waiting_list=True))
    answers = everybody(desk, gathering, applicants(16))

    def leave(answer: Answer) -> None:
        own = Desk(desk.stores)
        own.cancel(gathering, answer.registration_id)
        own.move_line(gathering)

    with one_after_the_other(), ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(leave, answers[:6]))

    assert desk.statuses(gathering, answers) == [
        *["cancelled"] * 6,
        *["confirmed"] * 2,
        *["offered"] * 6,
        *["waitlisted"] * 2,
    ]
    assert desk.seats(gathering).left["whole"] == 0


def test_the_last_seat_taken_between_look_and_write_is_not_given_again(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1, waiting_list=True))
    first, second = applicants(2)

    with meanwhile(lambda: desk.register(gathering, first)):
        answer = desk.register(gathering, second)

    assert (answer.status, answer.position) == ("waitlisted", 1)


def test_who_meets_another_while_lining_up_asks_for_a_later_place(desk: Desk, sleep: Sleep) -> None:
    gathering = desk.publish(a_gathering(capacity=1, waiting_list=True))
    first, second = applicants(2)
    desk.register(gathering, first)

    # The first write only finds that it is full.
    with FaultInjector(None, Trouble.CONFLICT, Trouble.CONFLICT) as injector:
        answer = desk.register(gathering, second)

    asked_for = [place for body in injector.seen for place in places_in(body)]
    assert len(set(asked_for)) == 3
    assert asked_for == sorted(asked_for), "an earlier place is behind those who came meanwhile"
    assert (answer.status, answer.position) == ("waitlisted", 1)


def test_a_seat_given_back_while_somebody_lines_up_is_theirs_at_once(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1, waiting_list=True))
    first, second = applicants(2)
    seated = desk.register(gathering, first)

    with ExitStack() as then:
        # The first write only finds that it is full; the seat is given back before the second.
        given_back = meanwhile(lambda: desk.cancel(gathering, seated.registration_id))
        with meanwhile(lambda: then.enter_context(given_back)):
            answer = desk.register(gathering, second)

    assert answer.status == "confirmed"


def test_a_gathering_that_changes_between_look_and_write_is_read_again(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1))
    desk.reader.remembered(gathering.slug)

    with meanwhile(lambda: Desk(desk.stores).change(replace(gathering, approval=True))):
        answer = desk.register(gathering)

    assert answer.status == "pending"


def test_a_colleague_who_registers_meanwhile_is_found_on_the_form(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=3))
    people = applicants(3)
    alone: list[Answer] = []

    with meanwhile(lambda: alone.append(desk.register(gathering, people[1]))):
        answers = desk.book(gathering, *people, booker=Booker("Sekretær", "s@herning.example.org"))

    assert answers[1] == alone[0]
    assert desk.left(gathering) == 0


def test_who_leaves_the_line_while_it_moves_is_offered_nothing(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1, waiting_list=True))
    seated, first, second = everybody(desk, gathering, applicants(3))
    desk.cancel(gathering, seated.registration_id)

    with meanwhile(lambda: desk.cancel(gathering, first.registration_id)):
        assert desk.move_line(gathering) == 1

    assert desk.statuses(gathering, (first, second)) == ["cancelled", "offered"]


def test_two_who_move_the_line_offer_a_seat_once(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1, waiting_list=True))
    seated, *waiting = everybody(desk, gathering, applicants(3))
    desk.cancel(gathering, seated.registration_id)

    with meanwhile(lambda: desk.move_line(gathering)):
        assert desk.move_line(gathering) == 0

    assert desk.statuses(gathering, waiting) == ["offered", "waitlisted"]


def test_an_offer_accepted_as_it_lapses_is_one_or_the_other(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1, waiting_list=True))
    seated, first = everybody(desk, gathering, applicants(2))
    desk.cancel(gathering, seated.registration_id)
    desk.move_line(gathering)
    deadline = desk.get(gathering, first.registration_id).deadline
    assert deadline is not None
    late = Desk(desk.stores)
    late.now = deadline

    with meanwhile(lambda: desk.accept(gathering, first.registration_id)):
        assert late.do(changes.lapse, gathering, first.registration_id) is False

    assert desk.statuses(gathering, [first]) == ["confirmed"]


def test_a_seat_cancelled_while_it_is_handed_over_is_gone(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1))
    mine = desk.register(gathering).registration_id

    with meanwhile(lambda: desk.cancel(gathering, mine)), pytest.raises(RegistrationOver):
        desk.hand_over(gathering, mine, "Kollega", "kollega@herning.example.org")

    assert desk.left(gathering) == 1
    assert len(desk.everybody(gathering)) == 1


def test_a_colleague_who_registers_while_a_seat_is_handed_over_keeps_the_own(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=2))
    mine = desk.register(gathering).registration_id
    colleague = applicants(2)[1]

    with meanwhile(lambda: desk.register(gathering, colleague)), pytest.raises(AlreadyRegistered):
        desk.hand_over(gathering, mine, colleague.name, colleague.email)

    assert desk.get(gathering, mine).status is Status.CONFIRMED


def test_a_round_that_ends_while_its_seat_is_given_back_leaves_no_seat_behind(desk: Desk) -> None:
    rounds = (a_round("kept", opens_at=NOW, closes_at=NOW + timedelta(days=1), reserved_seats=1),)
    gathering = desk.publish(a_gathering(capacity=2, rounds=rounds))
    mine = desk.register(gathering).registration_id
    desk.now += timedelta(days=1)

    with meanwhile(lambda: desk.roll_over(gathering)):
        desk.cancel(gathering, mine)

    assert desk.seats(gathering).left["whole"] == 2
    assert "round-kept" not in desk.seats(gathering).left


def test_a_seat_given_back_while_the_round_ends_is_rolled_over_too(desk: Desk) -> None:
    rounds = (a_round("kept", opens_at=NOW, closes_at=NOW + timedelta(days=1), reserved_seats=1),)
    gathering = desk.publish(a_gathering(capacity=2, rounds=rounds))
    mine = desk.register(gathering).registration_id
    desk.now += timedelta(days=1)

    with meanwhile(lambda: desk.cancel(gathering, mine)):
        assert desk.roll_over(gathering) is True

    assert desk.seats(gathering).left["whole"] == 2


def test_a_seat_taken_while_one_is_given_out_of_turn_is_not_given_twice(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1, waiting_list=True))
    seated, first, second = everybody(desk, gathering, applicants(3))
    desk.cancel(gathering, seated.registration_id)

    with meanwhile(lambda: desk.move_line(gathering)), pytest.raises(GatheringFull):
        desk.do(changes.seat_out_of_turn, gathering, second.registration_id, COORDINATOR)

    assert desk.statuses(gathering, (first, second)) == ["offered", "waitlisted"]
    assert desk.stores.registrations.overtakings(gathering.id) == ()


@pytest.mark.parametrize("trouble", [Trouble.LOST_ANSWER, Trouble.CONFLICT, Trouble.IN_PROGRESS, Trouble.SERVER_ERROR])
def test_one_request_in_trouble_takes_one_seat(desk: Desk, sleep: Sleep, trouble: Trouble) -> None:
    gathering = desk.publish(a_gathering(capacity=3))

    with FaultInjector(trouble, trouble):
        answers = desk.book(gathering, *applicants(2), booker=Booker("Sekretær", "s@herning.example.org"))

    assert [answer.status for answer in answers] == ["confirmed", "confirmed"]
    assert desk.left(gathering) == 1


def test_a_store_that_stays_away_keeps_nothing_and_the_same_key_is_safe(desk: Desk, sleep: Sleep) -> None:
    gathering = desk.publish(a_gathering(capacity=1))

    with FaultInjector(probability=1, kinds=(Trouble.THROTTLED,)), pytest.raises(StoreUnavailable):
        desk.register(gathering, key="the same")

    assert desk.left(gathering) == 1
    assert desk.register(gathering, key="the same").status == "confirmed"


def test_a_lost_answer_and_a_new_try_are_one_registration(desk: Desk, sleep: Sleep) -> None:
    gathering = desk.publish(a_gathering(capacity=2))

    with (
        FaultInjector(Trouble.LOST_ANSWER, probability=1, kinds=(Trouble.UNREACHABLE,)),
        pytest.raises(StoreUnavailable),
    ):
        desk.register(gathering, key="the same")

    assert desk.left(gathering) == 1
    assert desk.register(gathering, key="the same").status == "confirmed"
    assert desk.left(gathering) == 1


@pytest.mark.usefixtures("patient")
def test_limits_are_counted_at_the_same_moment_too(desk: Desk) -> None:
    desk.allowance = replace(GENEROUS, network_per_second=4)
    gathering = desk.publish(a_gathering())

    answers = at_once(desk, gathering, 16)

    assert sum(isinstance(one, Answer) for one in answers) == 4
    assert sum(isinstance(one, TooManyAttempts) for one in answers) == 12


def test_an_application_that_is_wrong_is_refused_whatever_happens(desk: Desk, sleep: Sleep) -> None:
    gathering = desk.publish(a_gathering())

    with FaultInjector(probability=1, kinds=(Trouble.CONFLICT,)), pytest.raises(Refusal):
        desk.register(gathering, an_application(name=""))


@pytest.mark.usefixtures("patient")
def test_the_share_of_merged_libraries_holds_when_all_come_at_once(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(fair_share=FairShare(3)))
    mine = desk.register(gathering, an_application(name="Fra Ikast", library="775600"))
    desk.libraries.merge("775600", "765700", version=0)

    with FaultInjector(probability=0.2, kinds=(Trouble.CONFLICT,)):
        answers = at_once(desk, gathering, 16)

    assert sum(isinstance(one, Answer) for one in answers) == 2
    assert desk.seats(gathering).libraries == {"765700": 2, "775600": 1}
    assert desk.get(gathering, mine.registration_id).participant.library == "775600"


def test_seats_can_be_had_where_all_domains_and_libraries_have_been(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(fair_share=FairShare(3)))
    row = SeatsItem.get(f"GATHERING#{gathering.id}", "SEATS")
    row.unproven = {f"{number:03x}": 100 for number in range(4096)}
    row.libraries = {library.id: 2 for library in desk.libraries.all()}
    row.save()

    assert desk.register(gathering).status == "confirmed"
    [seats] = [row for row in aws.rows() if row["sk"]["S"] == "SEATS"]
    assert len(str(seats["unproven"]) + str(seats["libraries"])) < 200_000, "DynamoDB takes 400 KB, and counts less"


def places_in(body: Mapping[str, Any]) -> list[str]:
    """Return the places in the line that a transaction gives out."""
    keys = [part["Put"]["Item"]["sk"]["S"] for part in body["TransactItems"] if "Put" in part]
    return [key for key in keys if key.startswith("LINE#")]
