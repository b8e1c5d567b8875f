"""An editor enters what a library shares, and it stands on its theme's page until it is hidden."""

from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.test_an_editor_publishes import fill, save
from tests.e2e.test_the_catalogue import published, says, themed
from tests.support.browser import Visitor, managed_login, visiting
from tests.support.deployed import Deployed
from tests.support.inbox import eventually


@pytest.fixture
def visitor(chromium: Browser, deployed: Deployed) -> Iterator[Visitor]:
    with visiting(chromium, deployed.stack.base_url, "knowledge is shared", script=False) as visitor:
        yield visitor


def test_from_the_form_to_the_pages_of_its_theme_and_away(visitor: Visitor, deployed: Deployed) -> None:
    page, name = visitor.page, deployed.somebody("vejledning").partition("@")[0]
    theme = themed(deployed, "Insekthoteller")
    webinar = published(deployed, themes=[theme])
    page.goto("/tovholder/ressourcer/ny")
    managed_login(page, deployed.stack.credentials["editor"])

    fill(page, {"title.da": f"Guide {name}", "link": "https://herning.example.org/insekthotel"})
    save(page)
    expect(page.get_by_role("link", name="Slags: Vælg, hvad det er.")).to_be_visible()
    page.locator('[name="kind"]').select_option("guide")
    page.locator('[name="library"]').select_option("765700")
    page.locator(f'[name="themes"][value="{theme}"]').check(force=True)
    save(page)
    expect(page.get_by_text("Ressourcen er gemt.")).to_be_visible()

    for address in (f"/temaer/{theme}", f"/webinarer/{webinar['slug']}"):
        eventually(partial(says, deployed, address, f"Guide {name}"), f"place on {address}")
    page.goto(f"/temaer/{theme}")
    expect(page.get_by_role("link", name=f"Guide {name}")).to_have_attribute(
        "href", "https://herning.example.org/insekthotel"
    )
    expect(page.get_by_text("Vejledning · hos herning.example.org · Delt af Herning")).to_be_visible()

    page.goto(f"/tovholder/ressourcer?theme={theme}")
    page.get_by_role("link", name=f"Guide {name}", exact=True).click()
    page.get_by_role("button", name="Skjul ressourcen").click()
    expect(page.get_by_text("Ressourcen er skjult.")).to_be_visible()
    eventually(lambda: not says(deployed, f"/temaer/{theme}", f"Guide {name}"), "end of its place on the theme’s page")

    page.get_by_role("link", name=f"Guide {name}", exact=True).click()
    page.get_by_role("link", name="Slet den").click()
    page.get_by_role("button", name="Ja, slet den").click()
    expect(page.get_by_text("Ressourcen er slettet.")).to_be_visible()
    expect(page.get_by_role("link", name=f"Guide {name}", exact=True)).to_have_count(0)
    visitor.has_seen_only(403, 404, 422)  # the emulator's own sign-in page has no icon; the first form lacks something
