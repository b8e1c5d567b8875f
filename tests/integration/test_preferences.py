"""People choose which mails they get, on a page or by the button of their mail program."""

import re
from datetime import timedelta
from html import unescape

import pytest

from shared.bootstrap import web as bootstrap
from shared.links import Purpose
from shared.mailboxes import service
from shared.mailboxes.model import Reason, Suppression, Topic
from shared.roles import Role
from tests.support.api_gateway import Answer
from tests.support.builders import NOW, a_gathering
from tests.support.site import Site

PERSON = "somebody"


@pytest.fixture
def path(site: Site) -> str:
    token = bootstrap.links().token(Purpose.PREFERENCES, PERSON, "messages", expires=NOW + timedelta(days=1))
    return f"/praeferencer/{token}"


def shown(answer: Answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def unwanted() -> frozenset[Topic]:
    return service.of(PERSON, store=bootstrap.mailboxes()).unwanted


def ticked(answer: Answer) -> list[str]:
    return re.findall(r'value="(\w+)" checked', answer.text)


def test_to_look_changes_nothing(site: Site, path: str) -> None:
    answer = site.get(path)

    assert ticked(answer) == ["messages", "afterwards", "invitations"]
    assert unwanted() == frozenset()


def test_what_is_not_ticked_is_not_wanted(site: Site, path: str) -> None:
    csrf = site.get(path).field("csrf")

    answer = site.post_form(path, {"csrf": csrf, "wanted": "invitations"})

    assert unwanted() == {Topic.MESSAGES, Topic.AFTERWARDS}
    page = site.get(answer.headers["location"])
    assert "Dit valg er gemt." in shown(page)
    assert ticked(page) == ["invitations"]
    site.post_form(path, {"csrf": csrf, "wanted": "messages"})
    assert unwanted() == {Topic.AFTERWARDS, Topic.INVITATIONS}


def test_a_mail_program_stops_what_the_mail_was_about_by_one_press(site: Site, path: str) -> None:
    answers = [site.post_form(path, {"List-Unsubscribe": "One-Click"}) for _ in range(2)]

    assert [answer.status for answer in answers] == [200, 200]
    assert unwanted() == {Topic.MESSAGES}


@pytest.mark.parametrize("fields", [{}, {"csrf": "nothing"}, {"List-Unsubscribe": "Two-Click"}])
def test_no_other_site_chooses_for_somebody(site: Site, path: str, fields: dict[str, str]) -> None:
    assert site.post_form(path, fields).status == 404
    assert unwanted() == frozenset()


@pytest.mark.parametrize("token", ["nothing", "a.b.c"])
def test_a_link_that_is_not_ours_opens_nothing(site: Site, token: str) -> None:
    assert site.get(f"/praeferencer/{token}").status == 404
    assert site.post_form(f"/praeferencer/{token}", {"List-Unsubscribe": "One-Click"}).status == 404


def test_a_link_for_something_else_opens_nothing(site: Site) -> None:
    token = bootstrap.links().token(Purpose.MINE, PERSON, expires=NOW + timedelta(days=1))

    assert site.get(f"/praeferencer/{token}").status == 404


def test_coordinators_see_where_nothing_arrives_and_can_try_again(site: Site) -> None:
    coordinator = site.at_the_desk(Role.COORDINATOR)
    gathering = coordinator.publish(a_gathering())
    coordinator.registered(gathering, name="Bo")
    [bo] = coordinator.registrations(gathering)
    store = bootstrap.mailboxes()
    store.suppress(bo.person, Suppression(Reason.BOUNCED, NOW, gathering.id, bo.id), now=NOW)

    words = shown(coordinator.get("/en/tovholder/mails"))
    assert "Bo deltager1@herning.example.org Mail came back" in words
    participant = shown(coordinator.get(f"/en/tovholder/arrangementer/{gathering.id}/deltagere/{bo.id}"))
    assert "Nothing more is sent to this address" in participant

    answer = coordinator.send_desk_form(f"/en/tovholder/mails/{bo.person}")

    words = shown(coordinator.get(answer.headers["location"]))
    assert "Mail is sent there again." in words
    assert "There are none" in words


def test_more_than_a_batch_are_listed(site: Site) -> None:
    store = bootstrap.mailboxes()
    for number in range(120):
        why = Suppression(Reason.BOUNCED, NOW + timedelta(seconds=number), "gathering", f"nobody{number}")
        store.suppress(f"person{number}", why, now=NOW)

    listed = [one.person for one in store.suppressed()]

    assert listed == [f"person{number}" for number in reversed(range(120))]


def test_all_ones_own_leads_to_the_choice(site: Site) -> None:
    token = bootstrap.links().token(Purpose.MINE, PERSON, expires=NOW + timedelta(days=1))
    [path] = re.findall(r'href="(/praeferencer/[^"]+)"', site.get(f"/mine/{token}").text)

    page = site.get(path)
    assert "led you here" not in site.get(f"/en{path}").text, "no mail did"
    assert site.post_form(path, {"List-Unsubscribe": "One-Click"}).status == 404, "nor is it one's link from a mail"
    site.post_form(path, {"csrf": page.field("csrf"), "wanted": "messages"})

    assert unwanted() == {Topic.AFTERWARDS, Topic.INVITATIONS}
