"""Letting people in and out, by page and by API."""

import json

import pytest

from shared.people.model import Person
from shared.roles import Role
from tests.support.api_gateway import Answer
from tests.support.memory_people import InMemoryAccounts
from tests.support.sign_in import EMAIL, Pool
from tests.support.site import Site

PAGE = "/tovholder/mennesker"
API = "/api/v1/coordinator/people"


@pytest.fixture
def there(site: Site) -> Site:
    return site.at_the_desk(Role.COORDINATOR)


@pytest.fixture
def coordinator(site: Site) -> Site:
    return site.signed_in(Role.COORDINATOR)


@pytest.fixture
def viewer(accounts: InMemoryAccounts) -> Person:
    person = Person("viewer", "laeser@example.org", frozenset({Role.VIEWER}))
    accounts.kept[person.id] = person
    return person


def patch(site: Site, id: str, **changes: str) -> Answer:
    return site.send("PATCH", f"{API}/{id}", json.dumps(changes).encode(), {"content-type": "application/json"})


def kind(answer: Answer) -> str:
    found: str = answer.json()["type"].rpartition(":")[2]
    return found


def test_everybody_is_on_the_page(there: Site, viewer: Person) -> None:
    page = there.get(PAGE).text

    assert EMAIL in page
    assert viewer.email in page


def test_somebody_is_invited_on_the_page(there: Site, accounts: InMemoryAccounts) -> None:
    answer = there.send_desk_form(PAGE, {"email": "ny@example.org", "role": "editor"})

    assert (answer.status, answer.headers["location"]) == (303, f"{PAGE}?done=invited")
    assert [one.roles for one in accounts.everybody() if one.email == "ny@example.org"] == [{Role.EDITOR}]
    assert 'role="alert"' in there.get(answer.headers["location"]).text


def test_an_invitation_that_cannot_be_sent_comes_back_with_what_was_typed(there: Site) -> None:
    answer = there.send_desk_form(PAGE, {"email": "ny at example.org", "role": "editor"})

    assert answer.status == 422
    assert answer.field("email") == "ny at example.org"
    assert 'href="#email"' in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_who_is_there_already_is_not_invited(there: Site, viewer: Person) -> None:
    answer = there.send_desk_form(PAGE, {"email": viewer.email, "role": "editor"})

    assert answer.status == 409
    assert answer.field("email") == viewer.email


def test_an_invitation_is_sent_again(
    there: Site, coordinator: Site, viewer: Person, accounts: InMemoryAccounts
) -> None:
    assert f'action="{PAGE}/{viewer.id}/inviter"' in there.get(f"{PAGE}/{viewer.id}").text

    assert there.send_desk_form(f"{PAGE}/{viewer.id}/inviter").status == 303
    assert coordinator.post(f"{API}/{viewer.id}/invitation").json()["email"] == viewer.email
    assert accounts.invited == [viewer.email, viewer.email]


def test_who_has_chosen_a_password_is_not_invited_again(
    there: Site, coordinator: Site, viewer: Person, accounts: InMemoryAccounts
) -> None:
    accounts.signed_in.add(viewer.email)

    assert there.send_desk_form(f"{PAGE}/{viewer.id}/inviter").status == 409
    assert kind(coordinator.post(f"{API}/{viewer.id}/invitation")) == "has-signed-in"
    assert coordinator.post(f"{API}/nobody/invitation").status == 404


def test_a_role_is_changed_on_the_page(there: Site, viewer: Person, accounts: InMemoryAccounts) -> None:
    assert viewer.email in there.get(f"{PAGE}/{viewer.id}").text

    assert there.send_desk_form(f"{PAGE}/{viewer.id}", {"role": "editor", "was": "viewer"}).status == 303
    assert accounts.kept[viewer.id].roles == {Role.EDITOR}


def test_two_who_change_a_role_do_not_overwrite_one_another(
    there: Site, viewer: Person, accounts: InMemoryAccounts
) -> None:
    there.send_desk_form(f"{PAGE}/{viewer.id}", {"role": "editor", "was": "viewer"})

    answer = there.send_desk_form(f"/en{PAGE}/{viewer.id}", {"role": "coordinator", "was": "viewer"})

    assert answer.status == 409
    assert "Somebody else has given the person another role meanwhile." in answer.text
    assert accounts.kept[viewer.id].roles == {Role.EDITOR}


def test_somebody_is_removed_on_the_page(there: Site, viewer: Person, accounts: InMemoryAccounts) -> None:
    question = there.get(f"/en{PAGE}/{viewer.id}/fjern")
    assert f"Remove {viewer.email}?" in question.text
    assert viewer.id in accounts.kept, "to ask is to change nothing"

    answer = there.send_desk_form(f"{PAGE}/{viewer.id}/fjern")

    assert answer.status == 303
    assert viewer.id not in accounts.kept


def test_the_last_coordinator_stays(there: Site, accounts: InMemoryAccounts, pool: Pool) -> None:
    del accounts.kept["another"]

    answers = [
        there.send_desk_form(f"{PAGE}/{pool.subject}/fjern"),
        there.send_desk_form(f"{PAGE}/{pool.subject}", {"role": "viewer", "was": "coordinator"}),
    ]

    assert [answer.status for answer in answers] == [409, 409]
    assert accounts.kept[pool.subject].roles == {Role.COORDINATOR}


def test_who_is_not_there_has_no_page(there: Site) -> None:
    assert there.get(f"{PAGE}/nobody").status == 404
    assert there.send_desk_form(f"{PAGE}/nobody", {"role": "viewer"}).status == 404
    assert there.send_desk_form(f"{PAGE}/nobody/fjern").status == 404


def test_the_api_lists_invites_changes_and_removes(coordinator: Site, accounts: InMemoryAccounts) -> None:
    invited = coordinator.post(API, {"email": "ny@example.org", "role": "viewer"})
    id = invited.json()["id"]
    changed = patch(coordinator, id, role="editor")

    assert (invited.status, invited.headers["location"]) == (201, f"{API}/{id}")
    assert (changed.status, changed.json()) == (200, {"id": id, "email": "ny@example.org", "role": "editor"})
    listed = coordinator.get(API).json()
    assert changed.json() in listed["people"]
    assert listed["next"] is None

    removed = coordinator.send("DELETE", f"{API}/{id}")
    assert (removed.status, removed.json()["role"]) == (200, None)
    assert coordinator.send("DELETE", f"{API}/{id}").status == 404


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["email", "role"]),
        ({"email": "x", "role": "viewer"}, ["email"]),
        ({"email": "ny@example.org", "role": "admin"}, ["role"]),
        ({"email": "ny@example.org", "role": "viewer", "name": "x"}, ["name"]),
        ({"email": 1, "role": "viewer"}, ["email"]),
    ],
    ids=str,
)
def test_the_api_tells_which_field_is_wrong(coordinator: Site, body: dict[str, object], fields: list[str]) -> None:
    answer = coordinator.post(API, body)

    assert (answer.status, kind(answer)) == (422, "invalid")
    assert [error["field"] for error in answer.json()["errors"]] == fields


def test_the_api_keeps_the_last_coordinator(coordinator: Site, accounts: InMemoryAccounts, pool: Pool) -> None:
    del accounts.kept["another"]

    assert kind(patch(coordinator, pool.subject, role="viewer")) == "last-coordinator"
    assert kind(coordinator.send("DELETE", f"{API}/{pool.subject}")) == "last-coordinator"


def test_the_api_says_when_cognito_is_away(coordinator: Site, accounts: InMemoryAccounts) -> None:
    accounts.away = True

    assert coordinator.get(API).status == 503
