"""Coordinators and their like sign in by the browser, at the emulator's managed login, and leave again."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import Visitor, managed_login, visiting
from tests.support.deployed import Deployed
from tests.support.inbox import Inbox


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def visitor(chromium: Browser, deployed: Deployed, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    with visiting(chromium, deployed.stack.base_url, request.node.name, script=request.param) as visitor:
        yield visitor


def sign_in(page: Page, deployed: Deployed, role: str) -> str:
    """Fill in what stands on the lines of `make run`, and return the e-mail address."""
    who = deployed.stack.credentials[role]
    managed_login(page, who)
    return who["email"]


def test_a_coordinator_signs_in_invites_somebody_and_leaves(visitor: Visitor, deployed: Deployed, inbox: Inbox) -> None:
    page, guest = visitor.page, deployed.somebody("ny")

    page.goto("/tovholder/mennesker")
    email = sign_in(page, deployed, "coordinator")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mennesker")
    expect(page.get_by_role("banner")).to_contain_text(email)

    page.get_by_label("E-mail").fill(guest)
    page.get_by_label("Rolle").select_option("Redaktør")
    page.get_by_role("button", name="Invitér").click()
    expect(page.get_by_role("alert")).to_contain_text("Invitationen er på vej")
    expect(page.get_by_role("row", name=guest)).to_contain_text("Redaktør")

    page.get_by_role("link", name=f"Ret {guest}").click()
    page.get_by_role("link", name=f"Fjern {guest}").click()
    page.get_by_role("button", name="Ja, fjern").click()
    expect(page.get_by_role("row", name=guest)).to_have_count(0)

    page.get_by_role("link", name="Log", exact=True).click()
    done = page.get_by_role("row").filter(has_text="nogen")
    expect(done.first).to_contain_text("Fjernede nogens adgang")
    expect(done.first).to_contain_text(email)

    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("navigation", name="Main menu")).to_contain_text("Overview")

    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{deployed.stack.base_url}/")
    page.goto("/tovholder/")
    expect(page.get_by_label("Password")).to_be_visible()
    visitor.has_seen_only(403, 404)  # the emulator's own page has no icon


def test_a_viewer_looks_and_is_told_what_takes_another_role(visitor: Visitor, deployed: Deployed) -> None:
    gathering, page = deployed.publish(capacity=7), visitor.page
    deployed.seat(gathering, deployed.somebody())

    page.goto("/tovholder/")
    sign_in(page, deployed, "viewer")
    row = page.get_by_role("row", name=gathering["title"]["da"])
    expect(row.get_by_role("cell", name="1", exact=True)).to_be_visible()
    expect(row.get_by_role("cell", name="6", exact=True)).to_be_visible()

    page.goto("/tovholder/mennesker")
    expect(page.get_by_role("main")).to_contain_text("Tovholder")
    visitor.has_seen_only(403)


def test_a_wrong_password_lets_nobody_in(visitor: Visitor, deployed: Deployed) -> None:
    page = visitor.page

    page.goto("/tovholder/")
    page.get_by_label("Username").fill(deployed.stack.credentials["viewer"]["email"])
    page.get_by_label("Password").fill("guessed")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_text("Incorrect username or password")).to_be_visible()
    page.goto("/tovholder/")
    expect(page.get_by_label("Password")).to_be_visible()


def test_programs_manage_people_with_a_token(deployed: Deployed) -> None:
    guest = deployed.somebody("ny")

    invited = deployed.coordinate("POST", "/people", {"email": guest, "role": "viewer"})
    id = invited.json()["id"]
    changed = deployed.coordinate("PATCH", f"/people/{id}", {"role": "editor"})
    listed = deployed.coordinate("GET", "/people").json()["people"]
    removed = deployed.coordinate("DELETE", f"/people/{id}")

    assert (invited.status_code, changed.status_code, removed.status_code) == (201, 200, 200)
    assert {"id": id, "email": guest, "role": "editor"} in listed
    assert deployed.coordinate("GET", "/people", role="viewer").status_code == 403
    mine = next(one for one in listed if one["email"] == deployed.stack.credentials["coordinator"]["email"])
    assert deployed.coordinate("DELETE", f"/people/{mine['id']}").status_code == 409
