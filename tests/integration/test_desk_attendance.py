"""Coordinators note who was there: at the door, and from the report of a meeting."""

import json
import re
from datetime import timedelta
from html import unescape
from typing import Final

import pytest

from shared.gatherings.model import Gathering
from shared.roles import Role
from tests.support.api_gateway import Answer
from tests.support.builders import NOW, a_gathering, a_session
from tests.support.data import DATA
from tests.support.site import Site

REPORT: Final = DATA / "attendance" / "teams" / "attendance-current-en-us.csv"


@pytest.fixture
def coordinator(site: Site) -> Site:
    return site.at_the_desk(Role.COORDINATOR)


@pytest.fixture
def gathering(coordinator: Site) -> Gathering:
    coordinator.desk.now = NOW - timedelta(days=1)
    found = coordinator.publish(a_gathering(title={"da": "Kursus"}, sessions=(a_session("2026-09-01T09:30"),)))
    coordinator.registered(found)
    coordinator.registered(found, name="Bo", email="bo@aarhus.example.org", library="775100")
    return found


def path(gathering: Gathering, session: str = "/one") -> str:
    return f"/en/tovholder/arrangementer/{gathering.id}/fremmoede{session}"


def shown(answer: Answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def ids(site: Site, gathering: Gathering) -> dict[str, str]:
    return {one.participant.name: one.id for one in site.registrations(gathering)}


def upload(site: Site, gathering: Gathering, content: bytes) -> Answer:
    body = (
        f'--edge\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{site.csrf}\r\n'
        '--edge\r\nContent-Disposition: form-data; name="report"; filename="moede.csv"\r\n'
        "Content-Type: text/csv\r\n\r\n"
    ).encode()
    headers = {"content-type": "multipart/form-data; boundary=edge"}
    return site.send("POST", f"{path(gathering)}/rapport", body + content + b"\r\n--edge--\r\n", headers)


def test_a_tap_notes_that_somebody_is_here_and_another_takes_it_back(coordinator: Site, gathering: Gathering) -> None:
    bo = ids(coordinator, gathering)["Bo"]

    answer = coordinator.send_desk_form(path(gathering), {"registration": bo, "was_there": "1"})

    assert answer.headers["location"] == f"{path(gathering)}#p-{bo}"
    assert "1 of 2 are here" in shown(coordinator.get(path(gathering)))
    coordinator.send_desk_form(path(gathering), {"registration": bo, "was_there": "0"})
    assert "0 of 2 are here" in shown(coordinator.get(path(gathering)))
    assert "2 0 0 1 1" in shown(coordinator.get(path(gathering, "")))


def test_without_a_script_people_are_searched_by_the_server(coordinator: Site, gathering: Gathering) -> None:
    page = coordinator.get(f"{path(gathering)}?q=aarhus").text

    found = ids(coordinator, gathering)
    assert re.search(rf'id="p-{found["Bo"]}"[^>]*(?<!hidden)>', page)
    assert re.search(rf'id="p-{found["Deltager 1"]}"[^>]* hidden>', page)


def test_nobody_is_noted_before_the_day(coordinator: Site, gathering: Gathering) -> None:
    later = coordinator.publish(a_gathering(slug="senere"))
    registration_id, _ = coordinator.registered(later)

    answer = coordinator.send_desk_form(path(later), {"registration": registration_id, "was_there": "1"})

    assert answer.status == 409
    assert "has not begun" in shown(answer)


def test_a_report_is_shown_before_it_is_noted(coordinator: Site, gathering: Gathering) -> None:
    answer = upload(coordinator, gathering, REPORT.read_bytes())
    preview = answer.headers["location"]

    words = shown(coordinator.get(preview))

    assert "Nothing is noted yet. 1 person in it is registered. 13 are not found by the address." in words
    assert "Deltager 1 Herning Deltager 1 93 minutes" in words
    assert {one.attended == {} for one in coordinator.registrations(gathering)} == {True}

    # The guest in the ninth place is Bo.
    fields = {"minutes": "30", "person.8": ids(coordinator, gathering)["Bo"]}
    done = coordinator.send_desk_form(preview, fields)

    assert "Noted: 2 were there, 0 were not." in shown(coordinator.get(done.headers["location"]))
    attended = {one.participant.name: one.attended["one"] for one in coordinator.registrations(gathering)}
    assert {name: (said.was_there, said.seconds) for name, said in attended.items()} == {
        "Bo": (True, 5210),
        "Deltager 1": (True, 5599),
    }


def test_what_was_chosen_is_not_lost_when_something_is_wrong(coordinator: Site, gathering: Gathering) -> None:
    preview = upload(coordinator, gathering, REPORT.read_bytes()).headers["location"]
    bo = ids(coordinator, gathering)["Bo"]

    answer = coordinator.send_desk_form(preview, {"minutes": "en halv time", "person.8": bo})

    assert answer.status == 422
    assert f'<option value="{bo}" selected>' in answer.text
    assert 'value="en halv time"' in answer.text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "There are no lines in it."),
        (b"Navn;E-mail\nBo;bo@example.org\n", "This is not a report that we know."),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "cannot be read"),
    ],
)
def test_what_is_no_report_is_refused_at_its_session(
    coordinator: Site, gathering: Gathering, content: bytes, said: str
) -> None:
    answer = upload(coordinator, gathering, content)

    assert answer.status == 422
    assert said in shown(answer)
    assert 'id="report.one-error"' in answer.text


def test_a_preview_of_another_gathering_is_not_there(coordinator: Site, gathering: Gathering) -> None:
    preview = upload(coordinator, gathering, REPORT.read_bytes()).headers["location"].rpartition("/")[2]
    other = coordinator.publish(a_gathering(slug="andet"))

    assert coordinator.get(f"{path(other)}/rapport/{preview}").status == 404
    assert coordinator.get(path(other, "/two")).status == 404


def test_the_api_notes_and_tells_who_was_there(site: Site, coordinator: Site, gathering: Gathering) -> None:
    program = site.signed_in(Role.COORDINATOR)
    address = f"/api/v1/coordinator/gatherings/{gathering.id}/attendance"
    found = ids(coordinator, gathering)
    marks = [
        {"registration": found["Bo"], "was_there": True},
        {"registration": found["Deltager 1"], "was_there": False},
    ]
    headers = {"content-type": "application/json"}

    def send(**body: object) -> Answer:
        return program.send("POST", address, json.dumps(body).encode(), headers)

    answers = [send(session="one", marks=marks) for _ in range(2)]

    figures = {"session": "one", "seats": 2, "pressed": 0, "were_there": 1, "were_not": 1, "not_known": 0}
    assert [answer.json() for answer in answers] == [{"sessions": [figures]}] * 2
    assert program.get(address).json() == {"sessions": [figures]}
    listed = program.get(f"/api/v1/coordinator/gatherings/{gathering.id}/registrations").json()["registrations"]
    assert {one["name"]: one["attended"][0]["was_there"] for one in listed} == {"Bo": True, "Deltager 1": False}
    assert send(session="two", marks=marks).status == 404
    assert send(session="one", marks=[{"registration": "nobody", "was_there": True}]).status == 409
    assert send(session="one", marks=[]).status == 422
