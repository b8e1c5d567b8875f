"""Rounds, groups, offers and colleagues, as people meet them: in a browser, by the real forms and mails."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from shared.i18n import voice
from tests.support.browser import Visitor, visiting
from tests.support.deployed import Deployed
from tests.support.inbox import Inbox

SENDS = re.compile("Tilmeld dig|Skriv dig på ventelisten")
HERNING = "765700"
HEDENSTED = "776600"


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def visitor(chromium: Browser, deployed: Deployed, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    with visiting(chromium, deployed.stack.base_url, request.node.name, script=request.param) as visitor:
        yield visitor


def test_a_certification_library_gets_in_during_round_one_and_another_is_told_its_date(
    visitor: Visitor, deployed: Deployed, inbox: Inbox
) -> None:
    now = datetime.now(UTC)
    rounds = [
        {
            "name": {"da": "Certificeringsbiblioteker"},
            "opens_at": (now - timedelta(days=1)).isoformat(),
            "closes_at": (now + timedelta(days=10)).isoformat(),
            "who": {"certification": ["certified", "in_progress"]},
        },
        {"name": {"da": "Alle"}, "opens_at": (now + timedelta(days=10)).isoformat()},
    ]
    gathering = deployed.publish(rounds=rounds)
    certify(deployed, HERNING)
    certified, other, page = deployed.somebody(), deployed.somebody(domain="hedensted.example.org"), visitor.page

    page.goto(f"/arrangementer/{gathering['slug']}")
    expect(page.get_by_text("Certificeringsbiblioteker")).to_be_visible()
    sign_up(page, gathering, "Hanne fra Hedensted", other, HEDENSTED)
    later = voice("da", ("da",), "Europe/Copenhagen").moment(now + timedelta(days=10))
    expect(page.get_by_role("alert")).to_contain_text(f"Du kan tilmelde dig fra {later}")
    expect(page.get_by_label("Dit navn")).to_have_value("Hanne fra Hedensted")

    sign_up(page, gathering, "Henning fra Herning", certified, HERNING)
    expect(page.get_by_text("Din plads er bekræftet")).to_be_visible()
    inbox.wait(certified)
    assert inbox.of(other) == []
    visitor.has_seen_only(403)


def test_a_group_of_five_is_booked_by_somebody_who_does_not_come(
    visitor: Visitor, deployed: Deployed, inbox: Inbox
) -> None:
    gathering, booker, page = deployed.publish(capacity=5), deployed.somebody("leder"), visitor.page
    colleagues = [deployed.somebody("kollega") for _ in range(5)]

    page.goto(f"/arrangementer/{gathering['slug']}/tilmelding")
    page.get_by_role("button", name="Tilmeld flere kolleger").click()
    for _ in range(3):
        page.get_by_role("button", name="Tilføj en kollega").click()
    page.locator("#booker-name").fill("Lone Leder")
    page.locator("#booker-email").fill(booker)
    page.locator("select[name=library]").select_option(HERNING, force=True)
    for at, email in enumerate(colleagues):
        prefix = f"p{at}-" if at else ""
        page.locator(f"#{prefix}name").fill(f"Kollega {at + 1}")
        page.locator(f"#{prefix}email").fill(email)
        page.locator(f"#{prefix}role-staff").check(force=True)
    page.get_by_role("button", name=SENDS).last.click()
    expect(page.get_by_text("Pladsen er bekræftet")).to_have_count(5)
    assert deployed.seats_left(gathering) == 0

    [receipt] = inbox.wait(booker)
    for at in range(5):
        assert f"Kollega {at + 1}" in receipt.text
    [first] = inbox.wait(colleagues[0])
    assert "Lone Leder" in first.text
    assert "Kollega 2" not in first.text, "nobody sees the others"

    page.goto(first.link)
    page.get_by_role("button", name="Det er mig").click()
    expect(page.get_by_text("Er det dig?")).to_have_count(0)

    page.goto(receipt.link)
    expect(page.get_by_text("Har selv overtaget tilmeldingen.")).to_have_count(1)
    person = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Kollega 3"))
    person.get_by_text("Meld fra eller erstat").click()
    person.get_by_role("link", name="Afmeld denne person").click()
    page.get_by_role("button", name="Ja, afmeld").click()
    expect(person.get_by_text("Afmeldt")).to_be_visible()
    assert deployed.seats_left(gathering) == 1
    visitor.has_seen_only()


def test_a_waiting_person_accepts_an_offer(visitor: Visitor, deployed: Deployed, inbox: Inbox) -> None:
    gathering, page = deployed.publish(capacity=1, waiting_list=True), visitor.page
    seated, waiting = deployed.somebody(), deployed.somebody("venter")
    deployed.seat(gathering, seated)

    sign_up(page, gathering, "Vera Venter", waiting, HERNING)
    expect(page.get_by_role("heading", name="Du er nummer 1 på ventelisten")).to_be_visible()
    [told] = inbox.wait(waiting)
    page.goto(told.link)
    expect(page.get_by_text("Du er nummer 1 på ventelisten")).to_be_visible()

    [confirmation] = inbox.wait(seated)
    page.goto(confirmation.link)
    page.get_by_role("link", name="Afmeld mig").click()
    page.get_by_role("button", name="Ja, afmeld mig").click()

    _, offer = inbox.wait(waiting, 2)
    page.goto(offer.link)
    expect(page.get_by_text("Der er en ledig plads til dig")).to_be_visible()
    page.get_by_role("button", name="Ja tak, jeg tager pladsen").click()
    expect(page.get_by_text("Din plads er bekræftet")).to_be_visible()
    *_, confirmed = inbox.wait(waiting, 3)
    assert b"METHOD:REQUEST\r\n" in confirmed.calendars[0]
    assert deployed.seats_left(gathering) == 0
    visitor.has_seen_only()


def test_a_seat_is_handed_to_a_colleague(visitor: Visitor, deployed: Deployed, inbox: Inbox) -> None:
    gathering, page = deployed.publish(capacity=1), visitor.page
    mine, colleague = deployed.somebody(), deployed.somebody("kollega")
    deployed.seat(gathering, mine)
    [confirmation] = inbox.wait(mine)

    page.goto(confirmation.link)
    page.get_by_text("Giv pladsen til en kollega").click()
    page.get_by_label("Din kollegas navn").fill("Karla Kollega")
    page.get_by_label("Din kollegas arbejdsmail").fill(colleague)
    page.get_by_role("button", name="Giv pladsen videre").click()
    expect(page.get_by_text("Din plads er gået til en kollega")).to_be_visible()
    assert deployed.seats_left(gathering) == 0

    [welcome] = inbox.wait(colleague)
    assert b"METHOD:REQUEST\r\n" in welcome.calendars[0]
    *_, goodbye = inbox.wait(mine, 2)
    assert b"METHOD:CANCEL\r\n" in goodbye.calendars[0]
    page.goto(welcome.link)
    expect(page.get_by_text("Karla Kollega")).to_be_visible()
    visitor.has_seen_only()


def sign_up(page: Page, gathering: dict[str, object], name: str, email: str, library: str) -> None:
    page.goto(f"/arrangementer/{gathering['slug']}/tilmelding")
    page.get_by_label("Dit navn").fill(name)
    page.get_by_label("Din arbejdsmail").fill(email)
    page.locator("select[name=library]").select_option(library, force=True)
    page.get_by_label("Medarbejder").check()
    page.get_by_role("button", name=SENDS).last.click()


def certify(deployed: Deployed, library: str) -> None:
    """Say that a library is certified, unless it is known already."""
    known = deployed.coordinate("GET", f"/libraries/{library}").json()
    if known["certification"] != "certified":
        status = {"status": "certified", "since": "2024-01-01", "until": None}
        body = {"version": known["version"], "certifications": [*known["certifications"], status]}
        answer = deployed.coordinate("PATCH", f"/libraries/{library}", body)
        assert answer.status_code == 200, answer.text
