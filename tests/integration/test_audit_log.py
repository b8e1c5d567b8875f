"""Nothing is changed by anybody who signs in unless the log says so first."""

import json
from typing import get_args
from urllib.parse import urlencode

import pytest

from app import app
from chalicelib.audit_words import ACTIONS, SENTENCES
from chalicelib.routing import Answering
from chalicelib.views import audit
from chalicelib.wire_registrations import Action
from shared.audit.model import Doing
from shared.gatherings.model import Gathering
from shared.roles import Role
from tests.support.builders import a_gathering, applicants
from tests.support.clock import Clock, Sleep
from tests.support.faults import FaultInjector, Trouble
from tests.support.memory_people import InMemoryAccounts
from tests.support.sign_in import EMAIL, Pool
from tests.support.site import Site
from tests.support.stores import everybody

GATHERINGS = "/api/v1/coordinator/gatherings"


def test_what_is_done_is_logged_without_what_was_written(site: Site, pool: Pool) -> None:
    gathering = a_gathering()
    site.desk.stores.gatherings.create(gathering)

    site.signed_in(Role.COORDINATOR).post(f"{GATHERINGS}/{gathering.id}/publish")

    [entry] = site.audit()
    assert (entry.who, entry.role, entry.method) == (pool.subject, Role.COORDINATOR, "POST")
    assert (entry.route, entry.ids) == (f"{GATHERINGS}/{{gathering_id}}/publish", {"gathering_id": gathering.id})
    assert (entry.at, entry.status) == (site.clock.now, 200)


def test_what_was_refused_is_logged_as_refused(site: Site) -> None:
    site.signed_in(Role.COORDINATOR).post(f"{GATHERINGS}/nothing/publish")

    assert [entry.status for entry in site.audit()] == [404]


def test_forms_are_logged_too(site: Site) -> None:
    site.at_the_desk(Role.COORDINATOR).send_desk_form(
        "/en/tovholder/mennesker", {"email": "ny@example.org", "role": "viewer"}
    )

    [entry] = site.audit()
    assert (entry.route, entry.status) == ("/tovholder/mennesker", 303)
    assert "ny@example.org" not in repr(entry)


def registered(site: Site, number: int = 1) -> tuple[Gathering, list[str]]:
    gathering = site.publish(a_gathering())
    return gathering, [str(one.registration_id) for one in everybody(site.desk, gathering, applicants(number))]


def test_what_is_done_to_somebody_is_told_and_not_what_is_written(site: Site) -> None:
    gathering, [id] = registered(site)
    there = site.at_the_desk(Role.COORDINATOR)
    path = f"/tovholder/arrangementer/{gathering.id}/deltagere/{id}"
    there.send_desk_form(path, {"action": "note", "note": "Kommer sent"})
    there.send_desk_form(path, {"action": "Kommer sent"})

    assert {entry.doing for entry in site.audit()} == {Doing("note"), Doing()}
    assert "Kommer" not in repr(site.audit())
    page = there.get("/en/tovholder/log").text
    assert "Wrote a note on somebody" in page
    assert f'href="/en{path}"' in page


def test_what_is_done_to_many_names_each_of_them(site: Site) -> None:
    gathering, ids = registered(site, 3)
    there = site.at_the_desk(Role.COORDINATOR)
    body = urlencode([("csrf", there.csrf), ("action", "cancel"), *(("id", id) for id in ids), ("id", "no id")])
    form = {"content-type": "application/x-www-form-urlencoded"}

    there.send("POST", f"/tovholder/arrangementer/{gathering.id}/deltagere/flere", body.encode(), form)

    [entry] = site.audit()
    assert entry.doing == Doing("cancel", tuple(ids))


def test_what_the_api_does_to_somebody_is_told(site: Site) -> None:
    gathering, [id] = registered(site)
    body = json.dumps({"id": id, "action": "cancel", "why": "Kommer ikke"}).encode()
    there = site.signed_in(Role.COORDINATOR)

    there.send("PATCH", f"{GATHERINGS}/{gathering.id}/registrations", body, {"content-type": "application/json"})

    [entry] = site.audit()
    assert entry.doing == Doing("cancel", (id,))
    assert "Kommer" not in repr(entry)


def test_every_route_that_changes_something_has_a_sentence() -> None:
    app.complete()
    routes = [
        (method, entry.view_function.route)
        for methods in app.routes.values()
        for method, entry in methods.items()
        if isinstance(entry.view_function, Answering)
    ]
    missing = {f"{method} {route.path}" for method, route in routes if route.allow and route.acts} - SENTENCES.keys()

    assert not missing
    assert ACTIONS.keys() == set(get_args(Action))


def test_the_log_is_given_by_the_api_a_page_at_a_time(site: Site, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "PAGE", 2)
    gathering, ids = registered(site, 3)
    there = site.signed_in(Role.COORDINATOR)
    for id in ids:
        body = json.dumps({"id": id, "action": "send_link"}).encode()
        there.send("PATCH", f"{GATHERINGS}/{gathering.id}/registrations", body, {"content-type": "application/json"})

    first = there.get("/api/v1/coordinator/audit", **{"accept-language": "en"}).json()
    last = there.get(f"/api/v1/coordinator/audit?cursor={first['next']}").json()

    assert sorted(id for one in first["audit"] + last["audit"] for id in one["registrations"]) == sorted(ids)
    assert len(first["audit"]) == 2
    assert last["next"] is None
    assert first["audit"][0]["what"] == "Sent somebody the link again"
    assert (first["audit"][0]["who"], first["audit"][0]["status"]) == (pool.subject, 200)
    assert there.get("/api/v1/coordinator/audit?month=2026-13").status == 422


def test_coordinators_see_which_of_them_did_it(site: Site, accounts: InMemoryAccounts, pool: Pool) -> None:
    gathering, [id] = registered(site)
    there = site.at_the_desk(Role.COORDINATOR)
    path = f"/en/tovholder/arrangementer/{gathering.id}/deltagere/{id}"
    there.send_desk_form(path, {"action": "note", "note": "Kommer sent"})

    assert f"{EMAIL} wrote the note." in there.get(path).text
    accounts.remove(pool.subject)
    assert "A coordinator wrote the note." in there.get(path).text


def test_looking_is_not_logged(site: Site) -> None:
    site.signed_in(Role.COORDINATOR).get(GATHERINGS)
    site.at_the_desk(Role.COORDINATOR).get("/tovholder/log")

    assert site.audit() == []


def test_what_may_not_be_done_is_not_begun(site: Site) -> None:
    site.signed_in(Role.VIEWER).post(f"{GATHERINGS}/nothing/publish")
    site.post(f"{GATHERINGS}/nothing/publish")

    assert site.audit() == []


def test_nothing_is_done_that_cannot_be_logged(site: Site, accounts: InMemoryAccounts, sleep: Sleep) -> None:
    there = site.at_the_desk(Role.COORDINATOR)

    with FaultInjector(probability=1, kinds=[Trouble.THROTTLED], operations=("PutItem",)):
        answer = there.send_desk_form("/tovholder/mennesker", {"email": "ny@example.org", "role": "viewer"})

    assert answer.status == 503
    assert answer.headers["retry-after"]
    assert accounts.invited == []


def test_what_is_done_stays_done_if_its_end_cannot_be_logged(
    site: Site, accounts: InMemoryAccounts, sleep: Sleep
) -> None:
    there = site.at_the_desk(Role.COORDINATOR)

    with FaultInjector(probability=1, kinds=[Trouble.THROTTLED], operations=("UpdateItem",)):
        answer = there.send_desk_form("/tovholder/mennesker", {"email": "ny@example.org", "role": "viewer"})

    assert answer.status == 303
    assert accounts.invited == ["ny@example.org"]
    assert [entry.status for entry in site.audit()] == [None]


def test_a_fault_of_ours_leaves_the_end_open(site: Site, accounts: InMemoryAccounts) -> None:
    there = site.at_the_desk(Role.COORDINATOR)
    del accounts.kept  # what answers next is a mistake, not a refusal

    assert there.send_desk_form("/tovholder/mennesker/x/fjern").status == 500
    assert [entry.status for entry in site.audit()] == [None]


def test_the_page_calls_gatherings_by_their_titles(site: Site) -> None:
    there = site.at_the_desk(Role.COORDINATOR)
    gathering = site.publish(a_gathering())
    there.send_desk_form(f"/tovholder/arrangementer/{gathering.id}/aflys")

    page = there.get("/tovholder/log").text

    assert f'href="/tovholder/arrangementer/{gathering.id}">Citizen science på Ærø</a>' in page
    assert "Log, september 2026" in page


def test_the_page_tells_who_did_what(site: Site, accounts: InMemoryAccounts) -> None:
    there = site.at_the_desk(Role.COORDINATOR)
    there.send_desk_form("/tovholder/mennesker", {"email": "x", "role": "viewer"})

    page = there.get("/tovholder/log").text

    assert page.count(EMAIL) == 2, "in the frame, and beside what was done"
    assert "Gav nogen adgang" in page
    assert "POST /" not in page
    assert "noget manglede eller var forkert" in page


def test_who_has_been_removed_is_not_named(site: Site, accounts: InMemoryAccounts, pool: Pool) -> None:
    there = site.at_the_desk(Role.COORDINATOR)
    there.send_desk_form("/tovholder/mennesker", {"email": "x", "role": "viewer"})
    accounts.remove(pool.subject)

    page = there.get("/en/tovholder/log").text

    assert "removed" in page
    assert page.count(EMAIL) == 1


def test_other_months_are_a_link_away(site: Site, clock: Clock) -> None:
    there = site.at_the_desk(Role.COORDINATOR)

    page = there.get("/tovholder/log?month=2026-01").text

    assert "month=2025-12" in page
    assert "month=2026-02" in page
    assert "month=2026-10" not in there.get("/tovholder/log").text


@pytest.mark.parametrize("month", ["", "2026", "2026-13", "1999-01", "2026-09x"])
def test_a_month_that_is_none_is_not_found(site: Site, month: str) -> None:
    assert site.at_the_desk(Role.COORDINATOR).get(f"/tovholder/log?month={month}").status == 404


def test_a_long_month_goes_on(site: Site) -> None:
    there = site.at_the_desk(Role.COORDINATOR)
    for _ in range(101):
        there.send_desk_form("/tovholder/mennesker", {"email": "x", "role": "viewer"})

    first = there.get("/tovholder/log").text
    following = first[first.index("/tovholder/log?month=2026-09&amp;after=") :].partition('"')[0].replace("&amp;", "&")

    assert first.count("noget manglede eller var forkert") == 100
    assert there.get(following).text.count("noget manglede eller var forkert") == 1
