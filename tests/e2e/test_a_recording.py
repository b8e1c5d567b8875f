"""An editor sends a recording from the browser, and everybody watches it: on the deployed template, IAM enforced."""

import re
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Final

import feedparser
import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.test_on_a_partners_page import lines, partner
from tests.e2e.test_the_catalogue import a_webinar, edit, says, themed, there
from tests.support.browser import Visitor, managed_login, visiting
from tests.support.deployed import Deployed
from tests.support.inbox import eventually
from tests.support.preview import violations
from tests.support.video import video

FORTY_MB: Final = (40_000_000).to_bytes(4, "big") + b"free" + bytes(40_000_000 - 8)
"""A box of MP4 with nothing in it (ISO/IEC 14496-12, 8.1.2)."""

_numbers: Iterator[int] = count(1)

CAPTIONS: Final = "WEBVTT\n\n00:00.500 --> 00:03.000\nVelkommen til webinaret om bestøverne.\n"


@pytest.fixture
def visitor(chromium: Browser, deployed: Deployed, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    with visiting(chromium, deployed.stack.base_url, request.node.name) as visitor:
        visitor.page.goto("/tovholder/webinarer")
        managed_login(visitor.page, deployed.stack.credentials["editor"])
        yield visitor


def test_a_recording_is_sent_checked_published_watched_and_found(
    visitor: Visitor, deployed: Deployed, chromium: Browser, tmp_path: Path
) -> None:
    theme, title = themed(deployed, "Bestøvere"), {"da": f"Om bestøvernes hverdag {next(_numbers)}"}
    page, draft = visitor.page, drafted(deployed, themes=[theme], title=title)
    (tmp_path / "da.vtt").write_text(CAPTIONS)
    page.goto(f"/tovholder/webinarer/{draft['id']}")

    send(page, video("good.mp4"))
    looked_into(page, page.get_by_text("0:06 ·"))
    expect(page.get_by_text("0:06 ·")).to_contain_text("640 × 360 · H.264 · AAC")
    expect(page.get_by_text("Der er ingen undertekster og ingen begrundelse")).to_be_visible()
    page.get_by_label("Fil med undertekster").set_input_files(tmp_path / "da.vtt")
    page.get_by_label("Sprog").select_option("da")
    page.get_by_role("button", name="Gem underteksterne").click()
    expect(page.get_by_text("Underteksterne er gemt.")).to_be_visible()
    assert captions_shown(page) == ["Velkommen til webinaret om bestøverne."], "beside the player, not public yet"
    assert violations(page) == []

    page.get_by_role("button", name="Offentliggør nu").click()
    expect(page.get_by_text("Webinaret er offentliggjort.")).to_be_visible()
    eventually(partial(says, deployed, f"/temaer/{theme}", draft["title"]["da"]), "place on the theme’s page")
    page.goto(f"/temaer/{theme}")
    page.get_by_role("link", name=draft["title"]["da"]).click()
    page.wait_for_url(f"**/webinarer/{draft['slug']}")  # with its script: without, a chapter opens the file itself
    watched = page.locator("video")
    page.get_by_role("link", name="Efter lidt").click()
    while watched.evaluate("video => video.currentTime") <= 3.05:
        page.wait_for_timeout(50)
    assert watched.evaluate("video => video.duration") == pytest.approx(6, abs=0.3)
    assert captions_shown(page) == ["Velkommen til webinaret om bestøverne."]
    assert violations(page) == []
    seeks_by_range(deployed, watched.evaluate("video => video.currentSrc"))
    found_by_another_form(page, draft["title"]["da"])
    listed_for_others(deployed, draft)
    shown_by_a_partner(deployed, chromium, theme, draft)
    visitor.has_seen_only(403)  # the emulator's own sign-in page has no icon


def test_what_browsers_cannot_play_is_refused_with_what_to_do(visitor: Visitor, deployed: Deployed) -> None:
    page, draft = visitor.page, drafted(deployed)
    page.goto(f"/tovholder/webinarer/{draft['id']}")

    send(page, video("hevc.mp4"))

    looked_into(page, page.get_by_text("Browsere kan ikke vise billedet (HEVC)."))
    send(page, video("good.webm"))
    looked_into(page, page.get_by_text("VP9 · Opus"))


def test_an_upload_that_broke_off_goes_on_where_it_stopped(
    visitor: Visitor, deployed: Deployed, tmp_path: Path
) -> None:
    """Of 40 MB the first two parts come; then the network is gone, and the page is closed."""
    page, draft = visitor.page, drafted(deployed)
    page.goto(f"/tovholder/webinarer/{draft['id']}")
    large = tmp_path / "large.mp4"
    large.write_bytes(video("good.mp4").read_bytes() + FORTY_MB)
    third, sent = re.compile("partNumber=3&"), list[str]()
    page.on("requestfinished", lambda one: sent.extend(re.findall(r"partNumber=(\d+)", one.url)))

    page.context.route(third, lambda route: route.abort())
    send(page, large)
    expect(page.get_by_text("Forbindelsen er afbrudt.")).to_be_visible(timeout=60_000)
    while not {"1", "2"} <= set(sent):
        page.wait_for_timeout(50)
    page.context.unroute(third)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()

    expect(page.get_by_text("har været på vej siden")).to_be_visible()
    sent.clear()
    send(page, large)
    looked_into(page, page.get_by_text("0:06 ·"))
    assert set(sent) == {"3"}, "what had come is not sent again"


def drafted(deployed: Deployed, **changes: Any) -> dict[str, Any]:
    """Make a draft that lacks only its recording and captions."""
    chapters = [{"at": 3, "title": {"da": "Efter lidt"}}]
    return edit(deployed, "POST", "/webinars", a_webinar(link=None, chapters=chapters, **changes))


def looked_into(page: Page, outcome: Locator) -> None:
    """Wait for what comes of it: on the page that is there after sending, or behind the link that it then has."""
    link = page.get_by_role("link", name="Optagelsen er undersøgt: Se resultatet")
    expect(link.or_(outcome)).to_be_visible(timeout=60_000)
    if link.is_visible():
        link.click()
    expect(outcome).to_be_visible()


def send(page: Page, file: Path) -> None:
    page.get_by_label("Fil med optagelsen").set_input_files(file)
    page.get_by_role("button", name="Send optagelsen").click()


def captions_shown(page: Page) -> list[Any]:
    """Return what the player's captions say, when it has read them."""
    script = """async () => {
      const track = document.querySelector('video track');
      track.track.mode = 'hidden';
      for (let waits = 0; track.readyState < 2 && waits < 100; waits++) await new Promise(go => setTimeout(go, 50));
      return [...track.track.cues].map(cue => cue.text);
    }"""
    said: list[Any] = page.evaluate(script)
    return said


def found_by_another_form(page: Page, title: str) -> None:
    page.goto("/webinarer/")
    page.get_by_label("Søg i optagelserne").fill("bestøverne")
    expect(page.get_by_role("link", name=title)).to_be_visible()


def listed_for_others(deployed: Deployed, webinar: dict[str, Any]) -> None:
    """RSS encloses it, and oEmbed frames it."""
    address = f"{deployed.stack.base_url}/webinarer/{webinar['slug']}"
    feed = feedparser.parse(deployed.web.get("/webinarer/feed.xml").content)
    [item] = [one for one in feed.entries if one.link == address]
    [enclosure] = item.enclosures
    assert (enclosure.type, int(enclosure.length)) == ("video/mp4", video("good.mp4").stat().st_size)
    embedded = eventually(partial(there, deployed, f"/oembed?url={address}&maxwidth=1280"), "frame").json()
    assert address in embedded["html"]
    assert deployed.web.get(embedded["thumbnail_url"]).headers["Content-Type"] == "image/jpeg"


def shown_by_a_partner(deployed: Deployed, chromium: Browser, theme: str, webinar: dict[str, Any]) -> None:
    with partner(lines(deployed, theme, "recordings")) as address, visiting(chromium, address, "partner") as visitor:
        visitor.page.goto("/")
        link = visitor.page.get_by_role("link", name=webinar["title"]["da"])
        expect(link).to_have_attribute("href", f"{deployed.stack.base_url}/webinarer/{webinar['slug']}")


def seeks_by_range(deployed: Deployed, address: str) -> None:
    part = httpx.get(address, headers={"Range": "bytes=1000-1999"})

    assert part.status_code == httpx.codes.PARTIAL_CONTENT
    assert len(part.content) == 1000
    assert part.headers["content-type"] == "video/mp4"
    assert "immutable" in part.headers["cache-control"]
