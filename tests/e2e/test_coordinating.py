"""A gathering's life, as coordinators lead it through the API."""

from tests.support.deployed import Deployed


def test_a_gathering_is_planned_published_changed_and_cancelled(deployed: Deployed) -> None:
    planned = deployed.plan(capacity=10)
    path, page = f"/gatherings/{planned['id']}", f"/arrangementer/{planned['slug']}"
    assert planned["state"] == "draft"
    assert deployed.web.get(page).status_code == 404, "a draft is nobody else's"

    published = deployed.coordinate("POST", f"{path}/publish").json()
    assert published["state"] == "published"
    assert deployed.web.get(page).status_code == 200

    change = {"version": published["version"], "capacity": 12}
    assert deployed.coordinate("PATCH", path, change).json()["capacity"] == 12
    assert deployed.seats_left(planned) == 12
    stale = deployed.coordinate("PATCH", path, change)
    assert stale.status_code == 409
    assert stale.json()["type"] == "urn:tovholder:problem:changed-meanwhile"

    assert deployed.coordinate("POST", f"{path}/cancel").json()["state"] == "cancelled"
    shown = deployed.web.get(page)
    assert shown.status_code == 200
    assert "aflyst" in shown.text.lower()
    assert deployed.register(planned, deployed.somebody()).status_code == 409


def test_viewers_look_and_coordinators_do(deployed: Deployed) -> None:
    planned = deployed.plan()
    path = f"/gatherings/{planned['id']}"

    assert deployed.coordinate("GET", path, role="viewer").status_code == 200
    for refused in (
        deployed.coordinate("POST", "/gatherings", deployed.a_webinar(), role="viewer"),
        deployed.coordinate("PATCH", path, {"version": 1}, role="viewer"),
    ):
        assert refused.status_code == 403
        assert refused.json()["type"] == "urn:tovholder:problem:not-allowed"


def test_editors_publish_their_own_gatherings_and_no_others(deployed: Deployed) -> None:
    own = deployed.coordinate("POST", "/gatherings", deployed.a_webinar(), role="editor").json()

    refused = deployed.coordinate("POST", f"/gatherings/{deployed.plan()['id']}/publish", role="editor")

    assert (refused.status_code, refused.json()["type"]) == (403, "urn:tovholder:problem:not-yours")
    assert deployed.coordinate("POST", f"/gatherings/{own['id']}/publish", role="editor").status_code == 200


def test_without_a_good_token_nothing_is_shown(deployed: Deployed) -> None:
    good = deployed.signed_in()["Authorization"]
    for header in ("", "Bearer nonsense", f"{good[:-4]}AAAA", good.replace("Bearer", "Basic")):
        answer = deployed.api.get("/coordinator/gatherings", headers={"Authorization": header})
        assert answer.status_code == 401
        assert answer.headers["Content-Type"] == "application/problem+json"
