"""Coordinators know more of libraries than the profile, and no two of them overwrite each other."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest

from shared.gatherings.rounds import Who
from shared.registration.model import Status
from shared.roles import Role
from shared.spreadsheets.writing import xlsx
from tests.support.api_gateway import Answer
from tests.support.builders import NOW, a_gathering, an_application
from tests.support.programmes import a_round
from tests.support.site import Site

PATH = "/api/v1/coordinator/libraries"
IMPORTS = "/api/v1/coordinator/imports"
HERNING, IKAST = "765700", "775600"


@pytest.fixture
def coordinator(site: Site) -> Site:
    return site.signed_in(Role.COORDINATOR)


def patch(site: Site, number: str, **changes: Any) -> Answer:
    return site.send("PATCH", f"{PATH}/{number}", json.dumps(changes).encode(), {"content-type": "application/json"})


def kind(answer: Answer) -> str:
    return str(answer.json()["type"]).rpartition(":")[2]


def test_a_library_is_given_as_the_profile_has_it(coordinator: Site) -> None:
    assert coordinator.get(f"{PATH}/{HERNING}").json() == {
        "id": HERNING,
        "name": "Herning",
        "municipality": "0657",
        "region": "Region Midtjylland",
        "aliases": [],
        "domains": ["herning.example.org"],
        "certifications": [],
        "certification": "none",
        "merged_into": None,
        "version": 0,
    }


def test_of_two_changes_of_one_version_the_second_is_refused(coordinator: Site) -> None:
    first = patch(coordinator, HERNING, name="Herning Bibliotekerne", version=0)
    second = patch(coordinator, HERNING, aliases=["Midtvest"], version=0)

    assert (first.status, first.json()["version"]) == (200, 1)
    assert (second.status, kind(second)) == (409, "library-changed-meanwhile")
    third = patch(coordinator, HERNING, aliases=["Midtvest"], version=1)
    assert (third.json()["name"], third.json()["aliases"]) == ("Herning Bibliotekerne", ["Midtvest"])


def test_a_change_without_a_version_is_made_of_the_newest(coordinator: Site) -> None:
    patch(coordinator, HERNING, name="Herning Bibliotekerne")

    changed = patch(coordinator, HERNING, domains=["@Ny.Example.org", ".faelles.example.org"])

    assert changed.json()["domains"] == ["ny.example.org", ".faelles.example.org"]
    assert (changed.json()["name"], changed.json()["version"]) == ("Herning Bibliotekerne", 2)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"domains": ["gmail.com"]}, "domains.0"),
        ({"domains": ["bibliotek"]}, "domains.0"),
        ({"name": " "}, "name"),
        ({"certifications": [{"status": "certified", "since": "2026-01-01", "until": "2025-01-01"}]}, None),
        ({"municipality": "657"}, "municipality"),
    ],
)
def test_a_change_that_cannot_be_is_refused(coordinator: Site, changes: dict[str, Any], field: str | None) -> None:
    answer = patch(coordinator, HERNING, **changes)

    assert (answer.status, kind(answer)) == (422, "invalid")
    assert [fault["field"] for fault in answer.json()["errors"]] == [field or "certifications.0.until"]


def test_a_merged_library_is_flagged_and_chosen_no_more(coordinator: Site, site: Site) -> None:
    merged = coordinator.post(f"{PATH}/{IKAST}/merge", {"into": HERNING, "version": 0})

    assert (merged.status, merged.json()["merged_into"], merged.json()["version"]) == (200, HERNING, 1)
    listed = {one["id"]: one["merged_into"] for one in coordinator.get(PATH).json()["libraries"]}
    assert (listed[IKAST], listed[HERNING]) == (HERNING, None)
    assert [one["id"] for one in coordinator.get(f"{PATH}?q=ikast").json()["libraries"]] == [HERNING]
    assert [one["id"] for one in site.get("/api/v1/libraries?q=ikast").json()["libraries"]] == [HERNING]
    again = coordinator.post(f"{PATH}/{IKAST}/merge", {"into": HERNING})
    assert (again.status, kind(again), again.json()["into"]) == (409, "library-merged", HERNING)
    back = coordinator.post(f"{PATH}/{HERNING}/merge", {"into": IKAST})
    assert (back.status, back.json()["errors"][0]["field"]) == (422, "into")
    assert coordinator.post(f"{PATH}/{HERNING}/merge", {"into": "799999"}).status == 404


@pytest.mark.parametrize("way", ["domains", "patch", "import"])
def test_a_domain_confirms_all_who_wait_for_it_however_it_is_listed(coordinator: Site, way: str) -> None:
    rounds = (a_round(opens_at=NOW - timedelta(days=1), who=Who(libraries=(HERNING,))),)
    gathering = coordinator.publish(a_gathering(rounds=rounds))
    held = coordinator.desk.register(gathering, an_application(email="deltager1@ny.example.org")).registration_id
    assert coordinator.desk.get(gathering, held).status is Status.PENDING

    if way == "domains":
        coordinator.post(f"{PATH}/{HERNING}/domains", {"domain": "ny.example.org"})
    elif way == "patch":
        patch(coordinator, HERNING, domains=["ny.example.org"])
    else:
        text = f"nummer;domæner\n{HERNING};ny.example.org"
        preview = coordinator.post("/api/v1/coordinator/imports", {"kind": "libraries", "text": text}).json()
        coordinator.post(f"/api/v1/coordinator/imports/{preview['id']}/confirm")

    assert coordinator.desk.get(gathering, held).status is Status.CONFIRMED


def test_a_municipality_is_put_right_and_left_alone(coordinator: Site) -> None:
    assert patch(coordinator, HERNING, municipality="0756").json()["municipality"] == "0756"
    assert patch(coordinator, HERNING, name="Herning").json()["municipality"] == "0756"
    assert patch(coordinator, HERNING, municipality=None).json()["municipality"] is None
    wrong = patch(coordinator, HERNING, municipality="1")
    assert (wrong.status, wrong.json()["errors"][0]["field"]) == (422, "municipality")


def test_a_domain_is_listed_once(coordinator: Site) -> None:
    first = coordinator.post(f"{PATH}/{HERNING}/domains", {"domain": "ny.example.org"})
    second = coordinator.post(f"{PATH}/{HERNING}/domains", {"domain": "NY.example.org"})
    refused = coordinator.post(f"{PATH}/{HERNING}/domains", {"domain": "gmail.com"})

    assert first.json()["domains"] == ["herning.example.org", "ny.example.org"]
    assert first.json() == second.json()
    assert (refused.status, refused.json()["errors"][0]["field"]) == (422, "domain")


def test_an_unknown_library_is_not_found(coordinator: Site) -> None:
    assert coordinator.get(f"{PATH}/799999").status == 404
    assert patch(coordinator, "799999", name="Ny").status == 404
    assert coordinator.post(f"{PATH}/799999/domains", {"domain": "ny.example.org"}).status == 404


def test_viewers_look_and_change_nothing(site: Site) -> None:
    viewer = site.signed_in(Role.VIEWER)

    assert viewer.get(PATH).status == viewer.get(f"{PATH}/{HERNING}").status == 200
    assert patch(viewer, HERNING, name="Ny").status == 403
    assert viewer.post(IMPORTS, {"kind": "libraries", "text": "x"}).status == 403


SHEET = "Bibliotek\tCertificering\tFra\nHerning\tcertificeret\t1.3.2026\nHernig\tpå vej\t1.3.2026\n"


def test_an_import_is_shown_and_then_confirmed(coordinator: Site) -> None:
    shown = coordinator.post(IMPORTS, {"kind": "libraries", "text": SHEET}, accept_language="da")

    body = shown.json()
    assert shown.status == 201
    assert shown.headers["location"] == f"{IMPORTS}/{body['id']}"
    assert body["changes"] == [
        {
            "library": HERNING,
            "name": "Herning",
            "field": "certification",
            "before": None,
            "after": {"status": "certified", "since": "2026-03-01", "until": None},
        }
    ]
    assert (body["new"], body["same"]) == ([], 0)
    assert [(one["line"], one["field"]) for one in body["faults"]] == [(3, "library")]
    assert coordinator.get(f"{PATH}/{HERNING}").json()["certification"] == "none"

    first = coordinator.post(f"{IMPORTS}/{body['id']}/confirm")
    second = coordinator.post(f"{IMPORTS}/{body['id']}/confirm")

    assert (
        first.json() == second.json() == {"id": body["id"], "kind": "libraries", "kept": [HERNING], "passed_over": []}
    )
    assert coordinator.get(f"{PATH}/{HERNING}").json()["certification"] == "certified"


def test_a_file_is_imported_in_base64(coordinator: Site) -> None:
    content = xlsx(("Nummer", "Navn"), [("860100", "Ørsted-biblioteket")])

    shown = coordinator.post(
        IMPORTS,
        {"kind": "libraries", "content_base64": base64.b64encode(content).decode(), "filename": "biblioteker.xlsx"},
    )

    assert [one["id"] for one in shown.json()["new"]] == ["860100"]


def test_a_sheet_of_ten_thousand_lines_is_taken_and_a_larger_body_is_not(coordinator: Site) -> None:
    text = "Bibliotek;Domæner;Bemærkning\n" + f"Herning;herning.example.org;{'x' * 90}\n" * 10_000

    assert coordinator.post(IMPORTS, {"kind": "libraries", "text": text}).json()["same"] == 10_000
    assert coordinator.post(IMPORTS, {"kind": "libraries", "text": text * 4}).status == 413
    many = coordinator.post(IMPORTS, {"kind": "libraries", "text": "Bibliotek\n" + "Herning\n" * 10_001})
    assert (many.status, kind(many)) == (422, "sheet-too-many-lines")
    assert many.json()["lines"] == 10_001


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"text": ""}, "sheet-empty"),
        ({"text": "Fornavn;Alder\nx;y"}, "sheet-columns-missing"),
        ({"content_base64": base64.b64encode(b"PK\x03\x04broken").decode()}, "not-a-spreadsheet"),
        ({"content_base64": "æ"}, "invalid"),
        ({}, "invalid"),
        ({"text": "x", "content_base64": ""}, "invalid"),
        ({"text": "x", "kind": "webinars"}, "invalid"),
    ],
)
def test_what_cannot_be_imported_says_why(coordinator: Site, body: dict[str, str], problem: str) -> None:
    answer = coordinator.post(IMPORTS, {"kind": "libraries", **body})

    assert (answer.status, kind(answer)) == (422, problem)


def test_what_was_never_shown_cannot_be_confirmed(coordinator: Site) -> None:
    answer = coordinator.post(f"{IMPORTS}/none/confirm")

    assert (answer.status, kind(answer)) == (404, "import-not-found")
