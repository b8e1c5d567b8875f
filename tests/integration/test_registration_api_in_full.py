"""Registrations by API after they were made: what participants and coordinators do with them, one thing at a time."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Gathering, Place, Window
from shared.gatherings.needs import Needs
from shared.gatherings.questions import Option, Question, QuestionKind
from shared.gatherings.rounds import Round, Who
from shared.links import Purpose
from shared.registration.model import Registration, Status, What
from shared.roles import Role
from tests.support.api_gateway import Answer
from tests.support.builders import NOW, a_gathering, a_session, an_application, applicants
from tests.support.site import Site
from tests.support.stores import everybody

API = "/api/v1"
UNLISTED = "deltager1@et.andet.example.org"
JSON = {"content-type": "application/json"}
CPR = "010180-1234"
QUESTION = Question(
    "scene",
    QuestionKind.CHOICE,
    {"da": "Hvilken scene?"},
    required=True,
    options=(Option("stor", {"da": "Store scene"}), Option("unge", {"da": "Unges scene"})),
)
CHOICE = (a_session(id="two", choose_one_of="Sted"), a_session("2026-10-07T09:00", id="three", choose_one_of="Sted"))
HERNING_ONLY = (Round("first", {"da": "Herning"}, NOW - timedelta(days=1), None, Who(libraries=("765700",))),)


@dataclass
class Own:
    """A registration, and the address that its link leads to."""

    site: Site
    gathering: Gathering
    id: str

    @property
    def kept(self) -> Registration:
        """The registration as it is."""
        return self.site.desk.get(self.gathering, self.id)

    @property
    def address(self) -> str:
        """Where it is, by the newest link."""
        generation, ends = str(self.kept.link_generation), self.gathering.ends_at
        token = bootstrap.links().token(Purpose.REGISTRATION, self.gathering.id, self.id, generation, expires=ends)
        return f"{API}/registrations/{token}"

    def patch(self, **changes: Any) -> Answer:
        """Send changes."""
        return self.site.send("PATCH", self.address, json.dumps(changes).encode(), JSON)


def registered(site: Site, gathering: Gathering, **changes: Any) -> Own:
    answer = site.desk.register(gathering, an_application(**changes))
    assert answer.registration_id is not None
    return Own(site, gathering, answer.registration_id)


def offered(site: Site) -> Own:
    """Return a seat that became free and is kept for who waited."""
    gathering = site.publish(a_gathering(capacity=1, waiting_list=True))
    first = registered(site, gathering, name="Den første")
    waiting = registered(site, gathering)
    site.desk.cancel(gathering, first.id)
    assert site.desk.move_line(gathering) == 1
    return waiting


def kind(answer: Answer) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    found: str = answer.json()["type"].rpartition(":")[2]
    return found


def faulty(answer: Answer) -> list[str]:
    assert (answer.status, kind(answer)) == (422, "invalid")
    assert all(one["detail"] for one in answer.json()["errors"])
    return [one["field"] for one in answer.json()["errors"]]


@pytest.fixture
def own(site: Site) -> Own:
    """A registration with everything to choose."""
    gathering = site.publish(
        a_gathering(
            place=Place("Herning Bibliotek", "Østergade 8"),
            sessions=CHOICE,
            on_site_capacity=1,
            online_capacity=5,
            questions=(QUESTION,),
            asks_needs=True,
        )
    )
    return registered(site, gathering, mode="on_site", sessions=("two",), answers={"scene": "unge"})


def test_a_held_seat_is_confirmed(site: Site) -> None:
    own = registered(site, site.publish(a_gathering()), email=UNLISTED)
    before = site.get(own.address).json()

    answers = [own.patch(confirm=True) for _ in range(2)]

    assert (before["status"], before["awaits"]) == ("pending", ["proof"])
    assert datetime.fromisoformat(before["deadline"]) > site.clock.now
    assert [(one.status, one.json()["status"]) for one in answers] == [(200, "confirmed")] * 2
    assert (answers[0].json()["awaits"], answers[0].json()["deadline"]) == ([], None)


def test_a_hold_that_is_over_is_not_confirmed(site: Site) -> None:
    own = registered(site, site.publish(a_gathering()), email=UNLISTED)
    site.clock.now = datetime.fromisoformat(site.get(own.address).json()["deadline"])

    answer = own.patch(confirm=True)

    assert (answer.status, kind(answer)) == (409, "hold-over")


def test_an_offered_seat_is_accepted(site: Site) -> None:
    own = offered(site)

    answers = [own.patch(accept=True) for _ in range(2)]

    assert [(one.status, one.json()["status"]) for one in answers] == [(200, "confirmed")] * 2


def test_an_offered_seat_is_declined(site: Site) -> None:
    own = offered(site)

    answer = own.patch(decline=True)

    assert (answer.status, answer.json()["status"]) == (200, "cancelled")
    assert own.kept.history[-1].what is What.NOT_INTERESTED


def test_what_is_somebody_elses_doing_is_deleted(site: Site) -> None:
    own = offered(site)
    address = own.address

    answers = [site.send("PATCH", address, b'{"not_me": true}', JSON) for _ in range(2)]

    assert (answers[0].status, answers[0].json()["status"]) == (200, "cancelled")
    assert answers[1].status == 404
    assert own.id not in [one.id for one in site.registrations(own.gathering)]


def test_an_offer_that_is_over_is_not_accepted(site: Site) -> None:
    own = offered(site)
    deadline = own.kept.deadline
    assert deadline is not None
    site.clock.now = deadline

    answer = own.patch(accept=True)

    assert (answer.status, kind(answer)) == (409, "offer-over")


def test_who_waits_is_told_the_place_in_line(site: Site) -> None:
    gathering = site.publish(a_gathering(capacity=1, waiting_list=True))
    registered(site, gathering, name="Den første")
    registered(site, gathering, name="Den anden")
    own = registered(site, gathering)

    body = site.get(own.address).json()

    assert (body["status"], body["position"]) == ("waitlisted", 2)


def test_sessions_are_changed_and_the_way_to_take_part(own: Own) -> None:
    answer = own.patch(sessions=["three"], mode="online")

    assert answer.status == 200
    assert (answer.json()["sessions"], answer.json()["mode"]) == (["three"], "online")
    assert own.site.desk.seats(own.gathering).left["on_site"] == 1


def test_what_is_left_out_stays_as_it_is(own: Own) -> None:
    assert own.patch(mode="online").json()["sessions"] == ["two"]
    assert own.patch(sessions=["three"]).json()["mode"] == "online"


def test_answers_are_changed_and_needs_are_not_touched(own: Own) -> None:
    own.patch(needs={"diet": "Vegetar"})

    answer = own.patch(answers={"scene": "stor"})

    assert (answer.json()["answers"], answer.json()["needs"]) == (
        {"scene": "stor"},
        {"diet": "Vegetar", "accommodation": ""},
    )
    assert own.kept.needs == Needs("Vegetar", "")


def test_needs_are_taken_back(own: Own) -> None:
    own.patch(needs={"diet": "Vegetar"})

    assert own.patch(needs={}).json()["needs"] is None


def test_another_address_gets_another_link(own: Own) -> None:
    old = own.address

    answer = own.patch(email="ny@herning.example.org")

    assert (answer.status, answer.json()["email"]) == (200, "ny@herning.example.org")
    assert own.site.get(old).status == 404
    assert own.site.get(own.address).status == 200


def test_a_seat_is_handed_over(own: Own) -> None:
    to = {"name": "Kollega", "email": "kollega@herning.example.org"}

    answer = own.patch(hand_over=to)
    again = own.patch(hand_over=to)

    assert (answer.status, answer.json()["status"], answer.json()["id"]) == (200, "cancelled", own.id)
    assert (again.status, kind(again)) == (409, "registration-over")
    colleague = own.site.desk.get(own.gathering, own.kept.successor)
    assert (colleague.participant.name, colleague.status, colleague.sessions) == ("Kollega", Status.CONFIRMED, ("two",))
    assert own.site.desk.seats(own.gathering).left["on_site"] == 0


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, [""]),
        ({"confirm": True, "accept": True}, [""]),
        ({"mode": "online", "answers": {"scene": "stor"}}, [""]),
        ({"email": "ny@herning.example.org", "confirm": True}, [""]),
        ({"confirm": False}, ["confirm"]),
        ({"status": "confirmed"}, ["status"]),
        ({"name": "Et andet navn"}, ["name"]),
        ({"sessions": ["nowhere"]}, ["sessions", "sessions"]),
        ({"sessions": ["two", "three"]}, ["sessions"]),
        ({"mode": "by letter"}, ["mode"]),
        ({"answers": {}}, ["answers.scene"]),
        ({"answers": {"scene": "store"}}, ["answers.scene"]),
        ({"needs": {"diet": f"CPR {CPR}"}}, ["needs.diet"]),
        ({"needs": {"wishes": "Kage"}}, ["needs.wishes"]),
        ({"email": "ny@"}, ["email"]),
        ({"hand_over": {"name": "", "email": "x"}}, ["hand_over.name", "hand_over.email"]),
        ({"hand_over": {"name": "Kollega"}}, ["hand_over.email"]),
    ],
    ids=str,
)
def test_what_cannot_be_done_is_told_at_its_place_and_changes_nothing(
    own: Own, changes: dict[str, Any], fields: list[str]
) -> None:
    before = own.kept

    assert faulty(own.patch(**changes)) == fields
    assert own.kept == before


@pytest.mark.parametrize(
    "changes",
    [
        {"mode": "online"},
        {"answers": {"scene": "stor"}},
        {"email": "ny@herning.example.org"},
        {"hand_over": {"name": "Kollega", "email": "kollega@herning.example.org"}},
    ],
    ids=str,
)
def test_too_late_is_told_with_whom_to_write_to(site: Site, changes: dict[str, Any]) -> None:
    gathering = site.publish(a_gathering(questions=(QUESTION,), registration=Window(changes_until=NOW)))
    own = registered(site, gathering, answers={"scene": "unge"})

    answer = own.patch(**changes)

    assert (answer.status, kind(answer)) == (409, "too-late")
    assert answer.json()["contact"] == own.gathering.contact
    assert own.kept.version == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"confirm": True},
        {"mode": "online"},
        {"answers": {"scene": "stor"}},
        {"email": "ny@herning.example.org"},
        {"hand_over": {"name": "Kollega", "email": "kollega@herning.example.org"}},
    ],
    ids=str,
)
def test_what_is_over_stays_over(own: Own, changes: dict[str, Any]) -> None:
    own.site.send("DELETE", own.address)
    before = own.kept

    answer = own.patch(**changes)

    assert answer.status == 409
    assert kind(answer) == ("hold-over" if "confirm" in changes else "registration-over")
    assert own.kept == before


def test_a_forged_or_old_link_changes_nothing(own: Own) -> None:
    token = own.address.rpartition("/")[2]
    old = bootstrap.links().token(Purpose.REGISTRATION, own.gathering.id, own.id, "1", expires=NOW)
    other = bootstrap.links().token(Purpose.RECEIPT, own.gathering.id, own.id, "1", expires=own.gathering.ends_at)

    statuses = [
        own.site.send("PATCH", f"{API}/registrations/{one}", b'{"mode": "online"}', JSON).status
        for one in (token[:-2], old, other)
    ]

    assert statuses == [404, 410, 404]
    assert own.kept.version == 1


@dataclass
class Coordinating:
    """A gathering as a coordinator has it by API."""

    site: Site
    gathering: Gathering

    @property
    def address(self) -> str:
        """Where its registrations are."""
        return f"{API}/coordinator/gatherings/{self.gathering.id}/registrations"

    def add(self, *people: Mapping[str, Any], key: str = "key", **more: Any) -> Answer:
        """Register people."""
        return self.site.post(self.address, {"participants": list(people)} | more, Idempotency_Key=key)

    def patch(self, id: str, action: str, **more: Any) -> Answer:
        """Do something for somebody."""
        body = {"id": id, "action": action} | more
        return self.site.send("PATCH", self.address, json.dumps(body).encode(), JSON)

    def register(self, **changes: Any) -> str:
        """Register somebody as everybody does."""
        return registered(self.site, self.gathering, **changes).id

    def kept(self, id: str | None) -> Registration:
        """Return a registration as it is."""
        return self.site.desk.get(self.gathering, id)


PERSON = {"name": "Deltager 1", "email": "deltager1@herning.example.org", "library": "765700", "role": "staff"}


def coordinating(site: Site, **changes: Any) -> Coordinating:
    return Coordinating(site.signed_in(Role.COORDINATOR), site.publish(a_gathering(**changes)))


def test_coordinators_register_whom_rounds_and_window_would_refuse(site: Site) -> None:
    desk = coordinating(site, rounds=HERNING_ONLY, registration=Window(closes_at=NOW - timedelta(hours=1)))

    answer = desk.add(PERSON | {"email": UNLISTED, "library": "762100"})

    assert answer.status == 201
    [added] = answer.json()["registrations"]
    assert added["status"] == "confirmed"
    step = desk.kept(added["id"]).history[0]
    assert (step.what, step.by.actor) == (What.REGISTERED, "coordinator")


def test_coordinators_register_several_and_are_told_of_each(site: Site) -> None:
    desk = coordinating(site, capacity=1, waiting_list=True)

    answer = desk.add(PERSON, PERSON | {"name": "Deltager 2"}, group="as_many")

    assert [(one["status"], one["position"]) for one in answer.json()["registrations"]] == [
        ("confirmed", None),
        ("waitlisted", 1),
    ]


def test_what_coordinators_send_twice_is_done_once(site: Site) -> None:
    desk = coordinating(site, capacity=5)

    first, again = (desk.add(PERSON) for _ in range(2))
    other = desk.add(PERSON | {"name": "Deltager 2"})

    assert first.json() == again.json()
    assert (other.status, kind(other)) == (422, "idempotency-key-reused")
    assert site.left(desk.gathering) == 4


def test_the_key_of_a_coordinator_is_no_key_of_the_public(site: Site) -> None:
    desk = coordinating(site)
    desk.add(PERSON)

    answer = site.post(
        f"{API}/gatherings/{desk.gathering.slug}/registrations",
        {"participants": [PERSON | {"name": "Deltager 2"}]},
        Idempotency_Key="key",
    )

    assert answer.status == 201


@pytest.mark.parametrize(
    ("people", "more", "fields"),
    [
        ([], {}, ["participants"]),
        ([{**PERSON, "email": "x"}], {}, ["participants.0.email"]),
        ([PERSON, {**PERSON, "name": ""}], {"invoice": {"gln": "5"}}, ["invoice.gln", "participants.1.name"]),
        ([PERSON], {"language": "sv"}, ["language"]),
        ([PERSON], {"why": "x"}, ["why"]),
    ],
)
def test_what_is_wrong_with_whom_coordinators_add_is_told(
    site: Site, people: list[dict[str, Any]], more: dict[str, Any], fields: list[str]
) -> None:
    desk = coordinating(site)

    assert faulty(desk.add(*people, **more)) == fields
    assert site.registrations(desk.gathering) == []


def test_a_seat_is_cancelled_even_when_it_is_too_late_for_the_participant(site: Site) -> None:
    desk = coordinating(site, registration=Window(changes_until=NOW))
    id = desk.register()

    answer = desk.patch(id, "cancel", why="Syg")

    body = answer.json()
    assert (answer.status, body["status"]) == (200, "cancelled")
    assert body["history"][-1] == {
        "at": site.clock.now.isoformat(),
        "what": "cancelled",
        "by": "coordinator",
        "by_id": site.person,
        "why": "Syg",
    }


@pytest.mark.parametrize(
    ("action", "status", "what"), [("approve", "confirmed", "approved"), ("reject", "cancelled", "rejected")]
)
def test_who_awaits_a_yes_is_answered(site: Site, action: str, status: str, what: str) -> None:
    desk = coordinating(site, approval=True)
    id = desk.register()

    answer = desk.patch(id, action)

    assert desk.kept(id).status == status
    assert (answer.json()["status"], answer.json()["history"][-1]["what"]) == (status, what)


def test_a_library_is_accepted_on_a_coordinators_word(site: Site) -> None:
    desk = coordinating(site, rounds=HERNING_ONLY)
    id = desk.register(email=UNLISTED)
    before = desk.kept(id)

    answer = desk.patch(id, "accept_library")

    assert sorted(before.awaits) == ["library", "proof"]
    assert (answer.json()["status"], answer.json()["awaits"]) == ("confirmed", [])


def test_a_domain_is_accepted_for_everybody_who_has_it(site: Site) -> None:
    desk = coordinating(site, rounds=HERNING_ONLY)
    ids = [desk.register(name=f"Deltager {at}", email=f"deltager{at}@et.andet.example.org") for at in range(3)]

    answer = desk.patch(ids[0], "accept_domain")

    assert answer.json()["status"] == "confirmed"
    assert {desk.kept(id).status for id in ids} == {Status.CONFIRMED}
    assert bootstrap.libraries().domain_is_of("et.andet.example.org", "765700")


def test_a_seat_out_of_turn_needs_a_reason(site: Site) -> None:
    desk = coordinating(site, capacity=1, waiting_list=True)
    first = desk.register(name="Den første")
    desk.register(name="Den anden")
    last = desk.register(name="Den tredje")
    desk.patch(first, "cancel")

    assert faulty(desk.patch(last, "seat")) == ["why"]
    answer = desk.patch(last, "seat", why="Oplægsholder")

    assert (answer.json()["status"], answer.json()["position"]) == ("confirmed", None)
    [overtaking] = bootstrap.registrations().overtakings(desk.gathering.id)
    assert overtaking.why == "Oplægsholder"


def test_without_a_free_seat_nobody_is_seated(site: Site) -> None:
    desk = coordinating(site, capacity=1, waiting_list=True)
    desk.register(name="Den første")
    last = desk.register()

    answer = desk.patch(last, "seat", why="Oplægsholder")

    assert (answer.status, kind(answer)) == (409, "full")
    assert desk.kept(last).status is Status.WAITLISTED


def test_somebody_is_moved_to_another_session(site: Site) -> None:
    desk = coordinating(site, sessions=CHOICE)
    id = desk.register(sessions=("two",))

    answer = desk.patch(id, "move", sessions=["three"])

    assert (answer.status, answer.json()["sessions"]) == (200, ["three"])
    assert faulty(desk.patch(id, "move", sessions=[])) == ["sessions", "sessions"]


def test_a_note_is_kept_for_coordinators_only(site: Site) -> None:
    desk = coordinating(site)
    id = desk.register()

    answer = desk.patch(id, "note", note="Kommer senere")

    assert answer.json()["note"] == "Kommer senere"
    assert "Kommer senere" not in site.get(Own(site, desk.gathering, id).address).text


def test_the_link_is_mailed_again(site: Site) -> None:
    desk = coordinating(site)
    id = desk.register()

    answer = desk.patch(id, "send_link")

    assert answer.status == 200
    assert desk.kept(id).version == 1
    assert site.facts().count("RegistrationLinkRequested") == 1


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"action": "promote"}, ["action"]),
        ({"action": "note", "note": f"CPR {CPR}"}, ["note"]),
        ({"action": "cancel", "why": CPR}, ["why"]),
        ({"action": "cancel", "why": "x" * 1001}, ["why"]),
        ({"action": "cancel", "force": True}, ["force"]),
        ({"action": "move", "mode": "by letter"}, ["mode"]),
    ],
    ids=lambda one: str(one)[:50],
)
def test_what_coordinators_cannot_do_is_told(site: Site, body: dict[str, Any], fields: list[str]) -> None:
    desk = coordinating(site)
    id = desk.register()

    assert faulty(desk.patch(id, **body)) == fields
    assert desk.kept(id).version == 1


@pytest.mark.parametrize("action", ["approve", "accept_library", "seat", "move"])
def test_nothing_is_done_for_who_is_over(site: Site, action: str) -> None:
    desk = coordinating(site)
    id = desk.register()
    desk.patch(id, "cancel")
    before = desk.kept(id)

    answer = desk.patch(id, action, why="En grund")

    assert (answer.status, kind(answer)) == (409, "registration-over")
    assert desk.kept(id) == before


@pytest.mark.parametrize("action", ["cancel", "approve", "note", "seat", "send_link", "accept_domain", "move_to"])
def test_nothing_is_done_for_who_is_not_there(site: Site, action: str) -> None:
    desk = coordinating(site)
    other = registered(site, site.publish(a_gathering(slug="andet")))

    for id in ("nobody", other.id, "x" * 64):
        answer = desk.patch(id, action, why="En grund", note="x", gathering="elsewhere")
        assert (answer.status, kind(answer)) == (404, "registration-not-found")
    assert other.kept.version == 1


def test_what_coordinators_see_of_each_is_whole(site: Site) -> None:
    desk = coordinating(site, rounds=HERNING_ONLY, asks_needs=True)
    everybody(site.desk, desk.gathering, applicants(1, diet="Vegetar"))

    [shown] = desk.site.get(desk.address).json()["registrations"]

    [kept] = site.registrations(desk.gathering)
    assert (shown["id"], shown["status"], shown["round"], shown["booked_by_another"]) == (
        kept.id,
        "confirmed",
        "first",
        False,
    )
    assert shown["needs"] == {"diet": "Vegetar", "accommodation": ""}
    assert [step["what"] for step in shown["history"]] == ["registered"]


@pytest.mark.parametrize(("role", "refused"), [(Role.EDITOR, "not-yours"), (Role.VIEWER, "not-allowed")])
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
def test_nobody_but_who_runs_it_comes_near(site: Site, role: Role, refused: str, method: str) -> None:
    desk = coordinating(site)
    id = desk.register()

    body = json.dumps({"id": id, "action": "cancel"}).encode()
    answer = site.signed_in(role).send(method, desk.address, body, JSON)

    assert (answer.status, kind(answer)) == (403, refused)
    assert desk.kept(id).version == 1
