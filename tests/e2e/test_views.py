"""Somebody watches a recording, and those who sign in see that somebody has."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.test_the_catalogue import edit, published, says, themed
from tests.support.browser import managed_login, visiting
from tests.support.deployed import Deployed
from tests.support.inbox import eventually


@pytest.fixture
def webinar(deployed: Deployed) -> dict[str, Any]:
    made = published(deployed, themes=[themed(deployed, "Visninger")])
    eventually(lambda: says(deployed, f"/webinarer/{made['slug']}", made["title"]["da"]), "page")
    return made


def plays(deployed: Deployed, webinar: dict[str, Any]) -> int:
    found = edit(deployed, "GET", "/views", role="viewer")["views"]
    return int(next(one["plays"] for one in found if one["webinar"] == webinar["id"]))


def test_views_are_counted_as_long_as_the_recording_is_shown(deployed: Deployed, webinar: dict[str, Any]) -> None:
    address = f"/webinars/{webinar['slug']}/views"

    told = [deployed.api.post(address, json={"what": what}).status_code for what in ("play", "play", "complete")]
    assert (told, plays(deployed, webinar)) == ([204, 204, 204], 2)

    edit(deployed, "POST", f"/webinars/{webinar['id']}/hide", {"because": {"da": "Forældet."}})
    hidden = deployed.api.post(address, json={"what": "play"})
    assert (hidden.status_code, plays(deployed, webinar)) == (404, 2)


def test_a_press_on_the_page_stands_on_the_coordinators_page(
    deployed: Deployed, webinar: dict[str, Any], chromium: Browser
) -> None:
    with visiting(chromium, deployed.stack.base_url, "views") as visitor:
        page = visitor.page
        page.context.route("https://video.example.org/**", lambda route: route.fulfill(body="<p>Optagelsen</p>"))
        page.goto(f"/webinarer/{webinar['slug']}")
        page.get_by_role("link", name="Se den hos video.example.org").click()
        eventually(lambda: plays(deployed, webinar) == 1, "view")

        page.goto("/tovholder/webinarer")
        managed_login(page, deployed.stack.credentials["viewer"])
        page.get_by_role("link", name="Hvor tit de bliver set").click()

        row = page.get_by_role("row", name=webinar["title"]["da"])
        expect(row.get_by_role("cell")).to_have_text(["1", "–", "–"])
        visitor.has_seen_only(404)  # the emulator's own sign-in page has no icon
