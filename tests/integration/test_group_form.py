"""Signing colleagues up on one form: its buttons lose nothing, and what is wrong is told at the right person."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from shared.bootstrap import web as bootstrap
from shared.gatherings.model import FairShare, Gathering
from shared.registration.applying import MOST_TOGETHER
from shared.registration.model import Status
from tests.support.api_gateway import Answer
from tests.support.builders import NOW, a_gathering, a_session
from tests.support.forms import Page
from tests.support.site import Site

Sent = dict[str, list[str]]
FORM = {"content-type": "application/x-www-form-urlencoded"}


def address(gathering: Gathering) -> str:
    return f"/arrangementer/{gathering.slug}/tilmelding"


def send(site: Site, gathering: Gathering, sent: Mapping[str, Any]) -> Answer:
    return site.send("POST", address(gathering), urlencode(sent, doseq=True).encode(), FORM)


def press(site: Site, gathering: Gathering, sent: Sent, button: str) -> Sent:
    """Press one of the form's own buttons, and return what would be sent then."""
    page = send(site, gathering, sent | {"action": [button]})
    assert page.status == 200, "it is no fault to press a button"
    return Page(page.text).sent


def person(at: int, **changes: str) -> Sent:
    before = f"p{at}-" if at else ""
    fields = {"name": f"Deltager {at}", "email": f"deltager{at}@herning.example.org", "role": "staff"} | changes
    return {before + name: [value] for name, value in fields.items()}


def group(site: Site, gathering: Gathering, people: int = 2, /, **changes: str) -> Sent:
    """Return a form for a group, filled in."""
    sent = Page(site.get(f"{address(gathering)}?gruppe=1").text).sent
    for _ in range(people - 2):
        sent = press(site, gathering, sent, "add")
    for at in range(people):
        sent |= person(at)
    booker = {"booker-name": "Lone Leder", "booker-email": "lone@herning.example.org", "library": "765700"}
    return sent | {name: [value] for name, value in (booker | changes).items()}


def faulty(page: Answer) -> list[str]:
    """Return the fields that the page says something is wrong with, having seen that its summary leads there."""
    assert page.status == 422
    found = re.findall(r'<span class="form-error-message" id="([\w.-]+)-error">', page.text)
    led_to = re.findall(r'<li><a href="#([\w.-]+)">', page.text)
    assert [one.removesuffix("-staff") for one in led_to] == found
    assert set(led_to) <= set(Page(page.text).ids)
    return found


@pytest.fixture
def gathering(site: Site) -> Gathering:
    return site.publish(a_gathering(capacity=5, asks_invoice_reference=True))


def test_a_group_is_signed_up_by_somebody_who_need_not_take_part(site: Site, gathering: Gathering) -> None:
    answer = send(site, gathering, group(site, gathering, 3))

    people = site.registrations(gathering)
    assert answer.status == 303
    assert [one.participant.name for one in people] == ["Deltager 0", "Deltager 1", "Deltager 2"]
    assert {one.status for one in people} == {Status.CONFIRMED}
    assert {one.participant.library for one in people} == {"765700"}
    [booking] = {one.booking_id for one in people}
    assert booking is not None
    receipt = bootstrap.registrations().receipt(gathering.id, booking)
    assert (receipt.name, receipt.email) == ("Lone Leder", "lone@herning.example.org")
    assert site.facts().count("BookingMade") == 1
    assert site.left(gathering) == 2


def test_the_receipt_tells_of_everybody(site: Site, gathering: Gathering) -> None:
    answer = send(site, gathering, group(site, gathering))

    page = site.get(answer.headers["location"])

    assert page.status == 200
    assert page.text.count("<li>Pladsen er bekræftet</li>") == 2


def test_colleagues_have_one_invoice(site: Site, gathering: Gathering) -> None:
    send(site, gathering, group(site, gathering, gln="5790000000005", reference="Konto 17"))

    invoices = [one.invoice for one in site.registrations(gathering)]

    assert [(one.gln, one.reference) for one in invoices if one] == [("5790000000005", "Konto 17")] * 2


EXTRAS = {"gln": "579", "reference": 'Konto "17"', "together": "as_many"}


def test_another_colleague_is_added_below(site: Site, gathering: Gathering) -> None:
    before = group(site, gathering, **EXTRAS)

    after = press(site, gathering, before, "add")

    assert after == before | {"people": ["3"], "p2-name": [""], "p2-email": [""]}


def test_one_of_the_middle_is_taken_out(site: Site, gathering: Gathering) -> None:
    before = group(site, gathering, 3, **EXTRAS)

    after = press(site, gathering, before, "remove-1")

    moved = person(1, name="Deltager 2", email="deltager2@herning.example.org")
    gone = {name for name in before if name.startswith("p2-")}
    assert after == {name: value for name, value in before.items() if name not in gone} | {"people": ["2"]} | moved


def test_when_the_first_is_taken_out_library_and_invoice_stay(site: Site, gathering: Gathering) -> None:
    before = group(site, gathering, **EXTRAS)

    after = press(site, gathering, before, "remove-0")

    first = person(0, name="Deltager 1", email="deltager1@herning.example.org")
    gone = {name for name in before if name.startswith("p1-")}
    assert after == {name: value for name, value in before.items() if name not in gone} | {"people": ["1"]} | first


def test_who_signs_up_alone_after_all_keeps_what_was_typed(site: Site, gathering: Gathering) -> None:
    before = group(site, gathering, gln="579", reference="K")

    after = press(site, gathering, before, "alone")

    own = ("idempotency_key", "invitation", "library", "name", "email", "role", "gln", "reference", "website")
    assert after == {name: before[name] for name in own} | {"people": ["1"]}


def test_who_signs_up_others_after_all_keeps_what_was_typed(site: Site, gathering: Gathering) -> None:
    alone = Page(site.get(address(gathering)).text).sent | person(0) | {"library": ["765700"], "gln": ["579"]}

    after = press(site, gathering, alone, "group")

    assert {name: after[name] for name in alone if name != "people"} == {
        name: value for name, value in alone.items() if name != "people"
    }
    assert (after["people"], after["group"], after["p1-name"]) == (["2"], ["1"], [""])


def test_choices_of_each_are_kept(site: Site) -> None:
    sessions = (
        a_session(),
        a_session("2026-10-06T09:00", id="two", choose_one_of="Sted"),
        a_session("2026-10-07T09:00", id="three", choose_one_of="Sted"),
    )
    gathering = site.publish(a_gathering(sessions=sessions))
    before = group(site, gathering) | {"choice-0": ["two"], "p1-choice-0": ["three"]}

    after = press(site, gathering, before, "add")
    send(site, gathering, before)

    assert (after["choice-0"], after["p1-choice-0"]) == (["two"], ["three"])
    assert [one.sessions for one in site.registrations(gathering)] == [("one", "two"), ("one", "three")]


@pytest.mark.parametrize("button", ["add", "remove-0", "alone", "group"])
def test_a_button_of_the_form_signs_nobody_up(site: Site, gathering: Gathering, button: str) -> None:
    press(site, gathering, group(site, gathering), button)

    assert site.registrations(gathering) == []
    assert site.facts() == ["GatheringPublished"]


def test_a_form_has_room_for_so_many_and_no_more(site: Site) -> None:
    gathering = site.publish(a_gathering())
    sent = group(site, gathering, MOST_TOGETHER)

    page = send(site, gathering, sent | {"action": ["add"]})
    answer = send(site, gathering, sent)

    assert Page(page.text).sent == sent
    assert 'value="add"' not in page.text
    assert answer.status == 303
    assert len(site.registrations(gathering)) == MOST_TOGETHER


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"booker-name": "", "booker-email": "lone@"}, ["booker-name", "booker-email"]),
        ({"p1-name": ""}, ["p1-name"]),
        ({"email": "x", "p1-role": ""}, ["email", "p1-role"]),
        ({"p1-name": "Deltager 0", "p1-email": " DELTAGER0@herning.example.org"}, ["p1-name"]),
        ({"library": ""}, ["library"]),
        ({"gln": "579"}, ["gln"]),
    ],
)
def test_what_is_wrong_is_told_at_the_right_person_and_nothing_is_lost(
    site: Site, gathering: Gathering, changes: dict[str, str], fields: list[str]
) -> None:
    sent = group(site, gathering, **changes)

    page = send(site, gathering, sent)

    assert faulty(page) == fields
    kept = Page(page.text).sent
    assert {name: kept.get(name, [""]) for name in sent} == sent
    assert site.registrations(gathering) == []


def test_all_or_nobody_takes_no_seat_when_there_is_not_room_for_all(site: Site) -> None:
    gathering = site.publish(a_gathering(capacity=2))
    site.registered(gathering)

    page = send(site, gathering, group(site, gathering))

    assert page.status == 409
    assert "Alle pladser er taget" in page.text
    assert len(site.registrations(gathering)) == 1
    assert site.left(gathering) == 1


def test_a_group_larger_than_the_gathering_is_told_what_can_be_done(site: Site) -> None:
    gathering = site.publish(a_gathering(capacity=1, waiting_list=True))

    page = send(site, gathering, group(site, gathering))

    assert page.status == 409
    assert "Vælg så mange, der er plads til, eller tilmeld færre på én gang." in page.text
    assert site.registrations(gathering) == []


def test_as_many_as_there_is_room_for_are_seated_and_the_receipt_says_who_is_not(site: Site) -> None:
    gathering = site.publish(a_gathering(capacity=1))

    answer = send(site, gathering, group(site, gathering, together="as_many"))
    receipt = site.get(answer.headers["location"])

    [seated] = site.registrations(gathering)
    assert (seated.participant.name, seated.status) == ("Deltager 0", Status.CONFIRMED)
    assert receipt.text.index("<li>Pladsen er bekræftet</li>") < receipt.text.index("<li>Der var ikke plads</li>")


def test_a_group_waits_together(site: Site) -> None:
    gathering = site.publish(a_gathering(capacity=2, waiting_list=True))
    site.registered(gathering, name="Alene")

    answer = send(site, gathering, group(site, gathering))
    receipt = site.get(answer.headers["location"])

    assert [one.status for one in site.registrations(gathering)] == [Status.CONFIRMED] + [Status.WAITLISTED] * 2
    assert re.findall("<li>Nummer (\\d) på ventelisten</li>", receipt.text) == ["1", "2"]
    assert site.desk.seats(gathering).left["whole"] == 1


def test_a_library_that_has_its_fair_share_is_told_until_when(site: Site) -> None:
    until = NOW + timedelta(days=7)
    gathering = site.publish(a_gathering(capacity=9, fair_share=FairShare(1, until)))

    page = send(site, gathering, group(site, gathering))

    assert page.status == 403
    assert "Dit bibliotek har lige nu alle de pladser" in page.text
    assert "tirsdag den 8. september 2026 kl. 10.00" in page.text
    assert site.registrations(gathering) == []
    assert site.left(gathering) == 9


def test_the_same_form_sent_twice_signs_a_group_up_once(site: Site, gathering: Gathering) -> None:
    sent = group(site, gathering)

    answers = [send(site, gathering, sent) for _ in range(2)]

    assert [answer.status for answer in answers] == [303, 303]
    assert len(site.registrations(gathering)) == 2
    assert site.facts().count("BookingMade") == 1
