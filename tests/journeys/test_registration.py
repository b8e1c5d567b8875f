"""From the form to the inbox and back again, whatever delivery is like."""

from datetime import timedelta

import pytest

from shared.gatherings.model import Gathering
from shared.links import Purpose
from shared.notify.model import SENDING_FOR, MailId, MailKind, Refused, Sent, Throttled, Unknown
from shared.registration.model import GatheringFull, Status
from tests.support.builders import a_gathering, a_session, an_application, applicants
from tests.support.clock import Sleep
from tests.support.faults import FaultInjector, Trouble
from tests.support.mails import LINKS
from tests.support.memory_mail import InMemoryMailer
from tests.support.ses import a_bounce, a_complaint
from tests.support.stores import everybody
from tests.support.world import BEST_AND_WORST, EVERY_WEATHER, World

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def gathering(world: World) -> Gathering:
    return world.desk.publish(a_gathering(title={"da": "Kursus"}, capacity=3))


def confirmation(gathering: Gathering, registration_id: str) -> MailId:
    return MailId(gathering.id, registration_id, MailKind.CONFIRMATION, "one")


@EVERY_WEATHER
def test_who_registers_gets_one_mail_and_who_cancels_another(world: World, gathering: Gathering) -> None:
    registration_id = world.register(gathering)
    world.pump()
    assert world.subjects() == ["Du er tilmeldt: Kursus"]

    token = world.inbox()[0].link.rpartition("/")[2]
    ids = LINKS.read(Purpose.REGISTRATION, token, now=world.desk.now)
    world.desk.cancel(gathering, ids[1])
    world.pump()

    assert ids == (gathering.id, registration_id, "1")
    confirmed, cancelled = world.inbox()
    assert confirmed.event["UID"] == cancelled.event["UID"]
    assert confirmed.event["SEQUENCE"] < cancelled.event["SEQUENCE"]
    assert world.desk.left(gathering) == 3
    assert world.dead == []


@EVERY_WEATHER
def test_who_cancels_before_any_mail_has_left_gets_the_cancellation_alone(world: World, gathering: Gathering) -> None:
    registration_id = world.register(gathering)
    world.desk.cancel(gathering, registration_id)

    world.pump()

    [mail] = world.inbox()
    assert mail.header("Subject") == "Du er afmeldt: Kursus"
    assert mail.calendars == [], "no calendar holds it"


@EVERY_WEATHER
def test_who_comes_back_has_a_registration_and_mails_of_its_own(world: World, gathering: Gathering) -> None:
    first = world.register(gathering)
    world.pump()
    world.desk.cancel(gathering, first)
    world.pump()

    second = world.register(gathering)
    world.pump()

    uids = [str(mail.event["UID"]) for mail in world.inbox()]
    assert uids == [f"{first}-one", f"{first}-one", f"{second}-one"]
    assert world.desk.get(gathering, second).status is Status.CONFIRMED


@EVERY_WEATHER
def test_who_registers_twice_gets_the_link_again_and_keeps_one_seat(world: World, gathering: Gathering) -> None:
    first, again = world.register(gathering), world.register(gathering)

    world.pump()

    assert first == again
    assert sorted(world.subjects()) == ["Du er tilmeldt: Kursus", "Her er dit link: Kursus"]
    assert world.desk.left(gathering) == 2


@EVERY_WEATHER
def test_each_day_of_a_course_finds_its_way_to_the_calendar(world: World) -> None:
    sessions = tuple(a_session(f"2026-10-0{day}T09:00", id=f"day-{day}") for day in (5, 6, 7))
    course = world.desk.publish(a_gathering(sessions=sessions))
    registration_id = world.register(course)

    world.pump()

    uids = {str(mail.event["UID"]) for mail in world.inbox()}
    assert uids == {f"{registration_id}-day-{day}" for day in (5, 6, 7)}
    assert len(world.inbox()) == 3


@EVERY_WEATHER
def test_as_many_as_there_are_seats_are_seated_and_told(world: World, gathering: Gathering) -> None:
    people = applicants(5)
    everybody(world.desk, gathering, people[:3])
    for late in people[3:]:
        with pytest.raises(GatheringFull):
            world.desk.register(gathering, late)

    world.pump()

    told = [len(world.inbox(person.email)) for person in people]
    assert told == [1, 1, 1, 0, 0]


@EVERY_WEATHER
def test_a_bounce_shows_on_the_registration(world: World, gathering: Gathering) -> None:
    registration_id = world.register(gathering)
    world.pump()

    world.report(a_bounce(confirmation(gathering, registration_id)))

    assert world.desk.get(gathering, registration_id).mail_problem == "bounced"


@EVERY_WEATHER
def test_the_worse_of_two_problems_shows(world: World, gathering: Gathering) -> None:
    registration_id = world.register(gathering)
    world.pump()
    mail = confirmation(gathering, registration_id)

    world.report(a_bounce(mail), a_complaint(mail))

    assert world.desk.get(gathering, registration_id).mail_problem == "complained"


def test_a_mail_that_is_refused_is_tried_again_and_then_shows(table: None) -> None:
    world = World(mailer=InMemoryMailer(Refused(), Refused(), Refused(), Refused()))
    gathering = world.desk.publish(a_gathering())
    registration_id = world.register(gathering)

    world.pump()

    assert len(world.mailer.asked) == 3
    assert world.desk.get(gathering, registration_id).mail_problem == "refused"
    assert world.dead == []


def test_a_throttled_mail_arrives_in_the_end(table: None) -> None:
    world = World(mailer=InMemoryMailer(Throttled(), Refused(), Throttled(), Sent("m")))
    gathering = world.desk.publish(a_gathering())
    registration_id = world.register(gathering)

    world.pump()

    assert len(world.inbox()) == 1
    assert world.desk.get(gathering, registration_id).mail_problem is None


@EVERY_WEATHER
def test_a_mail_of_which_nobody_knows_is_never_sent_again_and_shows(world: World, gathering: Gathering) -> None:
    world.mailer.outcomes = [Unknown()]
    registration_id = world.register(gathering)

    world.pump()

    assert len(world.mailer.asked) == 1
    assert world.desk.get(gathering, registration_id).mail_problem == "unknown"


def test_a_crash_while_sending_shows_after_a_while(world: World, gathering: Gathering) -> None:
    registration_id = world.register(gathering)
    world.desk.stores.ledger.claim([confirmation(gathering, registration_id)], now=world.desk.now)
    world.pump()

    world.desk.now += SENDING_FOR + timedelta(seconds=1)
    swept = world.sweep()

    assert swept == 1
    assert world.inbox() == []
    assert world.desk.get(gathering, registration_id).mail_problem == "unknown"


def test_poison_ends_among_the_dead_letters_and_hurts_nobody(world: World, gathering: Gathering) -> None:
    from events.routes import QueueName

    world.register(gathering)
    poison = '{"type": "SeatSold", "version": 1}'
    world.queues.letters[QueueName.SEND_REGISTRATION_MAIL].append(poison)

    world.pump()

    assert world.dead == [poison]
    assert len(world.inbox()) == 1


@EVERY_WEATHER
def test_a_full_queue_delays_and_loses_nothing(world: World, gathering: Gathering) -> None:
    from events.routes import QueueName

    world.register(gathering)
    world.queues.full = {QueueName.SEND_REGISTRATION_MAIL}
    world._relay()
    assert world.inbox() == []

    world.queues.full = set()
    world.pump()

    assert len(world.inbox()) == 1


@BEST_AND_WORST
def test_a_store_that_conflicts_half_of_the_time_changes_nothing_for_anybody(world: World, sleep: Sleep) -> None:
    gathering = world.desk.publish(a_gathering(capacity=5))
    kinds = [Trouble.CONFLICT, Trouble.CONFLICT_BESIDE_CONDITION, Trouble.THROTTLED, Trouble.LOST_ANSWER]

    with FaultInjector(probability=0.4, kinds=kinds):
        answers = everybody(world.desk, gathering, applicants(5))
        with pytest.raises(GatheringFull):
            world.desk.register(gathering, an_application(name="Deltager 6"))
        world.desk.cancel(gathering, answers[0].registration_id)
        world.pump()

    told = [len(world.inbox(f"deltager{number}@herning.example.org")) for number in range(1, 6)]
    assert told == [1, 1, 1, 1, 1]
    assert world.desk.left(gathering) == 1
    assert world.dead == []
