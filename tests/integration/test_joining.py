"""The way in to a session online: a button in its time, that is noted once, and a page that explains at all others."""

from datetime import timedelta

import pytest

from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Gathering, Mode, Place
from shared.links import Purpose
from shared.registration.model import Registration
from tests.support.builders import NOW, a_gathering
from tests.support.site import Site

ROOM = "https://moede.example.org/rum"
EARLY, LATE = timedelta(minutes=46), timedelta(minutes=31)


@pytest.fixture
def gathering(site: Site) -> Gathering:
    return site.publish(a_gathering(is_recorded=True))


def way_in(gathering: Gathering, one: Registration, *, generation: int = 1, session: str = "one") -> str:
    expires = gathering.ends_at + timedelta(days=7)
    token = bootstrap.links().token(Purpose.JOIN, gathering.id, one.id, str(generation), session, expires=expires)
    return f"/deltag/{token}"


def somebody(site: Site, gathering: Gathering, **changes: str) -> Registration:
    site.registered(gathering, **changes)
    return site.registrations(gathering)[-1]


def test_the_button_leads_to_the_meeting_and_the_first_time_is_noted(site: Site, gathering: Gathering) -> None:
    path = way_in(gathering, somebody(site, gathering))
    site.clock.now = gathering.starts_at - timedelta(minutes=10)
    first = site.clock.now

    page = site.get(path)
    assert page.status == 200
    assert ROOM not in page.text, "whoever opens the link does not get it from the page"
    assert "form-action 'self' https://moede.example.org;" in page.headers["content-security-policy"] + ";"
    for _ in range(2):
        answer = site.post_form(path, {"csrf": page.field("csrf")})
        assert (answer.status, answer.headers["location"]) == (302, ROOM)
        site.clock.advance(timedelta(minutes=5))

    [one] = site.registrations(gathering)
    assert one.joined == {"one": first}
    assert "RegistrationChanged" not in site.facts()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_opens_the_link_changes_nothing(site: Site, gathering: Gathering, method: str) -> None:
    one = somebody(site, gathering)
    site.clock.now = gathering.starts_at

    assert site.send(method, way_in(gathering, one)).status == 200

    assert site.registrations(gathering) == [one]


@pytest.mark.parametrize(
    ("from_start", "said"),
    [(-EARLY, "Du er her i god tid. Fra mandag den 5. oktober 2026 kl. 8.15"), (LATE, "Det er slut.")],
)
def test_before_and_after_the_page_explains_and_the_button_of_a_page_left_open_does_too(
    site: Site, gathering: Gathering, from_start: timedelta, said: str
) -> None:
    path = way_in(gathering, somebody(site, gathering))
    site.clock.now = gathering.starts_at
    open_page = site.get(path)
    end = gathering.ends_at if from_start > timedelta() else gathering.starts_at
    site.clock.now = end + from_start

    page = site.get(path)
    pressed = site.post_form(path, {"csrf": open_page.field("csrf")})

    assert said in page.text and said in pressed.text
    assert "<form" not in page.text.split("<main")[1]
    assert site.registrations(gathering)[0].joined == {}


def test_who_has_no_seat_or_takes_part_on_site_is_told_so(site: Site) -> None:
    held = site.publish(a_gathering(approval=True))
    place = Place("Herning Bibliotek", "Østergade 8")
    mixed = site.publish(a_gathering(slug="begge", place=place, on_site_capacity=5, online_capacity=5))
    site.fill_in(mixed, mode=Mode.ON_SITE.value)
    off = site.publish(a_gathering(slug="aflyst"))
    waiting, there, gone = somebody(site, held), site.registrations(mixed)[0], somebody(site, off)
    site.desk.call_off(off, "Underviseren er syg.")
    site.clock.now = held.starts_at

    assert "Du har ikke plads" in site.get(way_in(held, waiting)).text
    assert "Du deltager på stedet" in site.get(way_in(mixed, there)).text
    assert "Underviseren er syg." in site.get(way_in(off, gone)).text


def test_only_this_pages_own_link_and_button_let_in(site: Site, gathering: Gathering) -> None:
    one = somebody(site, gathering)
    other = somebody(site, gathering, name="Deltager 2", email="deltager2@herning.example.org")
    site.clock.now = gathering.starts_at
    others = site.get(way_in(gathering, other)).field("csrf")

    assert site.get(way_in(gathering, one, generation=2)).status == 404
    assert site.get(way_in(gathering, one, session="two")).status == 404
    assert site.get(f"/deltag/{site.link(gathering, one.id)}").status == 404
    for csrf in ("", others, way_in(gathering, one).rpartition("/")[2]):
        assert site.post_form(way_in(gathering, one), {"csrf": csrf}).status == 404
    assert site.registrations(gathering)[0].joined == {}
    site.clock.now = gathering.ends_at + timedelta(days=8)
    assert site.get(way_in(gathering, one)).status == 410
    assert gathering.starts_at > NOW
