"""A participant's own page: the link is the key, and only a button changes anything."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from chalicelib.views.personal import FORM_LIVES
from shared.gatherings.model import Gathering, Window
from shared.links import Purpose
from shared.registration.model import Status
from tests.support.api_gateway import Answer
from tests.support.builders import HERNING, KOLDING, NOW, a_gathering, a_seminar
from tests.support.clock import Sleep
from tests.support.faults import EVERYTHING, FaultInjector, Trouble
from tests.support.site import Site

WAY_IN: Final = 'href="/deltag/'
EITHER_DAY: Final = a_seminar(
    sessions=tuple(replace(session, choose_one_of=None) for session in a_seminar().sessions), choose_sessions=True
)
HYBRID: Final = a_gathering(sessions=EITHER_DAY.sessions[1:], online_capacity=9)


def press_the_button(site: Site, token: str, **changes: str) -> Answer:
    question = site.get(f"/tilmelding/{token}/afmelding")
    return site.post_form(f"/tilmelding/{token}/afmelding", {"csrf": question.field("csrf")} | changes)


def test_the_link_shows_the_registration(site: Site) -> None:
    gathering = site.publish(a_gathering())
    _, token = site.registered(gathering, name="Åse Ærø")

    page = site.get(f"/tilmelding/{token}")

    assert page.status == 200
    assert "Åse Ærø" in page.text
    assert "Din plads er bekræftet" in page.text
    assert WAY_IN in page.text
    assert gathering.online_link is not None
    assert gathering.online_link not in page.text, "the way in is a page that notes who goes in"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert 'name="robots" content="noindex' in page.text


@pytest.mark.parametrize(
    ("gathering", "chosen", "places", "link"),
    [
        (a_seminar(), {"sessions": ("online", "kolding")}, ["Kolding Bibliotek"], True),
        (EITHER_DAY, {"sessions": ("kolding",)}, ["Kolding Bibliotek"], False),
        (HYBRID, {"mode": "on_site"}, ["Herning Bibliotek", "Kolding Bibliotek"], False),
        (HYBRID, {"mode": "online"}, [], True),
    ],
    ids=["both", "on site only", "chose on site", "chose online"],
)
def test_the_page_says_where_the_person_takes_part_and_nothing_else(
    site: Site, gathering: Gathering, chosen: dict[str, Any], places: list[str], link: bool
) -> None:
    _, token = site.registered(site.publish(gathering), **chosen)

    page = site.get(f"/tilmelding/{token}").text
    facts = page.partition("Praktisk")[2].partition("</section>")[0]

    assert [place.name for place in (HERNING, KOLDING) if place.name in facts] == places
    assert (WAY_IN in page) == link
    assert "også deltage online" not in facts


def test_a_button_gives_the_seat_back(site: Site) -> None:
    gathering = site.publish(a_gathering(capacity=1))
    registration_id, token = site.registered(gathering)

    answer = press_the_button(site, token)
    page = site.get(answer.headers["location"])

    assert answer.status == 303
    assert "Du har meldt afbud" in page.text or "afmeldt" in page.text
    assert site.desk.get(gathering, registration_id).status is Status.CANCELLED
    assert site.left(gathering) == 1
    assert "RegistrationCancelled" in site.facts()


def test_who_only_looks_changes_nothing(site: Site) -> None:
    gathering = site.publish(a_gathering(capacity=1))
    registration_id, token = site.registered(gathering)

    for method in ("GET", "HEAD"):
        for path in ("", "/afmelding", "/kalender.ics"):
            assert site.send(method, f"/tilmelding/{token}{path}").status == 200

    assert site.desk.get(gathering, registration_id).status is Status.CONFIRMED


def test_to_press_twice_is_to_press_once(site: Site) -> None:
    gathering = site.publish(a_gathering(capacity=1))
    _, token = site.registered(gathering)
    csrf = site.get(f"/tilmelding/{token}/afmelding").field("csrf")

    answers = [site.post_form(f"/tilmelding/{token}/afmelding", {"csrf": csrf}) for _ in range(2)]

    assert [answer.status for answer in answers] == [303, 303]
    assert site.left(gathering) == 1
    assert site.facts().count("RegistrationCancelled") == 1


@pytest.mark.parametrize("csrf", ["", "x", "anothers", "own link", "expired"])
def test_a_button_that_is_not_this_pages_does_nothing(site: Site, csrf: str) -> None:
    gathering = site.publish(a_gathering())
    registration_id, token = site.registered(gathering)
    _, other = site.registered(gathering, name="Deltager 2")
    if csrf == "anothers":
        csrf = site.get(f"/tilmelding/{other}/afmelding").field("csrf")
    elif csrf == "own link":
        csrf = token
    elif csrf == "expired":
        csrf = site.get(f"/tilmelding/{token}/afmelding").field("csrf")
        site.clock.advance(FORM_LIVES)

    answer = site.post_form(f"/tilmelding/{token}/afmelding", {"csrf": csrf})

    assert answer.status in (404, 410)
    assert site.desk.get(gathering, registration_id).status is Status.CONFIRMED


@pytest.mark.parametrize("path", ["", "/afmelding", "/kalender.ics"])
def test_a_link_that_is_none_of_ours_leads_nowhere(site: Site, path: str) -> None:
    gathering = site.publish(a_gathering())
    _, token = site.registered(gathering)

    for forged in (token[:-3], f"{token}x", token.replace(".", ".x", 1), "x", "x.y.z", "æøå"):
        assert site.get(f"/tilmelding/{forged}{path}").status == 404


def test_a_link_is_too_old_some_day(site: Site) -> None:
    gathering = site.publish(a_gathering())
    registration_id, _ = site.registered(gathering)
    token = site.link(gathering, registration_id, expires=NOW + timedelta(days=1))

    assert site.get(f"/tilmelding/{token}").status == 200
    site.clock.advance(timedelta(days=1))
    page = site.get(f"/tilmelding/{token}")

    assert page.status == 410
    assert page.headers["content-type"].startswith("text/html")


def test_a_link_for_something_else_does_not_open_a_registration(site: Site) -> None:
    from shared.bootstrap import web

    gathering = site.publish(a_gathering())
    registration_id, _ = site.registered(gathering)
    token = web.links().token(Purpose.RECEIPT, gathering.id, registration_id, expires=NOW + timedelta(days=1))

    assert site.get(f"/tilmelding/{token}").status == 404


def test_a_link_to_what_is_erased_leads_nowhere(site: Site) -> None:
    gathering = site.publish(a_gathering())

    assert site.get(f"/tilmelding/{site.link(gathering, 'erased')}").status == 404


def test_nobody_cancels_when_it_is_too_late(site: Site) -> None:
    gathering = site.publish(a_gathering(registration=Window(changes_until=NOW + timedelta(minutes=1))))
    registration_id, token = site.registered(gathering)
    csrf = site.get(f"/tilmelding/{token}/afmelding").field("csrf")
    site.clock.advance(timedelta(minutes=1))

    answer = site.post_form(f"/tilmelding/{token}/afmelding", {"csrf": csrf})

    assert answer.status == 409
    assert site.desk.get(gathering, registration_id).status is Status.CONFIRMED


def test_the_calendar_file_has_the_ids_of_the_mailed_invitations(site: Site) -> None:
    gathering = site.publish(a_gathering())
    registration_id, token = site.registered(gathering)

    entry = site.get(f"/tilmelding/{token}/kalender.ics")

    assert entry.headers["content-type"].startswith("text/calendar")
    assert f"UID:{registration_id}-one" in entry.text


def test_the_page_of_a_cancelled_gathering_says_so(site: Site) -> None:
    gathering = site.publish(a_gathering())
    _, token = site.registered(gathering)
    site.desk.call_off(gathering)

    assert "Arrangementet er aflyst" in site.get(f"/tilmelding/{token}").text


def test_the_language_of_the_page_is_the_one_in_its_address(site: Site) -> None:
    gathering = site.publish(a_gathering())
    _, token = site.registered(gathering)

    page = site.get(f"/en/tilmelding/{token}")
    question = site.get(f"/en/tilmelding/{token}/afmelding")
    answer = site.post_form(f"/en/tilmelding/{token}/afmelding", {"csrf": question.field("csrf")})

    assert '<html lang="en"' in page.text
    assert answer.headers["location"] == f"/en/tilmelding/{token}"


def test_while_the_store_is_busy_nothing_is_cancelled_and_the_page_says_when_to_come_back(
    site: Site, sleep: Sleep
) -> None:
    gathering = site.publish(a_gathering())
    registration_id, token = site.registered(gathering)
    csrf = site.get(f"/tilmelding/{token}/afmelding").field("csrf")

    with FaultInjector(probability=1, kinds=[Trouble.THROTTLED], operations=EVERYTHING):
        answer = site.post_form(f"/tilmelding/{token}/afmelding", {"csrf": csrf})

    assert answer.status == 503
    assert answer.headers["retry-after"]
    assert site.desk.get(gathering, registration_id).status is Status.CONFIRMED
