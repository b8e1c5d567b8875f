"""A person's browser, which notes everything that it complains of."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Request

from infra.build import BUILD
from tests.support.preview import SIZES

PICTURES = BUILD / "failures"


class Visitor:
    """Somebody at a browser. `complaints` are the console's, and the requests that failed."""

    def __init__(self, context: BrowserContext) -> None:
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        # What the policy stops, the console tells too.
        self.page.on("console", lambda said: self.complaints.append(f"{said.type}: {said.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("requestfailed", self._failed)

    def heading(self) -> str:
        """Return the page's heading."""
        return self.page.get_by_role("heading", level=1).inner_text()

    def has_seen_only(self, *statuses: int) -> None:
        """Raise AssertionError for complaints, but for those about answers that a test has asked for."""
        expected = tuple(f"the server responded with a status of {status} " for status in statuses)
        unexpected = [one for one in self.complaints if not any(part in one for part in expected)]
        assert unexpected == [], unexpected

    def _failed(self, request: Request) -> None:
        # Who goes on before a page has come in full gives up what was still on its way: nobody's fault.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.url} {request.failure}")


@contextmanager
def visiting(
    browser: Browser, base_url: str, name: str, *, script: bool = True, size: str = "desktop"
) -> Iterator[Visitor]:
    """Let somebody visit. Should that go wrong, a picture of the last page is left in `.build/failures`."""
    context = browser.new_context(base_url=base_url, java_script_enabled=script, viewport=SIZES[size])
    context.set_default_timeout(15_000)
    visitor = Visitor(context)
    try:
        yield visitor
    except BaseException:
        PICTURES.mkdir(parents=True, exist_ok=True)
        visitor.page.screenshot(path=_picture(name), full_page=True)
        raise
    finally:
        context.close()


def _picture(name: str) -> Path:
    return PICTURES / f"{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}.png"


def managed_login(page: Page, who: Mapping[str, str]) -> None:
    """Fill in the managed login's own form."""
    page.get_by_label("Username").fill(who["email"])
    page.get_by_label("Password").fill(who["password"])
    page.get_by_role("button", name="Sign in").click()
