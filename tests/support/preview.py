"""Shows every page with sample screens, as the edge would serve it, strict CSP included.

`python -m tests.support.preview` writes screenshots for a phone and a desktop into `.build/preview` and tells
what axe finds; `--serve` keeps the pages up to look at. Both need `PYTHONPATH=chalice_app`.
"""

import argparse
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from mimetypes import guess_type
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from infra.build import BUILD, assets
from tests.support.sample_screens import NETWORK, SAMPLES
from tests.support.serving import listening

CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SIZES: Final[dict[str, ViewportSize]] = {
    "phone": {"width": 390, "height": 844},
    "desktop": {"width": 1280, "height": 900},
}
CHROMIUM: Final = "/usr/bin/chromium-headless-shell"
QUIET: Final = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run"),
]
RULES: Final = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# Only what is wrong crosses over from the browser: to tell of all that is right takes longer than to look.
_LOOK: Final = """async rules => (await axe.run(document, rules)).violations.flatMap(
    each => each.nodes.map(node => `${each.id}: ${node.html}`))"""


class _Edge(BaseHTTPRequestHandler):
    """`/da/register` is the sample `register` in Danish; a form posted there comes back with faults."""

    def do_GET(self) -> None:
        if self.path.startswith("/assets/"):
            path = assets.BUILT / self.path.rsplit("/", 1)[1]
            return self._answer(path.read_bytes(), guess_type(path.name)[0] or "font/woff2")
        _, language, name = self.path.split("/", 2)
        if name not in SAMPLES or language not in NETWORK.languages:
            return self._answer(b"", "text/plain", 404)
        return self._answer(SAMPLES[name].html(language).encode(), "text/html; charset=utf-8")

    def _answer(self, body: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", CSP)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def served() -> Iterator[str]:
    """Serve the pages on a port of their own and give the address."""
    assets.build()
    with listening(_Edge) as address:
        yield address


@contextmanager
def browser() -> Iterator[Browser]:
    """Start Debian’s Chromium without the parts that need a screen: half the work for the same pages."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page."""
    if page.evaluate("!('axe' in window)"):
        page.evaluate(Axe().axe_script)
    found: list[str] = page.evaluate(_LOOK, RULES)
    return found


def main() -> None:
    """Take the pictures, or serve the pages."""
    arguments = argparse.ArgumentParser(prog="python -m tests.support.preview", description=__doc__)
    arguments.add_argument("--serve", action="store_true", help="only serve the pages, until Ctrl-C")
    arguments.add_argument("names", nargs="*", help="only these samples")
    chosen = arguments.parse_args()
    folder = BUILD / "preview"
    folder.mkdir(parents=True, exist_ok=True)
    with served() as address:
        print("\n".join(f"{address}/da/{name}" for name in SAMPLES) if chosen.serve else address)
        if chosen.serve:
            threading.Event().wait()
        with browser() as chromium:
            for size, viewport in SIZES.items():
                page = chromium.new_page(viewport=viewport)
                page.on("console", lambda message: print("console:", message.text))
                for name in chosen.names or SAMPLES:
                    page.goto(f"{address}/da/{name}")
                    page.screenshot(path=folder / f"{name}-{size}.png", full_page=True)
                    for violation in violations(page):
                        print(f"{name} {size}: {violation}")


if __name__ == "__main__":
    main()
