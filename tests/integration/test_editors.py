"""Editors run gatherings of their own, in the browser and by the API, and reach no further."""

from collections.abc import Mapping
from urllib.parse import urlencode

import pytest

from shared.gatherings.model import Gathering
from shared.people.model import Person
from shared.roles import Role
from tests.support.api_gateway import Answer
from tests.support.builders import a_gathering
from tests.support.forms import Page
from tests.support.memory_people import InMemoryAccounts
from tests.support.site import Site

DESK = "/tovholder/arrangementer"
API = "/api/v1/coordinator/gatherings"


@pytest.fixture
def editor(site: Site, accounts: InMemoryAccounts) -> Site:
    accounts.kept[site.person] = Person(site.person, "redaktoer@example.org", frozenset({Role.EDITOR}))
    return site.at_the_desk(Role.EDITOR)


def send(site: Site, address: str, fields: Mapping[str, list[str]]) -> Answer:
    body = urlencode(dict(fields), doseq=True).encode()
    return site.send("POST", address, body, {"content-type": "application/x-www-form-urlencoded"})


def own(site: Site) -> Gathering:
    """Return a published gathering of the editor's own."""
    return site.publish(a_gathering(slug="eget", owner=site.person))


def anothers(site: Site) -> Gathering:
    return site.publish(a_gathering(slug="en-andens", owner="another"))


def test_an_editor_plans_a_gathering_and_it_is_their_own(editor: Site) -> None:
    form = Page(editor.get(f"{DESK}/ny").text).sent
    form |= {"title.da": ["Mit webinar"], "sessions.0.date": ["2026-11-05"], "action": ["save"]}
    form |= {"sessions.0.starts_at": ["9.00"], "sessions.0.ends_at": ["10.00"]}

    there = send(editor, f"{DESK}/ny", form).headers["location"].partition("?")[0]
    page = editor.get(there)

    assert "Det er dit eget." in page.text
    assert f"{there}/rediger" in page.text


def test_the_list_offers_an_editor_to_plan_and_a_viewer_not(site: Site, editor: Site) -> None:
    assert f"{DESK}/ny" in editor.get(DESK).text
    assert f"{DESK}/ny" not in site.at_the_desk(Role.VIEWER).get(DESK).text


def test_an_editor_sees_who_takes_part_in_their_own_and_nowhere_else(site: Site, editor: Site) -> None:
    mine, theirs = own(site), anothers(site)
    site.registered(mine, name="Bodil Deltager")

    assert "Bodil Deltager" in editor.get(f"{DESK}/{mine.id}/deltagere").text
    assert f"{DESK}/{mine.id}/deltagere" in editor.get(f"{DESK}/{mine.id}").text
    refused = editor.get(f"{DESK}/{theirs.id}/deltagere")
    assert refused.status == 403
    assert "Det er ikke et af dine egne arrangementer." in refused.text
    assert f"{DESK}/{theirs.id}/deltagere" not in editor.get(f"{DESK}/{theirs.id}").text


@pytest.mark.parametrize("action", ["accept_domain", "seat"])
def test_what_reaches_beyond_is_for_coordinators(site: Site, editor: Site, action: str) -> None:
    mine = own(site)
    registration, _ = site.registered(mine)
    person = f"{DESK}/{mine.id}/deltagere/{registration}"

    answer = editor.send_desk_form(person, {"action": action, "why": "Derfor"})

    assert answer.status == 403
    assert f"action={action}" not in editor.get(person).text


def test_an_editor_moves_people_between_their_own_gatherings_only(site: Site, editor: Site) -> None:
    mine, theirs = own(site), anothers(site)
    also_mine = site.publish(a_gathering(slug="ogsaa-eget", owner=site.person))
    registration, _ = site.registered(mine)
    person = f"{DESK}/{mine.id}/deltagere/{registration}"

    offered = editor.get(f"{person}/sikker?action=move_to").text
    refused = editor.send_desk_form(person, {"action": "move_to", "gathering": theirs.id})
    moved = editor.send_desk_form(person, {"action": "move_to", "gathering": also_mine.id})

    assert also_mine.id in offered
    assert theirs.id not in offered
    assert refused.status == 403
    assert moved.headers["location"].startswith(f"{DESK}/{also_mine.id}/deltagere/")


def test_a_coordinator_gives_a_gathering_to_an_editor_and_takes_it_back(
    site: Site, editor: Site, accounts: InMemoryAccounts
) -> None:
    desk, gathering = site.at_the_desk(Role.COORDINATOR), anothers(site)
    page = f"{DESK}/{gathering.id}/redaktoer"

    assert "redaktoer@example.org" in desk.get(page).text
    assert desk.send_desk_form(page, {"owner": site.person, "opened": "another"}).status == 303
    assert editor.get(f"{DESK}/{gathering.id}/rediger").status == 200
    assert desk.send_desk_form(page, {"owner": "", "opened": site.person}).status == 303
    assert editor.get(f"{DESK}/{gathering.id}/rediger").status == 403


def test_two_who_say_whose_own_a_gathering_is_do_not_overwrite_one_another(site: Site, editor: Site) -> None:
    desk, gathering = site.at_the_desk(Role.COORDINATOR), own(site)
    page = f"{DESK}/{gathering.id}/redaktoer"
    desk.send_desk_form(page, {"owner": "", "opened": site.person})

    answer = desk.send_desk_form(page, {"owner": site.person, "opened": site.person})

    assert answer.status == 409
    assert site.kept(gathering).owner is None


def test_a_gathering_cannot_be_given_to_who_is_no_editor(site: Site, editor: Site) -> None:
    desk, gathering = site.at_the_desk(Role.COORDINATOR), own(site)

    answer = desk.send_desk_form(f"{DESK}/{gathering.id}/redaktoer", {"owner": "nobody", "opened": site.person})

    assert answer.status == 422
    assert "Vælg en, der logger ind som redaktør." in answer.text
    assert site.kept(gathering).owner == site.person


def test_by_the_api_too_what_an_editor_plans_is_their_own(site: Site, editor: Site) -> None:
    api = site.signed_in(Role.EDITOR)
    session = {"starts_at": "2026-11-05T09:00:00+01:00", "ends_at": "2026-11-05T10:00:00+01:00"}
    body = {"kind": "webinar", "title": {"da": "Mit"}, "sessions": [session], "contact": "mig@example.org"}

    planned = api.post(API, body | {"online_link": "https://moede.example.org/rum"}).json()
    given_away = api.send(
        "PATCH", f"{API}/{planned['id']}", b'{"version": 1, "owner": null}', {"content-type": "application/json"}
    )

    assert planned["owner"] == site.person
    assert given_away.status == 403
    assert api.post(f"{API}/{planned['id']}/publish", {}).status == 200
    assert api.get(f"{API}/{planned['id']}/registrations").status == 200


def test_editors_take_away_and_bring_in_people_of_their_own_only(site: Site, editor: Site) -> None:
    api, mine, theirs = site.signed_in(Role.EDITOR), own(site), anothers(site)
    sheet = {"kind": "participants", "text": "navn;e-mail;bibliotek\nBodil;b@herning.example.org;Herning"}

    assert api.get(f"/api/v1/coordinator/exports?kind=catering&format=csv&gathering={mine.id}").status == 200
    assert api.get(f"/api/v1/coordinator/exports?kind=catering&format=csv&gathering={theirs.id}").status == 403
    shown = api.post("/api/v1/coordinator/imports", sheet | {"gathering": mine.id})
    assert shown.status == 201, shown.text
    assert api.post(f"/api/v1/coordinator/imports/{shown.json()['id']}/confirm", {}).status == 200
    assert api.post("/api/v1/coordinator/imports", sheet | {"gathering": theirs.id}).status == 403
    assert api.post("/api/v1/coordinator/imports", {"kind": "libraries", "text": "nummer;navn"}).status == 403


def test_the_public_does_not_learn_whose_own_a_gathering_is(site: Site, editor: Site) -> None:
    assert "owner" not in site.get(f"/api/v1/gatherings/{own(site).slug}").json()
