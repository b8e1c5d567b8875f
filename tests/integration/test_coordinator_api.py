"""The coordinators' API: planning, publishing, changing and calling off, by those who may."""

import base64
import json
from typing import Any

import pytest

from events.mail import MailFailed
from shared.registration.changes import note_mail_problem
from shared.roles import Role
from tests.support.api_gateway import Answer
from tests.support.builders import NOW, a_fact, a_gathering, a_session, applicants
from tests.support.clock import Sleep
from tests.support.faults import FaultInjector, Trouble
from tests.support.sign_in import CLIENT_ID, Pool
from tests.support.site import Site
from tests.support.stores import everybody

PATH = "/api/v1/coordinator/gatherings"
LIBRARIES = "/api/v1/coordinator/libraries"
SESSION = {"starts_at": "2027-03-23T09:00:00+01:00", "ends_at": "2027-03-23T11:30:00+01:00"}


def a_body(**changes: Any) -> dict[str, Any]:
    body = {
        "kind": "webinar",
        "title": {"da": "Fælles læring"},
        "sessions": [SESSION],
        "online_link": "https://moede.example.org/rum",
        "contact": "tovholder@db2030.example.org",
    }
    return body | changes


@pytest.fixture
def coordinator(site: Site) -> Site:
    return site.signed_in(Role.COORDINATOR)


def planned(site: Site, **changes: Any) -> dict[str, Any]:
    answer = site.post(PATH, a_body(**changes))
    assert answer.status == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def published(site: Site, **changes: Any) -> dict[str, Any]:
    answer = site.post(f"{PATH}/{planned(site, **changes)['id']}/publish")
    assert answer.status == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def patch(site: Site, id: str, **changes: Any) -> Answer:
    import json

    return site.send("PATCH", f"{PATH}/{id}", json.dumps(changes).encode(), {"content-type": "application/json"})


def kind(answer: Answer) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    found: str = answer.json()["type"].rpartition(":")[2]
    return found


def faulty(answer: Answer) -> list[str]:
    assert (answer.status, kind(answer)) == (422, "invalid")
    return [one["field"] for one in answer.json()["errors"]]


EVERY_CALL = pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", PATH),
        ("POST", PATH),
        ("GET", f"{PATH}/x"),
        ("PATCH", f"{PATH}/x"),
        ("POST", f"{PATH}/x/publish"),
        ("POST", f"{PATH}/x/cancel"),
        ("GET", f"{PATH}/x/registrations"),
        ("GET", LIBRARIES),
        ("POST", LIBRARIES),
        ("PATCH", f"{LIBRARIES}/765700"),
    ],
)


@EVERY_CALL
def test_nobody_comes_in_without_a_token(site: Site, method: str, path: str) -> None:
    answer = site.send(method, path, b"{}", {"content-type": "application/json"})

    assert (answer.status, kind(answer)) == (401, "not-signed-in")


@EVERY_CALL
@pytest.mark.parametrize(
    "claims", [{"token_use": "id", "aud": CLIENT_ID}, {"client_id": "another"}, {"exp": 1}], ids=str
)
def test_nobody_comes_in_with_another_token(
    site: Site, pool: Pool, method: str, path: str, claims: dict[str, Any]
) -> None:
    headers = {"content-type": "application/json", "authorization": pool.bearer(Role.COORDINATOR, **claims)}

    assert site.send(method, path, b"{}", headers).status == 401


@EVERY_CALL
@pytest.mark.parametrize("role", [Role.VIEWER, None], ids=str)
def test_viewers_look_and_coordinators_do(site: Site, method: str, path: str, role: Role | None) -> None:
    answer = site.signed_in(*([role] if role else [])).send(method, path, b"{}", {"content-type": "application/json"})

    if method == "GET" and role is not None and not path.endswith("/registrations"):
        assert answer.status in (200, 404)
    else:
        assert (answer.status, kind(answer)) == (403, "not-allowed")


def test_a_gathering_is_planned_as_a_draft(coordinator: Site) -> None:
    answer = coordinator.post(PATH, a_body())

    body = answer.json()
    assert answer.status == 201
    assert answer.headers["location"] == f"{PATH}/{body['id']}"
    assert (body["state"], body["version"], body["slug"], body["held"]) == ("draft", 1, "faelles-laering", False)
    assert body["sessions"][0]["starts_at"] == SESSION["starts_at"]
    assert coordinator.get(answer.headers["location"]).json() == body


def test_what_was_given_may_be_sent_back_as_it_is(coordinator: Site) -> None:
    body = planned(coordinator)
    given = {name: value for name, value in body.items() if name not in ("id", "state", "held", "version")}

    answer = patch(coordinator, body["id"], version=1, **given)

    assert answer.status == 200
    assert answer.json() == body | {"version": 2}


def test_times_become_the_networks(coordinator: Site) -> None:
    session = {"starts_at": "2027-07-01T05:00:00Z", "ends_at": "2027-07-01T06:00:00Z"}

    body = planned(coordinator, sessions=[session])

    assert body["sessions"][0]["starts_at"] == "2027-07-01T07:00:00+02:00"


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"title": {}, "slug": "x"}, ["title.da"]),
        ({"title": {"sv": "x", "da": "x"}}, ["title.sv"]),
        ({"title": "text"}, ["title"]),
        ({"speakers": {"da": "x" * 401}}, ["speakers.da"]),
        ({"speakers": {"da": "010170-1234"}}, ["speakers.da"]),
        ({"kind": "party"}, ["kind"]),
        ({"slug": "Stort"}, ["slug"]),
        ({"slug": "tilmelding"}, ["slug"]),
        ({"sessions": []}, ["sessions"]),
        ({"sessions": [{"starts_at": "2027-03-23T09:00:00", "ends_at": SESSION["ends_at"]}]}, ["sessions.0.starts_at"]),
        ({"sessions": [SESSION | {"ends_at": SESSION["starts_at"]}]}, ["sessions.0.ends_at"]),
        ({"sessions": [SESSION | {"id": "Æ"}]}, ["sessions.0.id"]),
        ({"sessions": [SESSION | {"starts_at": "0001-01-01T00:00:00+14:00"}]}, ["sessions.0.starts_at"]),
        ({"sessions": [SESSION | {"ends_at": "9999-12-31T23:59:59-14:00"}]}, ["sessions.0.ends_at"]),
        ({"registration": {"opens_at": "0001-01-01T00:00:00+14:00"}}, ["registration.opens_at"]),
        ({"capacity": 0}, ["capacity"]),
        ({"capacity": 1.5}, ["capacity"]),
        ({"contact": "nobody"}, ["contact"]),
        ({"online_link": "javascript:alert(1)"}, ["online_link"]),
        ({"programme_sheet": "ftp://x"}, ["programme_sheet"]),
        ({"goals": [18]}, ["goals.0"]),
        ({"nmae": "x"}, ["nmae"]),
        ({"waiting_list": "yes please"}, ["waiting_list"]),
        ({"reminders": [{"days_before": 7}]}, ["reminders.0"]),
        ({"texts": {"reminder": {"da": "Hej {fornavn}"}}}, ["texts.reminder.da"]),
        ({"texts": {"receipt": {"da": "Tak."}}}, ["texts.receipt"]),
        ({"reminders": [{"minutes_after": 60}]}, ["reminders.0"]),
        ({"reminders": [{"kind": "thanks", "minutes_after": 60}]}, ["reminders.0"]),
        ({"reminders": [{"kind": "party", "minutes_after": 60}]}, ["reminders.0.kind"]),
        ({"reminders": [{"kind": "recording", "days_after": 3, "at": "09:00"}]}, ["reminders.0"]),
        ({"reminders": [{"minutes_before": 5, "audience": {"age": "x"}}]}, ["reminders.0.audience.age"]),
        ({"reminders": [{"minutes_before": 5, "audience": {"status": "offered"}}]}, ["reminders.0"]),
        ({"fair_share": {"per_library": 0}}, ["fair_share.per_library"]),
        ({"sessions": [SESSION | {"choose_one_of": "sted"}]}, ["sessions"]),
        ({"state": "published"}, ["state"]),
    ],
    ids=lambda one: str(one)[:60],
)
def test_what_is_wrong_with_a_plan_is_told(coordinator: Site, changes: dict[str, Any], fields: list[str]) -> None:
    assert faulty(coordinator.post(PATH, a_body(**changes))) == fields


def test_a_reminder_can_be_for_some_of_them(coordinator: Site) -> None:
    audience = {"status": "confirmed", "session": "", "round": "", "library": "765700", "role": "leader"}
    wanted = {"kind": "reminder", "days_before": 2, "at": "10:30", "audience": audience, "paused": False}

    body = planned(coordinator, reminders=[wanted, {"minutes_before": 60}, {"kind": "recording", "paused": True}])

    nobody_in_particular = dict.fromkeys(audience, "")
    hour = {"kind": "reminder", "minutes_before": 60, "audience": nobody_in_particular, "paused": False}
    recording = {"kind": "recording", "audience": nobody_in_particular, "paused": True}
    assert body["reminders"] == [wanted, hour, recording]


def test_an_address_is_given_once(coordinator: Site) -> None:
    planned(coordinator, slug="citizen-science")

    answer = coordinator.post(PATH, a_body(slug="citizen-science"))

    assert (answer.status, kind(answer)) == (409, "slug-taken")


def test_what_is_published_is_public(coordinator: Site, site: Site) -> None:
    body = planned(coordinator)
    assert site.get(f"/arrangementer/{body['slug']}").status == 404

    answer = coordinator.post(f"{PATH}/{body['id']}/publish")

    assert (answer.status, answer.json()["state"], answer.json()["version"]) == (200, "published", 2)
    assert site.get(f"/arrangementer/{body['slug']}").status == 200
    assert coordinator.post(f"{PATH}/{body['id']}/publish").json() == answer.json()


def test_what_is_not_complete_is_not_published(coordinator: Site) -> None:
    body = planned(coordinator, online_link=None)

    assert faulty(coordinator.post(f"{PATH}/{body['id']}/publish")) == ["place"]
    assert coordinator.get(f"{PATH}/{body['id']}").json()["state"] == "draft"


def test_sessions_to_choose_between_are_published(coordinator: Site) -> None:
    body = published(coordinator, sessions=[SESSION | {"choose_one_of": "sted"}] * 2)

    assert body["state"] == "published"
    assert [session["choose_one_of"] for session in body["sessions"]] == ["sted", "sted"]


def test_a_session_may_have_a_place_of_its_own(coordinator: Site, site: Site) -> None:
    place = {"name": "Kolding Bibliotek", "address": "Slotssøvejen 4"}

    body = published(coordinator, sessions=[SESSION, SESSION | {"place": place}])

    assert [session["place"] for session in body["sessions"]] == [None, place]
    told = site.get(f"/api/v1/gatherings/{body['slug']}").json()
    assert ([session["place"] for session in told["sessions"]], told["online"]) == ([None, place], True)


def test_a_place_has_a_name_and_an_address(coordinator: Site) -> None:
    body = a_body(sessions=[SESSION | {"place": {"name": "Kolding Bibliotek"}}])

    assert faulty(coordinator.post(PATH, body)) == ["sessions.0.place.address"]


def test_what_is_called_off_stays_so(coordinator: Site) -> None:
    body = published(coordinator)

    answer = coordinator.post(f"{PATH}/{body['id']}/cancel")

    assert (answer.status, answer.json()["state"]) == (200, "cancelled")
    assert kind(coordinator.post(f"{PATH}/{body['id']}/publish")) == "gathering-cancelled"
    assert kind(patch(coordinator, body["id"], version=3, capacity=7)) == "gathering-cancelled"


def test_what_is_said_of_a_move_and_of_a_cancellation_is_kept(coordinator: Site) -> None:
    body = published(coordinator)
    sessions = [
        body["sessions"][0] | {"starts_at": "2026-11-03T13:00:00+01:00", "ends_at": "2026-11-03T15:00:00+01:00"}
    ]

    moved = patch(coordinator, body["id"], version=2, sessions=sessions, words="Lokalet var optaget.")
    cancelled = coordinator.post(f"{PATH}/{body['id']}/cancel", {"words": "For få tilmeldte."})

    assert (moved.status, cancelled.status) == (200, 200)
    kept = coordinator.desk.stores.gatherings.get(body["id"])
    assert [one.words for one in kept.moved] == ["Lokalet var optaget."]
    assert kept.called_off == "For få tilmeldte."


@pytest.mark.parametrize("words", ["x" * 1001, "Ring til 0102031234"])
def test_what_cannot_be_said_is_refused_and_nothing_is_done(coordinator: Site, words: str) -> None:
    body = published(coordinator)

    for answer in (
        patch(coordinator, body["id"], version=2, capacity=9, words=words),
        coordinator.post(f"{PATH}/{body['id']}/cancel", {"words": words}),
    ):
        assert (answer.status, [fault["field"] for fault in answer.json()["errors"]]) == (422, ["words"])
    assert coordinator.get(f"{PATH}/{body['id']}").json() == body


def test_a_patch_changes_what_it_names_and_nothing_else(coordinator: Site) -> None:
    body = planned(coordinator, summary={"da": "Kort"}, capacity=7)

    answer = patch(coordinator, body["id"], version=1, capacity=9, goals=[4])

    assert answer.status == 200
    assert answer.json() == body | {"version": 2, "capacity": 9, "goals": [4]}


def test_own_words_are_kept_tidy_and_are_not_for_everybody(coordinator: Site, site: Site) -> None:
    texts = {"reminder": {"da": "Husk en penn. \r\nVi ses {tid}.", "en": " "}, "offer": {"da": ""}}
    body = published(coordinator, texts=texts)
    tidy = {"reminder": {"da": "Husk en penn.\nVi ses {tid}."}}
    assert body["texts"] == tidy

    answer = patch(coordinator, body["id"], version=2, capacity=9)

    assert answer.json()["texts"] == tidy
    assert "texts" not in site.get(f"/api/v1/gatherings/{body['slug']}").json()
    assert patch(coordinator, body["id"], version=3, texts={}).json()["texts"] == {}


def test_who_speaks_is_kept_tidy_and_is_for_everybody(coordinator: Site, site: Site) -> None:
    body = published(coordinator, speakers={"da": " En forsker\r\n", "en": " "})

    assert body["speakers"] == {"da": "En forsker"}
    assert site.get(f"/api/v1/gatherings/{body['slug']}").json()["speakers"] == {"da": "En forsker"}
    assert patch(coordinator, body["id"], version=2, speakers={}).json()["speakers"] == {}


@pytest.mark.parametrize("field", ["capacity", "online_link", "place", "programme_sheet"])
def test_null_empties_what_may_be_empty(coordinator: Site, field: str) -> None:
    body = planned(
        coordinator,
        capacity=7,
        place={"name": "Herning Bibliotek", "address": "Østergade 8"},
        programme_sheet="https://example.org/program.pdf",
    )

    answer = patch(coordinator, body["id"], version=1, **{field: None})

    assert answer.json()[field] is None


@pytest.mark.parametrize("field", ["title", "kind", "sessions", "contact", "summary", "goals"])
def test_null_does_not_empty_what_must_be_there(coordinator: Site, field: str) -> None:
    body = planned(coordinator)

    assert faulty(patch(coordinator, body["id"], version=1, **{field: None})) == [field]


@pytest.mark.parametrize("changes", [{}, {"version": 0}, {"version": None}, {"version": "x"}])
def test_a_patch_says_which_version_it_changes(coordinator: Site, changes: dict[str, Any]) -> None:
    assert faulty(patch(coordinator, planned(coordinator)["id"], **changes)) == ["version"]


def test_a_patch_of_an_older_version_is_refused(coordinator: Site) -> None:
    body = planned(coordinator)
    patch(coordinator, body["id"], version=1, capacity=7)

    answer = patch(coordinator, body["id"], version=1, capacity=8)

    assert (answer.status, kind(answer)) == (409, "changed-meanwhile")
    assert coordinator.get(f"{PATH}/{body['id']}").json()["capacity"] == 7


def test_the_address_of_a_gathering_never_changes(coordinator: Site) -> None:
    body = planned(coordinator)

    assert patch(coordinator, body["id"], version=1, slug="andet").json()["slug"] == body["slug"]


def test_sessions_keep_their_ids_when_they_move(coordinator: Site) -> None:
    body = published(coordinator)
    moved = {"starts_at": "2027-03-23T13:00:00+01:00", "ends_at": "2027-03-23T15:00:00+01:00"}

    answer = patch(coordinator, body["id"], version=2, sessions=[moved])

    assert answer.status == 200
    assert answer.json()["sessions"][0]["id"] == body["sessions"][0]["id"]


def test_a_published_gathering_keeps_its_sessions(coordinator: Site) -> None:
    body = published(coordinator)

    assert faulty(patch(coordinator, body["id"], version=2, sessions=[SESSION, SESSION])) == ["sessions"]


@pytest.mark.parametrize(
    "changes",
    [{"online_link": None}, {"sessions": [SESSION | {"choose_one_of": "sted"}]}],
    ids=["nowhere", "a choice"],
)
def test_a_published_gathering_stays_complete(coordinator: Site, changes: dict[str, Any]) -> None:
    body = published(coordinator)

    assert patch(coordinator, body["id"], version=2, **changes).status == 422


def test_a_gathering_cannot_become_smaller_than_those_who_come(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering(capacity=3))
    everybody(coordinator.desk, gathering, applicants(2))

    answer = patch(coordinator, gathering.id, version=2, capacity=1)

    assert (answer.status, kind(answer)) == (409, "capacity-taken")
    assert patch(coordinator, gathering.id, version=2, capacity=2).status == 200
    assert coordinator.left(gathering) == 0


def test_what_is_not_there_is_not_found(coordinator: Site) -> None:
    answers = [
        coordinator.get(f"{PATH}/nothing"),
        patch(coordinator, "nothing", version=1),
        coordinator.post(f"{PATH}/nothing/publish"),
        coordinator.post(f"{PATH}/nothing/cancel"),
    ]

    assert [(answer.status, kind(answer)) for answer in answers] == [(404, "gathering-not-found")] * 4


def test_gatherings_are_listed_a_page_at_a_time(coordinator: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.views import coordinator as views

    monkeypatch.setattr(views, "PAGE", 2)
    for day in (1, 2, 3, 4, 5):
        coordinator.desk.stores.gatherings.create(
            a_gathering(slug=f"dag-{day}", sessions=(a_session(f"2026-10-0{day}T09:00"),))
        )
    pages = []
    cursor = ""

    while True:
        page = coordinator.get(f"{PATH}?cursor={cursor}").json()
        pages.append([one["slug"] for one in page["gatherings"]])
        cursor = page["next"]
        if cursor is None:
            break

    assert pages == [["dag-5", "dag-4"], ["dag-3", "dag-2"], ["dag-1"]]


@pytest.mark.parametrize(
    "cursor",
    ["x", "%C3%A6", "%FF", "====", base64.urlsafe_b64encode(b"\xff").decode()],
)
def test_a_cursor_that_is_none_of_ours_is_told(coordinator: Site, cursor: str) -> None:
    answer = coordinator.get(f"{PATH}?cursor={cursor}")

    assert answer.status in (200, 422)


def test_registrations_are_listed_a_page_at_a_time(coordinator: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.views import registrations as views

    monkeypatch.setattr(views, "PAGE", 2)
    gathering = coordinator.publish(a_gathering())
    everybody(coordinator.desk, gathering, applicants(5))
    sizes, names, cursor = [], set(), ""

    while cursor is not None:
        page = coordinator.get(f"{PATH}/{gathering.id}/registrations?cursor={cursor}").json()
        sizes.append(len(page["registrations"]))
        names |= {one["name"] for one in page["registrations"]}
        cursor = page["next"]

    assert sizes == [2, 2, 1]
    assert names == {one.name for one in applicants(5)}


def test_a_mail_that_may_not_have_arrived_is_seen(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering())
    registration_id, _ = coordinator.registered(gathering)
    failed = MailFailed(
        registration_id=registration_id, gathering_id=gathering.id, kind="confirmation", problem="bounced"
    )
    note_mail_problem(a_fact(failed), store=coordinator.desk.stores.registrations, now=NOW)

    [shown] = coordinator.get(f"{PATH}/{gathering.id}/registrations").json()["registrations"]

    assert (shown["id"], shown["status"], shown["mail_problem"]) == (registration_id, "confirmed", "bounced")


def test_registrations_of_a_status_that_there_is_not_are_not_listed(coordinator: Site, site: Site) -> None:
    gathering = site.publish(a_gathering())

    answer = coordinator.get(f"{PATH}/{gathering.id}/registrations?status=false")

    assert answer.status == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["status"]


def test_nobodys_registrations_are_listed_for_what_is_not_there(coordinator: Site) -> None:
    assert coordinator.get(f"{PATH}/nothing/registrations").status == 404


@pytest.mark.parametrize("cursor", ["IQ==", "fg==", "eA==", "w6Y="])
def test_a_cursor_from_elsewhere_shows_nothing_of_others(coordinator: Site, cursor: str) -> None:
    gathering = coordinator.publish(a_gathering())
    coordinator.registered(gathering)

    answer = coordinator.get(f"{PATH}/{gathering.id}/registrations?cursor={cursor}")

    assert answer.status in (200, 422)
    if answer.status == 200:
        assert all(set(one) >= {"id", "name"} for one in answer.json()["registrations"])


def test_a_busy_store_is_503(coordinator: Site, sleep: Sleep) -> None:
    with FaultInjector(probability=1, kinds=[Trouble.CONFLICT]):
        answer = coordinator.post(PATH, a_body())

    assert (answer.status, kind(answer)) == (503, "unavailable")
    assert answer.headers["retry-after"]


def test_another_body_is_refused(coordinator: Site) -> None:
    assert coordinator.send("POST", PATH, b"x=1", {"content-type": "text/plain"}).status == 415


@pytest.mark.parametrize("body", [b"", b"{", b"[]"])
def test_what_is_no_json_is_refused(coordinator: Site, body: bytes) -> None:
    answer = coordinator.send("POST", PATH, body, {"content-type": "application/json"})

    assert (answer.status, kind(answer)) == (422, "invalid")


def test_a_button_needs_no_body(coordinator: Site) -> None:
    body = planned(coordinator)

    assert coordinator.send("POST", f"{PATH}/{body['id']}/publish").status == 200


def test_libraries_are_listed_added_and_changed(coordinator: Site, site: Site) -> None:
    import json

    added = coordinator.post(LIBRARIES, {"id": "860100", "name": "Ørsted-biblioteket"})
    changed = coordinator.send(
        "PATCH",
        f"{LIBRARIES}/765700",
        json.dumps({"certifications": [{"status": "certified", "since": "2026-01-01"}]}).encode(),
        {"content-type": "application/json"},
    )

    assert (added.status, changed.status) == (201, 200)
    assert changed.json()["certification"] == "certified"
    everything = coordinator.get(LIBRARIES).json()["libraries"]
    assert len(everything) == 100
    assert site.get("/api/v1/libraries?q=860100").json()["libraries"][0]["name"] == "Ørsted-biblioteket"


@pytest.mark.parametrize(
    ("body", "status", "problem"),
    [
        ({"id": "765700", "name": "En til"}, 409, "library-exists"),
        ({"id": "12", "name": "Kort"}, 422, "invalid"),
        ({"id": "860100", "name": "Nyt", "municipality": "9999"}, 422, "invalid"),
        ({"id": "860100"}, 422, "invalid"),
        ({"id": "860100", "name": " "}, 422, "invalid"),
    ],
)
def test_a_library_that_cannot_be_added_is_refused(
    coordinator: Site, body: dict[str, str], status: int, problem: str
) -> None:
    answer = coordinator.post(LIBRARIES, body)

    assert (answer.status, kind(answer)) == (status, problem)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"capacity": 0}, "capacity", "This must be at least 1."),
        ({"capacity": "many"}, "capacity", "This must be a whole number."),
        ({"capacity": 100_001}, "capacity", "This must be at most 100000."),
        ({"sessions": []}, "sessions", "There must be at least 1."),
        (
            {"registration": {"opens_at": "2500-01-01T00:00:00Z"}},
            "registration.opens_at",
            "The year must be between 2000 and 2199.",
        ),
        (
            {"registration": {"opens_at": "soon"}},
            "registration.opens_at",
            "This is not a time. Write it like 2027-03-23T09:00:00+01:00.",
        ),
    ],
)
def test_what_cannot_be_used_is_told_with_what_could_be(
    coordinator: Site, changes: dict[str, Any], field: str, sentence: str
) -> None:
    body = json.dumps(a_body(**changes)).encode()

    answer = coordinator.send("POST", PATH, body, {"content-type": "application/json", "accept-language": "en"})

    assert answer.status == 422
    assert answer.json()["errors"] == [{"field": field, "detail": sentence}]


@pytest.mark.parametrize("name", ["starts_at", "ends_at"])
def test_a_session_is_not_moved_to_the_first_of_two_hours(coordinator: Site, name: str) -> None:
    night = {"starts_at": "2026-10-25T02:30:00+02:00", "ends_at": "2026-10-25T04:00:00+01:00"}

    answer = coordinator.post(PATH, a_body(sessions=[night | {name: "2026-10-25T02:45:00+01:00"}]))

    assert answer.status == 422
    [error] = answer.json()["errors"]
    assert error["field"] == f"sessions.0.{name}"
    assert planned(coordinator, sessions=[night])["sessions"][0]["starts_at"] == night["starts_at"]
