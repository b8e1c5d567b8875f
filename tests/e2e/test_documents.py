"""An editor sends slides and a guide as files, and everybody downloads them: on the deployed template, IAM enforced."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from shared.documents.model import PDF
from tests.e2e.test_the_catalogue import edit, published, says, themed
from tests.support.browser import Visitor, managed_login, visiting
from tests.support.deployed import Deployed
from tests.support.documents import CONTENTS
from tests.support.inbox import eventually
from tests.support.preview import violations

LARGE = CONTENTS[PDF] + bytes(8_000_000)
"""More than a form of ours takes."""


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def visitor(chromium: Browser, deployed: Deployed, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    with visiting(chromium, deployed.stack.base_url, request.node.name, script=request.param) as visitor:
        visitor.page.goto("/tovholder/webinarer")
        managed_login(visitor.page, deployed.stack.credentials["editor"])
        yield visitor


def test_slides_and_a_guide_are_sent_downloaded_and_taken_away(
    visitor: Visitor, deployed: Deployed, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    page, scripts = visitor.page, "without" not in request.node.name
    content = LARGE if scripts else CONTENTS[PDF]
    webinar = published(deployed, themes=[theme := themed(deployed, "Filer")])
    public = f"/webinarer/{webinar['slug']}"
    (tmp_path / "en-side.pdf").write_text("<!doctype html><script>alert(1)</script>")
    (tmp_path / "navn-paa-nogen.pdf").write_bytes(content)

    page.goto(f"/tovholder/webinarer/{webinar['id']}")
    page.locator('[name="title.da"]').fill("Slides")
    send(page, tmp_path / "en-side.pdf")
    expect(page.get_by_text("Gem den som PDF, og send så den.").first).to_be_visible()
    page.locator('[name="title.da"]').fill("Slides")
    send(page, tmp_path / "navn-paa-nogen.pdf")
    expect(page.get_by_text("Filen er nu blandt materialerne.")).to_be_visible(timeout=60_000)
    if scripts:
        assert violations(page) == []
    with page.expect_download() as kept:
        page.get_by_role("link", name="Slides", exact=True).click()
    assert kept.value.path().read_bytes() == content

    eventually(partial(says, deployed, public, "slides.pdf"), "link to the slides")
    page.goto(public)
    address = page.get_by_role("link", name="Slides", exact=True).get_attribute("href")
    downloaded = httpx.get(f"{deployed.stack.base_url}{address}")
    assert downloaded.content == content
    assert (downloaded.headers["content-type"], downloaded.headers["content-disposition"]) == (PDF, "attachment")
    assert downloaded.headers["x-content-type-options"] == "nosniff"

    entered = {"kind": "guide", "title": {"da": "Vejledning"}, "library": "765700", "language": "da", "themes": [theme]}
    resource = edit(deployed, "POST", "/resources", entered | {"shown": False})
    page.goto(f"/tovholder/ressourcer/{resource['id']}")
    send(page, tmp_path / "navn-paa-nogen.pdf")
    expect(page.get_by_text("Filen er her.")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Vis den igen").click()
    eventually(partial(says, deployed, f"/temaer/{theme}", "vejledning.pdf"), "link to the guide")

    page.goto(f"/tovholder/webinarer/{webinar['id']}")
    page.get_by_role("button", name="Fjern Slides").click()
    expect(page.get_by_text("Filen er fjernet.")).to_be_visible()
    eventually(lambda: not says(deployed, public, "slides.pdf"), "end of the link")
    gone = partial(httpx.get, f"{deployed.stack.base_url}{address}")
    eventually(lambda: gone().status_code == httpx.codes.NOT_FOUND, "end of the file")
    visitor.has_seen_only(403, 422)  # the emulator's own sign-in page has no icon; the first file is no PDF


def send(page: Page, file: Path) -> None:
    page.get_by_label("Fil", exact=True).set_input_files(file)
    page.get_by_role("button", name="Send filen").click()
