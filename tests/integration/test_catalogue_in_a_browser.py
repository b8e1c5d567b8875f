"""The catalogue as visitors have it: usable by everybody, searched where it is read, and asking nobody else."""

import json
from collections.abc import Callable, Iterator
from mimetypes import guess_type
from typing import Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, ViewportSize, expect

from infra.build import assets
from infra.parts.edge import page_policy
from shared.catalogue.model import AT_ONCE
from shared.resources.model import Kind
from shared.themes.model import Theme, Themes
from shared.webinars.model import Chapter, Material
from tests.support.builders import NETWORK
from tests.support.catalogue_works import Works
from tests.support.preview import SIZES, browser, violations

SITE: Final = "http://site.example.org"
NARROW: Final[ViewportSize] = {"width": 320, "height": 256}
LONG: Final = "Kommunikationsmedarbejderuddannelsesdagene"

Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def works() -> Works:
    """A catalogue with everything that a page can have."""
    assets.build()
    works = Works(json.loads((assets.BUILT / "manifest.json").read_text()))
    works.themes.kept = Themes(
        (
            Theme("unge", {"da": "Unge", "en": "Young people"}, {"da": "Om unge på biblioteket."}, (4,)),
            Theme("lang", {"da": LONG}),
            Theme("natur", {"da": "Natur"}),
            Theme("boern", {"da": "Børn"}, merged_into="unge"),
        ),
        1,
    )
    works.shown(
        "bier",
        title={"da": "Bier, børn og borgerforskning"},
        summary={"da": "Sådan talte et bibliotek insekter."},
        description={"da": "## Om\n\n- en\n- to"},
        speakers={"da": "En bibliotekar"},
        goals=(4, 15),
        themes=("unge", "lang"),
        chapters=(Chapter(0, {"da": "Velkomst"}), Chapter(3723, {"da": LONG})),
        materials=(Material({"da": "Tælleskema"}, "https://example.org/skema"),),
    )
    works.shown("kaffe", title={"da": "Repaircafé"}, summary={"da": "Brødristere og symaskiner."}, themes=("unge",))
    works.keep(works.shown("gammelt").hidden({"da": "Forældet."}, languages=NETWORK.languages))
    for number in range(AT_ONCE):
        works.shown(f"nummer-{number}", title={"da": f"Nummer {number}"}, themes=("lang",))
    works.shared(title={"da": LONG}, link=f"https://{LONG.lower()}.example.org/", description={"da": f"Om {LONG}."})
    works.shared(kind=Kind.TOOL, title={"da": "Tælleskema", "en": "Counting sheet"}, themes=("natur",), language="en")
    works.generate()
    return works


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as chromium:
        yield chromium


@pytest.fixture
def visit(chromium: Browser, works: Works) -> Iterator[Visit]:
    """Return what opens a page, and notes in `asked` what is asked for and what the browser complains of."""
    contexts: list[BrowserContext] = []

    def serve(route: Route) -> None:
        path = route.request.url.removeprefix(SITE)
        if path == route.request.url:
            route.fulfill(body="<p>Elsewhere</p>", content_type="text/html")
        elif path.startswith("/assets/"):
            file = assets.BUILT / path.rpartition("/")[2]
            route.fulfill(body=file.read_bytes(), content_type=guess_type(file.name)[0] or "font/woff2")
        elif page := works.site.files.get(path.partition("?")[0].removeprefix("/")):
            headers = {"content-security-policy": page_policy(NETWORK.video.hosts)}
            route.fulfill(body=page.content, content_type=page.content_type, headers=headers)
        else:
            route.fulfill(status=404, body="", content_type="text/html")

    def open_page(path: str, *, script: bool = True, asked: list[str] | None = None) -> Page:
        context = chromium.new_context(java_script_enabled=script, viewport=SIZES["desktop"])
        contexts.append(context)
        context.route("**/*", serve)
        page = context.new_page()
        if asked is not None:
            page.on("console", lambda said: asked.append(said.text))
            page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{SITE}{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    "path",
    [
        "/webinarer/",
        "/en/webinarer/",
        "/webinarer/side/2",
        "/webinarer/maal/15",
        "/webinarer/maal/1",
        "/temaer/unge",
        "/temaer/lang",
        "/temaer/natur",
        "/webinarer/bier",
        "/en/webinarer/bier",
        "/webinarer/gammelt",
    ],
)
def test_every_page_is_for_everybody_and_asks_nobody_else(path: str, visit: Visit) -> None:
    asked: list[str] = []
    page = visit(path, asked=asked)
    for transcript in page.locator("details summary").all():
        transcript.click()

    assert violations(page) == []
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], "it sticks out"
    assert [one for one in asked if not one.startswith(f"{SITE}/")] == []
    assert page.context.cookies() == []


def test_what_libraries_share_on_a_theme_without_recordings_is_reached_without_scripts(visit: Visit) -> None:
    page = visit("/webinarer/", script=False)

    page.get_by_role("link", name="Natur", exact=True).click()

    expect(page.get_by_role("heading", level=2, name="Viden og værktøjer")).to_be_visible()
    expect(page.get_by_text("Værktøj · hos herning.example.org · på engelsk · Delt af")).to_be_visible()
    page.get_by_role("link", name="Tælleskema").click()
    page.wait_for_url("https://herning.example.org/insekthotel")


def test_a_merged_theme_leads_on(visit: Visit) -> None:
    page = visit("/temaer/boern")

    page.wait_for_url(f"{SITE}/temaer/unge")
    expect(page.get_by_role("heading", level=1)).to_have_text("Unge")


@pytest.mark.parametrize(
    ("wanted", "title"),
    [
        ("bierne", "Bier, børn og borgerforskning"),
        ("INSEKTERNE", "Bier, børn og borgerforskning"),
        ("borgerforskningen", "Bier, børn og borgerforskning"),
        ("symaskinen", "Repaircafé"),
        ("bibliotekarer insekt", "Bier, børn og borgerforskning"),
    ],
)
def test_a_recording_is_found_by_its_words_in_another_form(wanted: str, title: str, visit: Visit) -> None:
    page = visit("/webinarer/")

    page.get_by_label("Søg i optagelserne").fill(wanted)

    expect(page.get_by_role("status")).to_have_text("Én optagelse er fundet.")
    expect(page.locator("form + ul a")).to_have_text([title])
    assert violations(page) == []


def test_nothing_is_found_and_then_everything_again(visit: Visit) -> None:
    page = visit("/webinarer/")
    field = page.get_by_label("Søg i optagelserne")

    field.fill("raketvidenskab")
    expect(page.get_by_role("status")).to_have_text("Intet er fundet.")
    field.fill("")
    expect(page.get_by_role("status")).to_have_text("")
    field.fill("nummer")
    expect(page.get_by_role("status")).to_have_text(f"{AT_ONCE} optagelser er fundet.")


def test_the_video_host_is_asked_when_somebody_presses_and_not_before(visit: Visit) -> None:
    asked: list[str] = []
    page = visit("/webinarer/bier", asked=asked)
    assert not [one for one in asked if "video.example.org" in one]

    page.get_by_role("link", name="Se den hos video.example.org").press("Enter")

    expect(page.locator("iframe[title='Bier, børn og borgerforskning']")).to_be_visible()
    assert "https://video.example.org/fremtiden" in asked


def test_without_scripts_themes_goals_and_the_recording_are_reached(visit: Visit) -> None:
    page = visit("/webinarer/", script=False)
    expect(page.get_by_label("Søg i optagelserne")).to_be_hidden()

    page.get_by_role("link", name="Unge (2)").click()
    page.get_by_role("link", name="Bier, børn og borgerforskning").click()

    link = page.get_by_role("link", name="Se den hos video.example.org")
    assert link.get_attribute("href") == "https://video.example.org/fremtiden"
    page.get_by_text("Hvad der bliver sagt, på dansk").click()
    expect(page.get_by_text("Velkommen til <biblioteket> & til bierne.")).to_be_visible()
