"""What pages of recordings tell of who watches: that somebody does, once."""

import io
import json
import re
import wave
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from mimetypes import guess_type
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page

from infra.build import assets
from infra.parts.edge import page_policy
from tests.support.builders import NETWORK, a_recording
from tests.support.catalogue_works import Works
from tests.support.inbox import eventually
from tests.support.preview import browser
from tests.support.serving import listening

SECONDS: Final = 8
RATE: Final = 8000

Told = tuple[str, str, dict[str, str]]
"""An address, the kind of what was sent there, and what it says."""

PLAY: Final = """from => {
    const video = document.querySelector('video')
    video.currentTime = from
    video.playbackRate = 8
    video.muted = true
    const ended = new Promise(done => video.addEventListener('ended', done, { once: true }))
    return video.play().then(() => ended).then(() => true)
}"""


def recording() -> bytes:
    """Return some seconds of silence."""
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(RATE)
        file.writeframes(b"\x80" * SECONDS * RATE)
    return sound.getvalue()


@pytest.fixture(scope="module")
def works() -> Works:
    assets.build()
    works = Works(json.loads((assets.BUILT / "manifest.json").read_text()))
    works.shown("bier")
    works.shown("vores", link=None, recording=a_recording(file="recordings/one/first.mp4", type="audio/wav"))
    works.generate()
    return works


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as chromium:
        yield chromium


@pytest.fixture
def told() -> list[Told]:
    return []


@pytest.fixture
def page(chromium: Browser, works: Works, told: list[Told]) -> Iterator[Page]:
    """A browser at the catalogue."""
    sound = recording()

    class Edge(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.endswith(".mp4"):
                first = int(re.findall(r"\d+", self.headers.get("range", "0"))[0])
                place = {"content-range": f"bytes {first}-{len(sound) - 1}/{len(sound)}"}
                return self._answer(206, "audio/wav", sound[first:], place)
            if self.path.startswith("/assets/"):
                file = assets.BUILT / self.path.rpartition("/")[2]
                return self._answer(200, guess_type(file.name)[0] or "font/woff2", file.read_bytes(), {})
            if self.path.endswith(".jpg"):
                return self._answer(200, "image/jpeg", b"", {})
            kept = works.site.files[self.path.removeprefix("/")]
            policy = {"content-security-policy": page_policy(NETWORK.video.hosts)}
            return self._answer(200, kept.content_type, kept.content, policy)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            told.append((self.path, self.headers["content-type"], json.loads(body)))
            self._answer(204, "text/plain", b"", {})

        def _answer(self, status: int, kind: str, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {"content-type": kind, "content-length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with listening(Edge) as address:
        context = chromium.new_context(base_url=address)
        context.route("https://video.example.org/**", lambda route: route.fulfill(body="", content_type="text/html"))
        page = context.new_page()
        yield page
        assert context.cookies() == []
        context.close()


@pytest.fixture
def has_told(page: Page, told: list[Told]) -> Callable[..., bool]:
    """Return whether these were told, and nothing else a while after."""

    def has_told(*whats: str) -> bool:
        eventually(lambda: len(told) >= len(whats), "beacon", within=10)
        page.wait_for_timeout(300)
        return [(kind, said) for _, kind, said in told] == [("application/json", {"what": what}) for what in whats]

    return has_told


@pytest.mark.parametrize("slug", ["bier", "vores"])
def test_nothing_is_told_of_who_only_reads(slug: str, page: Page, has_told: Callable[..., bool]) -> None:
    page.goto(f"/webinarer/{slug}")
    page.get_by_role("heading", level=1).click()
    page.get_by_text("Hvad der bliver sagt, på dansk").click()

    assert has_told()


def test_a_press_for_a_recording_at_a_video_host_is_told_once(
    page: Page, told: list[Told], has_told: Callable[..., bool]
) -> None:
    page.goto("/webinarer/bier")
    page.get_by_role("link", name="Se den hos video.example.org").press("Enter")
    assert has_told("play")

    page.get_by_role("link", name="Se den hos video.example.org").click(modifiers=["Control"])
    assert has_told("play")
    assert {address for address, _, _ in told} == {"/api/v1/webinars/bier/views"}


def test_a_recording_that_is_watched_to_its_end_is_told_once_each(page: Page, has_told: Callable[..., bool]) -> None:
    page.goto("/webinarer/vores")

    page.evaluate(PLAY, 0)
    assert has_told("play", "complete")
    page.evaluate(PLAY, 0)
    assert has_told("play", "complete")


def test_whoever_jumps_to_the_end_has_not_watched_it(page: Page, has_told: Callable[..., bool]) -> None:
    page.goto("/webinarer/vores")

    page.evaluate(PLAY, 0.7 * SECONDS)
    assert has_told("play")
    page.evaluate(PLAY, 0.4 * SECONDS)
    assert has_told("play", "complete"), "what was watched before counts"
