"""Who had a seat gets one mail when a recording is online, whatever becomes of webinars, and however facts arrive."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from events.catalog import decode
from events.routes import QueueName
from shared.erasure.dynamo import DynamoPersonalRows
from shared.gatherings.audience import Audience
from shared.gatherings.model import Gathering
from shared.gatherings.reminders import Reminder, ReminderKind
from shared.notify.model import MailKind, MailState, Sent, Unknown
from shared.notify.service import send_again
from shared.privacy.tombstones import Tombstone
from shared.registration.fan_out import AT_ONCE
from shared.reminders.dynamo import DynamoReminderLog
from shared.reminders.service import TOLD_FOR
from shared.webinars.model import Webinar
from shared.webinars.ports import Surroundings
from shared.webinars.service import Editing
from tests.support.builders import NETWORK, a_gathering, a_ready_webinar, applicants
from tests.support.memory_mail import InMemoryMailer
from tests.support.stores import COORDINATOR, everybody
from tests.support.world import BEST_AND_WORST, World

pytestmark = pytest.mark.usefixtures("table")

START = datetime(2026, 10, 5, 7, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ONLINE = "Optagelsen er online: Kursus"
RECORDING = Reminder(ReminderKind.RECORDING)
SECOND = "deltager2@herning.example.org"


def held(world: World, people: int = 2, **changes: Any) -> tuple[Gathering, list[str]]:
    """Return a gathering that was held yesterday, and who had a seat in it."""
    world.desk.now = START - 3 * DAY
    gathering = world.desk.publish(a_gathering(title={"da": "Kursus", "en": "Course"}, **changes))
    answers = everybody(world.desk, gathering, applicants(people))
    world.pump()
    world.mailer.sent.clear()
    world.desk.now = START + DAY
    return gathering, [answer.registration_id for answer in answers if answer.registration_id is not None]


def editing(world: World) -> Editing:
    around = Surroundings(world.webinars, ("da", "en"), ("video.example.org",), NETWORK.zone)
    return Editing(around, "an editor", world.desk.now, "correlation")


def ready(world: World, gathering: Gathering, slug: str = "optagelse") -> Webinar:
    return editing(world).draft(a_ready_webinar(gathering=gathering.id, slug=slug))


def publish(world: World, webinar: Webinar) -> None:
    editing(world).publish(webinar.id)
    world.pump()


def hide(world: World, webinar: Webinar) -> None:
    editing(world).hide(webinar.id, {"da": "En fejl i lyden"})


@BEST_AND_WORST
def test_who_had_a_seat_is_told_once_and_led_to_the_recording(world: World) -> None:
    gathering, [_, gone] = held(world)
    world.desk.cancel(gathering, gone, COORDINATOR)
    world.pump()
    world.mailer.sent.clear()

    publish(world, ready(world, gathering))

    [mail] = world.inbox()
    assert mail.header("Subject") == ONLINE
    assert "https://tovholder.example.org/webinarer/optagelse\n" in mail.text
    assert mail.header("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    assert mail.calendars == []
    assert world.inbox(SECOND) == []
    [entry] = DynamoReminderLog().of_gathering(gathering.id)
    assert (entry.reminder, entry.people, entry.moment) == ("recording", 1, world.desk.now)
    assert world.dead == []


@BEST_AND_WORST
def test_shown_again_or_another_of_the_day_tells_nothing_new(world: World) -> None:
    gathering, _ = held(world)
    first, second = ready(world, gathering), ready(world, gathering, "optagelse-2")
    publish(world, first)
    world.desk.now += DAY

    hide(world, first)
    publish(world, first)
    publish(world, second)

    assert world.subjects() == world.subjects(SECOND) == [ONLINE]
    assert [entry.people for entry in DynamoReminderLog().of_gathering(gathering.id)] == [2]


@BEST_AND_WORST
def test_a_year_after_it_was_held_nobody_is_told(world: World) -> None:
    gathering, _ = held(world)
    world.desk.now = gathering.ends_at + TOLD_FOR + DAY
    late = a_ready_webinar(gathering=gathering.id, review_on=(world.desk.now + 365 * DAY).date())

    publish(world, editing(world).draft(late))

    assert world.inbox() == []


@BEST_AND_WORST
def test_of_several_that_are_published_at_once_the_first_is_shown(world: World) -> None:
    gathering, _ = held(world)
    webinars = [ready(world, gathering, f"del-{part}") for part in (1, 2, 3)]
    for webinar in webinars:
        editing(world).publish(webinar.id)
        world.desk.now += timedelta(seconds=1)
    world.pump()

    [mail] = world.inbox()
    assert "/webinarer/del-1\n" in mail.text


@BEST_AND_WORST
def test_what_is_hidden_before_the_mail_leaves_is_told_to_nobody_until_it_is_shown(world: World) -> None:
    gathering, _ = held(world)
    webinar = ready(world, gathering)
    editing(world).publish(webinar.id)
    hide(world, webinar)
    world.pump()
    assert world.inbox() == []

    publish(world, webinar)

    assert world.subjects() == [ONLINE]


def test_what_is_hidden_between_the_pages_and_the_mails_is_told_to_nobody(world: World) -> None:
    gathering, _ = held(world)
    webinar = ready(world, gathering)
    editing(world).publish(webinar.id)
    pages = paged_out(world)
    hide(world, webinar)

    world.queues.letters[QueueName.SEND_MESSAGES] += pages
    world.pump()

    assert world.mailer.sent == []


def test_who_is_cancelled_or_erased_between_the_pages_and_the_mails_gets_none(world: World) -> None:
    gathering, [cancelled, erased] = held(world)
    editing(world).publish(ready(world, gathering).id)
    pages = paged_out(world)
    world.desk.cancel(gathering, cancelled, COORDINATOR)
    one = world.desk.stores.registrations.get(gathering.id, erased)
    left = Tombstone(gathering.id, one.participant.library, "staff", one.status, None, False, False, False)
    assert DynamoPersonalRows().bury(one, left)
    world.pump()
    world.mailer.sent.clear()

    world.queues.letters[QueueName.SEND_MESSAGES] += pages
    world.pump()

    assert world.mailer.sent == []


def paged_out(world: World) -> list[str]:
    """Return the pages that a publication calls for, taken from their queue before anybody reads them."""
    world.pump(closed={QueueName.SEND_MESSAGES})
    pages = world.queues.take(QueueName.SEND_MESSAGES)
    assert {decode(page).type for page in pages} == {"RecordingAnnounced"}
    return pages


def test_who_pages_out_and_dies_half_way_does_it_again_and_nobody_gets_two(world: World) -> None:
    number = 2 * AT_ONCE + 1
    gathering, _ = held(world, people=number)
    editing(world).publish(ready(world, gathering).id)
    world.pump(closed={QueueName.FAN_OUT})
    [fact] = world.queues.take(QueueName.FAN_OUT)
    world.queues.letters[QueueName.FAN_OUT] += [fact]
    first, *_ = paged_out(world)
    world.queues.letters[QueueName.SEND_MESSAGES] += [first]
    world.pump()
    assert len(world.mailer.sent) == AT_ONCE

    world.queues.letters[QueueName.FAN_OUT] += [fact]
    world.pump()

    assert len({recipient for recipient, _ in world.mailer.sent}) == len(world.mailer.sent) == number
    [entry] = DynamoReminderLog().of_gathering(gathering.id)
    assert entry.people == number


def test_pages_that_a_queue_does_not_take_are_not_noted_as_sent(world: World) -> None:
    gathering, _ = held(world)
    world.queues.full = {QueueName.SEND_MESSAGES}
    publish(world, ready(world, gathering))
    [fact] = world.dead
    assert DynamoReminderLog().of_gathering(gathering.id) == ()

    world.queues.full = set()
    world.queues.letters[QueueName.FAN_OUT] += [fact, fact]
    world.pump()

    assert world.subjects() == world.subjects(SECOND) == [ONLINE]


@BEST_AND_WORST
def test_who_has_had_a_message_that_day_hears_of_it_the_next_morning(world: World) -> None:
    first, _ = held(world)
    second, _ = held(world, slug="two")
    publish(world, ready(world, first))
    publish(world, ready(world, second, "optagelse-2"))
    assert world.subjects() == [ONLINE]

    world.desk.now += DAY * 1.5
    world.sweep_messages()

    assert world.subjects() == [ONLINE, ONLINE]
    assert "/webinarer/optagelse-2\n" in world.inbox()[1].text


def test_what_waits_for_the_next_morning_is_not_told_when_it_is_hidden_by_then(world: World) -> None:
    first, _ = held(world)
    second, _ = held(world, slug="two")
    late = ready(world, second, "optagelse-2")
    publish(world, ready(world, first))
    publish(world, late)

    hide(world, late)
    world.desk.now += DAY * 1.5
    world.sweep_messages()

    assert world.subjects() == [ONLINE]


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        ((), []),
        ((replace(RECORDING, paused=True),), []),
        ((replace(RECORDING, audience=Audience(role="leader")),), []),
        ((replace(RECORDING, audience=Audience(role="staff")),), [ONLINE]),
    ],
    ids=str,
)
def test_the_plan_says_whether_and_to_whom(world: World, plan: tuple[Reminder, ...], told: list[str]) -> None:
    gathering, _ = held(world, reminders=plan)

    publish(world, ready(world, gathering))

    assert world.subjects() == told


def test_a_recording_of_no_gathering_tells_nobody(world: World) -> None:
    held(world)

    publish(world, editing(world).draft(a_ready_webinar()))

    assert world.mailer.sent == []
    assert world.dead == []


def test_a_mail_that_nobody_knows_of_is_sent_again_when_somebody_says_so(world: World) -> None:
    world.mailer = InMemoryMailer(*[Sent(f"seat-{number}") for number in range(2)], Unknown())
    gathering, seats = held(world)
    publish(world, ready(world, gathering))
    ledger = world.desk.stores.ledger
    rows = [row for seat in seats for row in ledger.history(seat) if row.mail.kind is MailKind.RECORDING]
    [unknown] = [row for row in rows if row.state is MailState.UNKNOWN]
    before = len(world.mailer.sent)

    send_again(unknown.mail, ledger=ledger, now=world.desk.now, correlation_id="again")
    world.pump()

    assert len(world.mailer.sent) == before + 1
