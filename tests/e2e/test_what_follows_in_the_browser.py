"""Coordinators in the browser: a message to one library, somebody checked in on a phone, and the certificate."""

import io
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from tests.support.browser import Visitor, managed_login, visiting
from tests.support.deployed import Deployed
from tests.support.inbox import Inbox

SOON = timedelta(seconds=25)
"""Time enough to register: that closes when it begins."""


@pytest.fixture
def visitor(chromium: Browser, deployed: Deployed, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    with visiting(chromium, deployed.stack.base_url, request.node.name, script=True) as visitor:
        yield visitor


def test_a_message_goes_to_one_library_and_to_no_other(visitor: Visitor, deployed: Deployed, inbox: Inbox) -> None:
    gathering, page = deployed.publish(), visitor.page
    here, there = deployed.somebody(), deployed.somebody(domain="aarhus.example.org")
    deployed.seat(gathering, here)
    deployed.seat(gathering, there, library="775100")
    for email in (here, there):
        inbox.wait(email)

    page.goto(f"/tovholder/arrangementer/{gathering['id']}/beskeder/ny")
    managed_login(page, deployed.stack.credentials["coordinator"])
    page.get_by_label("Bibliotek", exact=True).select_option("775100")
    page.locator('[name="subject.da"]').fill("Parkering i Aarhus")
    page.locator('[name="body.da"]').fill("Hej {navn}, parkér bag biblioteket.")
    page.get_by_role("button", name="Vis den, før den sendes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Besked til 1 person")
    page.get_by_role("button", name="Send til 1 person").click()
    expect(page.get_by_text("Beskeden er på vej.")).to_be_visible()

    _, message = inbox.wait(there, 2)
    assert message.header("Subject") == "Parkering i Aarhus"
    assert "parkér bag biblioteket." in message.text
    assert message.message["List-Unsubscribe"] is not None
    assert len(inbox.of(here)) == 1
    visitor.has_seen_only(403, 404)  # the emulator's own sign-in page has no icon


def test_who_is_checked_in_on_a_phone_gets_a_certificate_that_others_can_check(
    visitor: Visitor, deployed: Deployed, inbox: Inbox
) -> None:
    start = datetime.now(UTC) + SOON
    times = {"starts_at": start.isoformat(), "ends_at": (start + timedelta(seconds=1)).isoformat()}
    gathering = deployed.publish(sessions=[times], certificate_share=100, goals=[4], reminders=[])
    email, page = deployed.somebody(), visitor.page
    deployed.seat(gathering, email, name="Åse Østergård")
    inbox.wait(email)

    page.set_viewport_size({"width": 390, "height": 844})
    attendance = f"/tovholder/arrangementer/{gathering['id']}/fremmoede"
    page.goto(f"{attendance}/{gathering['sessions'][0]['id']}")
    managed_login(page, deployed.stack.credentials["coordinator"])
    page.get_by_label("Navn eller bibliotek").fill("østerg")
    page.get_by_role("button", name=re.compile("^Er her")).click()
    expect(page.get_by_text("1 af 1 er her")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("")

    time.sleep(max(0.0, (start - datetime.now(UTC)).total_seconds() + 2))
    page.goto(attendance)
    page.get_by_role("button", name="Udsted 1 bevis, med mail").click()
    expect(page.get_by_text("1 bevis er på vej.")).to_be_visible()

    _, mail = inbox.wait(email, 2)
    [link] = re.findall(rf"{re.escape(deployed.stack.base_url)}/bevis/\w+", mail.text)
    page.goto("/bevis")
    page.get_by_label("Bevisets nummer").fill(link.rpartition("/")[2].upper())
    page.get_by_role("button", name="Se beviset").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Åse Østergård")
    with page.expect_download() as download:
        page.get_by_role("link", name="Hent som PDF").click()
    assert download.value.suggested_filename.startswith("bevis-")
    [paper] = PdfReader(io.BytesIO(httpx.get(f"{link}.pdf").content)).pages
    assert "Åse Østergård" in paper.extract_text()
    visitor.has_seen_only(403, 404)
