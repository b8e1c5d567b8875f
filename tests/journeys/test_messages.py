"""What a coordinator writes reaches those whom it is for, once, and nobody twice on one day."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.gatherings.audience import Audience
from shared.gatherings.model import Gathering
from shared.ids import new_id
from shared.messages.model import Message, MessageState
from shared.messages.service import withdraw, write
from shared.notify.model import MailId, MailKind, MailState, Unknown
from shared.notify.service import send_again
from tests.support.builders import NETWORK, NOW, a_gathering, an_application, applicants
from tests.support.mails import Mail
from tests.support.stores import everybody
from tests.support.world import BEST_AND_WORST, World

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def gathering(world: World) -> Gathering:
    return world.desk.publish(a_gathering(title={"da": "Kursus"}, capacity=2, waiting_list=True))


@pytest.fixture
def registered(world: World, gathering: Gathering) -> list[str]:
    """Two who have a seat and one who waits, all told so. The second works in another library than the others."""
    here, waits = applicants(2)
    elsewhere = an_application(name="Deltager 3", email="deltager3@aarhus.example.org", library="775100")
    answers = everybody(world.desk, gathering, [here, elsewhere, waits])
    world.pump()
    world.mailer.sent.clear()
    return [answer.registration_id for answer in answers if answer.registration_id is not None]


def written(world: World, gathering: Gathering, **changes: object) -> Message:
    message = Message(
        id=new_id(),
        gathering_id=gathering.id,
        subject={"da": "Lokalet er et andet"},
        body={"da": "Hej {navn}\nVi mødes i stuen.\n\nSe https://example.org/kort"},
        written_at=world.desk.now,
        send_at=world.desk.now,
    )
    message = replace(message, **changes)  # type: ignore[arg-type]
    languages, store = NETWORK.languages, world.desk.stores.messages
    now = world.desk.now
    return write(message, gathering, languages=languages, store=store, now=now, correlation_id="desk")


def reached(world: World) -> list[str]:
    return sorted(recipient.partition("@")[0] for recipient, _ in world.mailer.sent)


def states(world: World, registration_id: str) -> list[MailState]:
    rows = world.desk.stores.ledger.history(registration_id)
    return [row.state for row in rows if row.mail.kind is MailKind.MESSAGE]


@BEST_AND_WORST
def test_all_who_are_registered_get_it_once(world: World, gathering: Gathering, registered: list[str]) -> None:
    message = written(world, gathering)

    world.pump()

    assert reached(world) == ["deltager1", "deltager2", "deltager3"]
    mail = Mail.of(world.mailer.sent[0][1])
    assert mail.header("Subject") == "Lokalet er et andet"
    assert "Vi mødes i stuen." in mail.text
    assert "{navn}" not in mail.text
    assert '<a href="https://example.org/kort"' in mail.html
    kept = world.desk.stores.messages.get(gathering.id, message.id)
    assert (kept.state, kept.people) == (MessageState.SENT, 3)
    assert world.dead == []


@pytest.mark.parametrize(
    ("audience", "those"),
    [
        (Audience(library="775100"), ["deltager3"]),
        (Audience(status="waitlisted"), ["deltager2"]),
        (Audience(status="confirmed"), ["deltager1", "deltager3"]),
        (Audience(role="leader"), []),
        (Audience(session="one"), ["deltager1", "deltager2", "deltager3"]),
        (Audience(session="another"), []),
        (Audience(round="a round"), []),
        (Audience(status="cancelled"), []),
    ],
    ids=str,
)
def test_it_is_for_those_it_is_for(
    world: World, gathering: Gathering, registered: list[str], audience: Audience, those: list[str]
) -> None:
    written(world, gathering, audience=audience)

    world.pump()

    assert reached(world) == those


@BEST_AND_WORST
def test_it_waits_for_its_time(world: World, gathering: Gathering, registered: list[str]) -> None:
    written(world, gathering, send_at=world.desk.now + timedelta(hours=2))

    world.pump()
    assert world.sweep_messages() == (0, 0)
    assert reached(world) == []

    world.desk.now += timedelta(hours=2)
    assert world.sweep_messages() == (1, 0)
    assert world.sweep_messages() == (0, 0)
    assert len(reached(world)) == 3


def test_what_is_called_back_in_time_is_never_sent(world: World, gathering: Gathering, registered: list[str]) -> None:
    message = written(world, gathering, send_at=world.desk.now + timedelta(hours=2))

    withdraw(gathering.id, message.id, store=world.desk.stores.messages)
    world.desk.now += timedelta(hours=2)
    world.sweep_messages()

    assert reached(world) == []


@BEST_AND_WORST
def test_who_cancels_before_the_mail_goes_does_not_get_it(
    world: World, gathering: Gathering, registered: list[str]
) -> None:
    written(world, gathering)
    world.desk.cancel(gathering, registered[0])

    world.pump()

    assert [Mail.of(raw).header("Subject") for _, raw in world.mailer.sent if "deltager1" in _] == [
        "Du er afmeldt: Kursus"
    ]


@BEST_AND_WORST
def test_of_two_on_one_day_the_second_waits_for_the_next_morning(
    world: World, gathering: Gathering, registered: list[str]
) -> None:
    written(world, gathering)
    world.pump()
    written(world, gathering, subject={"da": "Og så én til"})
    world.pump()

    assert len(reached(world)) == 3
    assert states(world, registered[0]) == [MailState.SENT, MailState.WAITING] or states(world, registered[0]) == [
        MailState.WAITING,
        MailState.SENT,
    ]

    world.desk.now = NOW + timedelta(hours=12)
    assert world.sweep_messages() == (0, 0)
    world.desk.now = (NOW + timedelta(days=1)).replace(hour=7, minute=1)
    assert world.sweep_messages() == (0, 3)

    assert reached(world) == sorted(["deltager1", "deltager2", "deltager3"] * 2)
    assert set(states(world, registered[0])) == {MailState.SENT}
    assert world.sweep_messages() == (0, 0)


@BEST_AND_WORST
def test_of_three_on_one_day_each_has_a_day_of_its_own(
    world: World, gathering: Gathering, registered: list[str]
) -> None:
    for _ in range(3):
        written(world, gathering)
    world.pump()
    per_day = [len(world.mailer.sent)]
    for day in (1, 2, 3):
        world.desk.now = (NOW + timedelta(days=day)).replace(hour=8)
        world.sweep_messages()
        per_day.append(len(world.mailer.sent) - sum(per_day))

    assert per_day == [3, 3, 3, 0]


def test_two_gatherings_share_a_persons_day(world: World, gathering: Gathering, registered: list[str]) -> None:
    other = world.desk.publish(a_gathering(id="other", slug="andet", title={"da": "Andet"}))
    everybody(world.desk, other, applicants(1))
    world.pump()
    world.mailer.sent.clear()

    written(world, gathering)
    written(world, other)
    world.pump()

    assert reached(world) == ["deltager1", "deltager2", "deltager3"]


def test_what_waits_is_not_sent_to_who_has_cancelled_meanwhile(
    world: World, gathering: Gathering, registered: list[str]
) -> None:
    written(world, gathering)
    written(world, gathering)
    world.pump()
    world.desk.cancel(gathering, registered[0])
    world.pump()
    world.mailer.sent.clear()

    world.desk.now = (NOW + timedelta(days=1)).replace(hour=8)
    world.sweep_messages()

    assert reached(world) == ["deltager2", "deltager3"]


@BEST_AND_WORST
def test_what_nobody_knows_the_fate_of_is_sent_again_when_a_coordinator_says_so(
    world: World, gathering: Gathering, registered: list[str]
) -> None:
    world.mailer.outcomes = [Unknown(), Unknown(), Unknown()]
    message = written(world, gathering)
    world.pump()
    assert reached(world) == []
    mail = MailId(gathering.id, registered[0], MailKind.MESSAGE, message.id)
    ledger = world.desk.stores.ledger

    send_again(mail, ledger=ledger, now=world.desk.now, correlation_id="desk")
    world.pump()

    assert reached(world) == ["deltager1"]
    assert states(world, registered[0]) == [MailState.SENT]
    assert states(world, registered[1]) == [MailState.UNKNOWN]


@BEST_AND_WORST
def test_a_confirmation_can_be_sent_again_with_its_calendar(world: World, gathering: Gathering) -> None:
    world.mailer.outcomes = [Unknown()]
    registration_id = world.register(gathering)
    world.pump()
    assert world.mailer.sent == []

    mail = MailId(gathering.id, registration_id, MailKind.CONFIRMATION, "one")
    send_again(mail, ledger=world.desk.stores.ledger, now=world.desk.now, correlation_id="desk")
    world.pump()

    [(_, raw)] = world.mailer.sent
    assert Mail.of(raw).event["STATUS"] == "CONFIRMED"
