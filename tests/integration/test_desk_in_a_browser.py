"""The coordinators' pages as a browser sees them: usable by everybody, on a phone and by keyboard.

Every page is looked at, those that are added later too: the app's own list of routes decides. So is what comes of every
form that is sent empty.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from mimetypes import guess_type
from operator import attrgetter
from typing import Any, Final, Literal, Self, get_args
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Route as PageRoute, ViewportSize, expect

from chalicelib.participants import PATH as PARTICIPANTS
from chalicelib.views.desk import messages, participant, participants, texts
from chalicelib.wire_registrations import Action
from infra.build import assets
from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Kind, State
from shared.registration import importing
from shared.spreadsheets.writing import csv_text
from tests.support.api_gateway import Answer
from tests.support.builders import a_gathering
from tests.support.busy_desk import HERNING, LONG, BusyDesk
from tests.support.forms import Page as Form
from tests.support.preview import SIZES, browser, violations
from tests.support.serving import listening
from tests.support.site import Site
from tests.support.ways import Way, every_way

AT_400_PERCENT: Final[ViewportSize] = {"width": 320, "height": 256}

ACTIONS: Final[tuple[str, ...]] = get_args(Action)

QUERIES: Final = {
    "/tovholder/arrangementer": ["tab=drafts", "tab=cancelled", "q=findes+ikke"],
    "/tovholder/arrangementer/{gathering_id}/runder": ["role=staff&only=out"],
    "/tovholder/forloeb/{programme_id}/kopi": ["starts_on=2027-02-15", "starts_on=snart"],
    "/tovholder/biblioteker/{number}/sammenlaeg": [f"into={HERNING}"],
    "/tovholder/mails": ["check=1"],
    "/tovholder/visninger": ["period=ever"],
    "/tovholder/ressourcer": ["theme=citizen-science&state=hidden", "theme=findes-ikke"],
    texts.PATH: ["done=saved"],
    PARTICIPANTS: ["q=findes+ikke", "status=waitlisted", "done=cancel&number=2"],
    f"{PARTICIPANTS}/flere": [f"action={action}&all=1" for action in participants.BATCHES],
    f"{participant.ONE}/sikker": [f"action={action}" for action in ACTIONS],
}
"""What leads to other pages at the same address."""

MESSAGE: Final = {"subject.da": "Nyt lokale", "body.da": "Hej {navn}", "new": "abcdefghijklmnop"}
FIELDS: Final = {
    participant.ONE: [{"action": action} for action in ACTIONS],
    f"{messages.PATH}/ny": [
        MESSAGE | {"action": "preview"},
        MESSAGE | {"action": "try", "role": "leader"},
        MESSAGE | {"action": "preview", "body.da": "Hej {nobody}", "when": "later", "send_at": "i morgen"},
    ],
    texts.PATH: [
        {"action": "show", "texts.offer.da": f"{LONG}: {{tid}}"},
        {"action": "try.offer"},
        {"texts.offer.da": "Hej {nobody}"},
        {"texts.offer.da": "Skynd dig.", "version": "1"},
    ],
}
"""What buttons send to the same address."""

FORM: Final = {"content-type": "application/x-www-form-urlencoded"}

RICHEST: Final = 2
"""How many of what there is at an address have all that a page can show."""

WAYS: Final = [way for way in every_way() if way.path.startswith("/tovholder")]
NAME: Final = attrgetter("name")

TAGS: Final = re.compile(r"<(\w+)([^>]*)>")
KINDS: Final = re.compile(r'\b(?:class|type|role|scope)="[^"]*"')


FOCUS: Final = """goal => {
    const here = document.activeElement
    const shows = style => (style.outlineStyle !== 'none' && style.outlineWidth !== '0px') || style.boxShadow !== 'none'
    // Boxes and radios are drawn by what stands before their labels.
    const drawn = [getComputedStyle(here), ...[...here.labels ?? []].map(label => getComputedStyle(label, '::before'))]
    return [here === goal, here === document.body || drawn.some(shows) ? '' : here.outerHTML]
}"""
MOST_STOPS: Final = 400

EVERYTHING_TO_PRESS: Final = """() => {
    const controls = 'a[href], button, input:not([type=hidden]), select, textarea, summary'
    const isStop = one => one.checkVisibility() && !one.disabled && one.tabIndex >= 0
    const groups = new Set()
    // Of radios with one name, Tab leads to one, and the arrows to the others.
    const isFirst = one => one.type !== 'radio' || (!groups.has(one.name) && groups.add(one.name))
    const all = [...document.querySelectorAll(controls)].filter(isStop)
    window.unreached = new Set(all.filter(isFirst))
}"""
REACHED: Final = f"""() => {{
    const here = document.activeElement
    // Round again: a page may have begun with the focus on what is wrong with it.
    const isOut = here === window.first
    window.first ??= here
    const radio = [...window.unreached].find(one => one.type === 'radio' && one.name === here.name)
    window.unreached.delete(here)
    window.unreached.delete(radio)
    const [, unseen] = ({FOCUS})(null)
    return [isOut, unseen]
}}"""


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
    with listening(Edge, HTTPServer) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def address(busy: BusyDesk) -> Iterator[str]:
    with served(busy.site) as address:
        yield address


@pytest.fixture(scope="module")
def window(chromium: Browser) -> Page:
    return chromium.new_page()


@pytest.fixture
def page(window: Page) -> Page:
    window.set_viewport_size(SIZES["desktop"])
    return window


def made_of(answer: Answer) -> set[str]:
    """Return what a page is made of, whatever it says; nothing for what is no page."""
    if not answer.text.startswith("<!doctype html>"):
        return set()
    return {" ".join([tag, *KINDS.findall(rest)]) for tag, rest in TAGS.findall(answer.text)}


class Watch:
    """Somebody who looks at pages, wide and narrow, and hears what the console says.

    A page is passed over if it is made of nothing but what was seen before.
    """

    def __init__(self, page: Page, address: str) -> None:
        self._page = page
        self._address = f"{address}/shown"
        self._seen: set[str] = set()
        self._said: list[str] = []
        self._sizes = [SIZES["desktop"], AT_400_PERCENT]
        self.wrong: dict[str, list[str]] = {}

    @contextmanager
    def begun(self) -> Iterator["Watch"]:
        """Listen."""
        self._page.on("console", self._hear)
        yield self
        self._page.remove_listener("console", self._hear)

    def look(self, name: str, answer: Answer) -> None:
        """Look at a page, and note what is wrong with it."""
        made = made_of(answer)
        if made <= self._seen:
            return
        self._seen |= made
        self._open(answer)
        wrong = violations(self._page)
        for size in self._sizes:
            self._page.set_viewport_size(size)
            if (width := self._page.evaluate("document.documentElement.scrollWidth")) > size["width"]:
                wrong.append(f"it sticks out: {width}")
        # The next page comes up in the size that is set: axe sees every other page wide, and the others narrow.
        self._sizes.reverse()
        if found := [*wrong, *self._said]:
            self.wrong[name] = found

    def _open(self, answer: Answer) -> None:
        def fulfil(route: PageRoute) -> None:
            route.fulfill(status=200, headers=dict(answer.headers), body=answer.text)

        self._said.clear()
        self._page.route(self._address, fulfil)
        self._page.goto(self._address)
        self._page.unroute(self._address)

    def _hear(self, message: ConsoleMessage) -> None:
        # What the content security policy stops is said here.
        self._said.append(message.text)


@pytest.fixture
def watch(page: Page, address: str) -> Iterator[Watch]:
    with Watch(page, address).begun() as watch:
        yield watch


@pytest.mark.parametrize("way", [way for way in WAYS if way.method == "GET"], ids=NAME)
def test_every_page_is_for_everybody(way: Way, watch: Watch, busy: BusyDesk) -> None:
    there = busy.addresses(way.path)
    queries = [f"{one}?{query}" for one in there[:RICHEST] for query in QUERIES.get(way.path, ())]
    for one in (*there, *queries):
        answer = busy.site.get(one)
        assert answer.status in (200, 303, 409, 422), one
        # What leads on to a public page shows nothing itself.
        if answer.status != 303:
            watch.look(one, answer)

    assert watch.wrong == {}


@pytest.mark.parametrize("way", [way for way in WAYS if way.route.acts], ids=NAME)
def test_what_comes_of_an_empty_form_is_for_everybody(way: Way, watch: Watch, busy: BusyDesk) -> None:
    for there in busy.addresses(way.path)[:RICHEST]:
        for fields in ({}, *FIELDS.get(way.path, ())):
            with busy.undone():
                answer = way.asked(busy.site, there, {"csrf": busy.site.csrf, **fields})
            assert answer.status < 500, f"{there}: {fields}"
            watch.look(f"{there}: {fields}", answer)

    assert watch.wrong == {}


def test_what_is_asked_before_a_move_is_for_everybody(watch: Watch, busy: BusyDesk) -> None:
    there = f"/tovholder/arrangementer/{busy.lively.id}/rediger"
    moved = Form(busy.site.get(there).text).sent | {"sessions.0.date": ["2026-10-16"]}

    asked = busy.site.send("POST", there, urlencode(moved, doseq=True).encode(), FORM)

    assert 'id="telling"' in asked.text
    watch.look(there, asked)
    assert watch.wrong == {}


def test_the_keyboard_reaches_the_content_first(page: Page, address: str) -> None:
    page.goto(f"{address}/en/tovholder/")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()

    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"


def test_a_long_list_goes_on_by_itself_until_it_is_done(
    page: Page, busy: BusyDesk, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "AT_ONCE", 1)
    rows = [(f"Deltager {n}", f"deltager{n}@herning.example.org", "Herning") for n in range(3)]
    with busy.undone():
        gathering = busy.site.publish(a_gathering(slug="lang-liste"))
        page.goto(f"{address}/en/tovholder/arrangementer/{gathering.id}/deltagere/import")
        page.locator("textarea").fill(csv_text(("Navn", "E-mail", "Bibliotek"), rows))
        page.locator("main form button[type=submit]").first.click()
        page.get_by_role("button", name="Register 3 people").click()

        expect(page.get_by_text("It goes on by itself")).to_be_visible()
        expect(page.get_by_role("heading", name="3 people are registered")).to_be_visible(timeout=20_000)
        assert len(busy.site.registrations(gathering)) == 3


def test_people_are_checked_in_on_a_phone_also_while_the_network_is_away(
    page: Page, busy: BusyDesk, address: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    with busy.undone():
        there = next(row for row in busy.rows if row.keys() == {"gathering_id", "session_id"})
        page.goto(f"{address}/en/tovholder/arrangementer/{there['gathering_id']}/fremmoede/one")
        long, guest = (
            page.get_by_role("listitem").filter(has_text=LONG),
            page.get_by_text("Bibliotek (Guest)", exact=True),
        )
        page.get_by_label("Name or library").fill("guest")
        expect(guest).to_be_visible()
        expect(long.first).to_be_hidden()

        page.context.set_offline(True)
        page.get_by_role("button", name="Is here : Bibliotek (Guest)").click()
        expect(page.get_by_text("2 of 2 are here")).to_be_visible()
        expect(page.get_by_role("button", name="Undo : Bibliotek (Guest)")).to_be_focused()
        expect(page.get_by_role("status")).to_contain_text("1 wait for the network.")
        assert violations(page) == []
        gathering = bootstrap.gatherings().get(there["gathering_id"])
        assert [one.was_there for one in busy.site.registrations(gathering)] == [None, True]

        page.context.set_offline(False)
        expect(page.get_by_role("status")).to_have_text("", timeout=10_000)
        assert [one.was_there for one in busy.site.registrations(gathering)] == [True, True]

        page.reload()
        expect(page.get_by_text("2 of 2 are here")).to_be_visible()
        page.get_by_role("button", name="Undo : Bibliotek (Guest)").click()
        expect(page.get_by_text("1 of 2 are here")).to_be_visible()
        expect(page.get_by_role("status")).to_have_text("")


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


class Keyboard:
    """Somebody who has no mouse."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def on(self, control: Locator) -> Self:
        """Tab to a control. Fails if one of those on the way does not show that it has the focus."""
        goal = control.element_handle()
        for _ in range(MOST_STOPS):
            self._page.keyboard.press("Tab")
            arrived, unseen = self._page.evaluate(FOCUS, goal)
            assert not unseen, f"the focus is on {unseen}, and nobody can see it"
            if arrived:
                return self
        raise AssertionError(f"no way by Tab to {control}")

    def press(self, key: str) -> None:
        """Press a key, and wait for the page that may come of it."""
        self._page.keyboard.press(key)
        self._page.wait_for_load_state()

    def type(self, text: str) -> None:
        """Write."""
        self._page.keyboard.type(text)

    def fill(self, name: str, text: str) -> None:
        """Tab to a field and write in it."""
        self.on(self._page.locator(f'[name="{name}"]')).type(text)

    def go(self, role: Literal["button", "link"], name: str, key: str = "Enter") -> None:
        """Tab to a link or a button and press it."""
        control = self.on(self._page.get_by_role(role, name=name, exact=True).first)
        with self._page.expect_navigation():
            control.press(key)


@pytest.fixture
def keyboard(page: Page) -> Keyboard:
    return Keyboard(page)


def test_a_gathering_is_planned_edited_and_published_by_keyboard_alone(
    keyboard: Keyboard, page: Page, busy: BusyDesk, address: str
) -> None:
    with busy.undone():
        page.goto(f"{address}/en/tovholder/arrangementer")
        keyboard.go("link", "Plan a gathering")
        keyboard.fill("sessions.0.date", "10102026")
        keyboard.fill("sessions.0.starts_at", "0900A")
        keyboard.fill("sessions.0.ends_at", "1100A")
        keyboard.fill("online_link", "https://moede.example.org/rum")
        keyboard.go("button", "Save the draft")
        expect(page.get_by_role("alert")).to_be_focused()
        keyboard.on(page.get_by_role("alert").get_by_role("link")).press("Enter")
        expect(page.locator('[name="title.da"]')).to_be_focused()
        keyboard.type("Uden mus")
        keyboard.go("button", "Save the draft", "Space")
        expect(page.get_by_role("alert")).to_be_focused()

        keyboard.go("link", "Edit")
        keyboard.on(page.get_by_label("Kind")).press("ArrowDown")
        keyboard.on(page.locator('[name="waiting_list"]')).press("Space")
        keyboard.go("button", "Save")
        keyboard.go("button", "Publish")

        expect(page.get_by_role("alert")).to_contain_text("The gathering is published.")
        gathering = bootstrap.gatherings().get(page.url.rpartition("/")[2].partition("?")[0])
        assert (gathering.state, gathering.title["da"]) == (State.PUBLISHED, "Uden mus")
        assert (gathering.kind, gathering.waiting_list) == (Kind.INSPIRATION_DAY, False)
        assert gathering.starts_at.isoformat() == "2026-10-10T09:00:00+02:00"


def test_a_registration_is_cancelled_by_keyboard_alone(
    keyboard: Keyboard, page: Page, busy: BusyDesk, address: str
) -> None:
    with busy.undone():
        page.goto(f"{address}/en/tovholder/arrangementer/{busy.lively.id}/deltagere")
        keyboard.go("link", "Cæcilie")
        keyboard.go("link", "Cancel the registration")
        keyboard.fill("why", "Syg")
        keyboard.go("button", "Yes, cancel the registration")

        expect(page.get_by_role("alert")).to_be_focused()
        expect(page.get_by_role("alert")).to_contain_text("The registration is cancelled.")


@pytest.mark.parametrize("way", [way for way in WAYS if way.method == "GET"], ids=NAME)
def test_all_there_is_to_press_is_reached_by_keyboard_and_there_is_a_way_out(
    way: Way, page: Page, busy: BusyDesk, address: str
) -> None:
    there = busy.addresses(way.path)[0]
    if not busy.site.get(there).text.startswith("<!doctype html>"):
        return
    page.goto(f"{address}{there}")
    page.evaluate(EVERYTHING_TO_PRESS)

    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        is_out, unseen = page.evaluate(REACHED)
        assert not unseen, f"the focus is on {unseen}, and nobody can see it"
        if is_out:
            break

    assert is_out, "the focus does not come out of the page again"
    assert page.evaluate("[...window.unreached].map(one => one.outerHTML)") == []
