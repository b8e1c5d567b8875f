"""A partner's page, at another address, shows recordings and gatherings by two lines."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.test_the_catalogue import published, says, themed
from tests.support.browser import visiting
from tests.support.deployed import Deployed
from tests.support.inbox import eventually
from tests.support.preview import violations
from tests.support.serving import listening

COLOUR: Final = "rgb(90, 20, 60)"


@contextmanager
def partner(body: str, *, script: bool = True) -> Iterator[str]:
    """Serve one page of somebody else's, and give its address. Without `script`, its policy runs none."""

    class Partner(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = (
                f'<!doctype html><html lang="da"><head><title>Partner</title><style>body{{color:{COLOUR};'
                f"font-family:serif}}</style></head><body><main><h1>Partner</h1>{body}</main></body></html>"
            ).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            if not script:
                self.send_header("Content-Security-Policy", "script-src 'none'")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with listening(Partner) as address:
        yield address


def lines(deployed: Deployed, theme: str, show: str) -> str:
    base = deployed.stack.base_url
    return (
        f'<script type="module" src="{base}/embed.js"></script>'
        f'<tovholder-list show="{show}" theme="{theme}" language="da" most="5">'
        f'<a href="{base}/temaer/{theme}">Alt om bier</a></tovholder-list>'
    )


@pytest.fixture(scope="module")
def theme(everything: Deployed) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Return a theme with a recording and a gathering to come."""
    theme = themed(everything, "Bier på andres sider")
    webinar = published(everything, themes=[theme])
    gathering = everything.publish(themes=[theme])
    eventually(lambda: says(everything, "/webinarer/katalog.json", webinar["slug"]), "place in the list")
    return theme, webinar, gathering


def test_recordings_and_gatherings_stand_on_it_in_its_own_look(
    deployed: Deployed, chromium: Browser, theme: tuple[str, dict[str, Any], dict[str, Any]]
) -> None:
    slug, webinar, gathering = theme
    with partner(lines(deployed, slug, "both")) as address, visiting(chromium, address, "partner") as visitor:
        page = visitor.page
        page.goto("/")

        recording = page.get_by_role("link", name=webinar["title"]["da"])
        expect(recording).to_have_attribute("href", f"{deployed.stack.base_url}/webinarer/{webinar['slug']}")
        expect(page.get_by_role("link", name=gathering["title"]["da"], exact=True)).to_be_visible()
        sign_up = page.get_by_role("link", name=f"Tilmeld dig: {gathering['title']['da']}")
        expect(sign_up).to_have_attribute(
            "href", f"{deployed.stack.base_url}/arrangementer/{gathering['slug']}/tilmelding"
        )
        expect(page.get_by_role("link", name="Alt om bier")).to_be_visible()
        looks = recording.evaluate("one => [getComputedStyle(one).color, getComputedStyle(one).fontFamily]")
        assert looks == [COLOUR, "serif"]
        assert violations(page) == []
        assert page.context.cookies() == []
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
        visitor.has_seen_only()


def test_what_stands_below_does_not_jump(
    deployed: Deployed, chromium: Browser, theme: tuple[str, dict[str, Any], dict[str, Any]]
) -> None:
    slug, webinar, _ = theme
    below = '<p id="below">Nedenunder</p>'
    with partner(lines(deployed, slug, "both") + below) as address:
        page = chromium.new_page()
        moved = _how_far_it_jumps(page, f"{address}/", webinar["title"]["da"])

    assert moved <= 0.1, "layout shift: https://web.dev/articles/cls calls up to 0.1 good"


def test_where_scripts_are_taken_out_the_link_is_left_and_a_frame_works(
    deployed: Deployed, chromium: Browser, theme: tuple[str, dict[str, Any], dict[str, Any]]
) -> None:
    slug, webinar, _ = theme
    frame = f'<iframe src="{deployed.stack.base_url}/temaer/{slug}" title="Bier" width="100%" height="700"></iframe>'
    with partner(lines(deployed, slug, "recordings") + frame, script=False) as address:
        page = chromium.new_page()
        page.goto(address)

        expect(page.get_by_role("link", name="Alt om bier")).to_be_visible()
        expect(page.frame_locator("iframe").get_by_role("link", name=webinar["title"]["da"])).to_be_visible()
        page.close()


@pytest.mark.parametrize("path", ["/mine", "/arrangementer/", "/tovholder/findes-ikke"])
def test_no_site_may_show_forms_or_the_desk_in_a_frame(path: str, deployed: Deployed) -> None:
    answer = deployed.web.get(path)

    if answer.is_redirect:
        assert "/tovholder/login" in answer.headers["Location"], "it leads to where people sign in, and shows nothing"
    else:
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/webinarer/katalog.json",
        "/webinarer/feed.json",
        "/webinarer/feed.xml",
        "/embed.js",
        "/api/v1/gatherings",
        "/api/v1/webinars",
    ],
)
def test_any_site_may_read_what_is_public(path: str, deployed: Deployed) -> None:
    answer = deployed.web.get(path, headers={"Origin": "https://partner.example.net"})

    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def _how_far_it_jumps(page: Page, address: str, title: str) -> float:
    page.add_init_script(
        "window.jumped = 0; new PerformanceObserver(list => { for (const one of list.getEntries()) "
        "window.jumped += one.value; }).observe({type: 'layout-shift', buffered: true});"
    )
    page.goto(address)
    expect(page.get_by_role("link", name=title)).to_be_visible()
    page.wait_for_timeout(300)
    jumped = float(page.evaluate("window.jumped"))
    page.close()
    return jumped
