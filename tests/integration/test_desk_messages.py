"""Coordinators write to those of a gathering: what it would say, and to whom, is shown before it is sent."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from html import unescape
from typing import Final

import pytest

from shared.bootstrap import web as bootstrap
from shared.gatherings.audience import Audience
from shared.gatherings.model import Gathering
from shared.messages.model import MessageState
from shared.notify.model import MailId, MailKind, MailState
from shared.roles import Role
from tests.support.api_gateway import Answer
from tests.support.builders import NOW, a_gathering
from tests.support.sign_in import EMAIL
from tests.support.site import Site

MESSAGE: Final = {
    "subject.da": "Nyt lokale til {titel}",
    "body.da": "Vi mødes i stuen.",
    "new": "abcdefghijklmnop",
}
API: Final = "/api/v1/coordinator/messages"


@pytest.fixture
def coordinator(site: Site) -> Site:
    return site.at_the_desk(Role.COORDINATOR)


@pytest.fixture
def gathering(coordinator: Site) -> Gathering:
    found = coordinator.publish(a_gathering(title={"da": "Kursus"}))
    coordinator.registered(found)
    coordinator.registered(found, name="Bo", email="bo@aarhus.example.org", library="775100")
    return found


def path(gathering: Gathering) -> str:
    return f"/en/tovholder/arrangementer/{gathering.id}/beskeder"


def shown(answer: Answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def send(site: Site, gathering: Gathering, **fields: str) -> Answer:
    return site.send_desk_form(f"{path(gathering)}/ny", MESSAGE | fields)


def test_what_it_would_say_and_to_whom_is_shown_before_it_is_sent(coordinator: Site, gathering: Gathering) -> None:
    answer = send(coordinator, gathering, action="preview", library="775100")

    words = shown(answer)
    assert answer.status == 200
    assert "A message to 1 person" in words
    assert "Bo Aarhus" in words
    assert "Nyt lokale til Kursus" in words
    assert "Vi mødes i stuen." in words
    assert bootstrap.messages().of_gathering(gathering.id) == ()
    assert "MessageDue" not in coordinator.facts()


def test_a_preview_gives_nobodys_own_link_away(coordinator: Site, gathering: Gathering) -> None:
    text = send(coordinator, gathering, action="preview").text

    [link] = re.findall(r"/tilmelding/([^\s<\"]+)", text)
    assert coordinator.get(f"/tilmelding/{link}").status == 404


def test_it_is_sent_once_however_often_the_button_is_pressed(coordinator: Site, gathering: Gathering) -> None:
    answers = [send(coordinator, gathering, action="send", library="775100") for _ in range(2)]

    assert {answer.headers["location"] for answer in answers} == {f"{path(gathering)}?done=sent"}
    assert coordinator.facts().count("MessageDue") == 1
    [message] = bootstrap.messages().of_gathering(gathering.id)
    assert message.audience == Audience(library="775100")
    assert "The message is on its way." in shown(coordinator.get(answers[0].headers["location"]))


def test_what_is_planned_can_be_called_back_until_it_leaves(coordinator: Site, gathering: Gathering) -> None:
    tomorrow = {"when": "later", "send_at": "02.09.2026", "send_at.time": "9.00"}
    assert send(coordinator, gathering, action="send", **tomorrow).headers["location"].endswith("done=planned")
    [message] = bootstrap.messages().of_gathering(gathering.id)
    assert message.state is MessageState.PLANNED
    assert message.send_at.isoformat() == "2026-09-02T07:00:00+00:00"

    answer = coordinator.send_desk_form(f"{path(gathering)}/{message.id}/kald-tilbage")

    assert answer.headers["location"].endswith("done=withdrawn")
    [message] = bootstrap.messages().of_gathering(gathering.id)
    assert message.state is MessageState.WITHDRAWN


def test_what_has_left_cannot_be_called_back(coordinator: Site, gathering: Gathering) -> None:
    send(coordinator, gathering, action="send")

    answer = coordinator.send_desk_form(f"{path(gathering)}/{MESSAGE['new']}/kald-tilbage")

    assert answer.status == 409
    assert "cannot be called back" in shown(answer)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"subject.da": ""}, "Say in a few words what it is about."),
        ({"body.da": " "}, "Write the message."),
        ({"body.da": "Hej {fornavn}"}, "There is no field {fornavn}."),
        ({"body.da": "Hej {navn"}, "A brace opens or closes that belongs to no field."),
        ({"subject.en": "News"}, "Write both, subject and message, or neither."),
        ({"body.da": "Ring til 010180-1234"}, "This looks like a CPR number."),
        ({"when": "later"}, "Write the date."),
        ({"when": "later", "send_at": "1.9.2026", "send_at.time": "8"}, "That time is past."),
        ({"when": "later", "send_at": "1.12.2027", "send_at.time": "8"}, "That is more than a year ahead."),
        ({"when": "later", "send_at": "28.03.2027", "send_at.time": "2.30"}, "There is no such time"),
        ({"subject.da": "x" * 151}, "at most 150 characters"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    coordinator: Site, gathering: Gathering, fields: dict[str, str], said: str
) -> None:
    coordinator.clock.now = NOW + timedelta(hours=1)

    answer = send(coordinator, gathering, action="send", **fields)

    assert answer.status == 422
    assert said in shown(answer)
    assert bootstrap.messages().of_gathering(gathering.id) == ()
    for name in ("subject.da", "body.da"):
        assert (MESSAGE | fields)[name].strip() in unescape(answer.text)


def test_whoever_writes_can_see_it_in_the_own_mailbox(coordinator: Site, gathering: Gathering) -> None:
    answer = send(coordinator, gathering, action="try")

    assert "A test mail is on its way to you." in shown(answer)
    [fact] = [fact for fact in coordinator.desk.stores.facts() if fact.type == "TrialAsked"]
    trial = bootstrap.messages().trial(fact.data.trial_id)
    assert trial is not None
    assert trial.email == EMAIL
    assert bootstrap.messages().of_gathering(gathering.id) == ()


def test_what_the_list_was_searched_for_is_taken_along(coordinator: Site, gathering: Gathering) -> None:
    answer = coordinator.get(f"{path(gathering)}/ny?library=775100&status=confirmed&q=ignored")

    assert '<option value="775100" selected>' in answer.text
    assert '<option value="confirmed" selected>' in answer.text


def test_nobody_can_be_written_to_about_a_draft(coordinator: Site) -> None:
    answer = send(coordinator, coordinator.planned(slug="udkast"), action="send")

    assert answer.status == 409
    assert "it is not published" in shown(answer)


def test_the_participants_page_shows_what_became_of_each_mail(coordinator: Site, gathering: Gathering) -> None:
    [bo, *_] = coordinator.registrations(gathering)
    ledger = bootstrap.ledger()
    lost = MailId(gathering.id, bo.id, MailKind.CONFIRMATION, "one")
    ledger.claim([lost], now=NOW)
    ledger.give_up_on(lost, now=NOW, correlation_id="sweep")
    page = f"/en/tovholder/arrangementer/{gathering.id}/deltagere/{bo.id}"

    words = shown(coordinator.get(page))
    assert "Confirmation nobody knows whether it was sent Send it once more" in words
    assert "Reminder planned" in words

    button = {"kind": "confirmation", "occurrence": "one"}
    assert coordinator.send_desk_form(f"{page}/mails", button).headers["location"].endswith("?done=mail")
    assert [row.state for row in ledger.history(bo.id)] == [MailState.PLANNED]
    assert coordinator.facts().count("MailReleased") == 1

    again = coordinator.send_desk_form(f"{page}/mails", button)
    assert again.status == 409
    assert "It is not sent twice." in shown(again)


@pytest.mark.parametrize("kind", ["", "nothing", "receipt"])
def test_no_other_mail_is_sent_once_more(coordinator: Site, gathering: Gathering, kind: str) -> None:
    [bo, *_] = coordinator.registrations(gathering)

    page = f"/en/tovholder/arrangementer/{gathering.id}/deltagere/{bo.id}"
    answer = coordinator.send_desk_form(f"{page}/mails", {"kind": kind, "occurrence": "once"})

    assert answer.status == 409


def api(site: Site, method: str, address: str = API, body: Mapping[str, object] | None = None) -> Answer:
    headers = {"content-type": "application/json", "idempotency-key": "key"}
    return site.send(method, address, json.dumps(body).encode() if body else b"", headers)


def test_the_api_writes_lists_and_calls_back(site: Site, gathering: Gathering) -> None:
    program = site.signed_in(Role.COORDINATOR)
    body = {
        "gathering": gathering.id,
        "subject": {"da": "Nyt"},
        "body": {"da": "Mere."},
        "audience": {"library": "775100"},
        "send_at": "2026-09-02T09:00:00+02:00",
    }

    made = [api(program, "POST", body=body) for _ in range(2)]
    other = api(program, "POST", body=body | {"body": {"da": "Andet."}})
    listed = program.get(f"{API}?gathering={gathering.id}")
    gone = api(program, "DELETE", f"{API}/{made[0].json()['id']}?gathering={gathering.id}")

    assert [answer.status for answer in made] == [201, 201]
    assert made[0].json() == made[1].json()
    assert made[0].json()["state"] == "planned"
    assert made[0].json()["send_at"] == "2026-09-02T09:00:00+02:00"
    assert other.status == 422
    assert listed.json() == {"messages": [made[0].json()], "next": None}
    assert gone.json()["state"] == "withdrawn"


def test_the_api_says_what_is_wrong(site: Site, gathering: Gathering) -> None:
    program = site.signed_in(Role.COORDINATOR)
    body = {"gathering": gathering.id, "subject": {"da": "Nyt"}, "body": {"da": "{x}"}}

    answer = api(program, "POST", body=body)

    assert answer.status == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["body.da"]
    assert program.get(API).status == 422
    assert api(program, "DELETE", f"{API}/nothing?gathering={gathering.id}").status == 404
