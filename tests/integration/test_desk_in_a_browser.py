"""The coordinators' pages as a browser sees them: usable by everybody, on a phone and by keyboard.

Every page without ids in its address is looked at, those that are added later too.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from mimetypes import guess_type
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from app import app
from chalicelib.routing import Answering
from infra.build import assets
from shared.registration import importing
from shared.roles import Role
from shared.spreadsheets.writing import csv_text
from tests.support.builders import a_gathering, applicants
from tests.support.preview import SIZES, browser, violations
from tests.support.site import Site
from tests.support.stores import everybody

AT_400_PERCENT: Final[ViewportSize] = {"width": 320, "height": 256}

PAGES: Final = [
    path
    for path, methods in app.routes.items()
    if path.startswith("/tovholder")
    and "{" not in path
    and isinstance(view := methods["GET"].view_function if "GET" in methods else None, Answering)
    and view.route.allow
]


@contextmanager
def served(site: Site) -> Iterator[str]:
    """Let a browser in at the desk of a site."""

    class Edge(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/assets/"):
                path = assets.BUILT / self.path.rsplit("/", 1)[1]
                kind = guess_type(path.name)[0] or "font/woff2"
                return self._answer(200, {"content-type": kind}, path.read_bytes())
            answer = site.get(self.path)
            return self._answer(answer.status, answer.headers, answer.text.encode())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            sent = {name.lower(): value for name, value in self.headers.items() if name.lower() != "cookie"}
            answer = site.send("POST", self.path, body, sent)
            return self._answer(answer.status, answer.headers, answer.text.encode())

        def _answer(self, status: int, headers: Any, body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                # The browser would go on by https, where nobody listens.
                if name != "strict-transport-security":
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    assets.build()
    server = HTTPServer(("127.0.0.1", 0), Edge)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as chromium:
        yield chromium


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport=SIZES["desktop"])
    yield page
    page.close()


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    gathering = site.publish(a_gathering(capacity=40))
    everybody(site.desk, gathering, applicants(3))
    there = site.at_the_desk(Role.COORDINATOR)
    there.send_desk_form("/tovholder/mennesker", {"email": "laeser@example.org", "role": "viewer"})
    with served(there) as address:
        yield address


LIBRARY: Final = "/tovholder/biblioteker/765700"


@pytest.mark.parametrize("path", [*PAGES, "/tovholder/mennesker/another", LIBRARY, f"{LIBRARY}/sammenlaeg?into=761500"])
def test_every_page_is_for_everybody(path: str, page: Page, address: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))

    page.goto(f"{address}{path}")

    assert violations(page) == []
    page.set_viewport_size(AT_400_PERCENT)
    assert page.evaluate("document.documentElement.scrollWidth") <= AT_400_PERCENT["width"], "it sticks out"
    assert said == [], "the content security policy stops something"


def test_the_keyboard_reaches_the_content_first(page: Page, address: str) -> None:
    page.goto(f"{address}/en/tovholder/")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()

    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"


def test_a_long_list_goes_on_by_itself_until_it_is_done(
    page: Page, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "AT_ONCE", 1)
    gathering = site.publish(a_gathering())
    rows = [(f"Deltager {n}", f"deltager{n}@herning.example.org", "Herning") for n in range(3)]
    with served(site.at_the_desk(Role.COORDINATOR)) as address:
        page.goto(f"{address}/en/tovholder/arrangementer/{gathering.id}/deltagere/import")
        page.locator("textarea").fill(csv_text(("Navn", "E-mail", "Bibliotek"), rows))
        page.locator("main form button[type=submit]").first.click()
        page.get_by_role("button", name="Register 3 people").click()

        expect(page.get_by_text("It goes on by itself")).to_be_visible()
        expect(page.get_by_role("heading", name="3 people are registered")).to_be_visible(timeout=20_000)
    assert len(site.registrations(gathering)) == 3


def test_the_menu_says_where_one_is(page: Page, address: str) -> None:
    page.goto(f"{address}/en/tovholder/mennesker")

    here = page.get_by_role("navigation", name="Main menu").locator("[aria-current]")
    expect(here).to_have_text("People")


def test_faults_have_the_focus_and_lead_to_their_fields(page: Page, address: str) -> None:
    page.goto(f"{address}/en/tovholder/mennesker")
    page.get_by_label("E-mail").fill("nobody")
    page.get_by_role("button", name="Invite").click()

    expect(page.get_by_role("alert")).to_be_focused()
    assert violations(page) == []
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("E-mail")).to_be_focused()
    expect(page.get_by_label("E-mail")).to_have_value("nobody")
