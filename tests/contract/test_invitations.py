"""Invitations are kept and announced alike by the fake and by the table, and each mail goes out once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from events.catalog import decode
from events.envelope import Envelope
from shared.gatherings.model import Gathering
from shared.invitations.dynamo import DynamoInvitationStore
from shared.invitations.model import MOST, NobodyCanRegister
from shared.invitations.ports import InvitationStore
from shared.invitations.service import Preview, confirm_invitations, invite, plan, preview_invitations
from shared.messaging.outbox import unsent_since
from shared.refusals import Invalid
from shared.registration.service import keyed
from tests.support.builders import NOW, a_gathering, a_published_gathering, a_registration
from tests.support.memory_invitations import InMemoryInvitations
from tests.support.memory_previews import InMemoryPreviewStore
from tests.support.world import Weather, World

SECRET = keyed(b"guard key")
GATHERING = a_published_gathering()


@dataclass(frozen=True)
class Kept:
    """A store, and what it announced."""

    store: InvitationStore
    facts: Callable[[], list[Envelope[Any]]]


@pytest.fixture(params=["memory", "dynamo"])
def kept(request: pytest.FixtureRequest) -> Kept:
    if request.param == "memory":
        memory = InMemoryInvitations()
        return Kept(memory, lambda: memory.facts)
    request.getfixturevalue("table")
    return Kept(DynamoInvitationStore(), lambda: [decode(body) for body in unsent_since(NOW + timedelta(days=1000))])


def planned(kept: Kept, *emails: str, gathering: Gathering = GATHERING, **more: Any) -> Preview:
    return plan(
        emails, "da", gathering=gathering, registrations=more.get("registrations", ()), store=kept.store,
        secret=SECRET, now=NOW,
    )  # fmt: skip


def sent(kept: Kept, preview: Preview, *, again: bool = False) -> int:
    return invite(preview, again=again, store=kept.store, now=NOW, correlation_id="correlation")


def invited(kept: Kept) -> list[str]:
    return sorted(one.email for one in kept.store.of_gathering(GATHERING.id))


def test_an_invitation_is_kept_and_announced(kept: Kept) -> None:
    preview = planned(kept, "bo@herning.example.org")

    assert sent(kept, preview) == 1

    [fact] = kept.facts()
    [one] = kept.store.of_gathering(GATHERING.id)
    assert fact.data.invitation_id == one.id
    assert kept.store.get(GATHERING.id, one.id) == one == preview.new[0]
    assert one.person == SECRET("mailbox|bo@herning.example.org")
    assert kept.store.get("elsewhere", one.id) is None


def test_what_is_sent_twice_is_announced_once(kept: Kept) -> None:
    preview = planned(kept, *(f"deltager{n}@herning.example.org" for n in range(120)))

    sent(kept, replace(preview, new=preview.new[:3]))
    assert sent(kept, preview) == 120
    sent(kept, preview)

    assert len(invited(kept)) == len(kept.facts()) == 120


def test_who_was_invited_before_is_sent_another_only_on_request(kept: Kept) -> None:
    sent(kept, planned(kept, "bo@herning.example.org"))
    preview = planned(kept, "Bo@herning.example.org")
    assert (preview.new, len(preview.again)) == ((), 1)

    assert sent(kept, preview) == 0
    assert sent(kept, preview, again=True) == 1

    assert len(kept.facts()) == 2
    assert {fact.data.invitation_id for fact in kept.facts()} == {preview.again[0].id}


def test_a_second_try_to_remind_makes_the_same_fact(kept: Kept) -> None:
    sent(kept, planned(kept, "bo@herning.example.org"))
    preview = planned(kept, "bo@herning.example.org")

    sent(kept, preview, again=True)
    sent(kept, preview, again=True)

    assert len({fact.id for fact in kept.facts()}) == 2


def test_one_that_was_deleted_meanwhile_is_not_sent_again(kept: Kept) -> None:
    preview = planned(kept, "bo@herning.example.org")

    sent(kept, replace(preview, new=(), again=preview.new, mails=("fact",)), again=True)

    assert (invited(kept), kept.facts()) == ([], [])


def test_who_is_registered_and_what_is_no_address_are_left_out(kept: Kept) -> None:
    there = a_registration(GATHERING, person=SECRET("mailbox|bo@herning.example.org"))

    preview = planned(kept, "BO@herning.example.org", "bo@", registrations=[there])

    assert preview.registered == ("BO@herning.example.org",)
    assert [(typed, fault.field) for typed, fault in preview.faulty] == [("bo@", "emails")]
    assert preview.new == ()


@pytest.mark.parametrize("number", [0, MOST + 1])
def test_none_and_too_many_are_refused(kept: Kept, number: int) -> None:
    with pytest.raises(Invalid):
        planned(kept, *(f"deltager{n}@example.org" for n in range(number)))


def test_nobody_is_invited_to_what_is_over_or_cancelled(kept: Kept) -> None:
    for gathering in (
        GATHERING.cancelled(),
        replace(GATHERING, registration=replace(GATHERING.registration, closes_at=NOW)),
    ):
        with pytest.raises(NobodyCanRegister):
            planned(kept, "bo@herning.example.org", gathering=gathering)


def test_a_preview_is_confirmed_once(kept: Kept) -> None:
    previews = InMemoryPreviewStore()
    preview_id, _ = preview_invitations(
        "bo@herning.example.org",
        "da",
        gathering=GATHERING,
        registrations=(),
        store=kept.store,
        secret=SECRET,
        previews=previews,
        now=NOW,
    )

    numbers = [
        confirm_invitations(
            preview_id, again=False, store=kept.store, previews=previews, now=NOW, correlation_id="correlation"
        )
        for _ in range(2)
    ]

    assert numbers == [1, 1]
    assert len(kept.facts()) == 1
    assert previews.get(preview_id, now=NOW).document == ""


@pytest.mark.parametrize("twice", [False, True], ids=["once", "twice"])
def test_an_invitation_reaches_its_mailbox_once(table: None, twice: bool) -> None:
    world = World(Weather(twice=twice))
    gathering = world.desk.publish(a_gathering())
    kept = Kept(DynamoInvitationStore(), list)

    sent(kept, planned(kept, "bo@herning.example.org", gathering=gathering))
    world.pump()

    [mail] = world.inbox("bo@herning.example.org")
    assert f"/arrangementer/{gathering.slug}/tilmelding?invitation=" in mail.text
    assert world.dead == []
