"""Nothing more is sent to a mailbox that takes nothing, nor what its owner does not want."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from shared.gatherings.model import Gathering
from shared.ids import new_id
from shared.links import Purpose
from shared.mailboxes import service
from shared.mailboxes.dynamo import DynamoMailboxStore
from shared.mailboxes.model import Topic
from shared.messages.model import Message
from shared.messages.service import write
from shared.notify.model import MailId, MailKind, MailState
from shared.notify.service import send_again
from tests.support.builders import NETWORK, a_gathering
from tests.support.mails import LINKS
from tests.support.ses import a_bounce, a_complaint, a_full_mailbox
from tests.support.world import BEST_AND_WORST, World

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def gathering(world: World) -> Gathering:
    return world.desk.publish(a_gathering(title={"da": "Kursus"}))


@pytest.fixture
def registered(world: World, gathering: Gathering) -> str:
    """Somebody who has had a confirmation."""
    found = world.register(gathering)
    world.pump()
    return found


def confirmation(gathering: Gathering, registration_id: str) -> MailId:
    return MailId(gathering.id, registration_id, MailKind.CONFIRMATION, "one")


def person(world: World, gathering: Gathering, registration_id: str) -> str:
    return str(world.desk.stores.registrations.get(gathering.id, registration_id).person)


def message(world: World, gathering: Gathering) -> None:
    world.desk.now += timedelta(days=1)
    now = world.desk.now
    said = Message(new_id(), gathering.id, {"da": "Nyt"}, {"da": "Mere."}, now, now)
    write(
        said,
        gathering,
        languages=NETWORK.languages,
        store=world.desk.stores.messages,
        now=now,
        correlation_id="desk",
    )
    world.pump()


def states(world: World, registration_id: str, kind: MailKind) -> list[MailState]:
    return [row.state for row in world.desk.stores.ledger.history(registration_id) if row.mail.kind is kind]


@BEST_AND_WORST
@pytest.mark.parametrize("report", [a_bounce, a_complaint])
def test_after_a_bounce_or_a_complaint_nothing_more_is_sent(
    world: World, gathering: Gathering, registered: str, report: Callable[[MailId], str]
) -> None:
    world.report(report(confirmation(gathering, registered)))
    message(world, gathering)

    assert world.subjects() == ["Du er tilmeldt: Kursus"]
    assert states(world, registered, MailKind.MESSAGE) == [MailState.SUPPRESSED]
    [mailbox] = DynamoMailboxStore().suppressed()
    assert mailbox.suppression is not None
    assert mailbox.suppression.registration_id == registered
    assert world.dead == []


@BEST_AND_WORST
def test_a_full_mailbox_is_tried_again(world: World, gathering: Gathering, registered: str) -> None:
    world.report(a_full_mailbox(confirmation(gathering, registered)))
    message(world, gathering)

    assert world.subjects()[-1] == "Nyt"
    assert world.desk.stores.registrations.get(gathering.id, registered).mail_problem == "bounced"


@BEST_AND_WORST
def test_when_a_coordinator_says_that_it_works_mail_is_sent_again(
    world: World, gathering: Gathering, registered: str
) -> None:
    world.report(a_bounce(confirmation(gathering, registered)))
    message(world, gathering)
    whose = person(world, gathering, registered)

    assert DynamoMailboxStore().lift(whose, now=world.desk.now)
    [row] = [row for row in world.desk.stores.ledger.history(registered) if row.mail.kind is MailKind.MESSAGE]
    assert row.can_be_sent_again
    send_again(row.mail, ledger=world.desk.stores.ledger, now=world.desk.now, correlation_id="desk")
    world.pump()

    assert world.subjects()[-1] == "Nyt"
    assert list(DynamoMailboxStore().suppressed()) == []
    assert not DynamoMailboxStore().lift(whose, now=world.desk.now), "twice is once"


def test_an_old_report_that_comes_again_changes_nothing(world: World, gathering: Gathering, registered: str) -> None:
    world.report(a_bounce(confirmation(gathering, registered)))
    [failed] = world.failed
    whose = person(world, gathering, registered)
    DynamoMailboxStore().lift(whose, now=world.desk.now + timedelta(minutes=1))

    again = service.suppress(
        failed,
        registrations=world.desk.stores.registrations,
        store=DynamoMailboxStore(),
        now=world.desk.now + timedelta(hours=1),
    )

    assert again is False
    assert list(DynamoMailboxStore().suppressed()) == []


@BEST_AND_WORST
def test_another_address_gets_mail(world: World, gathering: Gathering, registered: str) -> None:
    world.report(a_bounce(confirmation(gathering, registered)))
    other = world.register(gathering, name="Bo", email="bo@herning.example.org")
    world.pump()
    message(world, gathering)

    assert world.subjects("bo@herning.example.org") == ["Du er tilmeldt: Kursus", "Nyt"]
    assert states(world, other, MailKind.MESSAGE) == [MailState.SENT]


@BEST_AND_WORST
def test_what_somebody_does_not_want_is_not_sent_and_what_they_need_is(
    world: World, gathering: Gathering, registered: str
) -> None:
    service.stop(person(world, gathering, registered), Topic.MESSAGES, store=DynamoMailboxStore(), now=world.desk.now)
    message(world, gathering)
    world.desk.cancel(gathering, registered)
    world.pump()

    assert world.subjects() == ["Du er tilmeldt: Kursus", "Du er afmeldt: Kursus"]
    assert states(world, registered, MailKind.MESSAGE) == [MailState.UNWANTED]


def test_an_unwanted_mail_is_not_sent_once_more(world: World, gathering: Gathering, registered: str) -> None:
    service.stop(person(world, gathering, registered), Topic.MESSAGES, store=DynamoMailboxStore(), now=world.desk.now)
    message(world, gathering)

    [row] = [row for row in world.desk.stores.ledger.history(registered) if row.mail.kind is MailKind.MESSAGE]
    assert not row.can_be_sent_again


def test_mails_of_choice_lead_to_the_choice_and_others_do_not(
    world: World, gathering: Gathering, registered: str
) -> None:
    message(world, gathering)

    confirmation, written = world.inbox()
    assert confirmation.message["List-Unsubscribe"] is None
    assert "/praeferencer/" not in confirmation.text
    assert written.header("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    [link] = re.findall(r"<https://tovholder\.example\.org/praeferencer/(.+)>", written.header("List-Unsubscribe"))
    assert f"/praeferencer/{link}" in written.text
    assert f"/praeferencer/{link}" in written.html
    ids = LINKS.read(Purpose.PREFERENCES, link, now=world.desk.now)
    assert ids == (person(world, gathering, registered), "messages")
