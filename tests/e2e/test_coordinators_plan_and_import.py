"""What part-time coordinators do by themselves, in the browser: plan from nothing, publish, and bring a spreadsheet."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import Visitor, managed_login, visiting
from tests.support.data import DATA
from tests.support.deployed import Deployed
from tests.support.inbox import eventually

SHEET = DATA / "participants" / "deltagere-regneark.xlsx"


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def visitor(chromium: Browser, deployed: Deployed, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    with visiting(chromium, deployed.stack.base_url, request.node.name, script=request.param) as visitor:
        yield visitor


def test_a_programme_with_two_rounds_and_a_course_is_planned_from_nothing_and_published(
    visitor: Visitor, deployed: Deployed
) -> None:
    page, name = visitor.page, deployed.somebody("forloeb").partition("@")[0]
    today = date.today()
    page.goto("/tovholder/forloeb/ny")
    managed_login(page, deployed.stack.credentials["coordinator"])

    fill(page, {"title.da": f"Forløb {name}", "contact": "kursus@db2030.example.org"})
    fill(page, {"starts_on": today.isoformat(), "ends_on": (today + timedelta(days=200)).isoformat()})
    for _ in range(2):
        page.locator('button[value="rounds.add"]').click()
    fill(page, {"rounds.0.name.da": "Certificeringsbiblioteker", "rounds.0.reserved_seats": "10"})
    when(page, "rounds.0.opens_at", today - timedelta(days=1))
    when(page, "rounds.0.closes_at", today + timedelta(days=20))
    page.locator('[name="rounds.0.who.certification"][value="certified"]').check(force=True)
    fill(page, {"rounds.1.name.da": "Alle andre"})
    when(page, "rounds.1.opens_at", today + timedelta(days=20))
    save(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Forløb {name}")
    page.get_by_role("button", name="Offentliggør").click()

    page.locator('a[href*="/tovholder/arrangementer/ny?programme="]').click()
    page.locator('[name="kind"]').select_option("course")
    fill(page, {"title.da": f"Kursus {name}", "contact": "kursus@db2030.example.org", "capacity": "30"})
    fill(page, {"place.name": "Herning Bibliotek", "place.address": "Østergade 8, 7400 Herning"})
    page.locator('button[value="sessions.add"]').click()
    for at, days in enumerate((40, 47)):
        first = f"sessions.{at}"
        fill(page, {f"{first}.date": (today + timedelta(days=days)).isoformat()})
        fill(page, {f"{first}.starts_at": "09:00", f"{first}.ends_at": "12:00"})
    save(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Kursus {name}")
    page.get_by_role("button", name="Offentliggør").click()

    page.goto("/arrangementer/")
    page.get_by_role("link", name=f"Kursus {name}").click()
    expect(page.get_by_role("heading", name="Certificeringsbiblioteker")).to_be_visible()
    expect(page.get_by_role("heading", name="Alle andre")).to_be_visible()
    page.get_by_role("link", name=f"Forløb {name}").click()
    expect(page.get_by_role("link", name=f"Kursus {name}")).to_be_visible()
    visitor.has_seen_only(403, 404)  # the emulator's own sign-in page has no icon


def test_a_spreadsheet_of_participants_is_imported(visitor: Visitor, deployed: Deployed) -> None:
    gathering, page = deployed.publish(capacity=200, waiting_list=True), visitor.page
    before = deployed.seats_left(gathering) or 0

    page.goto(f"/en/tovholder/arrangementer/{gathering['id']}/deltagere/import")
    managed_login(page, deployed.stack.credentials["coordinator"])
    page.locator('input[type="file"]').set_input_files(SHEET)
    page.get_by_role("button", name="Show whom it would register").click()
    ready = page.get_by_role("heading", name=re.compile(r"^(\d+) people will be registered$"))
    people = int(re.findall(r"\d+", ready.inner_text())[0])
    assert people > 3
    expect(page.get_by_role("table", name="Lines that are left out")).to_be_visible()
    assert deployed.seats_left(gathering) == before, "to look is not to register"

    page.get_by_role("button", name="Register").first.click()
    eventually(lambda: deployed.seats_left(gathering) == before - people, "registration of the sheet's people")

    page.goto(f"/en/tovholder/arrangementer/{gathering['id']}/deltagere")
    expect(page.get_by_text(f"{people} people", exact=True)).to_be_visible()
    visitor.has_seen_only(403, 404)


def fill(page: Page, fields: dict[str, str]) -> None:
    """Fill in fields by name, those that are folded away too."""
    for name, text in fields.items():
        field = page.locator(f'[name="{name}"]')
        folded = page.locator("details:not([open])").filter(has=field)
        if folded.count():
            folded.first.locator("summary").click()
        field.fill(text)


def when(page: Page, name: str, day: date) -> None:
    fill(page, {name: day.isoformat(), f"{name}.time": "09:00"})


def save(page: Page) -> None:
    page.locator('button[value="save"]').last.click()
