"""Certificates on their pages: whoever has the number sees it, and everybody else sees nothing of anybody."""

import base64
import io
import json
import re
from datetime import timedelta
from html import unescape

import pytest
from pypdf import PdfReader

from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Gathering
from shared.privacy.tombstones import Tombstone
from shared.registration.model import Registration
from shared.roles import Role
from tests.support.api_gateway import Answer
from tests.support.builders import NOW, a_gathering, a_session
from tests.support.site import Site


@pytest.fixture
def coordinator(site: Site) -> Site:
    return site.at_the_desk(Role.COORDINATOR)


@pytest.fixture
def course(coordinator: Site) -> Gathering:
    """It ended this morning; somebody was there, and somebody else was not."""
    coordinator.desk.now = NOW - timedelta(days=1)
    sessions = (a_session("2026-09-01T07:00"),)
    found = coordinator.publish(
        a_gathering(title={"da": "Kursus", "en": "A course"}, sessions=sessions, certificate_share=100, goals=(4, 13))
    )
    here, _ = coordinator.registered(found, name="Łukasz Østergård")
    coordinator.registered(found, name="Bo", email="bo@herning.example.org")
    coordinator.send_desk_form(f"{desk(found)}/one", {"registration": here, "was_there": "1"})
    return found


def desk(gathering: Gathering) -> str:
    return f"/en/tovholder/arrangementer/{gathering.id}/fremmoede"


def shown(answer: Answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def issued(site: Site, gathering: Gathering) -> Registration:
    """Give certificates, and return who has one."""
    answer = site.send_desk_form(f"{desk(gathering)}/beviser")
    assert "1 certificate is on its way." in shown(site.get(answer.headers["location"]))
    [one] = [one for one in site.registrations(gathering) if one.certificate]
    return one


def test_who_was_there_is_given_one_and_nobody_twice(coordinator: Site, course: Gathering) -> None:
    assert "Give 1 certificate, by mail" in shown(coordinator.get(desk(course)))

    one = issued(coordinator, course)
    again = coordinator.send_desk_form(f"{desk(course)}/beviser")

    assert one.participant.name == "Łukasz Østergård"
    assert again.headers["location"].endswith("?issued=0")
    assert coordinator.facts().count("CertificateIssued") == 1


def test_the_page_says_who_was_in_what_for_how_long(site: Site, coordinator: Site, course: Gathering) -> None:
    one = issued(coordinator, course)

    page = site.get(f"/bevis/{one.certificate}")

    words = shown(page)
    assert "Łukasz Østergård har deltaget i Kursus" in words
    assert "2 timer og 30 minutter" in words
    assert "4 Kvalitetsuddannelse, 13 Klimaindsats" in words
    assert 'content="noindex, nofollow"' in page.text
    assert "no-referrer" in page.headers["referrer-policy"]
    assert "took part in A course" in shown(site.get(f"/en/bevis/{one.certificate}"))


def test_the_paper_says_the_same_in_the_language_of_whoever_it_is_of(
    site: Site, coordinator: Site, course: Gathering
) -> None:
    one = issued(coordinator, course)

    answer = site.get(f"/en/bevis/{one.certificate}.pdf")

    assert answer.headers["content-type"] == "application/pdf"
    [page] = PdfReader(io.BytesIO(base64.b64decode(answer.text))).pages
    text = " ".join(page.extract_text().split())
    assert "Łukasz Østergård har deltaget i Kursus" in text
    assert f"/bevis/{one.certificate}" in text


@pytest.mark.parametrize("written", [str.upper, "-".join, " {} ".format], ids=["capitals", "hyphens", "blanks"])
def test_a_number_is_found_however_it_is_typed(
    site: Site, coordinator: Site, course: Gathering, written: object
) -> None:
    one = issued(coordinator, course)
    typed = written(one.certificate)  # type: ignore[operator]

    answer = site.get(f"/bevis?nummer={typed.replace(' ', '+')}")

    assert answer.headers["location"] == f"/bevis/{one.certificate}"


@pytest.mark.parametrize("path", ["/bevis?nummer=abcd-efgh", "/bevis?nummer=%00", "/bevis/abcdefghijklmnop"])
def test_no_other_number_leads_anywhere(site: Site, coordinator: Site, course: Gathering, path: str) -> None:
    issued(coordinator, course)

    answer = site.get(path)

    assert answer.status == 404
    assert "Vi har ikke udstedt et bevis med dette nummer." in shown(answer)
    assert "Łukasz" not in answer.text


def test_what_is_no_file_of_ours_is_not_there(site: Site, coordinator: Site, course: Gathering) -> None:
    assert site.get(f"/bevis/{issued(coordinator, course).certificate}.docx").status == 404


def test_one_that_is_taken_back_says_so(site: Site, coordinator: Site, course: Gathering) -> None:
    one = issued(coordinator, course)
    page = f"/en/tovholder/arrangementer/{course.id}/deltagere/{one.id}"
    assert "See the certificate" in shown(coordinator.get(page))

    assert coordinator.send_desk_form(f"{page}/bevis").headers["location"].endswith("?done=revoked")

    assert "Dette bevis blev tilbagekaldt" in shown(site.get(f"/bevis/{one.certificate}"))
    assert site.get(f"/bevis/{one.certificate}.pdf").status == 404
    assert coordinator.send_desk_form(f"{page}/bevis").status == 409, "there is none any more"


def test_it_outlives_the_name(site: Site, coordinator: Site, course: Gathering) -> None:
    one = issued(coordinator, course)
    who = one.participant
    left = Tombstone(course.id, who.library, who.role, one.status, True, False, False, False)
    bootstrap.kept().rows.bury(one, left)

    page = site.get(f"/bevis/{one.certificate}")

    assert "Dette bevis er ægte." in shown(page)
    assert "Østergård" not in page.text
    assert site.get(f"/bevis/{one.certificate}.pdf").status == 404


def test_it_is_on_the_persons_own_page(site: Site, coordinator: Site, course: Gathering) -> None:
    one = issued(coordinator, course)

    page = site.get(f"/tilmelding/{site.link(course, one.id, expires=NOW + timedelta(days=30))}")

    assert f'href="/bevis/{one.certificate}"' in page.text


def test_the_api_gives_certificates_once(site: Site, coordinator: Site, course: Gathering) -> None:
    program = site.signed_in(Role.COORDINATOR)
    body = json.dumps({"gathering": course.id}).encode()

    def post() -> Answer:
        return program.send("POST", "/api/v1/coordinator/certificates", body, {"content-type": "application/json"})

    assert [post().json() for _ in range(2)] == [{"issued": 1}, {"issued": 0}]
