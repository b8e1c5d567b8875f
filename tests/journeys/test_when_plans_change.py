"""A gathering is moved or cancelled: everybody whom it concerns is told once, and every calendar is right again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pynamodb.exceptions import TransactWriteError

from events.routes import QueueName
from shared.gatherings.model import Gathering, Place
from shared.registration.calling_off import call_off
from shared.registration.fan_out import AT_ONCE, pages
from shared.registration.model import Awaits, Status
from tests.support.builders import NOW, a_gathering, a_session, an_application, applicants
from tests.support.faults import FaultInjector, Trouble
from tests.support.mails import Mail
from tests.support.stores import everybody
from tests.support.world import EVERY_WEATHER, World

pytestmark = pytest.mark.usefixtures("table")

LATER = "2026-11-03T13:00"


@pytest.fixture
def gathering(world: World) -> Gathering:
    return world.desk.publish(a_gathering(title={"da": "Kursus"}, capacity=2, waiting_list=True))


@pytest.fixture
def registered(world: World, gathering: Gathering) -> list[str]:
    """Two who have a seat and one who waits, all told so."""
    answers = everybody(world.desk, gathering, applicants(3))
    world.pump()
    world.mailer.sent.clear()
    world.desk.now = NOW + timedelta(hours=1)
    return [answer.registration_id for answer in answers if answer.registration_id is not None]


def move(world: World, gathering: Gathering, start: str = LATER, words: str = "") -> None:
    world.desk.edit(gathering, sessions=(a_session(start),), words=words)


def mails(world: World) -> dict[str, list[Mail]]:
    """Return the mails that were sent, by the number of whom they reached."""
    found: dict[str, list[Mail]] = {}
    for recipient, raw in world.mailer.sent:
        found.setdefault(recipient.partition("@")[0].removeprefix("deltager"), []).append(Mail.of(raw))
    return found


@EVERY_WEATHER
def test_a_move_reaches_everybody_once_and_the_calendars_of_those_with_a_seat(
    world: World, gathering: Gathering, registered: list[str]
) -> None:
    move(world, gathering, words="Lokalet var optaget.\nVi glæder os.")
    world.pump()

    told = mails(world)
    assert {who: len(those) for who, those in told.items()} == {"1": 1, "2": 1, "3": 1}
    for [mail] in told.values():
        assert mail.header("Subject") == "Nyt tidspunkt, sted eller link: Kursus"
        assert "Lokalet var optaget." in mail.text and "Vi glæder os." in mail.html
        assert "tirsdag den 3. november 2026 kl. 13" in mail.text
    for who, id in zip("12", registered, strict=False):
        event = told[who][0].event
        assert (event["UID"], int(event["SEQUENCE"])) == (f"{id}-one", 1)
        assert event["DTSTART"].dt.isoformat() == "2026-11-03T13:00:00+01:00"
        assert b"METHOD:REQUEST" in told[who][0].calendars[0]
    assert told["3"][0].calendars == [], "who waits has nothing in the calendar"
    assert "Du står på venteliste" in told["3"][0].text


@EVERY_WEATHER
def test_of_several_moves_in_a_row_the_last_one_is_told(
    world: World, gathering: Gathering, registered: list[str]
) -> None:
    for start in ("2026-11-03T13:00", "2026-11-04T13:00", "2026-11-05T13:00"):
        move(world, gathering, start)

    world.pump()

    told = mails(world)
    assert {who: len(those) for who, those in told.items()} == {"1": 1, "2": 1, "3": 1}
    assert {int(told[who][0].event["SEQUENCE"]) for who in "12"} == {3}
    assert {told[who][0].event["DTSTART"].dt.day for who in "12"} == {5}


def test_each_move_that_has_time_to_go_out_is_told(world: World, gathering: Gathering, registered: list[str]) -> None:
    for start in ("2026-11-03T13:00", "2026-11-04T13:00"):
        move(world, gathering, start)
        world.pump()

    assert [int(mail.event["SEQUENCE"]) for mail in mails(world)["1"]] == [1, 2]


def test_a_change_that_no_calendar_shows_is_told_to_nobody(
    world: World, gathering: Gathering, registered: list[str]
) -> None:
    world.desk.edit(gathering, title={"da": "Et andet navn"}, summary={"da": "Kort"}, capacity=2)

    world.pump()

    assert mails(world) == {}


@EVERY_WEATHER
def test_who_comes_to_other_sessions_is_not_told(world: World) -> None:
    here, there = (
        a_session(f"2026-11-0{n}T09:00", id=id, choose_one_of="Sted") for n, id in ((3, "here"), (4, "there"))
    )
    gathering = world.desk.publish(a_gathering(sessions=(here, there)))
    for application, session in zip(applicants(2), ("here", "there"), strict=True):
        world.desk.register(gathering, replace(application, sessions=(session,)))
    world.pump()
    world.mailer.sent.clear()
    world.desk.now = NOW + timedelta(hours=1)

    moved = a_session("2026-11-05T09:00", id="there", choose_one_of="Sted")
    world.desk.edit(gathering, sessions=(here, moved))
    world.pump()

    assert list(mails(world)) == ["2"]


def test_another_place_or_link_is_told_too(world: World, gathering: Gathering, registered: list[str]) -> None:
    world.desk.edit(gathering, online_link="https://moede.example.org/et-andet-rum")
    world.pump()
    world.desk.edit(gathering, place=Place("Herning Bibliotek", "Østergade 8"), online_link=None)
    world.pump()

    by_link, at_place = mails(world)["1"]
    assert "/deltag/" in by_link.event["URL"], "the way in leads to the link as it is then"
    assert at_place.event["LOCATION"] == "Herning Bibliotek, Østergade 8"
    assert "/deltag/" not in mails(world)["3"][0].text, "who waits is given no way in"


def test_who_registers_after_the_move_hears_of_it_in_the_confirmation_alone(world: World, gathering: Gathering) -> None:
    world.desk.now = NOW + timedelta(hours=1)
    move(world, gathering)
    world.desk.register(gathering, an_application())

    world.pump()

    [mail] = world.inbox()
    assert mail.header("Subject") == "Du er tilmeldt: Kursus"
    assert mail.event["DTSTART"].dt.isoformat() == "2026-11-03T13:00:00+01:00"


def test_a_seat_that_is_held_is_told_without_an_entry(world: World) -> None:
    gathering = world.desk.publish(a_gathering(approval=True))
    registered = world.desk.register(gathering)
    world.pump()
    world.mailer.sent.clear()
    world.desk.now = NOW + timedelta(hours=1)

    move(world, gathering)
    world.pump()

    [mail] = world.inbox()
    assert world.desk.get(gathering, registered.registration_id).awaits == {Awaits.APPROVAL}
    assert mail.calendars == []


@EVERY_WEATHER
def test_who_cancels_between_the_move_and_the_mail_is_not_told_of_it(
    world: World, gathering: Gathering, registered: list[str]
) -> None:
    move(world, gathering)
    world.desk.cancel(gathering, registered[0])

    world.pump()

    assert [mail.header("Subject") for mail in mails(world)["1"]] == ["Du er afmeldt: Kursus"]


@EVERY_WEATHER
def test_a_gathering_that_is_cancelled_frees_everything_and_tells_everybody(
    world: World, gathering: Gathering, registered: list[str]
) -> None:
    world.desk.call_off(gathering, "For få tilmeldte.")
    world.pump()

    assert {one.status for one in world.desk.everybody(gathering)} == {Status.CANCELLED}
    assert world.desk.line(gathering) == ()
    told = mails(world)
    assert {who: len(those) for who, those in told.items()} == {"1": 1, "2": 1, "3": 1}
    for [mail] in told.values():
        assert mail.header("Subject") == "Aflyst: Kursus"
        assert "For få tilmeldte." in mail.text
    for who, id in zip("12", registered, strict=False):
        assert b"METHOD:CANCEL" in told[who][0].calendars[0]
        assert (told[who][0].event["UID"], int(told[who][0].event["SEQUENCE"])) == (f"{id}-one", 2)
    assert told["3"][0].calendars == []
    assert world.dead == []


@EVERY_WEATHER
def test_what_was_moved_and_then_cancelled_is_cancelled(
    world: World, gathering: Gathering, registered: list[str]
) -> None:
    move(world, gathering)
    world.desk.call_off(gathering)

    world.pump()

    assert [mail.header("Subject") for mail in mails(world)["1"]] == ["Aflyst: Kursus"]


def test_who_has_cancelled_hears_no_more(world: World, gathering: Gathering, registered: list[str]) -> None:
    world.desk.cancel(gathering, registered[2])
    world.pump()
    world.mailer.sent.clear()

    move(world, gathering)
    world.pump()
    world.desk.call_off(gathering)
    world.pump()

    assert "3" not in mails(world)


def test_more_people_than_a_page_holds_are_all_told(world: World) -> None:
    gathering = world.desk.publish(a_gathering(title={"da": "Kursus"}))
    number = 2 * AT_ONCE + 1
    everybody(world.desk, gathering, applicants(number))
    world.pump()
    world.mailer.sent.clear()
    world.desk.now = NOW + timedelta(hours=1)

    move(world, gathering)
    world.pump()
    moved = mails(world)
    world.mailer.sent.clear()
    world.desk.call_off(gathering)
    world.pump()

    assert {len(those) for those in moved.values()} == {len(those) for those in mails(world).values()} == {1}
    assert len(moved) == len(mails(world)) == number


def test_the_more_sessions_are_moved_the_fewer_people_are_on_a_page(world: World) -> None:
    days = [a_session(f"2026-11-{day:02}T09:00", id=f"day-{day}") for day in range(1, 11)]
    course = world.desk.publish(a_gathering(sessions=tuple(days)))
    everybody(world.desk, course, applicants(5))
    world.desk.now = NOW + timedelta(hours=1)
    world.pump()
    later = [replace(day, starts=day.starts + timedelta(hours=1)) for day in days]
    world.desk.edit(course, sessions=tuple(later))
    [moved] = [fact for fact in world.desk.stores.facts() if fact.type == "GatheringMoved"]

    found = [page.data for page in pages(moved, store=world.desk.around.store)]

    assert [len(page.registration_ids) for page in found] == [2, 2, 1]
    assert all(len(page.registration_ids) * len(page.sessions) <= AT_ONCE for page in found)


def test_a_queue_that_takes_nothing_is_tried_again(world: World, gathering: Gathering, registered: list[str]) -> None:
    move(world, gathering)
    world.queues.full = {QueueName.SEND_MESSAGES}
    world.pump()
    [fact] = world.dead
    world.queues.full = set()

    world.queues.letters[QueueName.FAN_OUT].append(fact)
    world.pump()

    assert {who: len(those) for who, those in mails(world).items()} == {"1": 1, "2": 1, "3": 1}


def test_a_calling_off_that_stops_half_way_goes_on_with_those_that_are_left(
    world: World, gathering: Gathering, registered: list[str]
) -> None:
    world.desk.call_off(gathering)
    around, now = world.desk.around, world.desk.now

    with FaultInjector(None, Trouble.DENIED), pytest.raises(TransactWriteError):
        call_off(gathering.id, around=around, now=now, correlation_id="stops")

    assert sum(one.status.is_live for one in world.desk.everybody(gathering)) == 2
    assert call_off(gathering.id, around=around, now=now, correlation_id="goes on") == 2
    world.pump()
    assert {who: len(those) for who, those in mails(world).items()} == {"1": 1, "2": 1, "3": 1}
