"""From a full gathering to a seat, whatever delivery is like: what is given back goes to the head of the line."""

from datetime import timedelta

import pytest

from shared.gatherings.rounds import Who
from shared.notify.model import MailKind
from shared.registration.applying import Booker
from tests.support.builders import NOW, a_gathering, an_application, applicants
from tests.support.faults import FaultInjector, Trouble
from tests.support.programmes import a_round
from tests.support.stores import everybody
from tests.support.world import Weather, World

pytestmark = pytest.mark.usefixtures("table")

EVERY_WEATHER = pytest.mark.parametrize(
    "world",
    [Weather(twice, backwards) for twice in (False, True) for backwards in (False, True)],
    indirect=True,
    ids=str,
)


@pytest.fixture
def world(request: pytest.FixtureRequest, table: None) -> World:
    return World(getattr(request, "param", None))


def kinds(world: World, registration_id: str | None) -> list[MailKind]:
    """Return which mails have left about a registration."""
    return [mail.kind for mail in world.mailer.asked if mail.subject_id == registration_id]


@EVERY_WEATHER
def test_a_seat_given_back_is_offered_once_and_accepted(world: World) -> None:
    gathering = world.desk.publish(a_gathering(capacity=1, waiting_list=True))
    seated, first, second = everybody(world.desk, gathering, applicants(3))
    world.pump()

    world.desk.cancel(gathering, seated.registration_id)
    world.pump()
    assert world.desk.statuses(gathering, (seated, first, second)) == ["cancelled", "offered", "waitlisted"]

    world.desk.accept(gathering, first.registration_id)
    world.pump()

    assert world.desk.statuses(gathering, (first, second)) == ["confirmed", "waitlisted"]
    assert kinds(world, first.registration_id) == [MailKind.WAITLIST, MailKind.OFFER, MailKind.CONFIRMATION]
    assert kinds(world, second.registration_id) == [MailKind.WAITLIST]
    assert world.dead == []


@EVERY_WEATHER
def test_an_offer_that_nobody_takes_wanders_down_the_line(world: World) -> None:
    gathering = world.desk.publish(a_gathering(capacity=1, waiting_list=True))
    answers = everybody(world.desk, gathering, applicants(3))
    world.desk.cancel(gathering, answers[0].registration_id)
    world.pump()

    world.desk.now = world.desk.get(gathering, answers[1].registration_id).deadline or world.desk.now
    world.sweep_deadlines()
    assert world.desk.statuses(gathering, answers) == ["cancelled", "expired", "offered"]

    world.desk.now = world.desk.get(gathering, answers[2].registration_id).deadline or world.desk.now
    world.sweep_deadlines()
    assert world.desk.statuses(gathering, answers) == ["cancelled", "expired", "expired"]
    assert world.desk.left(gathering) == 1
    assert kinds(world, answers[1].registration_id)[-1] is MailKind.EXPIRY


@EVERY_WEATHER
def test_a_hold_that_nobody_proves_becomes_somebody_elses_seat(world: World) -> None:
    gathering = world.desk.publish(a_gathering(capacity=1, waiting_list=True))
    held = world.desk.register(gathering, an_application(email="deltager@gratis.example.net"))
    waiting = world.desk.register(gathering, applicants(2)[1])
    world.pump()

    world.desk.now = world.desk.get(gathering, held.registration_id).deadline or world.desk.now
    world.sweep_deadlines()

    assert world.desk.statuses(gathering, (held, waiting)) == ["expired", "offered"]


@EVERY_WEATHER
def test_a_larger_gathering_lets_the_line_move_by_itself(world: World) -> None:
    gathering = world.desk.publish(a_gathering(capacity=1, waiting_list=True))
    answers = everybody(world.desk, gathering, applicants(4))
    world.pump()

    world.desk.edit(gathering, capacity=3)
    world.pump()

    assert world.desk.statuses(gathering, answers) == ["confirmed", "offered", "offered", "waitlisted"]


@EVERY_WEATHER
def test_reserved_seats_that_nobody_took_reach_the_line(world: World) -> None:
    rounds = (
        a_round("kept", closes_at=NOW + timedelta(days=1), who=Who(libraries=("775100",)), reserved_seats=2),
        a_round("open", closes_at=None),
    )
    gathering = world.desk.publish(a_gathering(capacity=2, waiting_list=True, rounds=rounds))
    answers = everybody(world.desk, gathering, applicants(3))
    world.pump()
    assert world.desk.statuses(gathering, answers) == ["waitlisted"] * 3

    world.desk.now += timedelta(days=1)
    world.sweep_deadlines()

    assert world.desk.statuses(gathering, answers) == ["offered", "offered", "waitlisted"]


@EVERY_WEATHER
def test_a_group_waits_and_is_offered_seats_together(world: World) -> None:
    gathering = world.desk.publish(a_gathering(capacity=2, waiting_list=True))
    *seated, third, fourth = applicants(4)
    first = everybody(world.desk, gathering, seated)
    group = world.desk.book(gathering, third, fourth, booker=Booker("Sekretær", "sekretaer@herning.example.org"))
    world.pump()

    world.desk.cancel(gathering, first[0].registration_id)
    world.pump()
    assert world.desk.statuses(gathering, group) == ["waitlisted", "waitlisted"]

    world.desk.cancel(gathering, first[1].registration_id)
    world.pump()
    assert world.desk.statuses(gathering, group) == ["offered", "offered"]


def test_a_store_that_conflicts_loses_nobody_in_the_line(world: World, sleep: object) -> None:
    gathering = world.desk.publish(a_gathering(capacity=2, waiting_list=True))

    with FaultInjector(probability=0.3, kinds=[Trouble.CONFLICT, Trouble.THROTTLED, Trouble.LOST_ANSWER]):
        answers = everybody(world.desk, gathering, applicants(5))
        for answer in answers[:2]:
            world.desk.cancel(gathering, answer.registration_id)
        world.pump()

    assert world.desk.statuses(gathering, answers) == [*["cancelled"] * 2, *["offered"] * 2, "waitlisted"]
    assert world.dead == []
