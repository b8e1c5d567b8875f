"""Who looks after a webinar gets one mail when it is to be looked at anew, whatever delivery is like."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from shared.notify.model import MailKind, MailState, Unknown
from shared.people.model import Person
from shared.roles import Role
from shared.webinars.model import Webinar
from shared.webinars.ports import Surroundings
from shared.webinars.service import Editing, settle_due
from tests.support.builders import NETWORK, NOW, a_ready_webinar
from tests.support.memory_mail import InMemoryMailer
from tests.support.memory_webinars import InMemoryFiles
from tests.support.world import BEST_AND_WORST, World

pytestmark = pytest.mark.usefixtures("table")

DAY = date(2026, 12, 1)
MORNING = datetime(2026, 12, 1, 1, tzinfo=UTC)
EDITOR = Person("an editor", "redaktoer@db2030.example.org", frozenset({Role.EDITOR}))
SUBJECT = "Tid til at gennemgå: Fremtidens bibliotek"


def editing(world: World) -> Editing:
    around = Surroundings(world.webinars, ("da", "en"), ("video.example.org",), NETWORK.zone)
    return Editing(around, EDITOR.id, world.desk.now, "correlation")


def shown(world: World) -> Webinar:
    """Return a webinar of the editor's that is shown, and is to be looked at anew on the day."""
    world.accounts.kept[EDITOR.id] = EDITOR
    world.desk.now = NOW
    webinar = editing(world).draft(a_ready_webinar(owner=EDITOR.id, review_on=DAY))
    published = editing(world).publish(webinar.id)
    world.pump()
    return published


def sweep(world: World, now: datetime) -> None:
    world.desk.now = now
    settle_due(around=editing(world).around, now=now, correlation_id="sweep")


def subjects(world: World) -> list[str]:
    return world.subjects(EDITOR.email)


@BEST_AND_WORST
def test_the_owner_is_told_once_for_each_day(world: World) -> None:
    webinar = shown(world)

    for hours in (-3, 0, 1, 30):
        sweep(world, MORNING + timedelta(hours=hours))
        world.pump()
    assert subjects(world) == [SUBJECT]

    editing(world).change(replace(world.webinars.get(webinar.id), review_on=date(2027, 3, 1)), files=InMemoryFiles())
    sweep(world, datetime(2027, 3, 1, 8, tzinfo=UTC))
    world.pump()

    assert subjects(world) == [SUBJECT, SUBJECT]
    assert world.dead == []


@BEST_AND_WORST
@pytest.mark.parametrize("person", [None, replace(EDITOR, roles=frozenset({Role.VIEWER}))], ids=["gone", "viewer"])
def test_who_no_longer_looks_after_it_is_stood_in_for(world: World, person: Person | None) -> None:
    shown(world)
    world.accounts.kept = {} if person is None else {person.id: person}

    sweep(world, MORNING)
    world.pump()

    assert subjects(world) == []
    assert world.subjects(NETWORK.mail.reply_to) == [SUBJECT]


def test_what_is_hidden_or_has_another_day_before_the_mail_leaves_is_told_to_nobody(world: World) -> None:
    webinar = shown(world)
    sweep(world, MORNING)
    editing(world).change(replace(world.webinars.get(webinar.id), review_on=date(2027, 3, 1)), files=InMemoryFiles())
    world.pump()
    assert subjects(world) == []

    sweep(world, datetime(2027, 3, 1, 8, tzinfo=UTC))
    editing(world).hide(webinar.id, {"da": "Forældet"})
    world.pump()
    assert subjects(world) == []


def test_a_mail_that_may_have_gone_is_not_sent_twice(world: World) -> None:
    world.mailer = InMemoryMailer(Unknown())
    webinar = shown(world)
    sweep(world, MORNING)

    world.pump()
    sweep(world, MORNING + timedelta(days=1))
    world.pump()

    [row] = world.desk.stores.ledger.history(webinar.id)
    assert (row.mail.kind, row.mail.occurrence, row.state) == (MailKind.REVIEW, "2026-12-01", MailState.UNKNOWN)
    assert world.mailer.sent == []
    assert world.failed == [], "there is no registration to mark"
