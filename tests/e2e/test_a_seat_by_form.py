"""What people do: find a gathering, take a seat, read the mail, give the seat back. In a browser, by the real form."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, expect

from tests.support import rfc5545
from tests.support.browser import Visitor, visiting
from tests.support.deployed import Deployed
from tests.support.inbox import Inbox
from tests.support.mails import read_by_another

WITH_AND_WITHOUT_SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])


@pytest.fixture
def visitor(chromium: Browser, deployed: Deployed, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    script = getattr(request.node, "callspec", None) is None or request.node.callspec.params.get("script", True)
    with visiting(chromium, deployed.stack.base_url, request.node.name, script=script) as visitor:
        yield visitor


@WITH_AND_WITHOUT_SCRIPT
def test_a_seat_is_taken_confirmed_by_mail_and_given_back(
    script: bool, visitor: Visitor, deployed: Deployed, inbox: Inbox
) -> None:
    gathering, email, page = deployed.publish(capacity=1), deployed.somebody(), visitor.page

    page.goto("/")
    page.get_by_role("navigation", name="Hovedmenu").get_by_role("link", name="Arrangementer").click()
    page.get_by_role("link", name=gathering["title"]["da"]).click()
    page.get_by_role("main").get_by_role("link", name="Tilmeld dig").click()
    page.get_by_label("Dit navn").fill("Åse Ærø-Østergård <b>")
    page.get_by_label("Din arbejdsmail").fill(email)
    if script:
        # A select is a combobox too: this waits for the field that the script makes of it.
        page.get_by_role("combobox", name="Dit bibliotek").and_(page.locator("input")).press_sequentially("hern")
        page.get_by_role("option", name="Herning").click()
    else:
        page.get_by_label("Dit bibliotek").select_option("Herning")
    page.get_by_label("Medarbejder").check()
    page.get_by_role("button", name="Tilmeld dig").click()
    expect(page.get_by_text("Din plads er bekræftet")).to_be_visible()
    assert deployed.seats_left(gathering) == 0

    [confirmation] = inbox.wait(email)
    assert f"mailto:{email}" in confirmation.calendars[0].decode().replace("\r\n ", "")
    page.goto(confirmation.link)
    expect(page.get_by_text("Din plads er bekræftet")).to_be_visible()
    expect(page.get_by_text("Åse Ærø-Østergård <b>")).to_be_visible()

    page.get_by_role("link", name="Afmeld mig").click()
    assert deployed.seats_left(gathering) == 0, "to look is not to cancel"
    page.get_by_role("button", name="Ja, afmeld mig").click()
    expect(page.get_by_text("Du har afmeldt dig")).to_be_visible()
    assert deployed.seats_left(gathering) == 1

    first, second = inbox.wait(email, 2)
    assert first.event["UID"] == second.event["UID"]
    assert second.event["SEQUENCE"] > first.event["SEQUENCE"]
    assert b"METHOD:REQUEST\r\n" in first.calendars[0]
    assert b"METHOD:CANCEL\r\n" in second.calendars[0]
    visitor.has_seen_only()


@WITH_AND_WITHOUT_SCRIPT
def test_a_form_with_faults_comes_back_with_all_that_was_typed(
    script: bool, visitor: Visitor, deployed: Deployed, inbox: Inbox
) -> None:
    gathering, email, page = deployed.publish(), deployed.somebody(), visitor.page

    page.goto(f"/arrangementer/{gathering['slug']}/tilmelding")
    page.get_by_label("Dit navn").fill("Se www.example.org")
    page.get_by_label("Din arbejdsmail").fill("ingen adresse")
    page.get_by_label("Leder").check()
    page.get_by_role("button", name="Tilmeld dig").click()

    expect(page).to_have_title(re.compile("^Fejl"))
    expect(page.get_by_role("alert")).to_contain_text("3 ting")
    expect(page.get_by_label("Dit navn")).to_have_value("Se www.example.org")
    expect(page.get_by_label("Din arbejdsmail")).to_have_value("ingen adresse")
    expect(page.get_by_label("Leder")).to_be_checked()

    page.get_by_label("Dit navn").fill("Niels Ørsted")
    page.get_by_label("Din arbejdsmail").fill(email)
    page.locator("select[name=library]").select_option("765700", force=True)
    page.get_by_role("button", name="Tilmeld dig").click()
    expect(page.get_by_text("Din plads er bekræftet")).to_be_visible()
    inbox.wait(email)
    visitor.has_seen_only(422)


def test_the_language_is_changed_on_the_page_and_the_mail_keeps_it(
    visitor: Visitor, deployed: Deployed, inbox: Inbox
) -> None:
    gathering = deployed.publish(title={"da": "Dansk titel", "en": "English title"})
    email, page = deployed.somebody(), visitor.page

    page.goto(f"/arrangementer/{gathering['slug']}")
    assert visitor.heading() == "Dansk titel"
    page.get_by_role("link", name="English").click()
    assert visitor.heading() == "English title"
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("main").get_by_role("link", name="Sign up").click()
    page.get_by_label("Your name").fill("Ada Lovelace")
    page.get_by_label("Your work e-mail").fill(email)
    page.locator("select[name=library]").select_option("765700", force=True)
    page.get_by_label("Leader").check()
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_text("Your seat is confirmed")).to_be_visible()

    [mail] = inbox.wait(email)
    assert mail.header("Content-Language") == "en"
    assert mail.header("Subject") == "You are signed up: English title"
    assert "/en/tilmelding/" in mail.link
    page.goto(mail.link)
    page.get_by_role("link", name="Dansk").click()
    expect(page.get_by_text("Din plads er bekræftet")).to_be_visible()
    visitor.has_seen_only()


def test_the_calendar_objects_are_read_by_parsers_that_did_not_write_them(deployed: Deployed, inbox: Inbox) -> None:
    sessions = [
        {"starts_at": "2031-03-29T09:00:00+01:00", "ends_at": "2031-03-29T15:30:00+01:00", "title": {"da": "Dag ét"}},
        {"starts_at": "2031-03-30T09:00:00+02:00", "ends_at": "2031-03-30T12:00:00+02:00", "title": {"da": "Dag to"}},
    ]
    gathering = deployed.publish(sessions=sessions, summary={"da": "Æbler, pærer; og ”citater” " * 20})
    email = deployed.somebody()
    deployed.seat(gathering, email, name='Søren Kierkegård, ph.d.; "Filosof"')

    mails = inbox.wait(email, 2)

    starts = set()
    for mail in mails:
        for calendar in mail.calendars:
            assert rfc5545.breaches(calendar) == []
        event = read_by_another(mail.calendars[0]).vevent
        assert event.uid.value == mail.event["UID"]
        assert event.attendee.params["PARTSTAT"] == ["ACCEPTED"]
        assert event.attendee.params["RSVP"] == ["FALSE"]
        assert event.dtstart.value == mail.event.start
        starts.add(event.dtstart.value.astimezone(UTC))
    # The clocks change in between: the wall's nine o'clock is two different hours.
    assert starts == {datetime(2031, 3, 29, 8, tzinfo=UTC), datetime(2031, 3, 30, 7, tzinfo=UTC)}
    assert len({mail.event["UID"] for mail in mails}) == 2
