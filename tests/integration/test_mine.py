"""What somebody finds by the address alone: being told when registration opens, and all one's own."""

import re
from datetime import timedelta
from typing import Any, Final

import pytest
from icalendar import Calendar

from functions.delete_expired.handler import handler as delete_expired
from shared.bootstrap import deletion, web as bootstrap
from shared.gatherings.model import FairShare, Gathering, Window
from shared.gatherings.rounds import Round, Who
from shared.ids import new_id
from shared.links import Purpose
from shared.roles import Role
from tests.support.api_gateway import Answer
from tests.support.builders import NOW, a_gathering, a_session
from tests.support.clock import Sleep
from tests.support.faults import FaultInjector, Trouble
from tests.support.forms import Page
from tests.support.lambdas import lambda_context
from tests.support.sign_in import Pool
from tests.support.site import Site

DAY: Final = timedelta(days=1)
EMAIL: Final = "deltager1@herning.example.org"


@pytest.fixture
def later(site: Site) -> Gathering:
    """Opens tomorrow at ten o'clock."""
    return site.publish(a_gathering(slug="senere", registration=Window(opens_at=NOW + DAY)))


def interests(gathering: Gathering) -> list[tuple[str, str, str]]:
    return [(one.email, one.library, one.role) for one in bootstrap.notices().left_for(gathering.id)]


def test_an_address_is_left_by_api(site: Site, later: Gathering) -> None:
    answer = site.post("/api/v1/gatherings/senere/interest", {"email": EMAIL, "role": "leader"})

    assert answer.status == 202
    assert answer.json() == {"opens_at": (NOW + DAY).isoformat()}
    assert interests(later) == [(EMAIL, "765700", "leader")]


@pytest.mark.parametrize(
    ("slug", "body", "status"),
    [
        ("senere", {"email": "nobody"}, 422),
        ("senere", {}, 422),
        ("senere", {"email": EMAIL, "library": "999999"}, 422),
        ("senere", {"email": EMAIL, "phone": "1"}, 422),
        ("nowhere", {"email": EMAIL}, 404),
        ("open", {"email": EMAIL}, 409),
    ],
)
def test_what_cannot_be_told_is_refused_by_api(
    site: Site, later: Gathering, slug: str, body: dict[str, Any], status: int
) -> None:
    site.publish(a_gathering(slug="open"))

    answer = site.post(f"/api/v1/gatherings/{slug}/interest", body)

    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert interests(later) == []


def test_an_address_is_left_by_form(site: Site, later: Gathering) -> None:
    page = site.get("/arrangementer/senere/besked")
    answer = site.post_form("/arrangementer/senere/besked", {"email": EMAIL, "library": "710100", "role": "staff"})
    noted = site.get(answer.headers["location"])

    assert page.status == 200
    assert answer.status == 303
    assert interests(later) == [(EMAIL, "710100", "staff")]
    assert noted.status == 200
    assert "2. september 2026 kl. 10" in noted.text
    assert EMAIL not in answer.headers["location"]


def test_where_rounds_decide_the_form_asks_for_what_they_go_by_and_tells_of_the_persons_own(site: Site) -> None:
    rounds = (
        Round("first", {"da": "Ledere i Herning"}, NOW + DAY, who=Who(libraries=("765700",), roles=("leader",))),
        Round("rest", {"da": "Alle andre"}, NOW + 2 * DAY),
    )
    gathering = site.publish(a_gathering(slug="runder", rounds=rounds))
    asked = Page(site.get("/arrangementer/runder/besked").text)

    wrong = site.post_form("/arrangementer/runder/besked", {"email": "x", "library": "710100", "role": "leader"})
    for role in ("staff", "leader"):
        told = {"email": f"{role}@herning.example.org", "library": "765700", "role": role}
        assert site.post_form("/arrangementer/runder/besked", told).status == 303

    assert asked.sent == {"library": [""], "email": [""], "website": [""]}
    assert {"library", "role-staff", "role-leader"} <= set(asked.ids)
    assert Page(wrong.text).sent == {"library": ["710100"], "role": ["leader"], "email": ["x"], "website": [""]}
    opens = {one.role: one.opens_at for one in bootstrap.notices().left_for(gathering.id)}
    assert opens == {"leader": NOW + DAY, "staff": NOW + 2 * DAY}


def test_a_form_comes_back_with_what_was_typed(site: Site, later: Gathering) -> None:
    answer = site.post_form("/arrangementer/senere/besked", {"email": "<nobody>", "library": "710100"})

    assert answer.status == 422
    assert answer.field("email") == "<nobody>"
    assert answer.field("library") == "710100"
    assert 'href="#notice-email"' in answer.text


def test_where_nothing_opens_later_the_page_says_so(site: Site) -> None:
    site.publish(a_gathering(slug="open"))

    answer = site.post_form("/arrangementer/open/besked", {"email": EMAIL})

    assert answer.status == 409
    assert answer.field("email") == EMAIL


def test_the_end_of_the_fair_share_can_be_told(site: Site) -> None:
    site.publish(a_gathering(slug="faelles", fair_share=FairShare(1, NOW + DAY)))

    assert site.post("/api/v1/gatherings/faelles/interest", {"email": EMAIL}).status == 202


@pytest.mark.parametrize("path", ["/arrangementer/senere/besked", "/mine"])
def test_a_program_that_fills_in_everything_is_told_nothing(site: Site, later: Gathering, path: str) -> None:
    answer = site.post_form(path, {"email": EMAIL, "website": "https://example.org"})

    assert answer.status in (200, 303)
    assert interests(later) == []
    assert "LinksRequested" not in site.facts()


def test_a_noted_address_of_another_gathering_is_not_ours(site: Site, later: Gathering) -> None:
    site.publish(a_gathering(slug="open"))
    answer = site.post_form("/arrangementer/senere/besked", {"email": EMAIL})

    assert site.get(answer.headers["location"].replace("senere", "open")).status == 404


def test_asking_for_links_is_answered_alike_whoever_asks(site: Site) -> None:
    gathering = site.publish(a_gathering())
    register(site, gathering)

    known, unknown = (site.post_form("/mine", {"email": email}) for email in (EMAIL, "nobody@example.org"))

    assert (known.status, known.text) == (unknown.status, unknown.text)
    assert site.facts().count("LinksRequested") == 2
    assert site.post_form("/mine", {"email": "nobody"}).status == 422


@pytest.mark.parametrize("path", ["/mine", "/arrangementer/senere/besked"])
def test_a_busy_store_keeps_what_was_typed(site: Site, later: Gathering, sleep: Sleep, path: str) -> None:
    with FaultInjector(probability=1, kinds=[Trouble.CONFLICT]):
        answer = site.post_form(path, {"email": EMAIL})

    assert answer.status == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.field("email") == EMAIL


def register(site: Site, gathering: Gathering, **changes: str) -> Answer:
    person = {"name": "Deltager 1", "email": EMAIL, "library": "765700", "role": "staff"} | changes
    answer = site.post(
        f"/api/v1/gatherings/{gathering.slug}/registrations", {"participants": [person]}, idempotency_key=new_id()
    )
    assert answer.status == 201, answer.text
    return answer


def link(email: str = EMAIL) -> str:
    person = bootstrap.hashed()(f"mailbox|{email}")
    return bootstrap.links().token(Purpose.MINE, person, expires=NOW + 7 * DAY)


def test_the_link_shows_all_ones_own(site: Site) -> None:
    coming = site.publish(a_gathering(title={"da": "Kommende kursus"}))
    past = site.publish(
        a_gathering(slug="holdt", title={"da": "Holdt kursus"}, sessions=(a_session("2026-09-02T09:00"),))
    )
    for gathering in (coming, past):
        register(site, gathering)
    register(site, coming, name="Deltager 2", email="deltager2@herning.example.org")
    site.clock.advance(2 * DAY)

    page = site.get(f"/mine/{link()}")

    assert page.status == 200
    assert page.text.index("Kommende kursus") < page.text.index("Holdt kursus")
    assert "Deltager 2" not in page.text
    assert "Fra dit bibliotek" not in page.text and "From your library" not in page.text
    assert 'name="robots" content="noindex' in page.text
    own = page.text.split('<li>\n    <p><a href="')[1].split('"')[0]
    assert own.startswith("/tilmelding/")
    assert site.get(own).status == 200


def own_calendar(site: Site) -> tuple[str, str]:
    """Return the address of the calendar that the page leads to, and what is behind it."""
    [path] = re.findall(r'href="(/kalender/[^"]+\.ics)"', site.get(f"/mine/{link()}").text)
    answer = site.get(path)
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/calendar")
    return path, answer.text


def test_ones_own_can_be_subscribed_to_with_the_link_to_take_part(site: Site) -> None:
    coming = site.publish(a_gathering(title={"da": "Kommende kursus"}))
    held = site.publish(a_gathering(slug="afventer", title={"da": "Afventer"}, approval=True))
    left, off = site.publish(a_gathering(slug="forladt")), site.publish(a_gathering(slug="aflyst"))
    for gathering in (coming, held, left, off):
        register(site, gathering)
    register(site, coming, name="Deltager 2", email="deltager2@herning.example.org")
    [mine] = site.registrations(left)
    site.desk.cancel(left, mine.id)

    path, text = own_calendar(site)

    calendar = Calendar.from_ical(text)
    entries = {str(event["SUMMARY"]): event for event in calendar.walk("VEVENT")}
    assert str(calendar["NAME"]) == "Mine arrangementer"
    assert set(entries) == {"Kommende kursus", "Afventer", "Citizen science på Ærø"}
    assert (entries["Kommende kursus"]["STATUS"], entries["Afventer"]["STATUS"]) == ("CONFIRMED", "TENTATIVE")
    assert "/deltag/" in str(entries["Kommende kursus"]["DESCRIPTION"])
    assert "/deltag/" not in str(entries["Afventer"]["DESCRIPTION"])
    assert "Deltager" not in text and "@" not in text

    site.clock.advance(400 * DAY)
    assert site.get(path).status == 200, "a calendar program asks for years"
    site.clock.advance(400 * DAY)
    assert site.get(path).status == 410


def test_a_calendar_without_entries_is_one_all_the_same(site: Site) -> None:
    _, text = own_calendar(site)

    [zone] = Calendar.from_ical(text).walk("VTIMEZONE")
    assert zone["TZID"] == "Europe/Copenhagen"


@pytest.mark.parametrize("path", ["{mine}.ics", "{calendar}", "{calendar}.txt", "x.ics", "nothing"])
def test_only_the_calendars_own_link_opens_it(site: Site, path: str) -> None:
    links, person = bootstrap.links(), bootstrap.hashed()(f"mailbox|{EMAIL}")
    calendar = links.token(Purpose.CALENDAR, person, expires=NOW + DAY)

    assert site.get(f"/kalender/{path.format(mine=link(), calendar=calendar)}").status == 404
    assert site.get(f"/mine/{calendar}").status == 404
    assert site.get(f"/kalender/{calendar}.ics").status == 200


def test_who_is_nowhere_is_shown_nothing(site: Site) -> None:
    page = site.get(f"/mine/{link('nobody@example.org')}")

    assert page.status == 200
    assert "/tilmelding/" not in page.text


def test_a_leader_gets_numbers_of_the_own_library_and_no_names(site: Site) -> None:
    gathering = site.publish(a_gathering(title={"da": "Kommende kursus"}))
    register(site, gathering, role="leader")
    register(site, gathering, name="Deltager 2", email="deltager2@herning.example.org")
    register(site, gathering, name="Deltager 3", email="deltager3@koebenhavn.example.org", library="710100")

    page = site.get(f"/mine/{link()}")

    assert '<td>Herning</td><td class="figure">2</td>' in page.text
    assert "Deltager 2" not in page.text
    assert "København" not in page.text


def test_who_says_to_lead_from_an_address_of_nobodys_gets_no_numbers(site: Site) -> None:
    gathering = site.publish(a_gathering())
    register(site, gathering, role="leader", email="deltager1@nowhere.example.org")

    assert 'class="figure"' not in site.get(f"/mine/{link('deltager1@nowhere.example.org')}").text


def test_all_about_somebody_can_be_seen_and_taken_away(site: Site) -> None:
    register(site, site.publish(a_gathering()))
    token = link()

    page, file = site.get(f"/mine/{token}/data"), site.get(f"/mine/{token}/data.json")

    assert EMAIL in page.text
    assert file.headers["content-type"] == "application/json"
    assert "attachment" in file.headers["content-disposition"]
    assert [one["email"] for one in file.json()["registrations"]] == [EMAIL]


@pytest.mark.parametrize("csrf", ["", "x", "anothers", "own link", "expired"])
@pytest.mark.parametrize("sure", ["yes", ""])
def test_only_this_pages_button_erases(site: Site, csrf: str, sure: str) -> None:
    register(site, site.publish(a_gathering()))
    links, person = bootstrap.links(), bootstrap.hashed()(f"mailbox|{EMAIL}")
    token = link()
    sent = {
        "anothers": links.token(Purpose.OWN_FORM, "another", expires=NOW + DAY),
        "own link": token,
        "expired": links.token(Purpose.OWN_FORM, person, expires=NOW),
    }.get(csrf, csrf)

    answer = site.post_form(f"/mine/{token}/data", {"csrf": sent, "sure": sure})

    assert answer.status in (404, 410)
    assert EMAIL in site.get(f"/mine/{token}/data").text


def test_who_is_not_sure_is_asked_again(site: Site) -> None:
    register(site, site.publish(a_gathering()))
    token = link()
    csrf = site.get(f"/mine/{token}/data").field("csrf")

    assert site.post_form(f"/mine/{token}/data", {"csrf": csrf}).status == 422
    assert EMAIL in site.get(f"/mine/{token}/data").text


def test_after_erasing_there_is_nothing_and_the_button_can_be_pressed_again(site: Site) -> None:
    gathering = site.publish(a_gathering(capacity=1))
    register(site, gathering)
    token = link()
    csrf = site.get(f"/mine/{token}/data").field("csrf")

    answers = [site.post_form(f"/mine/{token}/data", {"csrf": csrf, "sure": "yes"}) for _ in range(2)]

    assert [answer.status for answer in answers] == [303, 303]
    page = site.get(answers[0].headers["location"])
    assert page.status == 200
    assert EMAIL not in page.text
    assert site.get(f"/mine/{token}/data.json").json().keys() == {"made_at"}


def test_who_only_looks_changes_nothing(site: Site) -> None:
    register(site, site.publish(a_gathering()))

    for path in ("", "/data", "/data.json"):
        for method in ("GET", "HEAD"):
            assert site.send(method, f"/mine/{link()}{path}").status == 200

    assert site.get(f"/mine/{link()}/data.json").json()["registrations"][0]["status"] == "confirmed"


@pytest.mark.parametrize("path", ["", "/data", "/data.json"])
def test_a_link_for_something_else_opens_nothing(site: Site, path: str) -> None:
    links, person = bootstrap.links(), bootstrap.hashed()(f"mailbox|{EMAIL}")
    other = links.token(Purpose.RECEIPT, person, expires=NOW + DAY)
    old = links.token(Purpose.MINE, person, expires=NOW)

    assert site.get(f"/mine/{other}{path}").status == 404
    assert site.get(f"/mine/{old}{path}").status == 410


def test_coordinators_see_what_will_be_deleted(site: Site, pool: Pool) -> None:
    gathering = site.publish(a_gathering(title={"da": "Kursus i fortiden"}, asks_needs=True))
    register(site, gathering)
    desk = site.at_the_desk(Role.COORDINATOR)

    assert "Kursus i fortiden" not in desk.get("/tovholder/sletning").text
    site.clock.now = gathering.ends_at + 360 * DAY
    page = site.at_the_desk(Role.COORDINATOR).get("/tovholder/sletning")

    assert "Kursus i fortiden" in page.text
    assert '<time datetime="2027-10-05">' in page.text
    assert '<td class="figure">1</td>' in page.text
    token = pool.bearer(Role.COORDINATOR, exp=int(site.clock.now.timestamp()) + 60)
    told = site.get("/api/v1/coordinator/deletions", authorization=token).json()["deletions"]
    assert {"gathering": gathering.id, "what": "participation", "on": "2027-10-05", "count": 1} in told
    assert site.at_the_desk(Role.EDITOR).get("/tovholder/sletning").status == 403


def test_the_nightly_function_deletes(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    gathering = site.publish(a_gathering())
    register(site, gathering)
    monkeypatch.setattr("functions.delete_expired.handler.utcnow", lambda: gathering.ends_at + 366 * DAY)
    deletion.kept.cache_clear()

    for _ in range(2):
        delete_expired({}, lambda_context())

    assert bootstrap.registrations().of_person(bootstrap.hashed()(f"mailbox|{EMAIL}")) == ()
