"""Everybody who comes is reminded once, in time, of what is planned then."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from events.routes import QueueName
from shared.gatherings.model import Gathering
from shared.gatherings.reminders import Reminder
from shared.registration.fan_out import AT_ONCE
from shared.reminders.dynamo import DynamoReminderLog
from shared.reminders.model import Came
from tests.support.builders import a_gathering, a_session, an_application, applicants
from tests.support.mails import Mail
from tests.support.stores import everybody
from tests.support.world import EVERY_WEATHER, World

pytestmark = pytest.mark.usefixtures("table")

START = datetime(2026, 10, 5, 7, 0, tzinfo=UTC)
"""Nine o'clock in Copenhagen."""


@pytest.fixture
def gathering(world: World) -> Gathering:
    return world.desk.publish(a_gathering(title={"da": "Kursus"}, capacity=2, waiting_list=True))


@pytest.fixture
def registered(world: World, gathering: Gathering) -> list[str]:
    """Two who have a seat and one who waits, all told so."""
    answers = everybody(world.desk, gathering, applicants(3))
    settled(world)
    return [answer.registration_id for answer in answers if answer.registration_id is not None]


def settled(world: World) -> None:
    world.pump()
    world.mailer.sent.clear()


def reminded(world: World) -> dict[str, list[str]]:
    """Return the subjects of the mails that were sent, by whom they reached."""
    found: dict[str, list[str]] = {}
    for recipient, raw in world.mailer.sent:
        found.setdefault(recipient.partition("@")[0], []).append(Mail.of(raw).header("Subject"))
    return found


def came(gathering: Gathering) -> list[tuple[str, Came, int]]:
    return [(one.reminder, one.came, one.people) for one in DynamoReminderLog().of_gathering(gathering.id)]


@EVERY_WEATHER
def test_those_with_a_seat_get_each_reminder_once(world: World, gathering: Gathering, registered: list[str]) -> None:
    world.pass_until(START)

    subject = "Påmindelse: Kursus, mandag den 5. oktober 2026 kl. 9.00"
    assert reminded(world) == {"deltager1": [subject] * 2, "deltager2": [subject] * 2}
    for _, raw in world.mailer.sent:
        mail = Mail.of(raw)
        assert "/deltag/" in mail.text, "the way in is a page of one's own"
        assert mail.calendars == [], "the calendar is right already"
    assert came(gathering) == [("d1-0900", Came.SENT, 2), ("m30", Came.SENT, 2)]
    assert world.clock.schedules == {}
    assert world.dead == []


def test_schedules_ring_at_the_moment_and_not_after_the_start(
    world: World, gathering: Gathering, registered: list[str]
) -> None:
    found = sorted(world.clock.schedules.values(), key=lambda one: one.at)

    assert [one.at for one in found] == [START - timedelta(days=1), START - timedelta(minutes=30)]
    assert {one.until for one in found} == {START}
    assert all(len(name) <= 64 and name.startswith(gathering.id) for name in world.clock.schedules)


@EVERY_WEATHER
def test_who_registers_after_the_moment_is_not_told_twice_at_once(world: World, gathering: Gathering) -> None:
    settled(world)
    world.pass_until(START - timedelta(hours=2))
    world.desk.register(gathering, an_application())
    settled(world)

    world.pass_until(START)

    assert {who: len(subjects) for who, subjects in reminded(world).items()} == {"deltager1": 1}
    assert came(gathering) == [("d1-0900", Came.SENT, 0), ("m30", Came.SENT, 1)]


@EVERY_WEATHER
def test_who_cancels_before_the_mail_goes_is_not_reminded(
    world: World, gathering: Gathering, registered: list[str]
) -> None:
    world.desk.now = START - timedelta(minutes=30)
    world.queues.letters[QueueName.FAN_OUT] += world.clock.ring(world.desk.now)
    world.desk.cancel(
        gathering,
        registered[0],
    )

    world.pump()

    assert "Påmindelse" not in " ".join(reminded(world)["deltager1"])


@EVERY_WEATHER
def test_a_move_takes_reminders_along_and_what_was_sent_for_the_old_time_is_sent_for_the_new(
    world: World, gathering: Gathering, registered: list[str]
) -> None:
    world.pass_until(START - timedelta(hours=12))
    world.desk.edit(gathering, sessions=(a_session("2026-10-12T09:00"),))
    settled(world)

    world.pass_until(START + timedelta(days=7))

    assert {who: len(subjects) for who, subjects in reminded(world).items()} == {"deltager1": 2, "deltager2": 2}
    assert [entry[0] for entry in came(gathering)] == ["d1-0900", "d1-0900", "m30"]


def test_three_moves_in_a_minute_leave_the_schedules_of_the_last(
    world: World, gathering: Gathering, registered: list[str]
) -> None:
    for day in (6, 7, 8):
        world.desk.edit(gathering, sessions=(a_session(f"2026-10-0{day}T09:00"),))
    world.pump()

    assert sorted(one.at for one in world.clock.schedules.values()) == [
        START + timedelta(days=2),
        START + timedelta(days=3) - timedelta(minutes=30),
    ]


def test_a_cancelled_gathering_has_no_schedules_and_an_old_one_that_rings_says_nothing(
    world: World, gathering: Gathering, registered: list[str]
) -> None:
    rung = [one.body for one in world.clock.schedules.values()]
    world.desk.call_off(gathering)
    settled(world)
    assert world.clock.schedules == {}

    world.desk.now = START - timedelta(minutes=30)
    world.queues.letters[QueueName.FAN_OUT] += rung
    world.pump()

    assert reminded(world) == {}
    assert came(gathering) == []


def test_a_schedule_that_rings_too_early_says_nothing(
    world: World, gathering: Gathering, registered: list[str]
) -> None:
    world.queues.letters[QueueName.FAN_OUT] += [one.body for one in world.clock.schedules.values()]

    world.pump()

    assert reminded(world) == {}


def test_a_paused_reminder_is_not_sent_and_goes_on_when_it_is_no_longer_paused(
    world: World, gathering: Gathering, registered: list[str]
) -> None:
    day, *others = gathering.effective_reminders
    world.desk.edit(gathering, reminders=(replace(day, paused=True), *others))
    world.pump()
    assert [one.at for one in world.clock.schedules.values()] == [START - timedelta(minutes=30)]

    world.desk.edit(gathering, reminders=None)
    world.pump()

    assert len(world.clock.schedules) == 2


def test_what_is_due_within_a_minute_is_looked_at_at_once(world: World) -> None:
    world.desk.now = START - timedelta(minutes=31)
    gathering = world.desk.publish(a_gathering(reminders=()))
    world.desk.register(gathering)
    settled(world)
    world.desk.now += timedelta(seconds=5)

    world.desk.edit(gathering, reminders=(Reminder(minutes_before=30),))
    world.pump()

    assert world.clock.schedules == {}
    assert list(reminded(world)) == ["deltager1"]


def test_what_is_due_at_once_and_finds_the_queue_full_is_tried_again(world: World) -> None:
    world.desk.now = START - timedelta(minutes=31)
    gathering = world.desk.publish(a_gathering(reminders=()))
    world.desk.register(gathering)
    settled(world)
    world.desk.now += timedelta(seconds=5)
    world.desk.edit(gathering, reminders=(Reminder(minutes_before=30),))
    world.queues.full = {QueueName.FAN_OUT}
    world.pump()
    [fact] = world.dead

    world.queues.full = set()
    world.queues.letters[QueueName.SCHEDULE_REMINDERS].append(fact)
    world.pump()

    assert list(reminded(world)) == ["deltager1"]


def test_a_schedule_that_was_deleted_by_hand_is_set_again(
    world: World, gathering: Gathering, registered: list[str]
) -> None:
    before = dict(world.clock.schedules)
    name = next(iter(before))
    world.clock.remove(name)
    world.clock.set(f"{gathering.id}-needless", START, "{}", START)

    assert world.reconcile() == (1, 1, 0)
    assert world.clock.schedules == before
    assert world.reconcile() == (0, 0, 0)


def test_a_reminder_that_was_due_during_an_outage_is_sent_late_but_before_the_start(
    world: World, gathering: Gathering, registered: list[str]
) -> None:
    world.clock.schedules.clear()
    world.desk.now = START - timedelta(hours=20)

    assert world.reconcile() == (1, 0, 1)

    assert {who: len(subjects) for who, subjects in reminded(world).items()} == {"deltager1": 1, "deltager2": 1}
    assert world.reconcile() == (0, 0, 0)


def test_a_reminder_that_could_not_be_sent_before_the_start_is_noted_as_missed(
    world: World, gathering: Gathering, registered: list[str]
) -> None:
    world.clock.schedules.clear()
    world.desk.now = START + timedelta(minutes=1)

    assert world.reconcile() == (0, 0, 2)

    assert reminded(world) == {}
    assert came(gathering) == [("d1-0900", Came.MISSED, 0), ("m30", Came.MISSED, 0)]
    assert world.reconcile() == (0, 0, 0)


def test_a_queue_that_is_full_half_way_leaves_nobody_out_and_reminds_nobody_twice(world: World) -> None:
    gathering = world.desk.publish(a_gathering(title={"da": "Kursus"}, reminders=(Reminder(minutes_before=30),)))
    number = 2 * AT_ONCE + 1
    everybody(world.desk, gathering, applicants(number))
    settled(world)
    world.queues.full = {QueueName.SEND_MESSAGES}
    world.pass_until(START - timedelta(minutes=29))
    [fact] = world.dead
    assert came(gathering) == []

    world.queues.full = set()
    world.queues.letters[QueueName.FAN_OUT] += [fact, fact]
    world.pump()

    told = reminded(world)
    assert len(told) == number
    assert {len(subjects) for subjects in told.values()} == {1}
    assert came(gathering) == [("m30", Came.SENT, number)]


def test_each_session_reminds_those_who_come_to_it(world: World) -> None:
    here = a_session("2026-10-05T09:00", id="here", choose_one_of="Sted", title={"da": "Her"})
    there = a_session("2026-10-06T09:00", id="there", choose_one_of="Sted", title={"da": "Der"})
    a_day = Reminder(days_before=1, at=time(9))
    gathering = world.desk.publish(a_gathering(sessions=(here, there), reminders=(a_day,)))
    for application, session in zip(applicants(2), ("here", "there"), strict=True):
        world.desk.register(gathering, replace(application, sessions=(session,)))
    settled(world)

    world.pass_until(START + timedelta(days=2))

    told = reminded(world)
    assert "Her" in told["deltager1"][0] and "Der" in told["deltager2"][0]
    assert {len(subjects) for subjects in told.values()} == {1}
