"""The coordinators' API: programmes, tracks, and doing again what was done before."""

import json
from typing import Any

import pytest

from shared.gatherings.seating import Move
from shared.roles import Role
from tests.support.api_gateway import Answer
from tests.support.builders import a_gathering, a_session
from tests.support.programmes import a_round
from tests.support.site import Site

PATH = "/api/v1/coordinator/programmes"
TRACKS = "/api/v1/coordinator/tracks"
GATHERINGS = "/api/v1/coordinator/gatherings"
ROUND = {"name": {"da": "Første runde"}, "opens_at": "2026-09-01T09:00:00+02:00"}


def a_body(**changes: Any) -> dict[str, Any]:
    body = {
        "title": {"da": "Verdensmål i praksis"},
        "starts_on": "2026-09-07",
        "ends_on": "2027-01-29",
        "contact": "tovholder@db2030.example.org",
    }
    return body | changes


@pytest.fixture
def coordinator(site: Site) -> Site:
    return site.signed_in(Role.COORDINATOR)


def planned(site: Site, **changes: Any) -> dict[str, Any]:
    return _body(site.post(PATH, a_body(**changes)), 201)


def add(site: Site, programme: dict[str, Any], **changes: Any) -> dict[str, Any]:
    body = {
        "kind": "workshop",
        "title": {"da": "Værksted"},
        "sessions": [{"starts_at": "2026-10-20T09:00:00+02:00", "ends_at": "2026-10-20T12:00:00+02:00"}],
        "online_link": "https://moede.example.org/rum",
        "contact": "tovholder@db2030.example.org",
        "programme": programme["id"],
    }
    return _body(site.post(GATHERINGS, body | changes), 201)


def patch(site: Site, path: str, **changes: Any) -> Answer:
    return site.send("PATCH", path, json.dumps(changes).encode(), {"content-type": "application/json"})


def _body(answer: Answer, status: int = 200) -> dict[str, Any]:
    assert answer.status == status, answer.text
    body: dict[str, Any] = answer.json()
    return body


def kind(answer: Answer) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status, answer.json()["type"].rpartition(":")[2]


EVERY_CALL = pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", PATH),
        ("POST", PATH),
        ("GET", f"{PATH}/x"),
        ("GET", f"{PATH}/x/rounds"),
        ("PATCH", f"{PATH}/x"),
        ("POST", f"{PATH}/x/publish"),
        ("POST", f"{PATH}/x/cancel"),
        ("POST", f"{PATH}/x/duplicate"),
        ("POST", f"{GATHERINGS}/x/duplicate"),
        ("GET", TRACKS),
        ("POST", TRACKS),
        ("PATCH", f"{TRACKS}/x"),
    ],
)


@EVERY_CALL
def test_nobody_comes_in_without_a_token(site: Site, method: str, path: str) -> None:
    assert site.send(method, path, b"{}", {"content-type": "application/json"}).status == 401


@EVERY_CALL
@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR], ids=str)
def test_viewers_and_editors_look_and_coordinators_do(site: Site, method: str, path: str, role: Role) -> None:
    answer = site.signed_in(role).send(method, path, b"{}", {"content-type": "application/json"})

    # Whose own a gathering is can only be told of one that there is.
    may_be_own = role is Role.EDITOR and path.startswith(GATHERINGS)
    assert answer.status in (200, 404) if method == "GET" or may_be_own else answer.status == 403


@pytest.mark.parametrize("name", ["/publish", "/cancel", "/duplicate", ""])
def test_what_is_not_there_is_not_found(coordinator: Site, name: str) -> None:
    body = {"starts_on": "2027-03-01"} if name == "/duplicate" else None
    answer = coordinator.post(f"{PATH}/nothing{name}", body) if name else coordinator.get(f"{PATH}/nothing")

    assert kind(answer) == (404, "programme-not-found")


def test_a_programme_is_planned_as_a_draft(coordinator: Site) -> None:
    answer = coordinator.post(PATH, a_body(rounds=[ROUND], tracks=[{"name": {"da": "Ledere"}, "roles": ["leader"]}]))

    body = _body(answer, 201)
    assert answer.headers["location"] == f"{PATH}/{body['id']}"
    assert (body["state"], body["version"], body["slug"]) == ("draft", 1, "verdensmaal-i-praksis")
    assert body["rounds"][0]["opens_at"] == ROUND["opens_at"]
    assert body["tracks"][0]["rounds"] is None
    assert coordinator.get(answer.headers["location"]).json() == body
    assert coordinator.get(PATH).json() == {"programmes": [body], "next": None}


def test_what_was_given_may_be_sent_back_as_it_is(coordinator: Site) -> None:
    body = planned(coordinator, rounds=[ROUND], tracks=[{"name": {"da": "Ledere"}, "rounds": [ROUND]}], budget=7)
    given = {name: value for name, value in body.items() if name not in ("id", "state", "version")}

    assert _body(patch(coordinator, f"{PATH}/{body['id']}", version=1, **given)) == body | {"version": 2}


def test_rounds_and_tracks_sent_without_ids_are_those_that_stood_there(coordinator: Site) -> None:
    body = planned(coordinator, rounds=[ROUND], tracks=[{"name": {"da": "Ledere"}, "rounds": [ROUND]}])

    changed = _body(
        patch(
            coordinator,
            f"{PATH}/{body['id']}",
            version=1,
            rounds=[ROUND, ROUND],
            tracks=[{"name": {"da": "Nyt navn"}, "rounds": [ROUND]}, {"name": {"da": "Et spor til"}}],
        )
    )

    assert changed["rounds"][0] == body["rounds"][0]
    assert changed["tracks"][0] == body["tracks"][0] | {"name": {"da": "Nyt navn"}}
    assert len({one["id"] for one in changed["rounds"]}) == len({one["id"] for one in changed["tracks"]}) == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": {"en": "Only English"}, "slug": "only-english"}, "title.da"),
        ({"contact": "nobody"}, "contact"),
        ({"ends_on": "2026-01-01"}, "ends_on"),
        ({"slug": "tilmelding"}, "slug"),
        ({"starts_on": "1900-01-01"}, "starts_on"),
        ({"budget": -1}, "budget"),
        ({"colour": "red"}, "colour"),
        ({"rounds": [ROUND | {"who": {"roles": ["boss"]}}]}, "rounds.0.who.roles"),
        ({"rounds": [ROUND | {"opens_at": "2026-09-01T09:00:00"}]}, "rounds.0.opens_at"),
        ({"tracks": [{"name": {}}]}, "tracks.0.name.da"),
    ],
    ids=str,
)
def test_what_breaks_a_rule_is_named(coordinator: Site, changes: dict[str, Any], field: str) -> None:
    answer = coordinator.post(PATH, a_body(**changes))

    assert kind(answer) == (422, "invalid")
    assert [one["field"] for one in answer.json()["errors"]] == [field]


def test_of_two_who_edit_at_once_the_second_is_told(coordinator: Site) -> None:
    path = f"{PATH}/{planned(coordinator)['id']}"
    patch(coordinator, path, version=1, budget=7)

    assert kind(patch(coordinator, path, version=1, budget=8)) == (409, "changed-meanwhile")


def test_a_programme_is_published_and_taken_off(coordinator: Site) -> None:
    path = f"{PATH}/{planned(coordinator)['id']}"

    states = [_body(coordinator.post(f"{path}/{do}"))["state"] for do in ("publish", "publish", "cancel", "cancel")]

    assert states == ["published", "published", "cancelled", "cancelled"]
    assert kind(coordinator.post(f"{path}/publish")) == (409, "programme-cancelled")


def test_rounds_that_do_not_fit_are_refused_and_the_gatherings_named(coordinator: Site) -> None:
    programme = planned(coordinator)
    gathering = add(coordinator, programme, capacity=5)

    answer = patch(coordinator, f"{PATH}/{programme['id']}", version=1, rounds=[ROUND | {"reserved_seats": 6}])

    assert kind(answer) == (409, "rounds-do-not-fit")
    assert answer.json()["gatherings"] == [{"id": gathering["id"], "title": {"da": "Værksted"}}]


def test_seats_that_are_taken_are_not_reserved(coordinator: Site) -> None:
    from shared import seats
    from shared.table import Transaction

    programme = planned(coordinator)
    gathering = add(coordinator, programme, capacity=5)
    coordinator.post(f"{GATHERINGS}/{gathering['id']}/publish")
    transaction = Transaction()
    seats.move(transaction, gathering["id"], Move(take={"whole": 3}))
    transaction.commit()
    path = f"{PATH}/{programme['id']}"

    too_many = patch(coordinator, path, version=1, rounds=[ROUND | {"reserved_seats": 3}])
    just_right = patch(coordinator, path, version=1, rounds=[ROUND | {"reserved_seats": 2}])

    assert kind(too_many) == (409, "rounds-do-not-fit")
    assert just_right.status == 200


def test_a_track_in_use_stays(coordinator: Site) -> None:
    programme = planned(coordinator, tracks=[{"id": "ledere", "name": {"da": "Ledere"}}])
    add(coordinator, programme, track="ledere")

    assert kind(patch(coordinator, f"{PATH}/{programme['id']}", version=1, tracks=[])) == (409, "track-in-use")


def test_tracks_are_listed_added_and_changed(coordinator: Site) -> None:
    programme = planned(coordinator, tracks=[{"id": "ledere", "name": {"da": "Ledere"}}])

    added = _body(
        coordinator.post(TRACKS, {"programme": programme["id"], "version": 1, "name": {"da": "Alle"}, "id": "alle"}),
        201,
    )
    changed = _body(patch(coordinator, f"{TRACKS}/ledere", version=2, roles=["leader"], rounds=[ROUND]))

    assert (added["programme"], added["version"]) == (programme["id"], 2)
    assert (changed["version"], changed["roles"], changed["name"]) == (3, ["leader"], {"da": "Ledere"})
    listed = coordinator.get(TRACKS).json()
    assert listed == {"tracks": [changed, added | {"version": 3}], "next": None}


def test_tracks_obey_the_programmes_rules(coordinator: Site) -> None:
    programme = planned(coordinator, tracks=[{"id": "ledere", "name": {"da": "Ledere"}}])
    twin = {"programme": programme["id"], "version": 1, "name": {"da": "Ledere"}, "id": "ledere"}

    assert kind(coordinator.post(TRACKS, twin)) == (422, "invalid")
    assert kind(coordinator.post(TRACKS, twin | {"id": "x", "version": 7})) == (409, "changed-meanwhile")
    assert kind(coordinator.post(TRACKS, twin | {"programme": "x"})) == (404, "programme-not-found")
    assert kind(patch(coordinator, f"{TRACKS}/nothing", version=1)) == (404, "track-not-found")
    assert kind(patch(coordinator, f"{TRACKS}/ledere", version=1, roles=["boss"])) == (422, "invalid")


def test_a_gathering_is_planned_anew_on_the_same_weekday_at_the_same_hour(coordinator: Site) -> None:
    original = coordinator.publish(a_gathering(sessions=(a_session("2026-10-20T09:00"),), capacity=7))

    answer = coordinator.post(f"{GATHERINGS}/{original.id}/duplicate", {"starts_on": "2027-03-01"})

    copy = _body(answer, 201)
    assert answer.headers["location"] == f"{GATHERINGS}/{copy['id']}"
    assert copy["sessions"][0]["starts_at"] == "2027-03-02T09:00:00+01:00"
    assert (copy["state"], copy["version"], copy["capacity"]) == ("draft", 1, 7)
    assert copy["slug"] == "citizen-science-paa-aeroe"
    assert copy["sessions"][0]["id"] != original.sessions[0].id
    assert copy["warnings"] == []


def test_days_that_planners_avoid_are_told_in_the_readers_language(coordinator: Site) -> None:
    thursday = coordinator.publish(a_gathering(sessions=(a_session("2026-10-22T09:00"),)))

    def warnings(**headers: str) -> list[Any]:
        body = json.dumps({"starts_on": "2027-03-22"}).encode()
        told = {"content-type": "application/json"} | headers
        answer = coordinator.send("POST", f"{GATHERINGS}/{thursday.id}/duplicate", body, told)
        found: list[Any] = _body(answer, 201)["warnings"]
        return found

    [danish], [english] = warnings(), warnings(**{"accept-language": "en"})

    assert (danish["day"], danish["reason"]) == ("2027-03-25", "holiday")
    assert "Skærtorsdag" in danish["detail"]
    assert english["detail"] == "A holiday: Maundy Thursday."


def test_a_gathering_that_overrides_its_programmes_rounds_keeps_their_seats(coordinator: Site) -> None:
    programme = planned(coordinator, rounds=[ROUND | {"reserved_seats": 7}])
    gathering = add(coordinator, programme, capacity=7)
    coordinator.post(f"{GATHERINGS}/{gathering['id']}/publish", None)

    answer = patch(
        coordinator,
        f"{GATHERINGS}/{gathering['id']}",
        version=2,
        rounds=[ROUND | {"reserved_seats": 7, "name": {"da": "Vores runde"}}],
    )

    [round] = _body(answer)["rounds"]
    assert (round["id"], round["name"]) == (programme["rounds"][0]["id"], {"da": "Vores runde"})


def test_who_could_register_when_is_told_of_gatherings_programmes_and_tracks(coordinator: Site) -> None:
    leaders = ROUND | {"who": {"roles": ["leader"]}}
    invited = ROUND | {"opens_at": "2026-09-03T09:00:00+02:00", "who": {"emails": ["hemmelig@example.org"]}}
    track = {"name": {"da": "Ledere"}, "rounds": [leaders]}
    programme = planned(coordinator, rounds=[ROUND, invited], tracks=[track])
    gathering = add(coordinator, programme)
    paths = {
        "programme": f"{PATH}/{programme['id']}/rounds",
        "track": f"{PATH}/{programme['id']}/rounds?track={programme['tracks'][0]['id']}",
        "gathering": f"{GATHERINGS}/{gathering['id']}/rounds",
    }

    found = {name: coordinator.get(path) for name, path in paths.items()}

    first, hidden = programme["rounds"]
    expected = {
        "library": "765700",
        "role": "staff",
        "round": first["id"],
        "opens_at": "2026-09-01T07:00:00+00:00",
        "certification": "none",
        "proof": "none",
        "barred": [{"round": hidden["id"], "why": ["invitation"], "certification": "none"}],
    }
    assert expected in _body(found["programme"])["outlooks"]
    assert expected in _body(found["gathering"])["outlooks"]
    assert "hemmelig" not in found["programme"].text + found["gathering"].text
    [staff] = [one for one in _body(found["track"])["outlooks"] if (one["library"], one["role"]) == ("765700", "staff")]
    assert (staff["round"], staff["opens_at"], staff["barred"][0]["why"]) == (None, None, ["role"])
    assert kind(coordinator.get(f"{PATH}/{programme['id']}/rounds?track=x")) == (404, "track-not-found")


WRONG_ROUNDS = pytest.mark.parametrize(
    ("who", "field", "sentence"),
    [
        ({"libraries": ["765700", "nope"]}, "libraries.1", "Der er intet bibliotek, der hedder “nope”."),
        (
            {"emails": ["not an address"]},
            "emails.0",
            "Det er ikke en mailadresse. Den skal se ud som navn@bibliotek.dk.",
        ),
    ],
)


@WRONG_ROUNDS
def test_rounds_for_libraries_and_addresses_that_there_are_not_are_refused(
    coordinator: Site, who: dict[str, Any], field: str, sentence: str
) -> None:
    rounds = [ROUND | {"who": who}]
    programme = planned(coordinator)
    gathering = coordinator.publish(a_gathering())

    answers = {
        f"rounds.0.who.{field}": [
            coordinator.post(PATH, a_body(rounds=rounds)),
            patch(coordinator, f"{PATH}/{programme['id']}", version=1, rounds=rounds),
            patch(coordinator, f"{GATHERINGS}/{gathering.id}", version=2, rounds=rounds),
        ],
        f"tracks.0.rounds.0.who.{field}": [
            coordinator.post(PATH, a_body(tracks=[{"name": {"da": "Ledere"}, "rounds": rounds}]))
        ],
    }

    for name, refused in answers.items():
        for answer in refused:
            assert kind(answer) == (422, "invalid")
            assert [(one["field"], one["detail"]) for one in answer.json()["errors"]] == [(name, sentence)]


def test_a_copy_that_nobody_could_sign_up_for_is_told(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering(rounds=(a_round(),)))

    answer = coordinator.post(f"{GATHERINGS}/{gathering.id}/duplicate", {"starts_on": "2026-06-08"})

    [warning] = _body(answer, 201)["warnings"]
    assert (warning["day"], warning["reason"]) == ("2026-06-08", "no_open_round")
    assert "Ingen kan tilmelde sig" in warning["detail"]


@pytest.mark.parametrize("body", [{}, {"starts_on": "soon"}, {"starts_on": "2500-01-01"}, {"starts_on": None}], ids=str)
def test_a_copy_needs_a_day(coordinator: Site, body: dict[str, Any]) -> None:
    gathering = coordinator.publish(a_gathering())

    assert kind(coordinator.post(f"{GATHERINGS}/{gathering.id}/duplicate", body)) == (422, "invalid")
    assert kind(coordinator.post(f"{PATH}/{planned(coordinator)['id']}/duplicate", body)) == (422, "invalid")


def test_a_programme_is_planned_anew_with_its_gatherings_and_once_only(coordinator: Site) -> None:
    programme = planned(coordinator, rounds=[ROUND], tracks=[{"id": "ledere", "name": {"da": "Ledere"}}])
    add(coordinator, programme)
    add(coordinator, programme, track="ledere", title={"da": "For ledere"})

    answers = [coordinator.post(f"{PATH}/{programme['id']}/duplicate", {"starts_on": "2027-09-06"}) for _ in range(2)]

    copy, again = (_body(answer, 201) for answer in answers)
    assert copy == again
    assert answers[0].headers["location"] == f"{PATH}/{copy['id']}"
    assert (copy["starts_on"], copy["ends_on"], copy["slug"]) == ("2027-09-06", "2028-01-28", "verdensmaal-i-praksis-2")
    assert copy["rounds"][0]["opens_at"].startswith("2027-08-31T07:00:00")
    assert {one["sessions"][0]["starts_at"] for one in copy["gatherings"]} == {"2027-10-19T09:00:00+02:00"}
    assert {one["track"] for one in copy["gatherings"]} == {None, copy["tracks"][0]["id"]}
    assert {warning["reason"] for warning in copy["warnings"]} == {"week_to_avoid"}
    assert len(coordinator.get(GATHERINGS).json()["gatherings"]) == 4


def test_everything_that_is_done_is_in_the_log(coordinator: Site) -> None:
    programme = planned(coordinator)
    coordinator.post(f"{PATH}/{programme['id']}/publish")

    assert {entry.ids.get("programme_id") for entry in coordinator.audit()} == {None, programme["id"]}
