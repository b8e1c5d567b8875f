"""Every page of the deployed copy, as axe sees it on a phone and at a desk (WCAG 2.2, level AA)."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import Visitor, visiting
from tests.support.deployed import Deployed
from tests.support.preview import SIZES, violations


class Places:
    """The way to each page: a gathering with all there can be, one that is called off, and somebody's seat."""

    def __init__(self, deployed: Deployed) -> None:
        webinar = deployed.a_webinar()
        [session] = webinar["sessions"]
        self._open = deployed.publish(
            description={"da": "# Program\n\n* et\n* to\n\n[Mere](https://example.org)"},
            place={"name": "Herning Bibliotek", "address": "Østergade 8, 7400 Herning"},
            accessibility={"da": "Elevator fra gården. Teleslynge."},
            is_recorded=True,
            capacity=20,
            themes=["citizen-science"],
            goals=[4, 13],
            price_text={"da": "150 kr."},
            asks_invoice_reference=True,
            programme_sheet="https://example.org/program.pdf",
            sessions=[session | {"title": {"da": "Formiddag"}}],
        )
        self._off = deployed.publish()
        deployed.coordinate("POST", f"/gatherings/{self._off['id']}/cancel")
        email = deployed.somebody()
        deployed.seat(self._open, email, mode="on_site")
        self._link = deployed.inbox.wait(email)[0].link.removeprefix(deployed.stack.base_url)
        email = deployed.somebody()
        deployed.seat(self._open, email, mode="on_site")
        self._given_back = deployed.inbox.wait(email)[0].link.removeprefix(deployed.stack.base_url)
        token = self._given_back.rpartition("/")[2]
        assert deployed.api.delete(f"/registrations/{token}").status_code == 200
        self._email = deployed.somebody()

    def front(self, page: Page) -> None:
        page.goto("/")

    def in_english(self, page: Page) -> None:
        page.goto("/en/arrangementer/")

    def gatherings(self, page: Page) -> None:
        page.goto("/arrangementer/")

    def gathering(self, page: Page) -> None:
        page.goto(f"/arrangementer/{self._open['slug']}")

    def cancelled_gathering(self, page: Page) -> None:
        page.goto(f"/arrangementer/{self._off['slug']}")

    def form(self, page: Page) -> None:
        page.goto(f"/arrangementer/{self._open['slug']}/tilmelding")

    def form_with_faults(self, page: Page) -> None:
        self.form(page)
        page.get_by_role("button", name="Tilmeld dig").click()
        page.get_by_role("alert").wait_for()

    def refused_form(self, page: Page) -> None:
        page.goto(f"/arrangementer/{self._off['slug']}/tilmelding")

    def receipt(self, page: Page) -> None:
        self.form(page)
        page.get_by_label("Dit navn").fill("Deltager 1")
        page.get_by_label("Din arbejdsmail").fill(self._email)
        page.locator("select[name=library]").select_option("765700", force=True)
        page.get_by_label("Leder").check()
        page.locator("input[name=mode][value=on_site]").check(force=True)
        page.get_by_role("button", name="Tilmeld dig").click()
        page.get_by_text("Din plads er bekræftet").wait_for()

    def registration(self, page: Page) -> None:
        page.goto(self._link)

    def question(self, page: Page) -> None:
        page.goto(f"{self._link}/afmelding")

    def cancelled_registration(self, page: Page) -> None:
        page.goto(self._given_back)

    def privacy(self, page: Page) -> None:
        page.goto("/privatliv")

    def nowhere(self, page: Page) -> None:
        page.goto("/findes/ikke")

    def broken_link(self, page: Page) -> None:
        page.goto("/tilmelding/forkert")


WAYS = [name for name, way in vars(Places).items() if callable(way) and not name.startswith("_")]


@pytest.fixture(scope="module")
def places(everything: Deployed) -> Places:
    return Places(everything)


@pytest.fixture
def visitor(chromium: Browser, deployed: Deployed, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    with visiting(chromium, deployed.stack.base_url, request.node.name) as visitor:
        yield visitor


@pytest.mark.parametrize("name", WAYS)
def test_everybody_can_use_the_page(name: str, visitor: Visitor, places: Places) -> None:
    way: Callable[[Page], None] = getattr(places, name)

    way(visitor.page)

    for size in SIZES.values():
        visitor.page.set_viewport_size(size)
        assert violations(visitor.page) == []
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= size["width"], "it sticks out"
    visitor.has_seen_only(404, 409, 422)
