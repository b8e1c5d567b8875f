"""Pages as a browser sees them: usable by everybody, light, and within the strict policy that the edge sends."""

import gzip
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Response, ViewportSize, expect

from infra.build import assets, catalogues
from tests.support.preview import SIZES, browser, served, violations
from tests.support.sample_screens import SAMPLES

EVERY_PAGE = pytest.mark.parametrize("name", SAMPLES)

HEAVIEST = 150_000
MOST_REQUESTS = 10
"""A gathering's page on first load, compressed."""

AT_400_PERCENT: ViewportSize = {"width": 320, "height": 256}
"""What is left of 1280 pixels (WCAG 2.2, 1.4.10)."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    catalogues.compile_all()
    with served() as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as chromium:
        yield chromium


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport=SIZES["desktop"])
    yield page
    page.close()


@EVERY_PAGE
def test_every_page_is_for_everybody(name: str, page: Page, address: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{address}/da/{name}")

    assert violations(page) == []
    page.set_viewport_size(AT_400_PERCENT)
    assert page.evaluate("document.documentElement.scrollWidth") <= AT_400_PERCENT["width"], "it sticks out"
    assert said == [], "the content security policy stops something"


def test_a_gatherings_page_is_light(page: Page, address: str) -> None:
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(f"{address}/da/gathering-open", wait_until="networkidle")
    weight = sum(len(gzip.compress(answer.body())) for answer in answers)

    assert len(answers) <= MOST_REQUESTS
    assert weight <= HEAVIEST


def test_the_keyboard_reaches_the_content_first(page: Page, address: str) -> None:
    page.goto(f"{address}/da/gathering-open")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Gå til sidens indhold")).to_be_focused()

    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Forside")).to_be_focused()


def test_faults_have_the_focus_and_lead_to_their_fields(page: Page, address: str) -> None:
    page.goto(f"{address}/da/register-faulty")
    expect(page.get_by_role("alert")).to_be_focused()

    page.get_by_role("link", name="Skriv navnet.").click()
    expect(page.get_by_label("Dit navn")).to_be_focused()


def test_a_library_is_found_by_typing_and_chosen_by_keyboard(page: Page, address: str) -> None:
    page.goto(f"{address}/da/register")
    field = page.get_by_role("combobox", name="Dit bibliotek")

    field.press_sequentially("århu")
    expect(page.get_by_role("status")).to_have_text("1 bibliotek passer.")
    field.press("ArrowDown")
    expect(page.get_by_role("option", name="Aarhus")).to_have_attribute("aria-selected", "true")
    assert violations(page) == []
    field.press("Enter")

    expect(field).to_have_value("Aarhus")
    expect(page.locator("select[name=library]")).to_have_value("775100")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_a_library_is_found_by_another_spelling_and_chosen_by_mouse(page: Page, address: str) -> None:
    page.goto(f"{address}/da/register")

    page.get_by_role("combobox", name="Dit bibliotek").press_sequentially("høje tåst")
    page.get_by_role("option").click()

    expect(page.locator("select[name=library]")).to_have_value("716900")


def test_a_changed_mind_takes_the_earlier_choice_back(page: Page, address: str) -> None:
    page.goto(f"{address}/da/register-faulty")
    field = page.get_by_role("combobox", name="Dit bibliotek")
    expect(field).to_have_value("Herning")

    field.fill("findes ikke")

    expect(page.get_by_role("status")).to_have_text("Intet bibliotek hedder sådan.")
    expect(page.locator("select[name=library]")).to_have_value("")


def test_without_script_the_library_is_a_plain_list(chromium: Browser, address: str) -> None:
    plain = chromium.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto(f"{address}/da/register")

    page.get_by_label("Dit bibliotek").select_option("Herning")

    expect(page.locator("select[name=library]")).to_have_value("765700")
    plain.close()


def test_the_trap_for_programs_is_out_of_peoples_way(page: Page, address: str) -> None:
    page.goto(f"{address}/da/register")

    expect(page.get_by_role("textbox", name="Lad feltet være tomt")).to_have_count(0)
    assert page.locator("input[name=website]").get_attribute("tabindex") == "-1"


def test_colours_too_light_for_white_text_are_refused() -> None:
    assert assets.contrast_with_white("#ffffff") == 1
    assert assets.contrast_with_white("#000000") == 21
    assert assets.contrast_with_white("#777777") < assets.READABLE < assets.contrast_with_white("#767676")
