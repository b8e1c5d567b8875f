"""A network in another country, from a profile alone; and a copy that is stopped and started again."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from infra.local.local_stack import local_stack
from infra.local.options import Options
from tests.support import rfc5545
from tests.support.aws_wire import Wire
from tests.support.browser import visiting
from tests.support.deployed import Deployed
from tests.support.mails import read_by_another

PROFILE = Path(__file__).parent / "profiles" / "halifax.toml"


class Copy:
    """A copy that can be stopped and started."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._running = ExitStack()
        self.deployed = self._start()

    def restart(self) -> None:
        """Stop it, and start it on the same data."""
        self.stop()
        self.deployed = self._start()

    def stop(self) -> None:
        """Stop it as Ctrl-C does."""
        self._running.close()

    def _start(self) -> Deployed:
        stack = self._running.enter_context(local_stack(self._options))
        deployed = Deployed(stack, language="en", library="NS-BRA", zone="America/Halifax")
        self._running.callback(deployed.close)
        return deployed


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    options = Options.apart(tmp_path_factory.mktemp("another"), profile=PROFILE, first_port=19000)
    with Wire(options.emulator_url) as wire:
        copy = Copy(options)
        wire.lead(copy.deployed.stack)
        yield copy
        copy.stop()
        wire.check()


def test_its_only_language_is_at_the_root_and_needs_no_switch(copy: Copy, chromium: Browser) -> None:
    copy.deployed.publish(title={"en": "Bees and branches"})

    with visiting(chromium, copy.deployed.stack.base_url, "another network") as visitor:
        visitor.page.goto("/arrangementer/")
        expect(visitor.page.locator("html")).to_have_attribute("lang", "en")
        expect(visitor.page.get_by_role("link", name="Bees and branches")).to_be_visible()
        expect(visitor.page.get_by_role("banner")).to_contain_text("Atlantic Library Learning Circle")
        expect(visitor.page.locator("[hreflang]")).to_have_count(0)
        visitor.has_seen_only()
    assert copy.deployed.web.get("/en/arrangementer/").status_code == 404
    refused = copy.deployed.coordinate("POST", "/gatherings", copy.deployed.a_webinar() | {"title": {"da": "Dansk"}})
    assert refused.status_code == 422


def test_its_libraries_are_its_own(copy: Copy) -> None:
    listed = copy.deployed.api.get("/libraries").json()["libraries"]
    assert [library["name"] for library in listed] == ["Annat", "Bras d'Or", "Colby", "Dunvale"]

    gathering = copy.deployed.publish()
    unknown = copy.deployed.register(gathering, copy.deployed.somebody(), library="765700")
    assert unknown.status_code == 422
    assert [error["field"] for error in unknown.json()["errors"]] == ["participants.0.library"]

    numbered = copy.deployed.coordinate("POST", "/libraries", {"id": "715100", "name": "A Danish one"})
    assert numbered.status_code == 422
    added = copy.deployed.coordinate("POST", "/libraries", {"id": "NS-UNI", "name": "Dunvale College"})
    assert added.status_code == 201


def test_its_mail_is_in_its_language_and_on_its_clock(copy: Copy) -> None:
    session = {"starts_at": "2031-07-01T09:00:00-03:00", "ends_at": "2031-07-01T11:00:00-03:00"}
    gathering, email = copy.deployed.publish(sessions=[session]), copy.deployed.somebody(domain="brasdor.example.com")

    copy.deployed.seat(gathering, email, name="Ada Colby")

    [mail] = copy.deployed.inbox.wait(email)
    assert mail.header("Content-Language") == "en"
    assert mail.header("From").endswith("<learning@allc.example.com>")
    assert mail.header("Subject").startswith("You are signed up: ")
    assert rfc5545.breaches(mail.calendars[0]) == []
    assert b"DTSTART;TZID=America/Halifax:20310701T090000" in mail.calendars[0]
    assert read_by_another(mail.calendars[0]).vevent.dtstart.value.isoformat() == session["starts_at"]


def test_what_was_there_is_there_after_a_restart(copy: Copy) -> None:
    gathering, email = copy.deployed.publish(capacity=2), copy.deployed.somebody(domain="annat.example.com")
    copy.deployed.seat(gathering, email)
    [before] = copy.deployed.inbox.wait(email)

    copy.restart()

    assert copy.deployed.seats_left(gathering) == 1
    assert [mail.raw for mail in copy.deployed.inbox.of(email)] == [before.raw]
    assert copy.deployed.web.get(before.link).status_code == 200
    other = copy.deployed.somebody(domain="annat.example.com")
    copy.deployed.seat(gathering, other)
    copy.deployed.inbox.wait(other)
    assert copy.deployed.seats_left(gathering) == 0
    assert copy.deployed.register(gathering, copy.deployed.somebody()).status_code == 409
    assert copy.deployed.coordinate("GET", f"/gatherings/{gathering['id']}", role="viewer").status_code == 200
