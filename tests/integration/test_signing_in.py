"""Coming in by the browser, staying for a while, and leaving."""

from datetime import timedelta
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urlsplit

import pytest

from shared.logins.model import FRESH, IDLE, LONGEST
from shared.roles import Role
from tests.support import aws
from tests.support.api_gateway import Answer
from tests.support.clock import Clock
from tests.support.memory_people import InMemoryAccounts
from tests.support.sign_in import EMAIL, ManagedLoginPages, Pool
from tests.support.site import Site

CALLBACK = "/tovholder/login/callback"


def cookie(answer: Answer) -> str:
    """Return the cookie that an answer sets, as the browser sends it back."""
    return answer.headers["set-cookie"].partition(";")[0]


def logins() -> list[str]:
    return [row["pk"]["S"] for row in aws.rows() if row["sk"]["S"] == "LOGIN"]


def sent_away(site: Site, address: str = "/tovholder/") -> Answer:
    """Open a page without a login, and go where it leads."""
    return site.get(site.get(address).headers["location"])


def come_in(site: Site, managed_login: ManagedLoginPages, address: str = "/tovholder/") -> Answer:
    """Sign in on the way to a page; return the answer that lets the browser in."""
    away = sent_away(site, address)
    return site.get(managed_login.sign_in(away.headers["location"]), cookie=cookie(away))


def test_who_opens_a_page_signs_in_and_comes_to_it(site: Site, managed_login: ManagedLoginPages) -> None:
    answer = come_in(site, managed_login, "/en/tovholder/log?month=2026-08")

    assert answer.status == 302
    assert answer.headers["location"] == "/en/tovholder/log?month=2026-08"
    page = site.get(answer.headers["location"], cookie=cookie(answer))
    assert (page.status, page.headers["content-language"]) == (200, "en")
    assert EMAIL in page.text


def test_the_way_there_is_a_code_with_pkce_state_and_nonce(site: Site) -> None:
    location = urlsplit(sent_away(site).headers["location"])

    query = dict(parse_qsl(location.query))
    assert f"{location.scheme}://{location.netloc}{location.path}" == "https://login.example.org/oauth2/authorize"
    assert (query["response_type"], query["code_challenge_method"]) == ("code", "S256")
    assert query["redirect_uri"] == f"https://tovholder.example.org{CALLBACK}"
    assert "openid" in query["scope"].split()
    assert len({query["state"], query["nonce"], query["code_challenge"]}) == 3


def test_no_two_ways_are_alike(site: Site) -> None:
    first, second = sent_away(site), sent_away(site)

    assert first.headers["location"] != second.headers["location"]


def test_cookies_are_kept_from_scripts_and_other_sites(site: Site, managed_login: ManagedLoginPages) -> None:
    there, back = sent_away(site), come_in(site, managed_login)

    for answer, lives in ((there, 600), (back, 12 * 3600)):
        name, *attributes = answer.headers["set-cookie"].split("; ")
        assert name.startswith("__Host-")
        assert sorted(attributes) == ["HttpOnly", f"Max-Age={lives}", "Path=/", "SameSite=Lax", "Secure"]


def test_the_table_holds_nothing_to_come_in_by(site: Site, managed_login: ManagedLoginPages) -> None:
    answer = come_in(site, managed_login)

    id = cookie(answer).partition("=")[2]
    assert len(logins()) == 1
    assert id not in str(aws.rows())
    assert "eyJ" not in str(aws.rows()), "a token was kept"


def test_a_new_login_takes_the_place_of_the_browsers_older_one(site: Site, managed_login: ManagedLoginPages) -> None:
    older = site.at_the_desk(Role.COORDINATOR)
    assert older.login is not None
    away = sent_away(site)
    both = f"{cookie(away)}; __Host-login={older.login.id}"

    answer = site.get(managed_login.sign_in(away.headers["location"]), cookie=both)

    assert answer.status == 302
    assert len(logins()) == 1
    assert older.get("/tovholder/").status == 303


@pytest.mark.parametrize(
    ("state", "attempt"), [("", True), ("another", True), (None, False)], ids=["none", "another", "no cookie"]
)
def test_an_answer_that_this_browser_did_not_ask_for_lets_nobody_in(
    site: Site, managed_login: ManagedLoginPages, state: str | None, attempt: bool
) -> None:
    away = sent_away(site)
    [code], [right] = parse_qs(urlsplit(managed_login.sign_in(away.headers["location"])).query).values()

    answer = site.get(
        f"{CALLBACK}?code={code}&state={right if state is None else state}",
        **({"cookie": cookie(away)} if attempt else {}),
    )

    assert answer.status == 403
    assert "set-cookie" not in answer.headers
    assert logins() == []
    assert managed_login.asked == []


def test_a_code_works_once(site: Site, managed_login: ManagedLoginPages) -> None:
    away = sent_away(site)
    back = managed_login.sign_in(away.headers["location"])
    site.get(back, cookie=cookie(away))

    assert site.get(back, cookie=cookie(away)).status == 403
    assert len(logins()) == 1


def test_who_turns_back_at_cognito_is_told(site: Site) -> None:
    away = sent_away(site)
    state = dict(parse_qsl(urlsplit(away.headers["location"]).query))["state"]

    answer = site.get(f"{CALLBACK}?error=access_denied&state={state}", cookie=cookie(away))

    assert answer.status == 403
    assert 'href="/tovholder/login"' in answer.text


def test_who_has_no_role_is_not_let_in(site: Site, managed_login: ManagedLoginPages) -> None:
    managed_login.roles = ()

    answer = come_in(site, managed_login)

    assert answer.status == 403
    assert "https://login.example.org/logout?" in answer.text, "the way to come back as somebody else"
    assert logins() == []


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example.org/",
        "//evil.example.org/tovholder/",
        "/arrangementer/",
        "/tovholder/login",
        "/tovholder\\evil",
        "/tovholder/\r\nSet-Cookie: x=y",
        "/tovholderen",
    ],
)
def test_nobody_is_led_anywhere_else(site: Site, managed_login: ManagedLoginPages, address: str) -> None:
    away = site.get(f"/tovholder/login?return={quote(address, safe='')}")
    answer = site.get(managed_login.sign_in(away.headers["location"]), cookie=cookie(away))

    assert answer.headers["location"] == "/tovholder/"


def test_a_login_that_is_not_used_is_over(site: Site, clock: Clock) -> None:
    there = site.at_the_desk(Role.COORDINATOR)
    clock.advance(IDLE)

    assert there.get("/tovholder/").status == 303


def test_a_login_that_is_used_goes_on_but_not_for_ever(site: Site, clock: Clock) -> None:
    there = site.at_the_desk(Role.COORDINATOR)
    began = clock.now

    while there.get("/tovholder/").status == 200:
        clock.advance(timedelta(hours=1))

    assert clock.now - began == LONGEST


def test_who_is_removed_is_out_within_minutes(site: Site, clock: Clock, accounts: InMemoryAccounts) -> None:
    there = site.at_the_desk(Role.COORDINATOR)
    accounts.kept.clear()
    clock.advance(FRESH)

    assert there.get("/tovholder/").status == 303
    assert logins() == []


def test_a_role_that_is_taken_away_is_gone_within_minutes(
    site: Site, clock: Clock, accounts: InMemoryAccounts, pool: Pool
) -> None:
    there = site.at_the_desk(Role.COORDINATOR)
    accounts.give(pool.subject, {Role.VIEWER})
    clock.advance(FRESH)

    assert there.get("/tovholder/mennesker").status == 403
    assert there.get("/tovholder/").status == 200


def test_who_is_left_without_a_role_is_out(site: Site, clock: Clock, accounts: InMemoryAccounts, pool: Pool) -> None:
    there = site.at_the_desk(Role.EDITOR)
    accounts.give(pool.subject, set())
    clock.advance(FRESH)

    assert there.get("/tovholder/").status == 303


def test_while_cognito_is_away_nobody_is_believed_for_longer(
    site: Site, clock: Clock, accounts: InMemoryAccounts
) -> None:
    there = site.at_the_desk(Role.COORDINATOR)
    accounts.away = True

    assert there.get("/tovholder/").status == 200
    clock.advance(FRESH)
    assert there.get("/tovholder/").status == 503
    accounts.away = False
    assert there.get("/tovholder/").status == 200


def test_leaving_ends_the_login_here_and_at_cognito(site: Site) -> None:
    there = site.at_the_desk(Role.VIEWER)

    answer = there.send_desk_form("/tovholder/logout")

    location = urlsplit(answer.headers["location"])
    assert (answer.status, location.netloc, location.path) == (302, "login.example.org", "/logout")
    assert dict(parse_qsl(location.query))["logout_uri"] == "https://tovholder.example.org/"
    assert answer.headers["set-cookie"].startswith("__Host-login=; Path=/; Max-Age=0;")
    assert there.get("/tovholder/").status == 303
    assert logins() == []


def test_looking_at_the_way_out_changes_nothing(site: Site) -> None:
    there = site.at_the_desk(Role.VIEWER)

    assert there.get("/tovholder/logout").status == 405
    assert there.get("/tovholder/").status == 200


def test_the_wrong_role_is_told_which_one_it_takes(site: Site) -> None:
    answer = site.at_the_desk(Role.VIEWER).get("/en/tovholder/mennesker")

    assert answer.status == 403
    assert "Coordinator" in answer.text
    assert site.signed_in(Role.VIEWER).get("/api/v1/coordinator/people").json()["roles"] == ["coordinator"]


def test_a_form_from_an_older_login_comes_back_whole(site: Site, pool: Pool) -> None:
    older, newer = site.at_the_desk(Role.COORDINATOR), site.at_the_desk(Role.COORDINATOR)
    typed = {"csrf": older.csrf, "email": "nogen@example.org", "role": "viewer"}
    same_origin = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}

    answer = newer.send("POST", "/tovholder/mennesker", urlencode(typed).encode(), same_origin)

    assert answer.status == 403
    assert (answer.field("email"), answer.field("role"), answer.field("csrf")) == (
        "nogen@example.org",
        "viewer",
        newer.csrf,
    )
    assert newer.post_form("/tovholder/mennesker", {name: answer.field(name) for name in typed}).status == 303


def test_a_form_sent_after_the_login_was_over_comes_back_whole(site: Site, clock: Clock) -> None:
    there = site.at_the_desk(Role.COORDINATOR)
    clock.advance(IDLE)
    headers = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}

    answer = there.send("POST", "/tovholder/mennesker", b"csrf=x&email=nogen%40example.org", headers)

    assert answer.status == 403
    assert answer.field("email") == "nogen@example.org"
    assert 'name="csrf"' not in answer.text


@pytest.mark.parametrize("origin", ["cross-site", "same-site", "none"])
def test_a_form_of_another_site_does_not_become_ours(site: Site, origin: str) -> None:
    there = site.at_the_desk(Role.COORDINATOR)
    headers = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": origin}

    answer = there.send("POST", "/tovholder/mennesker", b"email=nogen%40example.org&role=coordinator", headers)

    assert answer.status == 403
    assert "nogen@example.org" not in answer.text
    assert there.csrf not in answer.text


def test_pages_are_kept_out_of_caches_frames_and_search(site: Site) -> None:
    answer = site.at_the_desk(Role.VIEWER).get("/tovholder/")

    policy = answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self' https://login.example.org;" in policy
    assert "noindex" in answer.text


@pytest.mark.parametrize(
    ("role", "places"),
    [(Role.COORDINATOR, 11), (Role.EDITOR, 7), (Role.VIEWER, 7)],
    ids=str,
)
def test_the_menu_has_what_the_role_may_open(site: Site, role: Role, places: int) -> None:
    page = site.at_the_desk(role).get("/tovholder/").text

    menu = page[page.index("desk-nav") : page.index("</nav>")]
    assert menu.count("<a ") == places
