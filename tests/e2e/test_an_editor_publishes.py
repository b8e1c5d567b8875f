"""An editor makes a webinar in the browser, is told what it lacks, puts captions on it, and everybody finds it."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.test_the_catalogue import says, themed
from tests.support.browser import Visitor, managed_login, visiting
from tests.support.data import DATA
from tests.support.deployed import Deployed
from tests.support.inbox import eventually

TRANSCRIPTS: Final = DATA / "transcripts"


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def visitor(chromium: Browser, deployed: Deployed, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    with visiting(chromium, deployed.stack.base_url, request.node.name, script=request.param) as visitor:
        yield visitor


def test_from_nothing_to_what_everybody_finds_and_back(visitor: Visitor, deployed: Deployed) -> None:
    page, name = visitor.page, deployed.somebody("optagelse").partition("@")[0]
    theme = themed(deployed, "Humlebier")
    page.goto("/tovholder/webinarer/ny")
    managed_login(page, deployed.stack.credentials["editor"])

    fill(page, {"title.da": f"Webinar {name}", "held_on": "2026-06-03"})
    save(page)
    expect(page.get_by_role("link", name="Der er ingen optagelse endnu.")).to_be_visible()
    expect(page.get_by_role("button", name="Offentliggør nu")).to_have_count(0)

    page.get_by_role("link", name="Rediger").click()
    fill(page, {"link": "https://video.example.org/humlebier", "alternative.da": "Alt, der vises, bliver sagt."})
    fill(page, {"consent_on": "2026-06-03", "review_on": (date.today() + timedelta(days=365)).isoformat()})
    page.locator(f'[name="themes"][value="{theme}"]').check(force=True)
    save(page)
    expect(page.get_by_text("Der er ingen undertekster og ingen begrundelse")).to_be_visible()

    send(page, "broken.vtt")
    expect(page.get_by_text("Linje 12: Underteksten slutter, før den begynder.")).to_be_visible()
    send(page, "teams-da-guid-cues.vtt")
    expect(page.get_by_text("Underteksterne er gemt.")).to_be_visible()
    page.get_by_role("link", name="Dansk", exact=True).click()
    expect(page.get_by_role("cell", name="Vi begynder lige om lidt.")).to_be_visible()
    page.get_by_role("link", name=f"Webinar {name}").click()

    page.get_by_role("button", name="Offentliggør nu").click()
    expect(page.get_by_text("Webinaret er offentliggjort.")).to_be_visible()
    eventually(partial(says, deployed, f"/temaer/{theme}", f"Webinar {name}"), "place on the theme’s page")
    page.goto(f"/temaer/{theme}")
    page.get_by_role("link", name=f"Webinar {name}").click()
    page.get_by_text("Hvad der bliver sagt, på dansk").click()
    expect(page.get_by_text("Vi mangler stadig nogen fra Aarhus & Kolding")).to_be_visible()
    expect(page.get_by_text("Koordinator")).to_have_count(0)

    page.goto("/tovholder/webinarer")
    page.get_by_role("link", name=f"Webinar {name}").click()
    page.get_by_label("Hvorfor (dansk)").fill("Oplysningerne er forældede.")
    page.get_by_role("button", name="Skjul webinaret").click()
    expect(page.get_by_text("Webinaret er skjult.")).to_be_visible()
    address = f"/webinarer/webinar-{name}"
    eventually(partial(says, deployed, address, "Oplysningerne er forældede."), "page that says that it is hidden")
    visitor.has_seen_only(403, 404, 422)  # the emulator's own sign-in page has no icon; the broken file is refused


def fill(page: Page, fields: dict[str, str]) -> None:
    for name, value in fields.items():
        page.locator(f'[name="{name}"]').fill(value)


def save(page: Page) -> None:
    page.locator('button[name="action"][value="save"]').first.click()


def send(page: Page, file: str) -> None:
    page.get_by_label("Fil med undertekster").set_input_files(TRANSCRIPTS / file)
    page.get_by_label("Sprog").select_option("da")
    page.get_by_role("button", name="Gem underteksterne").click()
