"""What comes in wrong: each answered in our words, as a page to people and as problem details to programs."""

from datetime import timedelta

import pytest

from tests.support.deployed import Deployed

PROBLEM = "application/problem+json"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json", "Idempotency-Key": "edge"}


@pytest.mark.parametrize(
    "path", ["/findes-ikke", "/en/findes/ikke", "/arrangementer/findes-ikke", "/tilmelding/forkert", "/tovholder/x"]
)
def test_an_address_that_leads_nowhere_has_a_page_of_ours(path: str, deployed: Deployed) -> None:
    answer = deployed.web.get(path)

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "DB2030" in answer.text and 'href="/assets/site.' in answer.text
    assert answer.headers["Content-Language"] == ("en" if path.startswith("/en/") else "da")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/findes-ikke", "/gatherings/findes-ikke", "/registrations/forkert"])
def test_a_program_is_told_in_problem_details(path: str, deployed: Deployed) -> None:
    answer = deployed.api.get(path, headers={"Accept-Language": "en"})

    assert (answer.status_code, answer.headers["Content-Type"]) == (404, PROBLEM)
    assert answer.json()["status"] == 404
    assert answer.json()["type"].startswith("urn:tovholder:problem:")


def test_an_old_link_is_gone_and_a_forged_one_was_never_there(deployed: Deployed) -> None:
    gathering, email = deployed.publish(), deployed.somebody()
    registration = deployed.seat(gathering, email)
    good = deployed.token(gathering, registration)
    old = deployed.token(gathering, registration, lives=timedelta(seconds=-1))
    forged = good[:-6] + ("AAAAAA" if not good.endswith("AAAAAA") else "BBBBBB")
    of_another = deployed.token(gathering, "aaaaaaaaaaaaaaaa")

    for token, status in ((good, 200), (old, 410), (forged, 404), (of_another, 404), (good[:-1], 404)):
        assert deployed.web.get(f"/tilmelding/{token}").status_code == status
        answer = deployed.api.get(f"/registrations/{token}")
        assert answer.status_code == status
    assert deployed.api.get(f"/registrations/{good}").json()["email"] == email
    assert deployed.api.delete(f"/registrations/{forged}").status_code == 404
    # The button carries a token of its own: a link alone cancels nothing.
    assert deployed.web.post(f"/tilmelding/{good}/afmelding", data={"csrf": good}).status_code == 404
    assert deployed.registration(gathering, registration)["status"] == "confirmed"


def test_what_is_too_large_is_refused_before_it_is_read(deployed: Deployed) -> None:
    gathering = deployed.publish()
    large = b'{"participants": "' + b"x" * 1_100_000 + b'"}'

    answer = deployed.api.post(f"/gatherings/{gathering['slug']}/registrations", content=large, headers=JSON)
    assert (answer.status_code, answer.headers["Content-Type"]) == (413, PROBLEM)
    page = f"/arrangementer/{gathering['slug']}/tilmelding"
    form = deployed.web.post(page, content=b"name=" + b"x" * 1_100_000, headers=FORM)
    assert form.status_code == 413
    assert "DB2030" in form.text
    assert deployed.web.post(page, content=b"x" * 11_000_000, headers=FORM).status_code == 413


def test_a_body_of_the_wrong_kind_is_refused(deployed: Deployed) -> None:
    gathering = deployed.publish()
    path = f"/gatherings/{gathering['slug']}/registrations"

    for kind in ("text/xml", "application/x-www-form-urlencoded", "multipart/form-data"):
        answer = deployed.api.post(path, content=b"{}", headers=JSON | {"Content-Type": kind})
        assert (answer.status_code, answer.headers["Content-Type"]) == (415, PROBLEM)
    form = deployed.web.post(f"/arrangementer/{gathering['slug']}/tilmelding", json={"name": "Ida"})
    assert form.status_code == 415
    assert "DB2030" in form.text


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b'{"participants": []}'])
def test_a_body_that_is_no_registration_is_told_why(body: bytes, deployed: Deployed) -> None:
    gathering = deployed.publish()

    answer = deployed.api.post(f"/gatherings/{gathering['slug']}/registrations", content=body, headers=JSON)

    assert (answer.status_code, answer.headers["Content-Type"]) == (422, PROBLEM)
    assert answer.json()["errors"]


def test_a_wrong_method_is_told_which_are_right(deployed: Deployed) -> None:
    gathering = deployed.publish()
    for client, path, allowed in (
        (deployed.web, "/arrangementer/", {"GET", "HEAD"}),
        (deployed.web, f"/arrangementer/{gathering['slug']}/tilmelding", {"GET", "HEAD", "POST"}),
        (deployed.api, "/gatherings", {"GET", "HEAD"}),
        (deployed.api, f"/gatherings/{gathering['slug']}/registrations", {"POST"}),
        (deployed.api, "/registrations/x", {"GET", "HEAD", "PATCH", "DELETE"}),
    ):
        answer = client.put(path, content=b"{}", headers={"Content-Type": "application/json"})
        assert answer.status_code == 405, path
        assert set(answer.headers["Allow"].split(", ")) == allowed


@pytest.mark.parametrize("path", ["/", "/arrangementer/", "/api/v1/health", "/api/v1/gatherings", "/findes-ikke"])
def test_a_link_checker_gets_the_same_answer_without_a_body(path: str, deployed: Deployed) -> None:
    looked, asked = deployed.web.get(path), deployed.web.head(path)

    assert asked.status_code == looked.status_code
    assert asked.headers["Content-Type"] == looked.headers["Content-Type"]
    assert asked.content == b""


def test_a_key_is_for_one_request(deployed: Deployed) -> None:
    gathering, email = deployed.publish(), deployed.somebody()
    first = deployed.register(gathering, email, key="the-same-key")
    again = deployed.register(gathering, email, key="the-same-key")
    other = deployed.register(gathering, deployed.somebody(), key="the-same-key")

    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert (other.status_code, other.json()["type"]) == (422, "urn:tovholder:problem:idempotency-key-reused")
    deployed.inbox.wait(email, 1)


def test_who_asks_too_often_is_told_when_to_come_back(deployed: Deployed) -> None:
    # A domain of its own: what it may in a second is used up here, too.
    gathering, email = deployed.publish(), deployed.somebody(domain="aarhus.example.org")

    answers = [deployed.register(gathering, email) for _ in range(11)]

    assert [answer.status_code for answer in answers] == [201] * 10 + [429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 3600
    assert len({str(answer.json()["registrations"]) for answer in answers[:-1]}) == 1
    deployed.inbox.wait(email, 10)


def test_a_name_cannot_write_headers_or_markup(deployed: Deployed) -> None:
    gathering, email = deployed.publish(), deployed.somebody()
    assert deployed.register(gathering, email, name="Ida\r\nBcc: alle@example.org").status_code == 422

    registration = deployed.seat(gathering, email, name='<script>alert("Ida")</script>, "); drop')

    [mail] = deployed.inbox.wait(email)
    assert "<script" not in mail.html
    page = deployed.web.get(f"/tilmelding/{deployed.token(gathering, registration)}")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text
