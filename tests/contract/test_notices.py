"""Addresses are kept until they have been told, alike on the fake and on the table."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.gatherings.model import FairShare, Gathering, Window
from shared.gatherings.rounds import Round, Who
from shared.limits import Limit
from shared.notices import service as notices
from shared.notices.dynamo import DynamoNoticeStore
from shared.notices.model import Interest, NothingOpens
from shared.notices.ports import NoticeStore, Openings
from shared.refusals import Invalid
from shared.registration.model import TooManyAttempts
from shared.registration.service import keyed
from tests.support.builders import NOW, a_gathering
from tests.support.memory_notices import InMemoryNoticeStore
from tests.support.stores import KINDS, Desk

DAY = timedelta(days=1)
SECRET = keyed(b"guard key")
EMAIL = "deltager1@herning.example.org"


@dataclass
class Office:
    """Where addresses are left: the use cases, with everything they need at hand."""

    desk: Desk
    store: NoticeStore

    @property
    def around(self) -> Openings:
        around = self.desk.around
        return Openings(around.gatherings, self.desk.libraries, around.zone, self.store)

    def leave(self, gathering: Gathering, email: str = EMAIL, *, limits: Any = (), **more: str) -> datetime:
        return notices.leave_interest(
            gathering.slug,
            email,
            language="da",
            limits=limits,
            secret=SECRET,
            around=self.around,
            now=self.desk.now,
            **more,
        )

    def ripen(self, after: timedelta = timedelta()) -> int:
        self.desk.now += after
        return notices.ripen(around=self.around, now=self.desk.now, correlation_id="correlation")

    def retime(self, gathering: Gathering) -> int:
        return notices.retime(gathering.id, around=self.around, now=self.desk.now)

    def left_for(self, gathering: Gathering) -> list[Interest]:
        return list(self.store.left_for(gathering.id))

    def told(self) -> list[str]:
        return [fact.data.interest_id for fact in self.desk.stores.facts() if fact.type == "RoundOpened"]


@pytest.fixture(params=KINDS)
def office(request: pytest.FixtureRequest) -> Office:
    if request.param == "dynamo":
        request.getfixturevalue("table")
    stores = KINDS[request.param]()
    if request.param == "dynamo":
        return Office(Desk(stores), DynamoNoticeStore())
    return Office(Desk(stores), InMemoryNoticeStore(vars(stores.registrations)["_memory"]))


@pytest.fixture
def gathering(office: Office) -> Gathering:
    """Opens in two days."""
    return office.desk.publish(a_gathering(registration=Window(opens_at=NOW + 2 * DAY)))


def test_an_address_is_kept_until_the_moment_and_then_told_once(office: Office, gathering: Gathering) -> None:
    opens_at = office.leave(gathering)
    before = office.ripen(2 * DAY - timedelta(seconds=1))
    told = office.ripen(timedelta(seconds=1))

    [interest] = office.left_for(gathering)
    assert (opens_at, before, told, office.ripen()) == (NOW + 2 * DAY, 0, 1, 0)
    assert office.told() == [interest.id]
    assert office.store.interest(gathering.id, interest.id) == interest
    assert (interest.email, interest.language, interest.opens_at) == (EMAIL, "da", None)
    assert interest.person == SECRET(f"mailbox|{EMAIL}")


def test_the_same_address_twice_is_one_mail(office: Office, gathering: Gathering) -> None:
    office.leave(gathering)
    office.leave(gathering, " Deltager1@Herning.example.ORG", role="leader")
    office.leave(gathering, "deltager2@herning.example.org")

    assert sorted((one.email, one.role) for one in office.left_for(gathering)) == [
        ("Deltager1@herning.example.org", "leader"),
        ("deltager2@herning.example.org", ""),
    ]
    assert office.ripen(2 * DAY) == 2


def test_once_told_it_is_forgotten(office: Office, gathering: Gathering) -> None:
    office.leave(gathering)
    office.ripen(2 * DAY)
    [interest] = office.left_for(gathering)

    for _ in range(2):
        office.store.forget(gathering.id, interest.id)

    assert office.left_for(gathering) == []
    assert office.store.interest(gathering.id, interest.id) is None


def test_what_waits_is_not_forgotten_by_a_mail_that_came_late(office: Office, gathering: Gathering) -> None:
    office.leave(gathering)
    [interest] = office.left_for(gathering)

    office.store.forget(gathering.id, interest.id)

    assert office.left_for(gathering) == [interest]


def test_who_was_forgotten_can_leave_the_address_again(office: Office) -> None:
    gathering = office.desk.publish(a_gathering(rounds=(_round("a", 2, 3), _round("b", 5, 6))))
    office.leave(gathering)
    office.ripen(2 * DAY)
    [interest] = office.left_for(gathering)
    office.store.forget(gathering.id, interest.id)
    office.desk.now += DAY

    assert office.leave(gathering) == NOW + 5 * DAY
    assert [one.opens_at for one in office.left_for(gathering)] == [NOW + 5 * DAY]


def test_who_leaves_the_address_again_before_the_mail_waits_for_the_next(office: Office) -> None:
    gathering = office.desk.publish(a_gathering(rounds=(_round("a", 2, 3), _round("b", 5, 6))))
    office.leave(gathering)
    office.ripen(2 * DAY)
    [interest] = office.left_for(gathering)
    office.desk.now += DAY
    office.leave(gathering)

    office.store.forget(gathering.id, interest.id)

    assert [(one.id, one.opens_at) for one in office.left_for(gathering)] == [(interest.id, NOW + 5 * DAY)]


def _round(id: str, opens: int, closes: int | None = None, **who: Any) -> Round:
    return Round(id, {"da": id}, NOW + opens * DAY, None if closes is None else NOW + closes * DAY, Who(**who))


def test_the_library_that_the_domain_stands_for_decides_unless_another_is_named(office: Office) -> None:
    rounds = (_round("certified", 1, certification=("certified",)), _round("rest", 9))
    gathering = office.desk.publish(a_gathering(rounds=rounds))
    office.desk.certify("765700")

    assert office.leave(gathering) == NOW + 1 * DAY
    assert office.leave(gathering, "deltager@koebenhavn.example.org") == NOW + 9 * DAY
    assert office.leave(gathering, "deltager@nowhere.example.org") == NOW + 1 * DAY
    assert office.leave(gathering, "deltager@nowhere.example.org", library="710100") == NOW + 9 * DAY


def test_an_opening_that_was_moved_later_is_waited_for(office: Office, gathering: Gathering) -> None:
    office.leave(gathering)
    office.desk.edit(gathering, registration=Window(opens_at=NOW + 4 * DAY))

    assert office.ripen(2 * DAY) == 0
    assert [one.opens_at for one in office.left_for(gathering)] == [NOW + 4 * DAY]
    assert office.ripen(2 * DAY) == 1


def test_an_opening_that_was_moved_earlier_is_followed(office: Office, gathering: Gathering) -> None:
    office.leave(gathering)
    office.leave(gathering, "deltager2@herning.example.org")
    office.desk.edit(gathering, registration=Window(opens_at=NOW + 1 * DAY))

    assert office.retime(gathering) == 2
    assert office.retime(gathering) == 0
    assert office.ripen(1 * DAY) == 2


def test_what_opens_at_once_is_told_by_the_next_sweep(office: Office, gathering: Gathering) -> None:
    office.leave(gathering)
    office.desk.edit(gathering, registration=Window())

    assert office.retime(gathering) == 1
    assert office.ripen() == 1
    assert office.retime(gathering) == 0


def test_who_would_wait_in_vain_waits_until_the_old_moment_in_case(office: Office, gathering: Gathering) -> None:
    office.leave(gathering)
    office.desk.edit(gathering, registration=Window(closes_at=NOW))

    assert office.retime(gathering) == 0
    assert len(office.left_for(gathering)) == 1
    assert office.ripen(2 * DAY) == 0
    assert office.left_for(gathering) == []


def test_of_what_is_cancelled_nobody_is_told(office: Office, gathering: Gathering) -> None:
    office.leave(gathering)
    office.desk.call_off(gathering)

    assert office.ripen(2 * DAY) == 0
    assert office.left_for(gathering) == []
    assert office.told() == []


def test_the_end_of_the_fair_share_can_be_waited_for(office: Office) -> None:
    gathering = office.desk.publish(a_gathering(fair_share=FairShare(1, NOW + 3 * DAY)))

    assert office.leave(gathering) == NOW + 3 * DAY
    assert office.ripen(3 * DAY) == 1


def test_where_nothing_opens_later_no_address_is_kept(office: Office) -> None:
    gathering = office.desk.publish(a_gathering())

    with pytest.raises(NothingOpens):
        office.leave(gathering)

    assert office.left_for(gathering) == []


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"email": "nobody"}, ["email"]),
        ({"library": "999999"}, ["library"]),
        ({"email": "", "role": "boss", "library": "x"}, ["email", "library", "role"]),
    ],
)
def test_what_cannot_be_used_is_named(
    office: Office, gathering: Gathering, given: dict[str, str], fields: list[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        office.leave(gathering, **given)

    assert [fault.field for fault in refused.value.faults] == fields


def test_limits_hold_for_new_and_for_known_addresses(office: Office, gathering: Gathering) -> None:
    limits = (Limit("network", "subject", 2, timedelta(hours=1)),)

    for email in (EMAIL, EMAIL):
        office.leave(gathering, email, limits=limits)
    for email in (EMAIL, "deltager2@herning.example.org"):
        with pytest.raises(TooManyAttempts):
            office.leave(gathering, email, limits=limits)

    assert len(office.left_for(gathering)) == 1


def test_what_changed_meanwhile_is_left_to_who_changed_it(office: Office, gathering: Gathering) -> None:
    office.leave(gathering)
    [seen] = office.left_for(gathering)
    assert office.store.retime(seen, NOW + 5 * DAY)

    assert not office.store.retime(seen, NOW + 6 * DAY)
    assert not office.store.drop(seen)
    assert office.left_for(gathering) == [replace(seen, opens_at=NOW + 5 * DAY)]


def ask(office: Office, email: str = EMAIL, limits: Any = ()) -> None:
    notices.ask_for_links(
        email,
        language="da",
        limits=limits,
        secret=SECRET,
        store=office.store,
        now=office.desk.now,
        correlation_id="correlation",
    )


def test_a_request_for_links_is_kept_until_it_is_answered(office: Office) -> None:
    ask(office)

    [fact] = office.desk.stores.facts()
    request = office.store.request(fact.data.request_id)
    assert request is not None
    assert (request.email, request.language) == (EMAIL, "da")
    assert request.person == SECRET(f"mailbox|{EMAIL}")

    for _ in range(2):
        office.store.forget_request(request.id)
    assert office.store.request(request.id) is None


def test_requests_are_limited(office: Office) -> None:
    limits = (Limit("address", "subject", 1, timedelta(hours=1)),)
    ask(office, limits=limits)

    with pytest.raises(TooManyAttempts):
        ask(office, limits=limits)
    with pytest.raises(Invalid):
        ask(office, "nobody")

    assert office.desk.stores.fact_types() == ["LinksRequested"]
