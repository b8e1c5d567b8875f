"""A coordinator moves a gathering, and then has to cancel it: everybody's calendar follows."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.support import rfc5545
from tests.support.browser import Visitor, managed_login, visiting
from tests.support.deployed import Deployed
from tests.support.inbox import Inbox
from tests.support.mails import Mail, event_of, read_by_another


@pytest.fixture
def visitor(chromium: Browser, deployed: Deployed, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    with visiting(chromium, deployed.stack.base_url, request.node.name, script=True) as visitor:
        yield visitor


def test_a_coordinator_changes_the_time_and_the_mail_arrives(
    visitor: Visitor, deployed: Deployed, inbox: Inbox
) -> None:
    gathering, page = deployed.publish(capacity=1, waiting_list=True), visitor.page
    seated, waiting = deployed.somebody(), deployed.somebody()
    for email in (seated, waiting):
        deployed.seat(gathering, email)
        inbox.wait(email)
    start = datetime.fromisoformat(gathering["sessions"][0]["starts_at"]) + timedelta(days=1)

    page.goto(f"/tovholder/arrangementer/{gathering['id']}/rediger")
    managed_login(page, deployed.stack.credentials["coordinator"])
    page.locator('[name="sessions.0.date"]').fill(start.date().isoformat())
    page.get_by_role("button", name="Gem", exact=True).first.click()
    expect(page.get_by_text("1 person med plads får besked på mail, og 1, der venter.")).to_be_visible()
    page.get_by_label("Hvad du vil sige om det").fill("Lokalet var optaget.")
    page.get_by_role("button", name="Gem, og giv dem besked").click()
    expect(page.get_by_text("deltagerne får besked på mail")).to_be_visible()

    moved = inbox.wait(seated, 2)[1]
    assert moved.event["DTSTART"].dt.isoformat() == start.isoformat()
    for mail in (moved, inbox.wait(waiting, 2)[1]):
        assert "Lokalet var optaget." in mail.text
    assert inbox.of(waiting)[1].calendars == []
    visitor.has_seen_only(403, 404)  # the emulator's own sign-in page has no icon


def test_a_calendar_has_each_session_once_then_moved_then_gone(deployed: Deployed, inbox: Inbox) -> None:
    days = [
        datetime.fromisoformat(deployed.a_webinar()["sessions"][0]["starts_at"]) + timedelta(days=n) for n in (0, 7)
    ]
    gathering = deployed.publish(sessions=[a_session(day) for day in days])
    email = deployed.somebody()
    registration = deployed.seat(gathering, email)
    confirmed = inbox.wait(email, 2)

    [first, second] = gathering["sessions"]
    later = a_session(days[0] + timedelta(hours=3)) | {"id": first["id"]}
    body = {"version": gathering["version"], "sessions": [later, second]}
    assert deployed.coordinate("PATCH", f"/gatherings/{gathering['id']}", body).status_code == 200
    moved = inbox.wait(email, 3)[2:]
    words = {"words": "Underviseren er syg."}
    assert deployed.coordinate("POST", f"/gatherings/{gathering['id']}/cancel", words).status_code == 200
    gone = inbox.wait(email, 5)[3:]

    for mail in (*confirmed, *moved, *gone):
        for calendar in mail.calendars:
            assert rfc5545.breaches(calendar) == []
            assert calendar.count(b"BEGIN:VEVENT") == 1, "Outlook reads the first event only"
    for read in (with_icalendar, with_vobject):
        assert in_calendar(confirmed, read) == {first["id"]: days[0], second["id"]: days[1]}
        after_move = in_calendar([*confirmed, *moved], read)
        assert after_move == {first["id"]: days[0] + timedelta(hours=3), second["id"]: days[1]}
        assert in_calendar([*confirmed, *moved, *gone], read) == {}
        assert in_calendar([*gone, *moved, *confirmed], read) == {}, "an old mail read late changes nothing"
    assert all("Underviseren er syg." in mail.text for mail in gone)
    assert deployed.registration(gathering, registration)["status"] == "cancelled"


def a_session(start: datetime) -> dict[str, Any]:
    return {"starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=2)).isoformat()}


@dataclass(frozen=True)
class Entry:
    """What a calendar program makes of an object."""

    uid: str
    sequence: int
    start: datetime
    is_given: bool


def with_icalendar(calendar: bytes) -> Entry:
    event = event_of(calendar)
    return Entry(event["UID"], int(event["SEQUENCE"]), event["DTSTART"].dt, b"METHOD:REQUEST\r\n" in calendar)


def with_vobject(calendar: bytes) -> Entry:
    found = read_by_another(calendar)
    event = found.vevent
    return Entry(event.uid.value, int(event.sequence.value), event.dtstart.value, found.method.value == "REQUEST")


def in_calendar(mails: Iterable[Mail], read: Callable[[bytes], Entry]) -> dict[str, datetime]:
    """Return what a calendar holds after mails, by session. Of a UID the highest SEQUENCE counts (RFC 5546, 2.1.5)."""
    newest: dict[str, Entry] = {}
    for mail in mails:
        entry = read(mail.calendars[0])
        if entry.uid not in newest or entry.sequence > newest[entry.uid].sequence:
            newest[entry.uid] = entry
    return {uid.partition("-")[2]: entry.start for uid, entry in newest.items() if entry.is_given}
