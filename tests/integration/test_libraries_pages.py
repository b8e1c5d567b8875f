"""Coordinators look after libraries by pages that work without JavaScript and lose nothing that was typed."""

import re
from html import unescape
from typing import Final

import pytest

from shared.bootstrap import web as bootstrap
from shared.libraries.model import Certification, Library
from shared.roles import Role
from shared.spreadsheets.writing import csv_text, xlsx
from tests.support.api_gateway import Answer
from tests.support.site import Site

PATH: Final = "/tovholder/biblioteker"
HERNING, IKAST, KOLDING = "765700", "775600", "762100"


@pytest.fixture
def coordinator(site: Site) -> Site:
    return site.at_the_desk(Role.COORDINATOR)


@pytest.fixture
def viewer(site: Site) -> Site:
    return site.at_the_desk(Role.VIEWER)


def upload(site: Site, *, text: str = "", sheet: bytes = b"", csrf: str | None = None) -> Answer:
    return site.send_desk_upload(f"{PATH}/importer", text=text, sheet=sheet, csrf=csrf)


def a_form(site: Site, number: str = HERNING, **changes: str) -> dict[str, str]:
    """Return what stands in the form of a library, with changes."""
    page = site.get(f"{PATH}/{number}")
    areas = {
        name: unescape(text).strip()
        for name, text in re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>([^<]*)</textarea>', page.text)
    }
    chosen = re.findall(r'<option value="(\d+)" selected', page.text)
    fields = {"version": page.field("version"), "name": page.field("name"), "municipality": "".join(chosen[:1])}
    return fields | areas | changes


def shown(answer: Answer) -> str:
    """Return the words of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def rows(answer: Answer) -> list[str]:
    return re.findall(rf'href="{PATH}/(\d+)"', answer.text)


def test_all_libraries_are_listed_with_municipality_and_certification(viewer: Site) -> None:
    page = viewer.get(PATH)

    assert page.status == 200
    assert len(rows(page)) == 99
    assert "Herning 765700 Herning Not certified herning.example.org" in shown(viewer.get(f"/en{PATH}"))
    assert f"{PATH}/ny" not in page.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=hern", [HERNING]),
        ("q=765700", [HERNING]),
        ("municipality=0657", [HERNING]),
        ("certification=certified", [KOLDING]),
        ("without_domain=1", ["860100"]),
        ("q=hern&certification=certified", []),
    ],
)
def test_the_list_is_searched_and_filtered(coordinator: Site, query: str, found: list[str]) -> None:
    coordinator.send_desk_form(f"{PATH}/ny", {"id": "860100", "name": "Ørsted-biblioteket"})
    certified = {"certifications.0.status": "certified", "certifications.0.since": "2026-01-01"}
    coordinator.send_desk_form(f"{PATH}/{KOLDING}", a_form(coordinator, KOLDING, **certified))

    assert rows(coordinator.get(f"{PATH}?{query}")) == found


def test_a_library_is_added(coordinator: Site) -> None:
    answer = coordinator.send_desk_form(f"{PATH}/ny", {"id": "DK-860100", "name": "Ørsted-biblioteket"})

    assert (answer.status, answer.headers["location"]) == (303, f"{PATH}/860100?done=added")
    assert bootstrap.libraries().get("860100").name == "Ørsted-biblioteket"
    assert "The library is added." in shown(coordinator.get(f"/en{PATH}/860100?done=added"))


@pytest.mark.parametrize(
    ("fields", "status", "at"),
    [
        ({"id": "12", "name": ""}, 422, ("id", "name")),
        ({"id": HERNING, "name": "En til"}, 409, ()),
        ({"id": "860100", "name": "Ny", "municipality": "9999"}, 422, ("municipality",)),
    ],
)
def test_what_cannot_be_added_is_shown_again_with_what_is_wrong(
    coordinator: Site, fields: dict[str, str], status: int, at: tuple[str, ...]
) -> None:
    answer = coordinator.send_desk_form(f"{PATH}/ny", fields)

    assert answer.status == status
    assert answer.field("id") == fields["id"]
    assert answer.field("name") == fields["name"]
    for name in at:
        assert f'id="{name}-error"' in answer.text
        assert f'href="#{name}"' in answer.text


def test_a_mistyped_municipality_is_put_right(coordinator: Site) -> None:
    address = f"{PATH}/860100"
    bootstrap.libraries().add(Library("860100", "Landsbyens Bibliotek", "0657"))
    assert a_form(coordinator, "860100")["municipality"] == "0657"

    saved = coordinator.send_desk_form(address, a_form(coordinator, "860100", municipality="0756"))
    wrong = coordinator.send_desk_form(address, a_form(coordinator, "860100", municipality="1"))

    assert (saved.status, wrong.status) == (303, 422)
    assert 'id="municipality-error"' in wrong.text
    assert bootstrap.libraries().fresh().get("860100").municipality == "0756"
    coordinator.send_desk_form(address, a_form(coordinator, "860100", municipality=""))
    assert bootstrap.libraries().fresh().get("860100").municipality is None


def test_a_library_is_changed(coordinator: Site) -> None:
    fields = a_form(
        coordinator,
        name="Herning Bibliotekerne",
        aliases="Midtvest\r\n Herning bib \r\n\r\n",
        domains="herning.example.org\r\n@Faelles.Example.org",
    )
    history = {
        "certifications.0.status": "certified",
        "certifications.0.since": "2026-03-01",
        "certifications.0.until": "2029-03-01",
        "certifications.1.status": "",
        "certifications.1.since": "",
    }

    answer = coordinator.send_desk_form(f"{PATH}/{HERNING}", fields | history)

    assert (answer.status, answer.headers["location"]) == (303, f"{PATH}/{HERNING}?done=saved")
    library = bootstrap.libraries().get(HERNING)
    assert (library.name, library.aliases) == ("Herning Bibliotekerne", ("Midtvest", "Herning bib"))
    assert library.domains == ("herning.example.org", "faelles.example.org")
    [status] = library.certifications
    assert (status.status, str(status.since), str(status.until)) == ("certified", "2026-03-01", "2029-03-01")
    page = coordinator.get(f"/en{PATH}/{HERNING}")
    assert page.field("certifications.0.since") == "2026-03-01"
    assert "Certified 01.03.2026 01.03.2029" in shown(page)


def test_a_status_is_ended_and_another_removed(coordinator: Site) -> None:
    history = {
        "certifications.0.status": "in_progress",
        "certifications.0.since": "2025-01-01",
        "certifications.1.status": "certified",
        "certifications.1.since": "2026-01-01",
    }
    coordinator.send_desk_form(f"{PATH}/{HERNING}", a_form(coordinator) | history)

    changed = {"certifications.0.removed": "1", "certifications.1.until": "2026-06-01"}
    answer = coordinator.send_desk_form(f"{PATH}/{HERNING}", a_form(coordinator) | history | changed)

    assert answer.status == 303
    [only] = bootstrap.libraries().get(HERNING).certifications
    assert (only.status, str(only.until)) == (Certification.CERTIFIED, "2026-06-01")


def test_a_form_with_faults_comes_back_with_all_that_was_typed(coordinator: Site) -> None:
    fields = a_form(coordinator, name=" ", domains="gmail.com\nherning.example.org", aliases="Beholdes")
    history = {
        "certifications.0.status": "",
        "certifications.0.since": "snart",
        "certifications.1.status": "certified",
        "certifications.1.since": "2026-01-01",
        "certifications.1.until": "2026-01-01",
    }

    half = coordinator.send_desk_form(f"{PATH}/{HERNING}", fields | history)
    whole = coordinator.send_desk_form(f"{PATH}/{HERNING}", fields | history | {"certifications.0.since": ""})

    assert half.status == whole.status == 422
    assert {"certifications.0.status", "certifications.0.since"} == set(re.findall(r'id="([\w.]+)-error"', half.text))
    assert half.field("certifications.0.since") == "snart"
    assert {"name", "domains", "certifications.1.until"} == set(re.findall(r'id="([\w.]+)-error"', whole.text))
    assert "Beholdes" in whole.text
    assert "gmail.com" in whole.text
    assert bootstrap.libraries().get(HERNING).version == 0


def test_of_two_who_save_the_second_sees_both_and_loses_nothing(coordinator: Site, site: Site) -> None:
    mine = a_form(coordinator, name="Mit navn", aliases="Mit alias")
    theirs = a_form(coordinator, name="Deres navn") | {
        "certifications.0.status": "certified",
        "certifications.0.since": "2026-01-01",
    }
    coordinator.send_desk_form(f"{PATH}/{HERNING}", theirs)

    answer = coordinator.send_desk_form(f"/en{PATH}/{HERNING}", mine)

    assert answer.status == 409
    assert answer.field("name") == "Mit navn"
    assert "Mit alias" in answer.text
    assert "Saved meanwhile: Deres navn" in shown(answer)
    assert "Saved meanwhile Status From Until Certified 01.01.2026 no end" in shown(answer)
    assert answer.field("version") == "1"
    assert bootstrap.libraries().get(HERNING).name == "Deres navn"

    again = coordinator.send_desk_form(f"{PATH}/{HERNING}", mine | {"version": answer.field("version")})

    assert again.status == 303
    assert bootstrap.libraries().get(HERNING).name == "Mit navn"


def test_a_library_becomes_part_of_another_after_a_question(coordinator: Site) -> None:
    question = coordinator.get(f"/en{PATH}/{IKAST}/sammenlaeg?into={HERNING}")
    assert question.status == 200
    assert "Make Ikast-Brande part of Herning?" in shown(question)
    assert bootstrap.libraries().get(IKAST).merged_into is None

    fields = {"into": question.field("into"), "version": question.field("version")}
    answer = coordinator.send_desk_form(f"{PATH}/{IKAST}/sammenlaeg", fields)

    assert (answer.status, answer.headers["location"]) == (303, f"{PATH}/{IKAST}?done=merged")
    assert bootstrap.libraries().current(IKAST).id == HERNING
    assert "Part of Herning" in shown(coordinator.get(f"/en{PATH}"))
    page = coordinator.get(f"/en{PATH}/{IKAST}")
    assert "has become part of another" in shown(page)
    assert 'name="domains"' not in page.text


@pytest.mark.parametrize("into", ["", "799999", IKAST])
def test_a_merger_that_cannot_be_is_refused_beside_the_field(coordinator: Site, into: str) -> None:
    answer = coordinator.get(f"{PATH}/{IKAST}/sammenlaeg?into={into}")

    assert answer.status == 422
    assert 'id="into-error"' in answer.text


def test_a_merger_of_what_has_changed_meanwhile_is_refused(coordinator: Site) -> None:
    coordinator.send_desk_form(f"{PATH}/{IKAST}", a_form(coordinator, IKAST, name="Nyt navn"))

    answer = coordinator.send_desk_form(f"{PATH}/{IKAST}/sammenlaeg", {"into": HERNING, "version": "0"})

    assert answer.status == 409
    assert bootstrap.libraries().get(IKAST).merged_into is None


def test_viewers_see_a_library_and_no_form(viewer: Site) -> None:
    page = viewer.get(f"{PATH}/{HERNING}")

    assert page.status == 200
    assert "herning.example.org" in page.text
    assert 'name="domains"' not in page.text
    assert viewer.send_desk_form(f"{PATH}/{HERNING}", {"name": "Nyt"}).status == 403
    assert viewer.get(f"{PATH}/importer").status == 403


SHEET: Final = [("Herning", "certificeret", "1.3.2026"), ("Hernig", "på vej", "1.3.2026"), ("Kolding", "", "")]
HEADINGS: Final = ("Bibliotek", "Certificering", "Fra")


@pytest.mark.parametrize(
    "sent",
    [
        {"text": csv_text(HEADINGS, SHEET).replace(";", "\t")},
        {"sheet": csv_text(HEADINGS, SHEET).encode()},
        {"sheet": csv_text(HEADINGS, SHEET).removeprefix("\ufeff").encode("cp1252")},
        {"sheet": xlsx(HEADINGS, SHEET)},
    ],
    ids=["pasted", "csv", "windows", "xlsx"],
)
def test_a_list_is_shown_before_it_is_kept(coordinator: Site, sent: dict[str, bytes]) -> None:
    answer = upload(coordinator, **sent)  # type: ignore[arg-type]
    assert answer.status == 303, answer.text
    address = answer.headers["location"]

    page = coordinator.get(f"/en{address}")

    words = shown(page)
    assert "1 line is left out" in words
    assert "3 We know no library called Hernig. Did you mean Herning (765700)?" in words
    assert "1 change " in words
    assert "Herning 765700 Certification – Certified, from 01.03.2026" in words
    assert "1 line changes nothing." in words
    assert bootstrap.libraries().get(HERNING).version == 0

    for _ in range(2):
        assert coordinator.send_desk_form(address).headers["location"] == address

    assert bootstrap.libraries().get(HERNING).version == 1
    assert "1 library is saved Herning" in shown(coordinator.get(f"/en{address}"))


def test_what_somebody_has_changed_since_is_told(coordinator: Site) -> None:
    address = upload(coordinator, text="Nummer;Navn\n765700;Et navn\n").headers["location"]
    coordinator.send_desk_form(f"{PATH}/{HERNING}", a_form(coordinator, name="Et andet navn"))

    coordinator.send_desk_form(address)

    page = coordinator.get(f"/en{address}")
    assert "changed by somebody else meanwhile" in shown(page)
    assert bootstrap.libraries().get(HERNING).name == "Et andet navn"


def test_a_list_that_cannot_be_read_says_why_and_keeps_what_was_pasted(coordinator: Site) -> None:
    answer = upload(coordinator, text="Fornavn;Alder\nDeltager;40")

    assert answer.status == 422
    assert 'id="text-error"' in answer.text
    assert "Fornavn, Alder" in shown(answer)
    assert "Deltager;40" in answer.text


@pytest.mark.parametrize("sheet", [b"", b"PK\x03\x04broken", b"x;y\n1;2"])
def test_a_file_that_cannot_be_read_says_why(coordinator: Site, sheet: bytes) -> None:
    answer = upload(coordinator, sheet=sheet)

    assert answer.status == 422
    assert 'id="sheet-error"' in answer.text


def test_an_upload_needs_the_forms_token_and_has_a_size(coordinator: Site) -> None:
    assert upload(coordinator, text="Bibliotek\nHerning", csrf="").status == 403
    assert upload(coordinator, sheet=b"x" * 5_000_000).status == 413


def test_binary_content_arrives_as_it_was_sent(coordinator: Site) -> None:
    content = xlsx(("Nummer", "Navn"), [("860100", "\r\n--Ørsted\r\n")])

    answer = upload(coordinator, sheet=content)

    assert "Ørsted (860100)" in shown(coordinator.get(answer.headers["location"]))
