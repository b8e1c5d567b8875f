"""Coordinators look after participants by pages that say what they will do before they do it, and lose nothing."""

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest

from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Gathering
from shared.gatherings.rounds import Round, Who
from shared.registration.model import Awaits, Registration, Status, What
from shared.roles import Role
from tests.support.api_gateway import Answer
from tests.support.builders import NOW, a_gathering, a_session, an_application, applicants
from tests.support.clock import Sleep
from tests.support.faults import FaultInjector, Trouble
from tests.support.sign_in import EMAIL
from tests.support.site import Site
from tests.support.stores import everybody

HERNING, KOLDING = "765700", "762100"


@pytest.fixture
def coordinator(site: Site) -> Site:
    return site.at_the_desk(Role.COORDINATOR)


def path(gathering: Gathering, *more: str | None) -> str:
    return "/".join(["/en/tovholder/arrangementer", gathering.id, "deltagere", *(str(one) for one in more)])


def shown(answer: Answer) -> str:
    """Return the words of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def names(answer: Answer) -> list[str]:
    """Return who stands in the table."""
    return re.findall(r'<th scope="row"><a [^>]*><bdi>([^<]*)</bdi>', answer.text)


def a_round(**changes: Any) -> Round:
    """Return a round for Herning's people."""
    who = changes.pop("who", Who(libraries=(HERNING,)))
    return Round("certified", {"da": "Første runde"}, NOW - timedelta(days=1), who=who, **changes)


def hybrid(**changes: Any) -> Gathering:
    """Return a gathering in which there is something to choose."""
    sessions = (
        a_session("2026-10-05T09:00", id="a", title={"da": "Formiddag"}, choose_one_of="Spor"),
        a_session("2026-10-05T13:00", id="b", title={"da": "Eftermiddag"}, choose_one_of="Spor"),
    )
    return a_gathering(sessions=sessions, **changes)


def test_all_are_listed_with_how_they_stand_and_counted(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering(capacity=2, waiting_list=True))
    everybody(coordinator.desk, gathering, applicants(4))

    page = coordinator.get(path(gathering))

    assert page.status == 200
    assert names(page) == ["Deltager 1", "Deltager 2", "Deltager 3", "Deltager 4"]
    assert "2 Confirmed 0 Seat held 0 Offered 2 Waiting" in shown(page)
    assert "number 2 in line" in shown(page)
    assert "4 people" in shown(page)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=ÅSE", ["Åse Ærø"]),
        ("q=kolding", ["Bo"]),
        ("q=bo@kolding", ["Bo"]),
        ("status=waitlisted", ["Åse Ærø"]),
        (f"library={HERNING}", ["Anna", "Åse Ærø"]),
        ("role=leader", ["Bo"]),
        ("awaits=proof", []),
        ("mail_problem=1", []),
        ("q=nobody", []),
    ],
)
def test_the_list_is_searched_and_filtered(coordinator: Site, query: str, found: list[str]) -> None:
    gathering = coordinator.publish(a_gathering(capacity=2, waiting_list=True))
    for application in (
        an_application(name="Anna", email="anna@herning.example.org"),
        an_application(name="Bo", email="bo@kolding.example.org", library=KOLDING, role="leader"),
        an_application(name="Åse Ærø", email="aase@herning.example.org"),
    ):
        coordinator.desk.register(gathering, application)

    page = coordinator.get(f"{path(gathering)}?{query}")

    assert names(page) == found
    assert "of 3" in shown(page)


def test_a_library_that_was_merged_stands_once_among_those_to_choose_from(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering())
    for number, library in enumerate((KOLDING, HERNING)):
        application = an_application(name=f"Deltager {number}", library=library)
        coordinator.desk.register(gathering, application)
    directory = bootstrap.libraries()
    directory.merge(KOLDING, HERNING, version=directory.get(KOLDING).version)

    page = coordinator.get(f"{path(gathering)}?library={HERNING}")

    assert re.findall(r'<option value="(7\d{5})"', page.text) == [HERNING]
    assert names(page) == ["Deltager 0", "Deltager 1"]
    assert names(coordinator.get(f"{path(gathering)}?library={KOLDING}")) == ["Deltager 0", "Deltager 1"]


def test_a_long_list_is_turned_page_by_page(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering())
    people = applicants(60)
    for at in range(0, 60, 20):
        coordinator.desk.book(gathering, *people[at : at + 20])

    first = coordinator.get(path(gathering))
    [following] = re.findall(r'href="([^"]*from=50[^"]*)"', first.text)
    second = coordinator.get(unescape(following))

    assert (len(names(first)), len(names(second))) == (50, 10)
    assert len({*names(first), *names(second)}) == 60


def test_the_waiting_line_is_shown_in_its_order(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering(capacity=1, waiting_list=True))
    people = applicants(4)
    everybody(coordinator.desk, gathering, [people[0], people[3], people[1], people[2]])

    page = coordinator.get(f"{path(gathering)}?status=waitlisted")

    assert names(page) == ["Deltager 4", "Deltager 2", "Deltager 3"]


def test_a_draft_says_that_nobody_can_be_registered(coordinator: Site) -> None:
    draft = a_gathering()
    coordinator.desk.stores.gatherings.create(draft)

    page = coordinator.get(path(draft))

    assert "Nobody can be registered before it is published." in shown(page)
    assert "/ny" not in page.text


def test_names_that_would_be_markup_are_words(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering())
    coordinator.desk.register(gathering, an_application(name='<b title="x">Åse</b>'))

    assert '<b title="x">' not in coordinator.get(path(gathering)).text


def waiting_for_approval(site: Site, number: int = 3) -> tuple[Gathering, list[str]]:
    gathering = site.publish(a_gathering(approval=True))
    return gathering, [str(one.registration_id) for one in everybody(site.desk, gathering, applicants(number))]


def test_all_who_wait_are_approved_after_a_question_that_says_how_many(coordinator: Site) -> None:
    gathering, ids = waiting_for_approval(coordinator)
    page = coordinator.get(path(gathering))
    assert "3 people wait for approval." in shown(page)
    [link] = re.findall(r'href="([^"]*action=approve&amp;awaits=approval&amp;all=1)"', page.text)

    question = coordinator.get(unescape(link))
    assert "Approve 3 people?" in shown(question)
    assert coordinator.desk.get(gathering, ids[0]).status is Status.PENDING
    answer = send_batch(coordinator, gathering, question)

    assert answer.status == 303
    assert "3 people are approved." in shown(coordinator.get(answer.headers["location"]))
    assert {coordinator.desk.get(gathering, id).status for id in ids} == {Status.CONFIRMED}


def send_batch(site: Site, gathering: Gathering, question: Answer) -> Answer:
    """Press the button of a question about many."""
    ids = re.findall(r'name="id" value="(\w+)"', question.text)
    [action] = re.findall(r'name="action" value="(\w+)"', question.text)
    body = urlencode([("csrf", site.csrf), ("action", action), *(("id", id) for id in ids)]).encode()
    return site.send("POST", f"{path(gathering)}/flere", body, {"content-type": "application/x-www-form-urlencoded"})


def test_those_who_are_ticked_are_cancelled_and_who_is_over_is_left_out(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering())
    ids = [one.registration_id for one in everybody(coordinator.desk, gathering, applicants(3))]
    coordinator.desk.cancel(gathering, ids[0])

    question = coordinator.get(f"{path(gathering)}/flere?action=cancel&id={ids[0]}&id={ids[1]}")
    assert "Cancel the registration of 1 person?" in shown(question)
    assert "1 of those you chose is left out" in shown(question)
    send_batch(coordinator, gathering, question)

    assert coordinator.desk.get(gathering, ids[1]).status is Status.CANCELLED
    assert coordinator.desk.get(gathering, ids[2]).status is Status.CONFIRMED


def test_what_is_done_to_all_that_are_found_is_done_to_those_on_other_pages_too(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering())
    everybody(coordinator.desk, gathering, applicants(60))
    coordinator.desk.register(gathering, an_application(name="Leder", email="leder@herning.example.org", role="leader"))

    page = coordinator.get(f"{path(gathering)}?role=staff")
    assert "With all 60 that are found" in shown(page)
    [form] = [part for part in page.text.split("<form")[1:] if 'name="all"' in part]
    asked = dict(re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', form))
    question = coordinator.get(f"{path(gathering)}/flere?action=cancel&{urlencode(asked)}")

    assert "Cancel the registrations of 60 people?" in shown(question)
    assert "With all" not in shown(coordinator.get(f"{path(gathering)}?role=leader"))


def test_nobody_ticked_is_said_and_nothing_is_done(coordinator: Site) -> None:
    gathering, _ = waiting_for_approval(coordinator, 1)

    answer = coordinator.get(f"{path(gathering)}/flere?action=approve")

    assert answer.status == 422
    assert "Choose at least one person." in shown(answer)


def test_what_could_not_be_done_is_shown_with_the_rest_done(coordinator: Site) -> None:
    gathering, ids = waiting_for_approval(coordinator, 2)
    question = coordinator.get(f"{path(gathering)}/flere?action=approve&all=1&awaits=approval")
    coordinator.desk.cancel(gathering, ids[0])

    answer = send_batch(coordinator, gathering, question)

    assert answer.status == 200
    assert "This registration is no longer in force." in shown(answer)
    assert "1 person is approved." in shown(answer)


def from_elsewhere(site: Site) -> tuple[Gathering, str]:
    """Return somebody whose address does not prove the library that the round asks for."""
    gathering = site.publish(a_gathering(rounds=(a_round(),)))
    answer = site.desk.register(gathering, an_application(email="deltager1@herning-kultur.example.org"))
    return gathering, str(answer.registration_id)


def test_a_page_says_why_somebody_stands_so_and_how_it_came_to_that(coordinator: Site) -> None:
    gathering, id = from_elsewhere(coordinator)

    words = shown(coordinator.get(path(gathering, id)))

    assert "A seat is held for the person" in words
    assert "herning-kultur.example.org is not known as a domain of Herning." in words
    assert "The person came in by the round Første runde." in words
    assert "The participant made the registration." in words


def test_a_library_is_accepted_for_one_person(coordinator: Site) -> None:
    gathering, id = from_elsewhere(coordinator)

    answer = coordinator.send_desk_form(path(gathering, id), {"action": "accept_library"})

    assert answer.headers["location"] == f"{path(gathering, id)}?done=accept_library"
    assert coordinator.desk.get(gathering, id).status is Status.CONFIRMED
    words = shown(coordinator.get(answer.headers["location"]))
    assert "The library is confirmed for this person." in words
    assert f"{EMAIL} confirmed where the person works." in words
    assert "test-coordinator" not in words


def test_a_domain_is_accepted_once_for_all_after_a_question(coordinator: Site) -> None:
    gathering, id = from_elsewhere(coordinator)
    other = coordinator.desk.register(
        gathering, an_application(name="En anden", email="anden@herning-kultur.example.org")
    )

    question = coordinator.get(f"{path(gathering, id)}/sikker?action=accept_domain")
    assert "2 people in this gathering wait for that" in shown(question)
    coordinator.send_desk_form(path(gathering, id), {"action": "accept_domain"})

    assert {coordinator.desk.get(gathering, one).status for one in (id, other.registration_id)} == {Status.CONFIRMED}
    assert bootstrap.libraries().fresh().domain_is_of("herning-kultur.example.org", HERNING)


def test_a_domain_that_anybody_can_have_is_refused(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering(rounds=(a_round(),)))
    id = coordinator.desk.register(gathering, an_application(email="deltager1@gmail.com")).registration_id

    answer = coordinator.send_desk_form(path(gathering, id), {"action": "accept_domain"})

    assert answer.status == 422
    assert coordinator.desk.get(gathering, id).status is Status.PENDING


@pytest.mark.parametrize(("action", "what"), [("cancel", What.CANCELLED), ("reject", What.REJECTED)])
def test_a_registration_is_ended_after_a_question(coordinator: Site, action: str, what: What) -> None:
    gathering, ids = waiting_for_approval(coordinator, 1)

    question = coordinator.get(f"{path(gathering, ids[0])}/sikker?action={action}")
    assert coordinator.desk.get(gathering, ids[0]).status is Status.PENDING
    assert "It cannot be undone." in shown(question)
    coordinator.send_desk_form(path(gathering, ids[0]), {"action": action, "why": "Kun for ledere"})

    ended = coordinator.desk.get(gathering, ids[0])
    assert (ended.status, ended.history[-1].what, ended.history[-1].by.why) == (
        Status.CANCELLED,
        what,
        "Kun for ledere",
    )
    assert "The reason: Kun for ledere" in shown(coordinator.get(path(gathering, ids[0])))


def in_line(site: Site) -> tuple[Gathering, list[Registration]]:
    """Return two who wait, and a seat that is free for them."""
    gathering = site.publish(a_gathering(capacity=1, waiting_list=True))
    answers = everybody(site.desk, gathering, applicants(3))
    site.desk.cancel(gathering, answers[0].registration_id)
    return gathering, [site.desk.get(gathering, one.registration_id) for one in answers[1:]]


def test_a_seat_out_of_turn_asks_for_a_reason_and_says_whom_it_overtakes(coordinator: Site) -> None:
    gathering, (first, last) = in_line(coordinator)

    question = coordinator.get(f"{path(gathering, last.id)}/sikker?action=seat")
    assert "1 person comes before in the line, and is overtaken." in shown(question)
    refused = coordinator.send_desk_form(path(gathering, last.id), {"action": "seat", "why": " "})
    assert refused.status == 422
    assert 'id="why-error"' in refused.text
    coordinator.send_desk_form(path(gathering, last.id), {"action": "seat", "why": "Oplægsholder"})

    assert coordinator.desk.get(gathering, last.id).status is Status.CONFIRMED
    assert "Oplægsholder" in shown(coordinator.get(path(gathering, first.id)))


def test_without_a_free_seat_nobody_is_asked_for_a_reason(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering(capacity=1, waiting_list=True))
    _, waits = everybody(coordinator.desk, gathering, applicants(2))

    question = coordinator.get(f"{path(gathering, waits.registration_id)}/sikker?action=seat")

    assert "No seat is free now." in shown(question)
    assert 'name="why"' not in question.text


def test_without_a_free_seat_nothing_is_given(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering(capacity=1, waiting_list=True))
    _, waits = everybody(coordinator.desk, gathering, applicants(2))

    answer = coordinator.send_desk_form(path(gathering, waits.registration_id), {"action": "seat", "why": "Taler"})

    assert answer.status == 409
    assert "Taler" in answer.text
    assert coordinator.desk.get(gathering, waits.registration_id).status is Status.WAITLISTED


def test_somebody_is_moved_to_another_session(coordinator: Site) -> None:
    gathering = coordinator.publish(hybrid())
    id = coordinator.desk.register(gathering, an_application(sessions=("a",))).registration_id

    page = coordinator.get(path(gathering, id))
    assert "Move to other sessions" in shown(page)
    coordinator.send_desk_form(path(gathering, id), {"action": "move", "chooses": "1", "choice-0": "b"})

    assert coordinator.desk.get(gathering, id).sessions == ("b",)


def test_sessions_that_are_not_chosen_are_asked_for(coordinator: Site) -> None:
    gathering = coordinator.publish(hybrid())
    id = coordinator.desk.register(gathering, an_application(sessions=("a",))).registration_id

    answer = coordinator.send_desk_form(path(gathering, id), {"action": "move", "chooses": "1"})

    assert answer.status == 422
    assert coordinator.desk.get(gathering, id).sessions == ("a",)


def test_a_note_is_kept_and_a_cpr_number_is_not(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering())
    id = coordinator.desk.register(gathering).registration_id

    first = write_note(coordinator, gathering, id, coordinator.get(path(gathering, id)), "Kommer kl. 10.30")
    refused = write_note(coordinator, gathering, id, coordinator.get(first.headers["location"]), "010190-1234")

    assert refused.status == 422
    assert "010190-1234" in refused.text
    assert coordinator.desk.get(gathering, id).note == "Kommer kl. 10.30"


def write_note(site: Site, gathering: Gathering, id: str | None, page: Answer, note: str) -> Answer:
    """Write a note on a page that was opened."""
    fields = {"action": "note", "note": note, "opened": page.field("opened")}
    return site.send_desk_form(path(gathering, id), fields)


def test_of_two_who_note_on_one_person_neither_loses_a_word(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering())
    id = coordinator.desk.register(gathering).registration_id
    opened = coordinator.get(path(gathering, id))
    write_note(coordinator, gathering, id, opened, "Allergisk over for nødder")

    again = write_note(coordinator, gathering, id, opened, "Allergisk over for nødder")
    conflict = write_note(coordinator, gathering, id, opened, "Kommer sent")

    assert again.status == 303, "to send the same twice is no quarrel"
    assert conflict.status == 409
    assert "Saved meanwhile: Allergisk over for nødder" in shown(conflict)
    assert ">Kommer sent</textarea>" in conflict.text
    both = write_note(coordinator, gathering, id, conflict, "Allergisk over for nødder. Kommer sent")
    assert both.status == 303
    assert coordinator.desk.get(gathering, id).note == "Allergisk over for nødder. Kommer sent"


def test_a_busy_store_loses_no_word_of_a_note(coordinator: Site, sleep: Sleep) -> None:
    gathering = coordinator.publish(a_gathering())
    id = coordinator.desk.register(gathering).registration_id
    fields = {"csrf": coordinator.csrf, "action": "note", "note": "Kommer sent", "opened": ""}
    form = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}

    with FaultInjector(operations=["TransactWriteItems"], probability=1, kinds=[Trouble.CONFLICT]):
        busy = coordinator.send("POST", path(gathering, id), urlencode(fields).encode(), form)

    assert busy.status == 503
    assert busy.headers["retry-after"]
    assert "What you filled in is still here." in shown(busy)
    again = {name: busy.field(name) for name in ("action", "note", "opened")}
    assert coordinator.send_desk_form(path(gathering, id), again).status == 303
    assert coordinator.desk.get(gathering, id).note == "Kommer sent"


def test_a_change_elsewhere_is_no_quarrel_about_the_note(coordinator: Site) -> None:
    gathering, ids = waiting_for_approval(coordinator, 1)
    opened = coordinator.get(path(gathering, ids[0]))
    coordinator.send_desk_form(path(gathering, ids[0]), {"action": "approve"})

    assert write_note(coordinator, gathering, ids[0], opened, "Kommer sent").status == 303


def patch(site: Site, gathering: Gathering, **body: Any) -> Answer:
    """Act on a registration by the API."""
    return site.signed_in(Role.COORDINATOR).send(
        "PATCH",
        f"/api/v1/coordinator/gatherings/{gathering.id}/registrations",
        json.dumps(body).encode(),
        {"content-type": "application/json"},
    )


def test_a_note_of_the_api_may_name_the_version_it_is_meant_for(site: Site) -> None:
    gathering = site.publish(a_gathering())
    id = site.desk.register(gathering).registration_id

    first = patch(site, gathering, id=id, action="note", note="Ring først", version=1)
    stale = patch(site, gathering, id=id, action="note", note="Kommer sent", version=1)

    assert (first.status, first.json()["version"]) == (200, 2)
    assert (stale.status, stale.json()["type"]) == (409, "urn:tovholder:problem:registration-changed-meanwhile")


def test_who_takes_part_is_corrected_on_a_page_of_its_own(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering(capacity=1))
    id = coordinator.desk.register(gathering, an_application(name="Detlager", email="detlager@herning.example.org"))
    page = coordinator.get(f"{path(gathering, id.registration_id)}/sikker?action=correct")
    fields = {"action": "correct", "opened": page.field("opened"), "library": KOLDING, "role": "leader"}
    right = fields | {"name": "Deltager", "email": "deltager@kolding.example.org"}

    wrong = coordinator.send_desk_form(path(gathering, id.registration_id), right | {"email": "deltager@"})
    answer = coordinator.send_desk_form(path(gathering, id.registration_id), right)

    assert wrong.status == 422
    assert wrong.field("email") == "deltager@"
    words = shown(coordinator.get(answer.headers["location"]))
    assert "The correction is saved." in words
    assert "before that detlager@herning.example.org" in words
    [kept] = coordinator.registrations(gathering)
    assert (kept.participant.name, kept.participant.library, kept.status) == ("Deltager", KOLDING, Status.CONFIRMED)


def test_of_two_who_correct_one_person_neither_undoes_the_other(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering())
    id = coordinator.desk.register(gathering).registration_id
    page = coordinator.get(f"{path(gathering, id)}/sikker?action=correct")
    form = {"action": "correct", "opened": page.field("opened"), "library": HERNING, "role": "staff"}
    form |= {"name": page.field("name"), "email": page.field("email")}
    coordinator.send_desk_form(path(gathering, id), form | {"name": "Anna"})

    answer = coordinator.send_desk_form(path(gathering, id), form | {"role": "leader"})

    assert answer.status == 409
    assert "Saved meanwhile: Anna" in shown(answer)
    assert coordinator.desk.get(gathering, id).participant.name == "Anna"


def test_the_api_corrects_what_is_sent_and_nothing_else(site: Site) -> None:
    gathering = site.publish(a_gathering())
    id = site.desk.register(gathering).registration_id

    answer = patch(site, gathering, id=id, action="correct", library=KOLDING)

    assert (answer.json()["library"], answer.json()["name"]) == (KOLDING, "Deltager 1")


def test_an_offer_is_accepted_for_who_has_said_so(coordinator: Site) -> None:
    gathering, (first, _) = in_line(coordinator)
    coordinator.desk.move_line(gathering)
    assert "Accept for the person" in shown(coordinator.get(path(gathering, first.id)))

    coordinator.send_desk_form(path(gathering, first.id), {"action": "accept"})

    assert coordinator.desk.get(gathering, first.id).status is Status.CONFIRMED


def test_the_sessions_that_were_ticked_are_still_ticked_when_they_are_refused(coordinator: Site) -> None:
    gathering = coordinator.publish(hybrid())
    id = coordinator.desk.register(gathering, an_application(sessions=("a",))).registration_id
    there = coordinator.publish(hybrid(slug="et-andet", capacity=1, waiting_list=True))
    coordinator.desk.register(there, an_application(name="En anden", sessions=("a",)))

    fields = {"action": "move_to", "gathering": there.id, "chooses": "1", "choice-0": "b"}
    refused = coordinator.send_desk_form(path(gathering, id), fields)

    assert refused.status == 409
    assert re.search(r'value="b"[^>]* checked', refused.text)


def test_the_link_is_sent_again(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering())
    id = coordinator.desk.register(gathering).registration_id

    coordinator.send_desk_form(path(gathering, id), {"action": "send_link"})

    assert "RegistrationLinkRequested" in coordinator.facts()


def test_somebody_is_moved_to_another_gathering(coordinator: Site) -> None:
    here = coordinator.publish(a_gathering())
    there = coordinator.publish(a_gathering(slug="et-andet", capacity=7))
    id = coordinator.desk.register(here).registration_id

    question = coordinator.get(f"{path(here, id)}/sikker?action=move_to&gathering={there.id}")
    assert "7 seats left" in shown(question)
    answer = coordinator.send_desk_form(path(here, id), {"action": "move_to", "gathering": there.id})

    [moved] = coordinator.registrations(there)
    assert answer.headers["location"] == f"{path(there, moved.id)}?done=move_to"
    assert moved.status is Status.CONFIRMED
    assert coordinator.desk.get(here, id).status is Status.CANCELLED


def test_who_cannot_have_a_seat_there_keeps_the_one_here(coordinator: Site) -> None:
    here = coordinator.publish(a_gathering())
    there = coordinator.publish(a_gathering(slug="et-andet", capacity=1, waiting_list=True))
    coordinator.desk.register(there, an_application(name="En anden", email="anden@herning.example.org"))
    id = coordinator.desk.register(here).registration_id

    answer = coordinator.send_desk_form(path(here, id), {"action": "move_to", "gathering": there.id})

    assert answer.status == 409
    assert "All seats are taken." in shown(answer)
    assert coordinator.desk.get(here, id).status is Status.CONFIRMED
    assert len(coordinator.registrations(there)) == 1


def test_a_move_of_the_api_answers_with_the_registration_there(site: Site) -> None:
    here = site.publish(a_gathering())
    there = site.publish(hybrid(slug="et-andet"))
    id = site.desk.register(here).registration_id
    api = site.signed_in(Role.COORDINATOR)
    body = {"id": id, "action": "move_to", "gathering": there.id, "sessions": ["b"]}

    answer = api.send(
        "PATCH",
        f"/api/v1/coordinator/gatherings/{here.id}/registrations",
        json.dumps(body).encode(),
        {"content-type": "application/json"},
    )

    assert answer.status == 200
    assert (answer.json()["gathering"], answer.json()["sessions"], answer.json()["status"]) == (
        there.id,
        ["b"],
        "confirmed",
    )


def test_the_api_lists_those_that_are_asked_for(site: Site) -> None:
    gathering = site.publish(a_gathering(capacity=1, waiting_list=True))
    everybody(site.desk, gathering, applicants(3))
    api = site.signed_in(Role.COORDINATOR)
    address = f"/api/v1/coordinator/gatherings/{gathering.id}/registrations"

    waiting = api.get(f"{address}?status=waitlisted").json()["registrations"]
    elsewhere = api.get(f"{address}?library={KOLDING}").json()["registrations"]

    assert [one["position"] for one in sorted(waiting, key=lambda one: one["name"])] == [1, 2]
    assert elsewhere == []
    for query, number in (("q=deltager 2", 1), ("role=leader", 0), ("awaits=proof", 0), ("mail_problem=true", 0)):
        assert len(api.get(f"{address}?{query}").json()["registrations"]) == number, query
    assert api.get(f"{address}?session={gathering.sessions[0].id}&mail_problem=false").json()["registrations"]
    wrong = api.get(f"{address}?role=boss&awaits=tea&mail_problem=perhaps").json()
    assert [error["field"] for error in wrong["errors"]] == ["role", "awaits", "mail_problem"]


def add_form(page: Answer, **fields: str) -> dict[str, str]:
    """Return the form that adds people, filled in."""
    person = {"name": "Deltager 1", "email": "deltager1@herning.example.org", "library": HERNING, "role": "staff"}
    return {"idempotency_key": page.field("idempotency_key"), "people": "1", "together": "as_many"} | person | fields


def test_a_person_is_added_whatever_the_rounds_say(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering(rounds=(a_round(who=Who(libraries=(KOLDING,))),)))
    form = add_form(coordinator.get(f"{path(gathering)}/ny"))

    answer = coordinator.send_desk_form(f"{path(gathering)}/ny", form)
    again = coordinator.send_desk_form(f"{path(gathering)}/ny", form)

    [added] = coordinator.registrations(gathering)
    assert answer.headers["location"] == again.headers["location"] == f"{path(gathering, added.id)}?done=added"
    assert (added.status, added.awaits) == (Status.CONFIRMED, frozenset[Awaits]())
    assert "The rounds did not apply" in shown(coordinator.get(path(gathering, added.id)))


def test_who_is_added_to_a_full_gathering_is_said_to_wait(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering(capacity=1, waiting_list=True))
    coordinator.desk.register(gathering, an_application(name="Den første"))
    form = add_form(coordinator.get(f"{path(gathering)}/ny"))

    answer = coordinator.send_desk_form(f"{path(gathering)}/ny", form)

    assert "All seats are taken: the person is on the waiting list" in shown(
        coordinator.get(answer.headers["location"])
    )


def test_what_else_there_is_under_an_address_is_shown_as_far_as_one_may_see_it(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering(owner=coordinator.person))
    elsewhere = coordinator.publish(a_gathering(slug="andet", title={"da": "Et andet"}))
    one = coordinator.desk.register(gathering)
    other = coordinator.desk.register(gathering, an_application(name="Deltager 2"))
    there = coordinator.desk.register(elsewhere)
    editor = coordinator.at_the_desk(Role.EDITOR)

    seen, seen_by_editor = (site.get(path(gathering, one.registration_id)).text for site in (coordinator, editor))

    assert path(gathering, other.registration_id) in seen
    assert path(elsewhere, there.registration_id) in seen
    assert path(gathering, other.registration_id) in seen_by_editor
    assert path(elsewhere, there.registration_id) not in seen_by_editor


def test_addresses_to_write_to_are_those_of_who_still_takes_part(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering())
    first, second, gone = everybody(coordinator.desk, gathering, applicants(3))
    coordinator.desk.cancel(gathering, gone.registration_id)

    page = coordinator.get(path(gathering)).text

    [listed] = re.findall(r"<textarea[^>]*readonly[^>]*>(.*?)</textarea>", page)
    assert sorted(listed.split("; ")) == ["deltager1@herning.example.org", "deltager2@herning.example.org"]


def test_only_what_applies_to_somebody_is_offered_for_many(coordinator: Site) -> None:
    plain, approving = (coordinator.publish(a_gathering(slug=slug, approval=slug == "med")) for slug in ("uden", "med"))
    for gathering in (plain, approving):
        coordinator.desk.register(gathering)

    offered = [coordinator.get(path(gathering)).text.count('value="approve"') for gathering in (plain, approving)]
    nothing = coordinator.get(f"{path(plain)}/flere?action=approve&id={coordinator.registrations(plain)[0].id}")

    assert offered == [0, 1]
    assert "There is nothing to do" in shown(nothing)


def test_nobody_is_added_or_invited_to_what_is_cancelled(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering())
    coordinator.desk.register(gathering)
    before = coordinator.get(path(gathering)).text
    coordinator.send_desk_form(f"/tovholder/arrangementer/{gathering.id}/aflys")

    after = coordinator.get(path(gathering)).text

    assert [link in before for link in ("/ny", "/import", "/invitationer")] == [True] * 3
    assert not any(f'{path(gathering)}{link}"' in after for link in ("/ny", "/import"))
    assert "/invitationer" not in after


def test_several_are_added_and_what_became_of_each_is_said(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering(capacity=1, waiting_list=True))
    page = coordinator.get(f"{path(gathering)}/ny")
    more = coordinator.send_desk_form(f"{path(gathering)}/ny", add_form(page, action="add"))
    assert more.field("name") == "Deltager 1"
    second = {
        "p1-name": "Deltager 2",
        "p1-email": "deltager2@kolding.example.org",
        "p1-library": KOLDING,
        "p1-role": "leader",
    }

    answer = coordinator.send_desk_form(f"{path(gathering)}/ny", add_form(page, people="2", **second))

    words = shown(coordinator.get(answer.headers["location"]))
    assert "1 person has a seat. 1 person is on the waiting list." in words


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering())
    page = coordinator.get(f"{path(gathering)}/ny")

    answer = coordinator.send_desk_form(
        f"{path(gathering)}/ny", add_form(page, people="2", **{"p1-name": "Bo", "p1-email": "bo@", "p1-role": "staff"})
    )

    assert answer.status == 422
    assert answer.field("p1-email") == "bo@"
    assert 'href="#p1-email"' in answer.text
    assert coordinator.registrations(gathering) == []


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER])
def test_nobody_else_sees_participants(site: Site, role: Role) -> None:
    gathering = site.publish(a_gathering())
    id = site.desk.register(gathering).registration_id
    other = site.at_the_desk(role)

    for address in (path(gathering), path(gathering, id), f"{path(gathering)}/fil", f"{path(gathering)}/navneskilte"):
        assert other.get(address).status == 403
