"""Coordinators take participants away: as files that spreadsheets open, and as pages to print."""

import base64
import csv
import io
import re
import time
from dataclasses import replace
from html import unescape
from typing import Final

import openpyxl
import pytest

from chalicelib import exports
from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Gathering, Place
from shared.gatherings.questions import Option, Question, QuestionKind
from shared.i18n import voice
from shared.roles import Role
from tests.support.api_gateway import Answer
from tests.support.builders import (
    NETWORK,
    a_gathering,
    a_registration,
    a_seminar,
    a_session,
    an_application,
    applicants,
)
from tests.support.site import Site
from tests.support.stores import everybody

API: Final = "/api/v1/coordinator/exports"
PLACE: Final = Place("Herning Bibliotek", "Østergade 8, Herning")
ON_SITE: Final = {"place": PLACE, "online_link": None}
QUESTIONS: Final = (
    Question("lunch", QuestionKind.YES_NO, {"da": "Spiser du med?", "en": "Will you have lunch?"}),
    Question(
        "track",
        QuestionKind.CHOICES,
        {"da": "Spor"},
        options=(Option("a", {"da": "Børn"}), Option("b", {"da": "Voksne"})),
    ),
)


@pytest.fixture
def coordinator(site: Site) -> Site:
    return site.at_the_desk(Role.COORDINATOR)


@pytest.fixture
def api(site: Site) -> Site:
    return site.signed_in(Role.COORDINATOR)


def path(gathering: Gathering, what: str) -> str:
    return f"/tovholder/arrangementer/{gathering.id}/deltagere/{what}"


def rows(answer: Answer) -> list[dict[str, object]]:
    """Return the lines of a workbook, by heading."""
    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    sheet = openpyxl.load_workbook(io.BytesIO(base64.b64decode(answer.text))).active
    assert sheet is not None
    head, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, head), line, strict=True)) for line in lines]


def shown(answer: Answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def with_needs(site: Site) -> Gathering:
    """Return a gathering in which two of three have said what they need."""
    gathering = site.publish(a_gathering(asks_needs=True, questions=QUESTIONS, **ON_SITE))
    for application in (
        an_application(name="Åse", email="aase@herning.example.org", diet="Vegetar", answers={"lunch": True}),
        an_application(name="Anna", email="anna@herning.example.org", diet=" vegetar ", accommodation="Teleslynge"),
        an_application(name="Bo", email="bo@herning.example.org", answers={"track": ["b", "a"]}),
    ):
        site.desk.register(gathering, application)
    return gathering


def test_a_workbook_has_everything_in_columns(coordinator: Site) -> None:
    gathering = with_needs(coordinator)

    answer = coordinator.get(f"/en{path(gathering, 'fil')}")

    assert answer.headers["content-disposition"] == f'attachment; filename="{gathering.slug}-participants.xlsx"'
    anna, bo, aase = rows(answer)
    assert (anna["Name"], anna["Library"], anna["Status"]) == ("Anna", "Herning", "Confirmed")
    assert (aase["Will you have lunch?"], bo["Spor"]) == ("Yes", "Børn, Voksne")
    assert str(bo["Signed up"]) == "2026-09-01 10:00:00"
    assert "Food" not in bo


def test_what_people_need_comes_along_when_it_is_asked_for(coordinator: Site) -> None:
    gathering = with_needs(coordinator)

    anna, *_ = rows(coordinator.get(f"/en{path(gathering, 'fil')}?needs=true"))

    assert (anna["Food"], anna["Access"]) == ("vegetar", "Teleslynge")


def test_of_a_library_that_was_merged_the_file_has_the_one_that_took_over(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering())
    coordinator.desk.register(gathering, an_application(library="762100"))
    directory = bootstrap.libraries()
    directory.merge("762100", "765700", version=directory.get("762100").version)

    [line] = rows(coordinator.get(f"/en{path(gathering, 'fil')}"))

    assert (line["Library"], str(line["Library number"])) == ("Herning", "765700")


def test_a_text_file_opens_in_a_danish_spreadsheet(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering())
    coordinator.desk.register(gathering, an_application(name="=HVIS(1;2)"))

    answer = coordinator.get(path(gathering, "fil") + "?format=csv")

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.text.startswith("\ufeff")
    _, line = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";")
    assert line[0] == "'=HVIS(1;2)"


def test_the_file_has_those_that_are_shown(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering(capacity=1, waiting_list=True))
    everybody(coordinator.desk, gathering, applicants(3))

    found = rows(coordinator.get(f"/en{path(gathering, 'fil')}?status=waitlisted"))

    assert [(one["Name"], one["Number in line"]) for one in found] == [("Deltager 2", 1), ("Deltager 3", 2)]


def test_a_head_request_brings_no_file(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering())

    answer = coordinator.send("HEAD", path(gathering, "fil"))

    assert (answer.status, answer.text) == (200, "")


def test_the_api_gives_the_same_file(site: Site, api: Site) -> None:
    gathering = with_needs(site)

    found = rows(api.get(f"{API}?gathering={gathering.id}&kind=participants&needs=true", accept_language="en"))

    assert [one["Navn"] for one in found] == ["Anna", "Bo", "Åse"]


def test_the_api_gives_catering_without_names(site: Site, api: Site) -> None:
    gathering = with_needs(site)

    answer = api.get(f"{API}?gathering={gathering.id}&kind=catering&format=csv")

    assert "Vegetar;2" in answer.text
    assert "Teleslynge;1" in answer.text
    assert "Anna" not in answer.text


@pytest.mark.parametrize(
    ("query", "status"),
    [("kind=participants", 404), ("kind=else&gathering=x", 422), ("kind=participants&gathering=x&format=pdf", 422)],
)
def test_what_the_api_cannot_give_is_refused(api: Site, query: str, status: int) -> None:
    assert api.get(f"{API}?{query}").status == status


def test_kitchens_get_numbers(coordinator: Site) -> None:
    page = coordinator.get(f"/en{path(with_needs(coordinator), 'forplejning')}")

    assert "3 people come on site." in shown(page)
    assert "Vegetar 2" in shown(page)
    assert "Anna" not in page.text


def test_each_of_several_places_gets_numbers_of_its_own(coordinator: Site, api: Site) -> None:
    sessions = (
        a_session("2026-10-05T09:00", id="a", title={"da": "Herning"}, choose_one_of="Sted"),
        a_session("2026-10-06T09:00", id="b", title={"da": "Aarhus"}, choose_one_of="Sted"),
    )
    gathering = coordinator.publish(a_gathering(sessions=sessions, asks_needs=True, **ON_SITE))
    for name, chosen, diet in (("Anna", "a", "Vegetar"), ("Bo", "b", "Nødder"), ("Cy", "b", "")):
        coordinator.desk.register(gathering, an_application(name=name, sessions=(chosen,), diet=diet))

    page = shown(coordinator.get(f"/en{path(gathering, 'forplejning')}"))
    file = api.get(f"{API}?gathering={gathering.id}&kind=catering&format=csv").text

    assert re.search(r"Herning: .*? 1 person comes on site\. .*?Vegetar 1 .*?Aarhus: .*? 2 people come on site\.", page)
    assert re.search(r"Aarhus: [^;]*;Mad;Nødder;1", file)
    assert not re.search(r"Aarhus: [^;]*;Mad;Vegetar", file)


def test_who_comes_to_a_place_signs_and_has_a_badge_there(coordinator: Site, api: Site) -> None:
    sessions = tuple(replace(session, choose_one_of=None) for session in a_seminar().sessions)
    gathering = coordinator.publish(a_seminar(sessions=sessions, choose_sessions=True))
    for name, chosen in (("Anna", ("online", "herning")), ("Bo", ("online", "kolding")), ("Cy", ("online",))):
        coordinator.desk.register(gathering, an_application(name=name, sessions=chosen))

    sheets = shown(coordinator.get(f"/en{path(gathering, 'underskrifter')}"))
    badges = shown(coordinator.get(f"/en{path(gathering, 'navneskilte')}"))
    found = rows(api.get(f"{API}?gathering={gathering.id}&kind=participants", accept_language="en"))

    assert "Fælles dag" not in sheets
    assert re.search(r" · Herning Bibliotek (?:(?!Bo).)*?Anna .*? · Kolding Bibliotek (?:(?!Anna).)*?Bo", sheets)
    assert [name in badges for name in ("Anna", "Bo", "Cy")] == [True, True, False]
    assert [one["Deltagelse"] for one in found] == ["På stedet, Online", "På stedet, Online", "Online"]


def test_a_sheet_to_sign_has_who_comes_to_each_session(coordinator: Site) -> None:
    sessions = (
        a_session("2026-10-05T09:00", id="a", choose_one_of="Spor"),
        a_session("2026-10-05T13:00", id="b", choose_one_of="Spor"),
    )
    gathering = coordinator.publish(a_gathering(sessions=sessions, **ON_SITE))
    one, other = applicants(2)
    coordinator.desk.register(gathering, an_application(name=one.name, email=one.email, sessions=("a",)))
    gone = coordinator.desk.register(gathering, an_application(name=other.name, email=other.email, sessions=("b",)))
    coordinator.desk.cancel(gathering, gone.registration_id)

    page = coordinator.get(f"/en{path(gathering, 'underskrifter')}")

    assert page.text.count("sign-in-sheet") == 2
    assert page.text.count("Deltager 1") == 1
    assert "Deltager 2" not in page.text
    assert one.email not in page.text
    assert "Nobody comes on site." in shown(page)


@pytest.mark.parametrize(("size", "sheets"), [("90x55", 3), ("63x38", 2), ("unknown", 3)])
def test_badges_fill_sheet_after_sheet_with_name_and_library_only(coordinator: Site, size: str, sheets: int) -> None:
    gathering = coordinator.publish(a_gathering(**ON_SITE))
    everybody(coordinator.desk, gathering, applicants(22))

    page = coordinator.get(f"{path(gathering, 'navneskilte')}?size={size}")

    assert page.text.count('<ul class="plain-list badge-sheet') == sheets
    assert page.text.count("<strong><bdi>") == 22
    assert "example.org" not in page.text.partition("<main")[2]


def test_ten_thousand_people_are_written_within_seconds(site: Site) -> None:
    gathering = a_gathering(questions=QUESTIONS)
    people = [a_registration(gathering, name=f"Deltager {n}", answers={"lunch": True}) for n in range(10_000)]

    begin = time.process_time()
    told = exports.participants(gathering, people, voice("da", NETWORK.languages, NETWORK.time_zone), with_needs=True)
    answer = exports.file(told, exports.Format.XLSX, "all")

    assert time.process_time() - begin < 5
    assert len(answer.body) < 4_000_000
