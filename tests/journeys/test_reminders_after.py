"""After the end each person gets what is planned once, at most one mail a day, and is asked once about a programme."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from events.routes import QueueName
from shared.erasure.dynamo import DynamoPersonalRows
from shared.gatherings import service as planning
from shared.gatherings.audience import Audience
from shared.gatherings.model import Gathering
from shared.gatherings.reminders import SWITCHED_ON, Reminder, ReminderKind
from shared.notify.model import MailKind, MailState
from shared.reminders.dynamo import DynamoReminderLog
from shared.reminders.model import Came
from tests.support import aws
from tests.support.builders import NETWORK, a_gathering, a_session, an_application, applicants
from tests.support.mails import Mail
from tests.support.stores import COORDINATOR, everybody
from tests.support.world import BEST_AND_WORST, World

pytestmark = pytest.mark.usefixtures("table")

START = datetime(2026, 10, 5, 7, 0, tzinfo=UTC)
END = START + timedelta(hours=2, minutes=30)
DAY = timedelta(days=1)
NINE = time(9)
BEFORE = Reminder(minutes_before=30)
THANKS = Reminder(ReminderKind.THANKS, minutes_after=60)
NUDGE = Reminder(ReminderKind.NUDGE, days_after=3, at=NINE)
LATE_THANKS = Reminder(ReminderKind.THANKS, days_after=3, at=NINE)
FOLLOW_UP = Reminder(ReminderKind.FOLLOW_UP, months_after=3, at=NINE)


@pytest.fixture(autouse=True)
def all_kinds_are_sent(world: World) -> None:
    world.kinds = frozenset(ReminderKind)
    world.desk.now = START - 3 * DAY


def published(world: World, *reminders: Reminder, **changes: Any) -> Gathering:
    """Publish a gathering with reminders that cannot be planned yet."""
    store, wanted = world.desk.stores.gatherings, {"title": {"da": "Kursus"}, **changes}
    draft = world.desk.plan(a_gathering(**{name: said for name, said in wanted.items() if name != "programme"}))
    store.save(draft, replace(draft, version=2, reminders=reminders, programme=wanted.get("programme")), (), START)
    return planning.publish(draft.id, store=store, now=world.desk.now - DAY, correlation_id="correlation")


def registered(world: World, gathering: Gathering, people: int = 1, **changes: Any) -> list[str]:
    answers = everybody(world.desk, gathering, applicants(people, **changes))
    world.pump()
    world.mailer.sent.clear()
    return [answer.registration_id for answer in answers if answer.registration_id is not None]


def live(world: World, until: datetime) -> None:
    """Let days pass; at noon goes what has waited."""
    while world.desk.now < until:
        noon = world.desk.now.replace(hour=12)
        world.pass_until(min(noon if noon > world.desk.now else noon + DAY, until))
        world.sweep_messages()


def got(world: World) -> dict[str, Counter[str]]:
    """Return how often each person got mails about what."""
    found: dict[str, Counter[str]] = {}
    for recipient, raw in world.mailer.sent:
        found.setdefault(recipient.partition("@")[0], Counter())[Mail.of(raw).header("Subject")] += 1
    return found


def days(world: World, *registrations: str) -> list[str]:
    """Return the days on which mails that take turns were sent to a person."""
    rows = (row for one in registrations for row in world.desk.stores.ledger.history(one))
    sent = (row for row in rows if row.mail.kind.takes_a_turn and row.state is MailState.SENT)
    return sorted(f"{row.at.astimezone(NETWORK.zone):%m-%d}" for row in sent)


def came(gathering: Gathering) -> list[tuple[str, str, Came, int]]:
    log = DynamoReminderLog().of_gathering(gathering.id)
    return [(one.session, one.reminder, one.came, one.people) for one in log]


EACH_ONCE = Counter(
    {
        "Påmindelse: Kursus, mandag den 5. oktober 2026 kl. 9.00": 1,
        "Tak, fordi du var med: Kursus": 1,
        "Hvordan var det? Kursus": 1,
        "Hvad førte det til? Kursus": 1,
    }
)


@BEST_AND_WORST
def test_who_has_a_seat_gets_each_once_and_one_a_day(world: World) -> None:
    gathering = published(world, BEFORE, THANKS, NUDGE, FOLLOW_UP, capacity=2, waiting_list=True)
    first, second, _ = registered(world, gathering, people=3)

    live(world, START + 100 * DAY)

    assert got(world) == {"deltager1": EACH_ONCE, "deltager2": EACH_ONCE}
    assert days(world, first) == days(world, second) == ["01-05", "10-05", "10-08"]
    assert {mail.header("Content-Language") for mail in world.inbox()} == {"da"}
    assert all(mail.calendars == [] for mail in world.inbox())
    assert {(entry, people) for _, _, entry, people in came(gathering)} == {(Came.SENT, 2)}
    assert world.clock.schedules == {}
    assert world.dead == []


@BEST_AND_WORST
def test_who_is_cancelled_gets_none_of_what_is_still_to_come(world: World) -> None:
    gathering = published(world, THANKS, NUDGE)
    early, late = registered(world, gathering, people=2)
    world.desk.cancel(gathering, early)
    live(world, START + DAY)
    world.desk.cancel(gathering, late, COORDINATOR)
    world.pump()

    live(world, START + 5 * DAY)

    said = {who: list(subjects) for who, subjects in got(world).items()}
    assert "Tak, fordi du var med: Kursus" not in said["deltager1"]
    assert "Tak, fordi du var med: Kursus" in said["deltager2"]
    assert not any("Hvordan var det?" in subject for subjects in said.values() for subject in subjects)


@BEST_AND_WORST
def test_of_two_gatherings_on_a_day_the_second_waits_and_reminders_go_all_the_same(world: World) -> None:
    morning = published(world, THANKS)
    noon = published(
        world, BEFORE, THANKS, title={"da": "Webinar"}, slug="webinar", sessions=(a_session("2026-10-05T13:00"),)
    )
    seats = [*registered(world, morning), *registered(world, noon)]

    live(world, START + DAY / 2)
    assert set(got(world)["deltager1"]) == {
        "Tak, fordi du var med: Kursus",
        "Påmindelse: Webinar, mandag den 5. oktober 2026 kl. 13.00",
    }

    live(world, START + 2 * DAY)
    assert got(world)["deltager1"]["Tak, fordi du var med: Webinar"] == 1
    assert days(world, *seats) == ["10-05", "10-06"]


@BEST_AND_WORST
def test_who_is_cancelled_while_it_waits_does_not_get_it(world: World) -> None:
    gathering = published(world, NUDGE, LATE_THANKS)
    [seat] = registered(world, gathering)
    live(world, START + 3 * DAY + timedelta(hours=1))
    [waiting] = [row for row in world.desk.stores.ledger.history(seat) if row.state is MailState.WAITING]
    world.mailer.sent.clear()

    world.desk.cancel(gathering, seat, COORDINATOR)
    live(world, START + 6 * DAY)

    assert waiting.mail.kind in (MailKind.NUDGE, MailKind.THANKS)
    assert days(world, seat) == ["10-08"]


@BEST_AND_WORST
def test_each_is_thanked_after_the_last_session_of_their_own(world: World) -> None:
    sessions = (
        a_session("2026-10-06T09:00", id="second", title={"da": "Anden dag"}),
        a_session("2026-10-05T09:00", id="first", title={"da": "Første dag"}),
    )
    gathering = published(world, THANKS, sessions=sessions, choose_sessions=True)
    for application, theirs in zip(applicants(3), (("first",), ("second",), ("first", "second")), strict=True):
        world.desk.register(gathering, replace(application, sessions=theirs))
    world.pump()
    world.mailer.sent.clear()

    live(world, START + DAY / 2)
    assert got(world) == {"deltager1": Counter({"Tak, fordi du var med: Kursus": 1})}

    live(world, START + 3 * DAY)
    assert [sum(got(world)[f"deltager{n}"].values()) for n in (1, 2, 3)] == [1, 1, 1]
    assert came(gathering) == [("first", "thanks-pm60", Came.SENT, 1), ("second", "thanks-pm60", Came.SENT, 2)]


@BEST_AND_WORST
@pytest.mark.parametrize("second_day", ["2026-10-05T13:00", "2026-10-06T09:00", "2026-11-12T09:00"])
def test_a_person_is_asked_once_about_a_programme(world: World, second_day: str) -> None:
    of_programme = [
        published(world, FOLLOW_UP, programme="programme"),
        published(world, FOLLOW_UP, programme="programme", slug="two", sessions=(a_session(second_day),)),
    ]
    of_none = published(world, FOLLOW_UP, title={"da": "Webinar"}, slug="three")
    seats = [registered(world, one)[0] for one in (*of_programme, of_none)]

    live(world, START + 160 * DAY)

    assert got(world) == {"deltager1": Counter({"Hvad førte det til? Kursus": 1, "Hvad førte det til? Webinar": 1})}
    assert len(set(days(world, *seats))) == 2
    [(_, _, _, people)] = came(of_programme[1])
    assert people == 1, "the ledger sees to it"


@BEST_AND_WORST
def test_a_follow_up_that_waits_is_the_one(world: World) -> None:
    thanked = published(world, THANKS, slug="thanked", sessions=(a_session("2027-01-05T05:00"),))
    asked = [
        published(world, FOLLOW_UP, programme="programme", slug=slug, title={"da": "Forløb"}) for slug in ("a", "b")
    ]
    seats = [registered(world, one)[0] for one in (thanked, *asked)]

    live(world, START + 95 * DAY)

    assert days(world, *seats) == ["01-05", "01-06"]
    assert got(world)["deltager1"]["Hvad førte det til? Forløb"] == 1
    rows = [row for seat in seats for row in world.desk.stores.ledger.history(seat)]
    assert not any(row.state in (MailState.WAITING, MailState.PLANNED) for row in rows), "nothing is left behind"


@pytest.mark.parametrize(
    ("audience", "those"),
    [
        (Audience(), ["deltager1", "deltager2", "deltager3"]),
        (Audience(status="confirmed"), ["deltager1", "deltager2", "deltager3"]),
        (Audience(role="leader"), ["deltager2"]),
        (Audience(library="775100"), ["deltager3"]),
        (Audience(session="one"), ["deltager1", "deltager2", "deltager3"]),
        (Audience(session="another"), []),
    ],
    ids=str,
)
def test_it_is_for_those_it_is_for(world: World, audience: Audience, those: list[str]) -> None:
    gathering = published(world, replace(BEFORE, audience=audience), replace(THANKS, audience=audience))
    staff, leader = applicants(2)
    elsewhere = an_application(name="Deltager 3", email="deltager3@aarhus.example.org", library="775100")
    everybody(world.desk, gathering, [staff, replace(leader, role="leader"), elsewhere])
    world.pump()
    world.mailer.sent.clear()

    live(world, START + DAY)

    assert {who: sum(subjects.values()) for who, subjects in got(world).items()} == dict.fromkeys(those, 2)
    assert {people for _, _, _, people in came(gathering)} == {len(those)}


def test_who_is_forgotten_leaves_nothing_of_what_was_sent(world: World) -> None:
    gathering = published(world, FOLLOW_UP)
    [seat] = registered(world, gathering)
    live(world, START + 95 * DAY)
    person = world.desk.stores.registrations.get(gathering.id, seat).person

    def rows() -> list[str]:
        return [kind for row in aws.rows() for kind in ("TURN", "FOLLOWUP") if row["pk"]["S"] == f"{kind}#{person}"]

    assert sorted(rows()) == ["FOLLOWUP", "TURN"]

    DynamoPersonalRows().forget_person(person)

    assert rows() == []


def test_schedules_ring_at_the_moment_and_not_a_day_after(world: World) -> None:
    registered(world, published(world, BEFORE, THANKS))

    before, after = sorted(world.clock.schedules.values(), key=lambda one: one.at)

    assert (before.at, before.until) == (START - timedelta(minutes=30), START)
    assert (after.at, after.until) == (END + timedelta(hours=1), END + timedelta(hours=1) + DAY)


def test_what_was_due_during_an_outage_is_sent_within_a_day_and_missed_after_that(world: World) -> None:
    gathering = published(world, THANKS, replace(THANKS, minutes_after=60 * 20))
    registered(world, gathering)
    world.clock.schedules.clear()

    world.desk.now = END + timedelta(hours=26)
    assert world.reconcile() == (0, 0, 2)

    assert came(gathering) == [("one", "thanks-pm60", Came.MISSED, 0), ("one", "thanks-pm1200", Came.SENT, 1)]
    assert sum(got(world)["deltager1"].values()) == 1
    assert world.reconcile() == (0, 0, 0)


def test_a_schedule_that_was_lost_is_set_again_long_after_the_end(world: World) -> None:
    registered(world, published(world, THANKS, FOLLOW_UP))
    live(world, START + 50 * DAY)
    world.clock.schedules.clear()

    assert world.reconcile() == (1, 0, 0)

    live(world, START + 100 * DAY)
    assert got(world)["deltager1"]["Hvad førte det til? Kursus"] == 1
    assert world.reconcile() == (0, 0, 0)


def test_a_plan_that_has_changed_has_the_last_word(world: World) -> None:
    gathering = published(world, THANKS, NUDGE)
    registered(world, gathering)
    live(world, START + DAY)
    kept = world.desk.stores.gatherings.get(gathering.id)
    without = replace(kept, version=kept.version + 1, reminders=(THANKS, replace(NUDGE, paused=True)))
    world.desk.stores.gatherings.save(kept, without, (), world.desk.now)

    live(world, START + 5 * DAY)

    assert list(got(world)["deltager1"]) == ["Tak, fordi du var med: Kursus"]
    assert came(gathering) == [("one", "thanks-pm60", Came.SENT, 1)]


def test_what_is_not_switched_on_has_no_schedule_and_is_not_sent(world: World) -> None:
    gathering = published(world, BEFORE, THANKS, NUDGE)
    registered(world, gathering)
    rung = [one.body for one in world.clock.schedules.values()]
    world.kinds = SWITCHED_ON

    assert world.reconcile() == (0, 2, 0)
    world.desk.now = START + 3 * DAY
    world.clock.schedules.clear()
    world.queues.letters[QueueName.FAN_OUT] += rung
    world.pump()

    assert got(world) == {}
