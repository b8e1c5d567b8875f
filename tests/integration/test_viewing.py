"""Views are told of by pages, of nobody in particular, and read by those who sign in."""

import json
import re
from html import unescape
from typing import Any, Final

import pytest

from shared.bootstrap import web as bootstrap, webinars as workshop
from shared.roles import Role
from shared.webinars.model import State, Webinar
from tests.support import aws
from tests.support.api_gateway import Answer
from tests.support.builders import a_ready_webinar, a_recording
from tests.support.clock import Sleep
from tests.support.faults import EVERYTHING, FaultInjector, Trouble
from tests.support.site import Site

API: Final = "/api/v1/coordinator/views"
PATH: Final = "/en/tovholder/visninger"
PLAY: Final = {"what": "play"}
COMPLETE: Final = {"what": "complete"}


def shown(slug: str = "bier", **changes: Any) -> Webinar:
    webinar = a_ready_webinar(slug=slug, **{"title": {"da": slug.capitalize()}, "state": State.PUBLISHED} | changes)
    workshop.around().store.create(webinar)
    return webinar


def tell(site: Site, body: object = PLAY, *, slug: str = "bier") -> Answer:
    return site.post(f"/api/v1/webinars/{slug}/views", body)


def rows(page: Answer) -> list[list[str]]:
    """Return the cells of all tables, below their headings."""
    found = re.findall(r"<tr>(.*?)</tr>", page.text.partition("<main")[2], re.DOTALL)
    cells = [re.findall(r"<t[hd] (?:scope=.row.|data-title)[^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in found]
    return [[unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in cells if row]


def test_a_view_is_counted_and_nothing_is_answered_or_set(site: Site) -> None:
    webinar = shown()

    answers = [tell(site, body) for body in (PLAY, PLAY, COMPLETE)]

    assert {(one.status, one.text, one.headers.get("set-cookie")) for one in answers} == {(204, "", None)}
    [count] = bootstrap.view_store().counted(None, "2099-12")
    assert (count.webinar, count.plays, count.completed) == (webinar.id, 2, 1)


def test_nothing_is_kept_of_who_watches(site: Site) -> None:
    webinar = shown()
    before = {row["pk"]["S"] for row in aws.rows()}

    tell(site)

    written = [row for row in aws.rows() if row["pk"]["S"] not in before]
    [views] = [row for row in written if row["pk"]["S"] == "VIEWS"]
    [limit] = [row for row in written if row["pk"]["S"] != "VIEWS"]
    assert set(views) - {"pk", "sk"} <= {"plays", "completed", "schema"}
    assert limit["pk"]["S"].startswith("LIMIT#views#")
    assert webinar.id not in json.dumps(limit), "who has watched is not to be found by what was watched"
    assert "198.51.100.7" not in json.dumps(written)


@pytest.mark.parametrize("state", [state for state in State if state is not State.PUBLISHED])
def test_what_is_not_shown_is_not_found(site: Site, state: State) -> None:
    shown(state=state)

    assert tell(site).status == 404
    assert tell(site, slug="findes-ikke").status == 404
    assert list(bootstrap.view_store().counted(None, "2099-12")) == []


@pytest.mark.parametrize("body", [{}, {"what": "pause"}, {"what": "play", "who": "me"}, [], None])
def test_anything_else_is_refused(site: Site, body: object) -> None:
    shown()

    refused = tell(site, body)

    assert refused.status == 422
    assert list(bootstrap.view_store().counted(None, "2099-12")) == []


def test_another_sites_page_cannot_tell_unasked(site: Site) -> None:
    """A browser sends JSON to another site only when that has allowed it beforehand, and we never do."""
    shown()

    plain = site.send("POST", "/api/v1/webinars/bier/views", json.dumps(PLAY).encode(), {"content-type": "text/plain"})

    assert plain.status == 415
    assert "access-control-allow-origin" not in tell(site).headers


def test_a_program_does_not_count_without_end(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    shown()
    monkeypatch.setenv("LIMIT_VIEWS_PER_HOUR", "2")
    bootstrap.settings.cache_clear()
    bootstrap.counting.cache_clear()

    statuses = [tell(site).status for _ in range(3)]
    refused = tell(site)
    bootstrap.settings.cache_clear()
    bootstrap.counting.cache_clear()

    assert statuses == [204, 204, 429]
    assert int(refused.headers["retry-after"]) <= 3600


def test_a_view_is_one_small_read_and_one_write(site: Site) -> None:
    shown()
    tell(site)

    with FaultInjector(operations=EVERYTHING) as wire:
        tell(site)

    assert [sorted({"Key", "TransactItems"} & set(one)) for one in wire.seen] == [["Key"], ["TransactItems"]]


def test_an_answer_that_is_lost_counts_once_and_a_busy_store_not_at_all(site: Site, sleep: Sleep) -> None:
    shown()

    with FaultInjector(Trouble.LOST_ANSWER, Trouble.CONFLICT):
        assert tell(site).status == 204
    with FaultInjector(probability=1, kinds=[Trouble.THROTTLED], operations=EVERYTHING):
        assert tell(site).status == 503

    [count] = bootstrap.view_store().counted(None, "2099-12")
    assert count.plays == 1


def test_those_who_sign_in_read_it_by_api(site: Site) -> None:
    own = shown("vores", link=None, recording=a_recording(), themes=("unge", "bier"))
    at_a_host = shown("andres", themes=("unge",))
    for slug, body in (("vores", PLAY), ("vores", PLAY), ("vores", COMPLETE), ("andres", PLAY)):
        tell(site, body, slug=slug)

    found = site.signed_in(Role.VIEWER).get(API).json()

    assert found["views"] == [
        {"webinar": own.id, "slug": "vores", "title": {"da": "Vores"}, "plays": 2, "completed": 1},
        {"webinar": at_a_host.id, "slug": "andres", "title": {"da": "Andres"}, "plays": 1, "completed": None},
    ]
    assert found["themes"] == [
        {"theme": "unge", "plays": 3, "completed": 1},
        {"theme": "bier", "plays": 2, "completed": 1},
    ]
    assert found["next"] is None


def test_the_api_takes_months(site: Site) -> None:
    shown()
    tell(site)
    month = f"{site.clock.now:%Y-%m}"

    def plays(query: str) -> list[int]:
        return [one["plays"] for one in site.signed_in(Role.EDITOR).get(f"{API}?{query}").json()["views"]]

    assert plays(f"from={month}") == plays(f"to={month}") == plays(f"from={month}&to={month}") == [1]
    assert plays("to=2020-01") == plays("from=2020-01&to=2020-12") == [0]


@pytest.mark.parametrize(
    ("query", "field"),
    [("from=2026", "from"), ("to=2026-13", "to"), ("from=2026-02&to=2026-01", "from"), ("from=2099-01", "from")],
)
def test_months_that_are_none_are_refused(site: Site, query: str, field: str) -> None:
    refused = site.signed_in(Role.VIEWER).get(f"{API}?{query}")

    assert (refused.status, [one["field"] for one in refused.json()["errors"]]) == (422, [field])


def test_those_who_sign_in_see_it_on_a_page(site: Site) -> None:
    shown("vores", link=None, recording=a_recording(), themes=("unge", "bier"))
    shown("andres", themes=("unge",))
    for slug, body in (("vores", PLAY), ("vores", PLAY), ("vores", COMPLETE), ("andres", PLAY)):
        tell(site, body, slug=slug)
    viewer = site.at_the_desk(Role.VIEWER)

    page = viewer.get(PATH)

    assert rows(page) == [
        ["Vores", "2", "1", "50 %"],
        ["Andres", "1", "–", "–"],
        ["All together", "3", "1", "50 %"],
        ["Unge", "3", "1", "50 %"],
        ["Bier", "2", "1", "50 %"],
    ]
    assert f'href="{PATH}"' in viewer.get("/en/tovholder/webinarer").text


def test_the_page_is_of_a_period(site: Site) -> None:
    shown()
    tell(site)
    site.clock.now = site.clock.now.replace(year=site.clock.now.year + 1, month=1)
    viewer = site.at_the_desk(Role.VIEWER)

    plays = {period: rows(viewer.get(f"{PATH}?period={period}"))[0][1] for period in ("year", "twelve-months", "ever")}

    assert plays == {"year": "0", "twelve-months": "1", "ever": "1"}
    assert viewer.get(f"{PATH}?period=week").status == 404


def test_before_anything_is_published_the_page_says_so(site: Site) -> None:
    assert "There are no published webinars yet." in site.at_the_desk(Role.VIEWER).get(PATH).text
