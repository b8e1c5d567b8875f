"""Coordinators import lists of participants: looked at first, then registered line by line, and never twice."""

import re
import time
from html import unescape
from typing import Any, Final

import pytest

from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Gathering
from shared.registration import importing
from shared.registration.model import Status
from shared.roles import Role
from shared.spreadsheets.writing import csv_text
from tests.support.api_gateway import Answer
from tests.support.builders import a_gathering, a_session, an_application
from tests.support.data import DATA
from tests.support.site import Site

API: Final = "/api/v1/coordinator/imports"
HEADINGS: Final = ("Navn", "E-mail", "Bibliotek")
KOLDING: Final = "762100"


@pytest.fixture
def coordinator(site: Site) -> Site:
    return site.at_the_desk(Role.COORDINATOR)


def path(gathering: Gathering) -> str:
    return f"/en/tovholder/arrangementer/{gathering.id}/deltagere/import"


def shown(answer: Answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def a_list(number: int, library: str = "Herning") -> str:
    people = ((f"Deltager {n}", f"deltager{n}@herning.example.org", library) for n in range(1, number + 1))
    return csv_text(HEADINGS, people)


def upload(site: Site, gathering: Gathering, **sent: Any) -> Answer:
    return site.send_desk_upload(path(gathering), **sent)


def previewed(site: Site, gathering: Gathering, text: str) -> str:
    """Paste a list, and return where its preview is."""
    answer = upload(site, gathering, text=text)
    assert answer.status == 303, answer.text
    return answer.headers["location"]


def test_a_list_kept_by_hand_is_looked_through(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering())
    coordinator.desk.register(gathering, an_application())
    sheet = (DATA / "participants" / "deltagere-regneark-windows-1252.csv").read_bytes()

    page = coordinator.get(upload(coordinator, gathering, sheet=sheet).headers["location"])

    words = shown(page)
    assert "2 are registered already" in words
    assert "Deltager 3 deltager3@aarhus.example.org" in words
    assert "There is no e-mail address in this line." in words
    assert "libraries are not known" in words
    assert len(coordinator.registrations(gathering)) == 1


def test_who_was_shown_is_registered_once_however_often_it_is_sent(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering(capacity=2, waiting_list=True))
    preview = previewed(coordinator, gathering, a_list(3))
    assert "3 people will be registered" in shown(coordinator.get(preview))

    coordinator.send_desk_form(preview)
    coordinator.send_desk_form(preview)

    assert [one.status for one in coordinator.registrations(gathering)] == [
        Status.CONFIRMED,
        Status.CONFIRMED,
        Status.WAITLISTED,
    ]
    words = shown(coordinator.get(preview))
    assert "The list is imported" in words
    assert "2 Confirmed 1 Waiting" in words
    assert coordinator.facts().count("RegistrationConfirmed") == 2


def test_libraries_are_chosen_for_spellings_that_are_not_known(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering())
    preview = previewed(coordinator, gathering, a_list(2, "Biblioteket ved fjorden"))
    assert "0 people will be registered" in shown(coordinator.get(preview))

    answer = coordinator.send_desk_form(f"{preview}/biblioteker", {"library:Biblioteket ved fjorden": KOLDING})

    assert answer.headers["location"] != preview
    assert "2 people will be registered" in shown(coordinator.get(answer.headers["location"]))
    coordinator.send_desk_form(answer.headers["location"])
    assert {one.participant.library for one in coordinator.registrations(gathering)} == {KOLDING}


def test_a_long_list_goes_on_by_a_button(coordinator: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "AT_ONCE", 2)
    gathering = coordinator.publish(a_gathering())
    preview = previewed(coordinator, gathering, a_list(5))

    coordinator.send_desk_form(preview)
    assert "Continue (2 of 5 done)" in shown(coordinator.get(preview))
    assert len(coordinator.registrations(gathering)) == 2
    coordinator.send_desk_form(preview)
    coordinator.send_desk_form(preview)

    words = shown(coordinator.get(preview))
    assert "5 people are registered" in words
    assert "Continue" not in words


def test_what_broke_off_goes_on_where_it_was(coordinator: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the request had ended after the lines were registered, and before that was noted."""
    gathering = coordinator.publish(a_gathering())
    preview = previewed(coordinator, gathering, a_list(3))
    with monkeypatch.context() as broken:
        broken.setattr(type(bootstrap.previews()), "add_step", lambda *_, **__: None)
        coordinator.send_desk_form(preview)
    assert len(coordinator.registrations(gathering)) == 3

    coordinator.send_desk_form(preview)

    assert len(coordinator.registrations(gathering)) == 3
    assert "3 people are registered" in shown(coordinator.get(preview))
    assert coordinator.facts().count("RegistrationConfirmed") == 3


def test_who_cannot_be_registered_is_told_with_why(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering(capacity=1))
    preview = previewed(coordinator, gathering, a_list(2))

    coordinator.send_desk_form(preview)

    words = shown(coordinator.get(preview))
    assert "1 person is not registered" in words
    assert "3 Deltager 2 All seats are taken." in words


def test_where_there_is_a_choice_it_is_made_for_all(coordinator: Site) -> None:
    sessions = tuple(
        a_session(f"2026-10-05T{hour}:00", id=id, choose_one_of="Spor") for id, hour in (("a", "09"), ("b", "13"))
    )
    gathering = coordinator.publish(a_gathering(sessions=sessions))

    refused = upload(coordinator, gathering, text=a_list(1))
    assert refused.status == 422
    assert "Choose one of the sessions that take turns." in shown(refused)
    assert "Deltager 1" in refused.text
    taken = upload(coordinator, gathering, text=a_list(1), more=(("choice-0", "b"),))
    coordinator.send_desk_form(taken.headers["location"])

    assert [one.sessions for one in coordinator.registrations(gathering)] == [("b",)]


def test_sessions_that_are_ticked_hold_for_all(coordinator: Site) -> None:
    sessions = tuple(a_session(f"2026-10-05T{hour}:00", id=hour) for hour in ("09", "13", "17"))
    gathering = coordinator.publish(a_gathering(sessions=sessions, choose_sessions=True))

    taken = upload(coordinator, gathering, text=a_list(1), more=(("session", "09"), ("session", "17")))
    coordinator.send_desk_form(taken.headers["location"])

    assert [one.sessions for one in coordinator.registrations(gathering)] == [("09", "17")]


@pytest.mark.parametrize("text", ["", "ikke et regneark"])
def test_what_is_no_list_is_refused_with_what_was_pasted(coordinator: Site, text: str) -> None:
    gathering = coordinator.publish(a_gathering())

    answer = upload(coordinator, gathering, text=text)

    assert answer.status == 422
    assert text in answer.text


def test_a_preview_of_another_gathering_or_kind_is_not_found(coordinator: Site) -> None:
    gathering, other = coordinator.publish(a_gathering()), coordinator.publish(a_gathering(slug="et-andet"))
    import_id = previewed(coordinator, gathering, a_list(1)).rpartition("/")[2]

    assert coordinator.send_desk_form(f"{path(other)}/{import_id}").status == 404
    assert coordinator.get(f"/tovholder/biblioteker/importer/{import_id}").status == 404
    assert coordinator.registrations(other) == []


def test_the_api_shows_confirms_and_goes_on(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "AT_ONCE", 2)
    gathering = site.publish(a_gathering())
    api = site.signed_in(Role.COORDINATOR)
    body: dict[str, Any] = {"kind": "participants", "gathering": gathering.id, "text": a_list(3) + "Bo;;Herning\r\n"}

    preview = api.post(API, body)
    assert (preview.status, preview.json()["new"][0]["line"], len(preview.json()["faults"])) == (201, 2, 1)
    first = api.post(f"{preview.headers['location']}/confirm").json()
    second = api.post(f"{preview.headers['location']}/confirm").json()
    third = api.post(f"{preview.headers['location']}/confirm").json()

    assert (first["complete"], first["total"], len(first["registrations"])) == (False, 3, 2)
    assert second["complete"]
    assert third == second
    assert len(site.registrations(gathering)) == 3


def test_a_gathering_that_is_not_there_takes_no_list(site: Site) -> None:
    body = {"kind": "participants", "gathering": "nowhere", "text": a_list(1)}

    assert site.signed_in(Role.COORDINATOR).post(API, body).status == 404


def test_ten_thousand_lines_are_looked_through_within_seconds(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering())
    text = a_list(10_000)

    begin = time.process_time()
    page = coordinator.get(previewed(coordinator, gathering, text))

    assert time.process_time() - begin < 8
    assert "10000 people will be registered" in shown(page)
