"""One form for several gatherings of a programme: each is its own registration, and each is told of."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib.views.programme_registration import MOST_AT_ONCE
from shared.bootstrap import web as bootstrap
from shared.gatherings import service as gathering_planning
from shared.gatherings.dynamo import DynamoGatheringStore
from shared.gatherings.model import FairShare, Gathering, Place, Window
from shared.gatherings.questions import Question, QuestionKind
from shared.gatherings.rounds import Round, Who
from shared.links import Purpose
from shared.programmes import service as planning
from shared.programmes.dynamo import DynamoProgrammeStore
from shared.programmes.model import Programme
from shared.registration.allowance import Allowance
from shared.registration.model import Status
from tests.support.api_gateway import Answer
from tests.support.builders import NETWORK, NOW, a_gathering, a_session
from tests.support.clock import Sleep
from tests.support.faults import EVERYTHING, FaultInjector, Trouble
from tests.support.forms import Page
from tests.support.programmes import a_programme
from tests.support.site import Site
from tests.support.stores import GENEROUS

FORM = {"content-type": "application/x-www-form-urlencoded"}
ADDRESS = "/forloeb/verdensmaal/tilmelding"
PERSON = {"name": "Deltager 1", "email": "deltager1@herning.example.org", "library": "765700", "role": "staff"}
SESSIONS = (
    a_session("2026-10-06T09:00", id="two", choose_one_of="Sted"),
    a_session("2026-10-07T09:00", id="three", choose_one_of="Sted"),
)


@pytest.fixture
def programme(site: Site) -> Programme:
    store = DynamoProgrammeStore()
    planned = planning.plan(a_programme(), languages=NETWORK.languages, store=store)
    return planning.publish(planned.id, store=store, now=NOW, correlation_id="correlation")


def add(programme: Programme, slug: str, **changes: Any) -> Gathering:
    """Publish a gathering of the programme."""
    store = DynamoGatheringStore()
    planned = gathering_planning.plan(
        a_gathering(programme=programme.id, slug=slug, title={"da": slug.capitalize()}, **changes),
        languages=NETWORK.languages,
        programmes=DynamoProgrammeStore(),
        store=store,
    )
    return gathering_planning.publish(planned.id, store=store, now=NOW, correlation_id="correlation")


def fill_in(site: Site, *gatherings: Gathering, **changes: Any) -> Answer:
    """Open the form, choose gatherings, fill it in and send it."""
    page = site.get(ADDRESS)
    assert page.status == 200
    sent = Page(page.text).sent | PERSON | {"gathering": [one.slug for one in gatherings]} | changes
    return site.send("POST", ADDRESS, urlencode(sent, doseq=True).encode(), FORM)


def told(site: Site, answer: Answer) -> dict[str, str]:
    """Return what the receipt says of each gathering."""
    page = receipt(site, answer)
    pairs = re.findall(r"<dt><strong>(.*?)</strong></dt>\s*<dd>\s*<p>(.*?)</p>", page.text, re.DOTALL)
    return {name: " ".join(said.split()) for name, said in pairs}


def receipt(site: Site, answer: Answer) -> Answer:
    """Return the receipt."""
    assert answer.status == 303
    page = site.get(answer.headers["location"])
    assert page.status == 200
    return page


def faulty(page: Answer) -> list[str]:
    """Return the fields that the page says something is wrong with, having seen that its summary leads there."""
    assert page.status == 422
    found = re.findall(r'<span class="form-error-message" id="([\w.-]+)-error">', page.text)
    led_to = re.findall(r'<li><a href="#([\w.-]+)">', page.text)
    assert sorted(one.removesuffix("-staff") for one in led_to) == sorted(found)
    assert set(led_to) <= set(Page(page.text).ids)
    return found


def test_several_gatherings_are_signed_up_for_at_once(site: Site, programme: Programme) -> None:
    first, second, third = (add(programme, slug) for slug in ("foerste", "anden", "tredje"))

    answer = fill_in(site, first, third)

    assert told(site, answer) == {"Foerste": "Pladsen er bekræftet", "Tredje": "Pladsen er bekræftet"}
    assert [len(site.registrations(one)) for one in (first, second, third)] == [1, 0, 1]
    assert site.facts().count("RegistrationConfirmed") == 2


def test_one_that_is_full_takes_nothing_from_the_others(site: Site, programme: Programme) -> None:
    full, free = add(programme, "fuldt", capacity=1), add(programme, "ledigt", capacity=1)
    waiting = add(programme, "venteliste", capacity=1, waiting_list=True)
    page = Page(site.get(ADDRESS).text).sent
    for one in (full, waiting):
        site.registered(one, name="Den første")
    sent = page | PERSON | {"gathering": [full.slug, free.slug, waiting.slug]}

    answer = site.send("POST", ADDRESS, urlencode(sent, doseq=True).encode(), FORM)

    assert told(site, answer) == {
        "Fuldt": "Alle pladser er taget.",
        "Ledigt": "Pladsen er bekræftet",
        "Venteliste": "Nummer 1 på ventelisten",
    }


def test_what_keeps_somebody_from_one_is_said_of_that_one(site: Site, programme: Programme) -> None:
    leaders = (Round("first", {"da": "Ledere"}, NOW - timedelta(days=1), None, Who(roles=("leader",))),)
    for_leaders, taken = add(programme, "ledere", rounds=leaders), add(programme, "fordelt", fair_share=FairShare(1))
    site.registered(taken, name="Den første")
    free = add(programme, "ledigt")

    answer = fill_in(site, for_leaders, taken, free)

    assert told(site, answer) == {
        "Ledere": "Tilmeldingen er ikke åben for dig lige nu.",
        "Fordelt": "Dit bibliotek har lige nu alle de pladser, som ét bibliotek kan få.",
        "Ledigt": "Pladsen er bekræftet",
    }


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {
                "rounds": (
                    Round("first", {"da": "Ledere"}, NOW - timedelta(days=1), None, Who(roles=("leader",))),
                    Round("rest", {"da": "Alle"}, NOW + timedelta(days=7)),
                )
            },
            "Tilmeldingen er ikke åben for dig lige nu.",
        ),
        (
            {"fair_share": FairShare(1, NOW + timedelta(days=7))},
            "Dit bibliotek har lige nu alle de pladser, som ét bibliotek kan få.",
        ),
    ],
    ids=["not this person's round", "fair share"],
)
def test_who_is_refused_until_a_moment_is_told_when_on_the_receipt_and_can_ask_to_be_told(
    site: Site, programme: Programme, changes: dict[str, Any], said: str
) -> None:
    later, other, free = add(programme, "senere", **changes), add(programme, "andet", **changes), add(programme, "frit")
    for one in (later, other) if "fair_share" in changes else ():
        site.registered(one, name="Den første")

    answer = fill_in(site, later, other, free)
    page = receipt(site, answer)
    forms = re.findall(r'<form method="post" action="/arrangementer/(\w+)/besked">(.*?)</form>', page.text, re.DOTALL)
    asked = {name: one for name, [one] in Page(forms[0][1]).sent.items()}
    noted = site.post_form("/arrangementer/senere/besked", asked | {"email": PERSON["email"]})

    assert told(site, answer) == {"Senere": said, "Andet": said, "Frit": "Pladsen er bekræftet"}
    assert page.text.count("Du kan tilmelde dig fra tirsdag den 8. september 2026 kl. 10.00.") == 2
    assert sorted(slug for slug, _ in forms) == ["andet", "senere"]
    assert asked == {"library": "765700", "role": "staff", "email": "", "website": ""}
    assert len(Page(page.text).ids) == len(set(Page(page.text).ids))
    assert noted.status == 303
    [interest] = bootstrap.notices().left_for(later.id)
    assert (interest.library, interest.role, interest.opens_at) == ("765700", "staff", NOW + timedelta(days=7))


def test_a_mail_is_promised_only_where_there_is_something_to_tell_of(site: Site, programme: Programme) -> None:
    full, free = add(programme, "fuldt", capacity=1), add(programme, "ledigt")
    page = Page(site.get(ADDRESS).text).sent
    site.registered(full, name="Den første")
    promise = "Du får en mail om hvert arrangement, hvor du har en plads eller står på venteliste."

    answers = [
        site.send("POST", ADDRESS, urlencode(page | PERSON | {"gathering": chosen}, doseq=True).encode(), FORM)
        for chosen in ([full.slug], [full.slug, free.slug])
    ]

    assert [promise in receipt(site, one).text for one in answers] == [False, True]


def test_one_form_counts_once_however_many_gatherings_it_names(
    site: Site, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    gatherings = [add(programme, f"nr-{number}") for number in range(12)]
    real = Allowance(network_per_second=10, domain_per_second=10, address_per_hour=10, unproven_per_domain=100)
    monkeypatch.setattr(bootstrap, "allowance", lambda: real)

    answer = fill_in(site, *gatherings)

    assert set(told(site, answer).values()) == {"Pladsen er bekræftet"}
    assert all(len(site.registrations(one)) == 1 for one in gatherings)


def test_what_waits_for_a_coordinator_is_told_apart(site: Site, programme: Programme) -> None:
    approved = add(programme, "godkendes", approval=True)

    answer = fill_in(site, approved)

    assert told(site, answer) == {"Godkendes": "Pladsen holdes, til en tovholder har set på den"}


def test_each_link_that_is_mailed_again_counts(
    site: Site, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = add(programme, "foerste"), add(programme, "anden")
    monkeypatch.setattr(bootstrap, "allowance", lambda: replace(GENEROUS, address_per_hour=3))
    fill_in(site, first, second)

    again = fill_in(site, first, second)

    assert sorted(told(site, again).values()) == [
        "Det var for mange på én gang. Vent lidt, og prøv igen.",
        "Pladsen er bekræftet",
    ]
    assert site.facts().count("RegistrationLinkRequested") == 1


def test_too_many_forms_are_stopped_before_anything_is_taken_and_keep_what_was_typed(
    site: Site, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = add(programme, "foerste"), add(programme, "anden")
    monkeypatch.setattr(bootstrap, "allowance", lambda: replace(GENEROUS, address_per_hour=1))
    sent = Page(site.get(ADDRESS).text).sent | PERSON | {"gathering": [first.slug]}

    taken = [site.send("POST", ADDRESS, urlencode(sent, doseq=True).encode(), FORM) for _ in range(2)]
    page = fill_in(site, first, second)

    assert [one.status for one in taken] == [303, 303], "the same form again is no other"
    assert page.status == 429
    assert page.headers["retry-after"]
    assert "Prøv igen om" in page.text
    assert (page.field("name"), page.field("email")) == (PERSON["name"], PERSON["email"])
    assert site.registrations(second) == []


def test_a_form_names_no_more_gatherings_than_can_be_waited_for(site: Site, programme: Programme) -> None:
    gatherings = [add(programme, f"nr-{number}") for number in range(MOST_AT_ONCE + 1)]

    page = fill_in(site, *gatherings)

    assert faulty(page) == ["gatherings"]
    assert page.field("name") == PERSON["name"]
    assert site.registrations(gatherings[0]) == []


def test_only_what_can_be_signed_up_for_is_offered(site: Site, programme: Programme) -> None:
    add(programme, "ledigt")
    add(programme, "senere", registration=Window(opens_at=NOW + timedelta(days=1)))
    add(programme, "lukket", registration=Window(closes_at=NOW))
    site.registered(add(programme, "fuldt", capacity=1))
    site.registered(add(programme, "venteliste", capacity=1, waiting_list=True))
    site.desk.call_off(add(programme, "aflyst"))

    page = site.get(ADDRESS)

    assert sorted(re.findall(r'name="gathering" value="(\w+)"', page.text)) == ["ledigt", "venteliste"]
    for shown in (page, site.get("/forloeb/verdensmaal")):
        assert re.findall(r'href="/arrangementer/(\w+)/besked"', shown.text) == ["senere"]


def test_where_there_is_nothing_to_sign_up_for_the_page_says_so(site: Site, programme: Programme) -> None:
    page = site.get(ADDRESS)

    assert page.status == 200
    assert "<form" not in page.text
    assert "Der er ikke noget at tilmelde sig lige nu." in page.text


@pytest.mark.parametrize("chosen", [(), ("findes-ikke",)])
def test_who_chooses_nothing_is_told_so_and_loses_nothing(
    site: Site, programme: Programme, chosen: tuple[str, ...]
) -> None:
    add(programme, "ledigt")

    page = fill_in(site, gathering=list(chosen))

    assert faulty(page) == ["gatherings"]
    assert (page.field("name"), page.field("email")) == (PERSON["name"], PERSON["email"])


def test_what_is_wrong_with_the_person_is_told_once_and_nothing_is_taken(site: Site, programme: Programme) -> None:
    first, second = add(programme, "foerste"), add(programme, "anden")

    page = fill_in(site, first, second, name="", email="x@", role="")

    assert faulty(page) == ["name", "email", "role"]
    assert page.field("email") == "x@"
    assert sorted(re.findall(r'value="(\w+)" checked', page.text)) == ["anden", "foerste"]
    assert site.registrations(first) == site.registrations(second) == []


def test_what_is_to_be_chosen_is_asked_for_at_each_gathering(site: Site, programme: Programme) -> None:
    plain = add(programme, "ledigt")
    choice = add(programme, "valg", sessions=SESSIONS)
    hybrid = add(programme, "hybrid", place=Place("Herning", "Østergade 8"), on_site_capacity=5, online_capacity=5)

    page = fill_in(site, plain, choice, hybrid)
    answer = fill_in(site, plain, choice, hybrid, **{"valg-choice-0": "three", "hybrid-mode": "on_site"})

    assert sorted(faulty(page)) == ["hybrid-mode", "valg-sessions"]
    assert len(told(site, answer)) == 3
    assert site.registrations(choice)[0].sessions == ("three",)
    assert site.registrations(hybrid)[0].mode == "on_site"


def test_questions_are_answered_on_the_own_page(site: Site, programme: Programme) -> None:
    asked = Question("hvorfor", QuestionKind.TEXT, {"da": "Hvorfor?"}, required=True)
    asking = add(programme, "spoerger", questions=(asked,), asks_needs=True)

    answer = fill_in(site, asking)

    assert told(site, answer) == {"Spoerger": "Pladsen er bekræftet"}
    assert site.registrations(asking)[0].answers == {}


def test_the_same_form_sent_twice_is_one_registration_each(site: Site, programme: Programme) -> None:
    first, second = add(programme, "foerste"), add(programme, "anden")
    sent = Page(site.get(ADDRESS).text).sent | PERSON | {"gathering": [first.slug, second.slug]}

    answers = [site.send("POST", ADDRESS, urlencode(sent, doseq=True).encode(), FORM) for _ in range(2)]

    assert told(site, answers[0]) == told(site, answers[1])
    assert [len(site.registrations(one)) for one in (first, second)] == [1, 1]
    assert "RegistrationLinkRequested" not in site.facts()


def test_while_the_store_is_busy_the_form_keeps_what_was_typed_and_is_safe_to_send_again(
    site: Site, programme: Programme, sleep: Sleep
) -> None:
    first, second = add(programme, "foerste", capacity=5), add(programme, "anden", capacity=5)
    sent = Page(site.get(ADDRESS).text).sent | PERSON | {"gathering": [first.slug, second.slug]}
    body = urlencode(sent, doseq=True).encode()

    with FaultInjector(probability=1, kinds=[Trouble.LOST_ANSWER]):
        page = site.send("POST", ADDRESS, body, FORM)
    again = site.send("POST", ADDRESS, body, FORM)

    assert page.status == 503
    assert page.headers["retry-after"]
    assert page.field("name") == PERSON["name"]
    assert len(told(site, again)) == 2
    assert [site.left(one) for one in (first, second)] == [4, 4]


def test_a_program_that_fills_in_the_hidden_field_gets_nothing(site: Site, programme: Programme) -> None:
    gathering = add(programme, "ledigt")

    answer = fill_in(site, gathering, website="https://example.org")

    assert told(site, answer) == {}
    assert site.registrations(gathering) == []


def test_a_receipt_is_for_one_programme_and_for_an_hour(site: Site, programme: Programme) -> None:
    location = fill_in(site, add(programme, "ledigt")).headers["location"]
    other = bootstrap.links().token(Purpose.RECEIPT, "andet", expires=NOW + timedelta(hours=1))

    assert site.get(f"{ADDRESS}/kvittering/{other}").status == 404
    assert site.get(location[:-2]).status == 404
    site.clock.advance(timedelta(hours=1))
    assert site.get(location).status == 410


def test_nobody_signs_up_for_a_draft(site: Site) -> None:
    planning.plan(a_programme(), languages=NETWORK.languages, store=DynamoProgrammeStore())

    assert site.get(ADDRESS).status == 404
    assert site.post_form(ADDRESS, PERSON).status == 404


def test_who_registers_from_an_address_of_nobodys_is_asked_to_confirm(site: Site, programme: Programme) -> None:
    gathering = add(programme, "ledigt")
    full = add(programme, "fuldt", capacity=1, waiting_list=True)
    site.registered(full, name="Den første")

    answer = fill_in(site, gathering, full, email="deltager1@et.andet.example.org")

    assert told(site, answer) == {
        "Ledigt": "Pladsen holdes og skal bekræftes med linket i mailen",
        "Fuldt": "På venteliste, når det er bekræftet med linket i mailen",
    }
    assert site.registrations(gathering)[0].status is Status.PENDING


def test_a_busy_store_is_told_on_a_page(site: Site, programme: Programme, sleep: Sleep) -> None:
    with FaultInjector(probability=1, kinds=[Trouble.THROTTLED], operations=EVERYTHING):
        page = site.get(ADDRESS)

    assert page.status == 503
    assert page.headers["content-type"].startswith("text/html")
