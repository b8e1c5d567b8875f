"""The public API, as a program on a partner's site uses it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from openapi_spec_validator import validate

from app import app
from chalicelib.bodies import LARGEST
from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Place, Window
from shared.gatherings.rounds import Round, Who
from shared.registration.model import Status
from tests.support.api_gateway import Answer
from tests.support.builders import NOW, a_gathering, a_session
from tests.support.clock import Sleep
from tests.support.faults import EVERYTHING, FaultInjector, Trouble
from tests.support.site import Site
from tests.support.stores import GENEROUS

API = "/api/v1"
PERSON = {"name": "Deltager 1", "email": "deltager1@herning.example.org", "library": "765700", "role": "staff"}


def a_body(**changes: Any) -> dict[str, Any]:
    """A request for a seat; changes to the person, or, by its own name, to the body."""
    outer = {name: changes.pop(name) for name in list(changes) if name in ("group", "language", "invoice", "booker")}
    return {"participants": [PERSON | changes]} | outer


def register(site: Site, slug: str, body: object = None, *, key: str | None = "key") -> Answer:
    headers = {} if key is None else {"Idempotency_Key": key}
    return site.post(f"{API}/gatherings/{slug}/registrations", a_body() if body is None else body, **headers)


def problem(answer: Answer) -> str:
    """Return the last part of a problem's type, having looked at the rest."""
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status
    assert body["title"]
    kind: str = body["type"].rpartition(":")[2]
    return kind


def faulty(answer: Answer) -> list[str]:
    assert problem(answer) == "invalid"
    assert all(one["detail"] for one in answer.json()["errors"])
    return [one["field"] for one in answer.json()["errors"]]


def test_it_is_healthy(site: Site) -> None:
    answer = site.get(f"{API}/health")

    assert (answer.status, answer.json()) == (200, {"status": "ok"})
    assert answer.headers["content-type"] == "application/json"


def test_the_description_is_valid_and_describes_every_route(site: Site) -> None:
    app.complete()
    described = site.get(f"{API}/openapi.json").json()
    validate(described)
    of_app = {
        (path.removeprefix(API), method.lower())
        for path, entries in app.routes.items()
        for method in entries
        if path.startswith(API) and method != "HEAD"
    }

    methods = {"get", "post", "patch", "put", "delete"}
    told = {(path, method) for path, calls in described["paths"].items() for method in calls if method in methods}

    assert told == of_app


def test_libraries_are_listed_and_found(site: Site) -> None:
    everything = site.get(f"{API}/libraries").json()["libraries"]
    [found] = site.get(f"{API}/libraries?q=herning").json()["libraries"]

    assert len(everything) == 99
    assert found == {"id": "765700", "name": "Herning", "municipality": "Herning", "region": "Region Midtjylland"}


def test_a_library_is_in_the_region_of_the_day(site: Site) -> None:
    site.clock.now = datetime.fromisoformat("2026-12-31T22:59:59+00:00")
    before = site.get(f"{API}/libraries?q=710100").json()["libraries"][0]["region"]
    site.clock.advance(timedelta(seconds=1))

    assert before == "Region Hovedstaden"
    assert site.get(f"{API}/libraries?q=710100").json()["libraries"][0]["region"] == "Region Østdanmark"


def test_a_gathering_is_given_without_its_online_link(site: Site) -> None:
    gathering = site.publish(a_gathering(capacity=7))

    answer = site.get(f"{API}/gatherings/{gathering.slug}")

    body = answer.json()
    assert (body["seats_left"], body["registration_open"], body["open_rounds"]) == (7, True, [])
    assert body["sessions"][0]["starts_at"] == "2026-10-05T09:00:00+02:00"
    assert "moede.example.org" not in answer.text
    assert "version" not in body


def test_a_gathering_says_how_many_seats_there_are_in_each_session_and_way_to_take_part(site: Site) -> None:
    leaders = Round("first", {"da": "Ledere"}, NOW, who=Who(roles=("leader",)), reserved_seats=5)
    gathering = site.publish(
        a_gathering(
            capacity=20,
            sessions=(a_session(capacity=9), a_session("2026-10-06T09:00", id="two")),
            place=Place("Herning", "Østergade 8"),
            on_site_capacity=4,
            rounds=(leaders,),
        )
    )

    [listed] = site.get(f"{API}/gatherings").json()["gatherings"]
    body = site.get(f"{API}/gatherings/{gathering.slug}").json()

    assert listed == body
    assert [one["seats_left"] for one in body["sessions"]] == [9, None]
    assert body["modes"] == [{"mode": "on_site", "seats_left": 4}, {"mode": "online", "seats_left": None}]
    assert (body["seats_left"], body["kept_seats_left"]) == (9, 0), "the first session is the tightest"


def test_seats_that_a_round_keeps_are_told_apart(site: Site) -> None:
    leaders = Round("first", {"da": "Ledere"}, NOW, who=Who(roles=("leader",)), reserved_seats=5)
    gathering = site.publish(a_gathering(capacity=20, rounds=(leaders,)))

    body = site.get(f"{API}/gatherings/{gathering.slug}").json()

    assert (body["seats_left"], body["kept_seats_left"]) == (15, 5)


def test_gatherings_are_listed_and_chosen(site: Site) -> None:
    site.publish(a_gathering(slug="en", themes=("citizen-science",)))
    site.publish(a_gathering(slug="to", sessions=(a_session("2026-11-05T09:00"),)))

    def slugs(query: str) -> list[str]:
        return [one["slug"] for one in site.get(f"{API}/gatherings{query}").json()["gatherings"]]

    assert slugs("") == ["en", "to"]
    assert slugs("?theme=citizen-science") == ["en"]
    assert slugs("?kind=webinar") == ["en", "to"]
    assert slugs("?kind=course") == []
    assert slugs("?from=2026-11-01T00:00:00%2B01:00") == ["to"]
    assert slugs("?to=2026-11-01T00:00:00+01:00") == ["en"]
    assert slugs("?from=2026-11-01T00:00:00Z&to=2026-10-01T00:00:00Z") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("kind=party", "kind"),
        ("from=2026-11-01", "from"),
        ("from=2026-11-01T00:00:00", "from"),
        ("from=x", "from"),
        ("to=", "to"),
        ("from=0001-01-01T00:00:00%2B14:00", "from"),
        ("to=9999-12-31T23:59:59-14:00", "to"),
    ],
)
def test_what_cannot_be_asked_is_told(site: Site, query: str, field: str) -> None:
    answer = site.get(f"{API}/gatherings?{query}")

    assert answer.status == 422
    assert faulty(answer) == [field]


def test_a_seat_is_taken(site: Site) -> None:
    gathering = site.publish(a_gathering(capacity=3))

    answer = register(site, gathering.slug)

    assert answer.status == 201
    [registered] = answer.json()["registrations"]
    assert registered == {"id": registered["id"], "status": "confirmed", "position": None}
    assert site.left(gathering) == 2


def test_everything_that_the_contract_names_may_be_said(site: Site) -> None:
    gathering = site.publish(a_gathering(asks_invoice_reference=True))
    body = a_body(
        sessions=["one"],
        answers={},
        mode=None,
        group="as_many",
        booker=None,
        language="en",
        invoice={"gln": "5790000000005", "reference": "Konto 17"},
    )

    assert register(site, gathering.slug, body).status == 201
    [kept] = site.registrations(gathering)
    assert kept.language == "en"
    assert kept.invoice is not None


@pytest.mark.parametrize("key", [None, "", "two words", "æ", "x" * 201])
def test_a_request_needs_a_key(site: Site, key: str | None) -> None:
    gathering = site.publish(a_gathering())

    answer = register(site, gathering.slug, key=key)

    assert answer.status == 422
    assert faulty(answer) == ["Idempotency-Key"]


def test_the_same_key_with_the_same_body_is_answered_alike(site: Site) -> None:
    gathering = site.publish(a_gathering(capacity=3))

    first, again = (register(site, gathering.slug) for _ in range(2))

    assert (again.status, again.json()) == (201, first.json())
    assert site.left(gathering) == 2


def test_the_same_key_with_another_body_is_refused(site: Site) -> None:
    gathering = site.publish(a_gathering())
    register(site, gathering.slug)

    answer = register(site, gathering.slug, a_body(name="Deltager 2"))

    assert (answer.status, problem(answer)) == (422, "idempotency-key-reused")


def test_the_same_person_again_gets_what_there_is(site: Site) -> None:
    gathering = site.publish(a_gathering())

    first, again = (register(site, gathering.slug, key=key) for key in ("1", "2"))

    assert (again.status, again.json()) == (201, first.json())
    assert "RegistrationLinkRequested" in site.facts()


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["participants"]),
        ([], [""]),
        ("text", [""]),
        ({"participants": []}, ["participants"]),
        ({"participants": [PERSON, PERSON]}, ["participants.1.name"]),
        ({"participants": [{}]}, [f"participants.0.{name}" for name in ("name", "email", "library", "role")]),
        (a_body(name=None), ["participants.0.name"]),
        (a_body(name=7), ["participants.0.name"]),
        (a_body(name=""), ["participants.0.name"]),
        (a_body(name="www.example.org"), ["participants.0.name"]),
        (a_body(name="x" * 10_000), ["participants.0.name"]),
        (a_body(email="x"), ["participants.0.email"]),
        (a_body(library="799999"), ["participants.0.library"]),
        (a_body(role="boss"), ["participants.0.role"]),
        (a_body(sessions=["other"]), ["participants.0.sessions"] * 2),
        (a_body(sessions=[]), ["participants.0.sessions"]),
        (a_body(answers={"kost": "vegetar"}), ["participants.0.answers.kost"]),
        (a_body(nmae="x"), ["participants.0.nmae"]),
        (a_body(group="some"), ["group"]),
        (a_body(language="sv"), ["language"]),
        (a_body(language="dansk"), ["language"]),
        (a_body(invoice={"gln": "5790000000005"}), ["invoice.gln"]),
        ({"participants": [PERSON, PERSON | {"name": "B"}], "invoice": {"reference": "K17"}}, ["invoice.gln"]),
        ({"participants": [PERSON | {"name": f"{at}"} for at in range(26)]}, ["participants"]),
        (a_body(mode="by letter"), ["participants.0.mode"]),
        (a_body(needs={"diet": "Vegetar"}), ["participants.0.needs.diet"]),
        (a_body(booker={"name": "", "email": "x"}), ["booker.name", "booker.email"]),
        (a_body(name="", email=""), ["participants.0.name", "participants.0.email"]),
    ],
    ids=lambda one: str(one)[:60],
)
def test_every_fault_names_its_place_in_the_body(site: Site, body: object, fields: list[str]) -> None:
    gathering = site.publish(a_gathering())

    answer = register(site, gathering.slug, body)

    assert answer.status == 422
    assert faulty(answer) == fields
    assert site.registrations(gathering) == []


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"participants": "\\ud800"}', b"nul", b"[" * 100_000])
def test_what_is_no_json_is_refused(site: Site, body: bytes) -> None:
    gathering = site.publish(a_gathering())
    headers = {"content-type": "application/json", "idempotency-key": "key"}

    answer = site.send("POST", f"{API}/gatherings/{gathering.slug}/registrations", body, headers)

    assert answer.status == 422
    assert problem(answer) == "invalid"


def test_too_large_a_body_is_refused(site: Site) -> None:
    gathering = site.publish(a_gathering())
    headers = {"content-type": "application/json", "idempotency-key": "key"}

    answer = site.send("POST", f"{API}/gatherings/{gathering.slug}/registrations", b" " * (LARGEST + 1), headers)

    assert (answer.status, problem(answer)) == (413, "too-large")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])
def test_a_body_of_another_kind_is_refused(site: Site, content_type: str) -> None:
    gathering = site.publish(a_gathering())

    answer = site.send(
        "POST", f"{API}/gatherings/{gathering.slug}/registrations", b"{}", {"content-type": content_type}
    )

    assert (answer.status, problem(answer)) == (415, "unsupported-media-type")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/health"),
        ("POST", "/gatherings"),
        ("GET", "/gatherings/{slug}/registrations"),
        ("PUT", "/libraries"),
    ],
)
def test_another_method_is_refused(site: Site, method: str, path: str) -> None:
    gathering = site.publish(a_gathering())

    answer = site.send(method, API + path.format(slug=gathering.slug), b"", {"content-type": "application/json"})

    assert (answer.status, problem(answer)) == (405, "method-not-allowed")
    assert answer.headers["allow"]


@pytest.mark.parametrize("path", ["/nothing", "/gatherings/nothing", "/registrations/nothing", "/coordinator/nothing"])
def test_what_is_not_there_is_a_problem(site: Site, path: str) -> None:
    answer = site.get(API + path)

    assert answer.status == 404
    assert problem(answer)


def test_nobody_registers_for_what_is_not_there(site: Site) -> None:
    draft = a_gathering()
    site.desk.stores.gatherings.create(draft)

    for slug in ("nothing", draft.slug):
        assert (register(site, slug).status, problem(register(site, slug))) == (404, "gathering-not-found")


def test_before_the_window_it_is_told_when_it_opens(site: Site) -> None:
    opens_at = NOW + timedelta(days=1)
    gathering = site.publish(a_gathering(registration=Window(opens_at=opens_at)))

    answer = register(site, gathering.slug)

    assert (answer.status, problem(answer)) == (403, "not-open-yet")
    assert datetime.fromisoformat(answer.json()["opens_at"]) == opens_at


def test_after_the_window_it_is_closed(site: Site) -> None:
    gathering = site.publish(a_gathering(registration=Window(closes_at=NOW)))

    answer = register(site, gathering.slug)

    assert (answer.status, problem(answer)) == (409, "registration-closed")


def test_a_full_gathering_is_full(site: Site) -> None:
    gathering = site.publish(a_gathering(capacity=1))
    site.registered(gathering, name="Deltager 9")

    answer = register(site, gathering.slug)

    assert (answer.status, problem(answer)) == (409, "full")


def test_a_cancelled_gathering_is_cancelled(site: Site) -> None:
    gathering = site.publish(a_gathering())
    site.desk.call_off(gathering)

    answer = register(site, gathering.slug)

    assert (answer.status, problem(answer)) == (409, "gathering-cancelled")


def test_too_many_are_told_when_to_come_back(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "allowance", lambda: replace(GENEROUS, domain_per_second=1))
    gathering = site.publish(a_gathering())
    register(site, gathering.slug, key="1")

    answer = register(site, gathering.slug, a_body(name="Deltager 2"), key="2")

    assert (answer.status, problem(answer)) == (429, "too-many")
    assert answer.headers["retry-after"] == str(answer.json()["retry_after"]) == "1"


def test_a_busy_store_is_503_and_the_same_key_is_safe_to_send_again(site: Site, sleep: Sleep) -> None:
    gathering = site.publish(a_gathering(capacity=3))

    with FaultInjector(probability=1, kinds=[Trouble.CONFLICT, Trouble.LOST_ANSWER], operations=EVERYTHING):
        answer = register(site, gathering.slug)
    again = register(site, gathering.slug)

    assert (answer.status, problem(answer)) == (503, "unavailable")
    assert answer.headers["retry-after"]
    assert again.status == 201
    assert site.left(gathering) == 2


def test_a_mistake_of_ours_is_a_problem_that_tells_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> object:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(bootstrap, "gatherings", broken)

    answer = site.get(f"{API}/gatherings")

    assert (answer.status, problem(answer)) == (500, "fault")
    assert "mistake" not in answer.text


@pytest.mark.parametrize(
    ("accepts", "said"),
    [
        ("", "Alle pladser er taget."),
        ("da", "Alle pladser er taget."),
        ("en-GB,en;q=0.9,da;q=0.8", "All seats are taken."),
        ("sv, en;q=0.5", "All seats are taken."),
        ("*", "Alle pladser er taget."),
        ("en;q=0, da", "Alle pladser er taget."),
        ("da;q=0.5, en;q=0.9", "All seats are taken."),
    ],
)
def test_sentences_are_in_the_language_that_is_asked_for(site: Site, accepts: str, said: str) -> None:
    gathering = site.publish(a_gathering(capacity=1))
    site.registered(gathering, name="Deltager 9")

    answer = site.post(
        f"{API}/gatherings/{gathering.slug}/registrations",
        a_body(),
        Idempotency_Key="key",
        Accept_Language=accepts,
    )

    assert answer.json()["title"] == said


def test_ones_own_registration_is_given_and_given_back(site: Site) -> None:
    gathering = site.publish(a_gathering(capacity=1))
    registration_id, token = site.registered(gathering)

    own = site.get(f"{API}/registrations/{token}").json()
    gone = site.send("DELETE", f"{API}/registrations/{token}")
    again = site.send("DELETE", f"{API}/registrations/{token}")

    assert (own["id"], own["status"], own["gathering"]) == (registration_id, "confirmed", gathering.slug)
    assert datetime.fromisoformat(own["changes_until"]) == gathering.starts_at
    assert (gone.status, gone.json()["status"]) == (200, "cancelled")
    assert again.json() == gone.json()
    assert site.left(gathering) == 1


def test_a_forged_or_old_token_opens_nothing(site: Site) -> None:
    gathering = site.publish(a_gathering())
    registration_id, token = site.registered(gathering)
    old = site.link(gathering, registration_id, expires=NOW)

    for method in ("GET", "DELETE"):
        forged = site.send(method, f"{API}/registrations/{token[:-2]}")
        expired = site.send(method, f"{API}/registrations/{old}")
        assert (forged.status, problem(forged)) == (404, "link-broken")
        assert (expired.status, problem(expired)) == (410, "link-expired")
    assert site.desk.get(gathering, registration_id).status is Status.CONFIRMED


def test_too_late_is_told_with_whom_to_write_to(site: Site) -> None:
    gathering = site.publish(a_gathering(registration=Window(changes_until=NOW)))
    _, token = site.registered(gathering)

    answer = site.send("DELETE", f"{API}/registrations/{token}")

    assert (answer.status, problem(answer)) == (409, "too-late")
    assert answer.json()["contact"] == gathering.contact


@pytest.mark.parametrize("path", ["/health", "/gatherings", "/libraries", "/nothing"])
def test_answers_are_never_kept_and_never_guessed_at(site: Site, path: str) -> None:
    answer = site.get(API + path)

    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_to_ask_for_the_head_is_to_ask_without_the_body(site: Site) -> None:
    head = site.send("HEAD", f"{API}/health")

    assert (head.status, head.text) == (200, "")
