"""The page of somebody who signed others up: what became of them, and what may still be done for whom."""

import re
from dataclasses import dataclass
from datetime import timedelta
from html import unescape

import pytest

from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Gathering, Window
from shared.links import Purpose
from shared.registration import changes
from shared.registration.applying import Booker
from shared.registration.model import Registration, Status, What
from tests.support.api_gateway import Answer
from tests.support.builders import NOW, a_gathering, applicants
from tests.support.site import Site
from tests.support.stores import COORDINATOR, PERSON

COLLEAGUE = {"colleague-name": "Kollega", "colleague-email": "kollega@herning.example.org"}


@dataclass
class Booked:
    """What somebody booked, and the page about it."""

    site: Site
    gathering: Gathering
    id: str
    people: tuple[str, ...]

    @property
    def address(self) -> str:
        """Where the page is."""
        token = bootstrap.links().token(Purpose.BOOKING, self.gathering.id, self.id, expires=self.gathering.ends_at)
        return f"/tilmelding/gruppe/{token}"

    @property
    def page(self) -> Answer:
        """The page."""
        return self.site.get(self.address)

    @property
    def names(self) -> list[str]:
        """Who is on the page."""
        return [unescape(name) for name in re.findall(r"<h2><bdi>(.*?)</bdi></h2>", self.page.text)]

    @property
    def csrf(self) -> str:
        """What all forms of the page carry."""
        [csrf] = set(re.findall(r'name="csrf" value="([^"]+)"', self.page.text))
        return str(csrf)

    def kept(self, at: int) -> Registration:
        """Return one of the registrations as it is."""
        return self.site.desk.get(self.gathering, self.people[at])

    def press(self, button: str, id: str, *, csrf: str | None = None, **fields: str) -> Answer:
        """Press a button for one of the people."""
        sent = {"csrf": self.csrf if csrf is None else csrf, "id": id} | fields
        return self.site.post_form(f"{self.address}/{button}", sent)


def book(site: Site, gathering: Gathering, *, people: int = 2, name: str = "Lone Leder") -> Booked:
    who = Booker(name, "lone@herning.example.org")
    answers = site.desk.book(gathering, *applicants(people), booker=who, together=False)
    ids = tuple(one.registration_id for one in answers if one.registration_id is not None)
    booking = site.desk.get(gathering, ids[0]).booking_id
    assert booking is not None
    return Booked(site, gathering, booking, ids)


@pytest.fixture
def booked(site: Site) -> Booked:
    return book(site, site.publish(a_gathering(capacity=5)))


def test_everybody_is_shown_with_what_became_of_them(site: Site) -> None:
    booked = book(site, site.publish(a_gathering(capacity=1, waiting_list=True)), people=3)

    page = booked.page

    assert page.status == 200
    assert booked.names == ["Deltager 1", "Deltager 2", "Deltager 3"]
    assert "Lone Leder" in page.text
    assert re.findall(r"nummer (\d)", page.text) == ["1", "2"]
    assert 'name="robots" content="noindex' in page.text


def test_those_left_out_and_those_there_before_are_shown_and_have_no_buttons(site: Site) -> None:
    gathering = site.publish(a_gathering(capacity=2))
    there = site.desk.register(gathering, applicants(2)[1])
    booked = book(site, gathering, people=3)
    csrf = booked.csrf

    page = booked.page
    answer = booked.press("afmelding", str(there.registration_id), csrf=csrf)

    assert booked.names == ["Deltager 1", "Deltager 2", "Deltager 3"]
    assert page.text.count("Var tilmeldt eller på venteliste, da du sendte formularen.") == 1
    assert page.text.count("Ikke tilmeldt: Der var ikke plads.") == 1
    assert re.findall(r'name="id" value="(.*?)"', page.text) == [booked.people[0]]
    assert re.findall(r'\?id=(.*?)"', page.text) == [booked.people[0]]
    assert answer.status == 404
    assert site.desk.get(gathering, there.registration_id).status is Status.CONFIRMED


def test_what_becomes_of_who_was_there_before_is_not_the_bookers_to_know(site: Site) -> None:
    gathering = site.publish(a_gathering(capacity=2))
    there = site.desk.register(gathering, applicants(2)[1])
    booked = book(site, gathering)
    before = booked.page.text.partition("Deltager 2")[2].partition("</li>")[0]

    site.desk.hand_over(gathering, there.registration_id, "Kollega", "kollega@herning.example.org")

    assert booked.page.text.partition("Deltager 2")[2].partition("</li>")[0] == before
    assert "Kollega<" not in booked.page.text


def test_one_of_them_is_cancelled_when_the_question_is_answered_and_the_others_stay(booked: Booked) -> None:
    question = booked.site.get(f"{booked.address}/afmelding?id={booked.people[0]}")
    answer = booked.press("afmelding", question.field("id"), csrf=question.field("csrf"))

    assert "Vil du afmelde Deltager 1?" in question.text
    assert (answer.status, answer.headers["location"]) == (303, booked.address)
    assert [booked.kept(at).status for at in (0, 1)] == [Status.CANCELLED, Status.CONFIRMED]
    assert booked.kept(0).history[-1].by.actor == "booker"
    assert booked.site.left(booked.gathering) == 4


@pytest.mark.parametrize("id", ["", "another"])
def test_nobody_else_is_asked_about(booked: Booked, id: str) -> None:
    assert booked.site.get(f"{booked.address}/afmelding?id={id}").status == 404


def test_one_of_them_is_replaced_by_a_colleague_who_is_shown_instead(booked: Booked) -> None:
    answer = booked.press("kollega", booked.people[0], **COLLEAGUE)

    assert answer.status == 303
    assert booked.kept(0).history[-1].what is What.HANDED_OVER
    assert booked.names == ["Kollega", "Deltager 2"]
    assert booked.site.left(booked.gathering) == 3


def test_a_colleague_can_be_replaced_too(booked: Booked) -> None:
    booked.press("kollega", booked.people[0], **COLLEAGUE)
    colleague = booked.kept(0).successor
    assert colleague is not None

    booked.press("kollega", colleague, **COLLEAGUE | {"colleague-name": "En til"})

    assert booked.names == ["En til", "Deltager 2"]


@pytest.mark.parametrize(
    ("name", "email", "fields"),
    [("", "", ["colleague-name", "colleague-email"]), ("Kollega", "kollega@", ["colleague-email"])],
)
def test_a_colleague_who_is_not_whole_is_told_at_the_person_it_is_about(
    booked: Booked, name: str, email: str, fields: list[str]
) -> None:
    about = booked.people[1]

    page = booked.press("kollega", about, **{"colleague-name": name, "colleague-email": email})

    assert page.status == 422
    found = re.findall(r'<span class="form-error-message" id="([\w.-]+)-error">', page.text)
    assert found == [f"{about}-{field}" for field in fields]
    led_to = re.findall(r'<a href="#([\w.-]+)">', page.text)
    assert set(found) <= set(led_to)
    assert re.findall(r'name="colleague-email"[^>]* value="([^"]*)"', page.text) == ["", email]
    assert booked.kept(1).status is Status.CONFIRMED


@pytest.mark.parametrize(("button", "fields"), [("afmelding", {}), ("kollega", COLLEAGUE)])
def test_who_has_taken_over_is_safe_from_the_booker(booked: Booked, button: str, fields: dict[str, str]) -> None:
    csrf = booked.csrf
    booked.site.desk.do(changes.claim, booked.gathering, booked.people[0], PERSON)

    page = booked.press(button, booked.people[0], csrf=csrf, **fields)

    assert page.status == 409
    assert "har selv overtaget tilmeldingen" in page.text
    assert booked.kept(0).status is Status.CONFIRMED
    assert page.text.count('name="id" value="') == page.text.count(f'name="id" value="{booked.people[1]}"')


def test_whom_somebody_chose_after_taking_over_is_not_the_bookers_to_know(booked: Booked) -> None:
    booked.site.desk.do(changes.claim, booked.gathering, booked.people[0], PERSON)
    booked.site.desk.hand_over(booked.gathering, booked.people[0], "Kollega", "kollega@herning.example.org")

    assert booked.names == ["Deltager 1", "Deltager 2"]
    assert "Kollega" not in booked.page.text


@pytest.mark.parametrize(("button", "fields"), [("afmelding", {}), ("kollega", COLLEAGUE)])
def test_somebody_of_another_booking_cannot_be_touched(
    site: Site, booked: Booked, button: str, fields: dict[str, str]
) -> None:
    other = site.publish(a_gathering(slug="andet"))
    alone = site.desk.register(booked.gathering, applicants(9)[8])
    strangers = [book(site, other).people[0], str(alone.registration_id), "", "nobody"]

    answers = [booked.press(button, one, **fields) for one in strangers]

    assert [answer.status for answer in answers] == [404] * 4
    assert site.desk.get(booked.gathering, alone.registration_id).status is Status.CONFIRMED
    assert site.desk.get(other, strangers[0]).status is Status.CONFIRMED


@pytest.mark.parametrize(("button", "fields"), [("afmelding", {}), ("kollega", COLLEAGUE)])
@pytest.mark.parametrize("csrf", ["", "x", "another's", "the person's", "expired"])
def test_a_button_of_another_page_does_nothing(
    site: Site, booked: Booked, button: str, fields: dict[str, str], csrf: str
) -> None:
    until = site.clock.now + timedelta(hours=1)
    given = {
        "another's": book(site, site.publish(a_gathering(slug="andet"))).csrf,
        "the person's": bootstrap.links().token(Purpose.OWN_FORM, booked.people[0], expires=until),
        "expired": booked.csrf,
    }.get(csrf, csrf)
    if csrf == "expired":
        site.clock.advance(timedelta(hours=2))

    answer = booked.press(button, booked.people[0], csrf=given, **fields)

    assert answer.status == (410 if csrf == "expired" else 404)
    assert booked.kept(0).status is Status.CONFIRMED


@pytest.mark.parametrize("button", ["afmelding", "kollega"])
def test_to_open_an_address_is_to_change_nothing(booked: Booked, button: str) -> None:
    for method in ("GET", "HEAD"):
        # Without a person to cancel for, there is no question to ask.
        status = 404 if button == "afmelding" else 405
        assert booked.site.send(method, f"{booked.address}/{button}").status == status
        assert booked.site.send(method, f"{booked.address}/afmelding?id={booked.people[0]}").status == 200
        assert booked.site.send(method, booked.address).status == 200

    assert [booked.kept(at).version for at in (0, 1)] == [1, 1]


def test_a_link_for_something_else_opens_no_booking(site: Site, booked: Booked) -> None:
    links, until = bootstrap.links(), booked.gathering.ends_at
    own = links.token(Purpose.REGISTRATION, booked.gathering.id, booked.people[0], "1", expires=until)
    gone = links.token(Purpose.BOOKING, booked.gathering.id, "erased", expires=until)
    old = links.token(Purpose.BOOKING, booked.gathering.id, booked.id, expires=NOW)

    assert [site.get(f"/tilmelding/gruppe/{one}").status for one in (own, gone, old, "x")] == [404, 404, 410, 404]


def test_when_it_is_too_late_nothing_changes(site: Site) -> None:
    window = Window(changes_until=NOW + timedelta(minutes=1))
    booked = book(site, site.publish(a_gathering(registration=window)))
    csrf = booked.csrf
    site.clock.advance(timedelta(minutes=1))

    pages = [
        booked.press(button, booked.people[0], csrf=csrf, **fields)
        for button, fields in {"afmelding": {}, "kollega": COLLEAGUE}.items()
    ]

    assert [page.status for page in pages] == [409, 409]
    assert all("Det er for sent at ændre det her" in page.text for page in pages)
    assert 'name="id"' not in booked.page.text


def test_who_is_cancelled_by_a_coordinator_has_no_buttons(booked: Booked) -> None:
    booked.site.desk.cancel(booked.gathering, booked.people[0], COORDINATOR)

    page = booked.page

    assert f'value="{booked.people[0]}"' not in page.text
    assert f'value="{booked.people[1]}"' in page.text


def test_names_that_would_be_markup_are_words(site: Site) -> None:
    booked = book(site, site.publish(a_gathering()), name="<script>alert(1)</script>")

    assert "<script>alert" not in booked.page.text
    assert "&lt;script&gt;alert(1)" in booked.page.text
