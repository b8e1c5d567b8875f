"""Recordings become pages that anybody can read, and that go on answering when nothing else does."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from html import unescape
from itertools import count
from typing import Any, Final

import feedparser
import httpx
import pytest
from usp.tree import sitemap_tree_for_homepage

from tests.support.deployed import Deployed
from tests.support.inbox import eventually

VTT: Final = "WEBVTT\n\n00:01.000 --> 00:04.000\nGodmorgen og velkommen til biernes bibliotek.\n"
_numbers: Iterator[int] = count(1)


def a_webinar(**changes: Any) -> dict[str, Any]:
    return {
        "title": {"da": f"Optagelse {next(_numbers)} om bier", "en": "A recording about bees"},
        "held_on": "2026-06-03",
        "spoken": "da",
        "link": "https://video.example.org/bier",
        "alternative": {"da": "Alt, der vises, bliver sagt."},
        "consent_on": "2026-06-03",
        "themes": ["citizen-science"],
        "goals": [15],
        "review_on": (date.today() + timedelta(days=365)).isoformat(),
        **changes,
    }


def edit(deployed: Deployed, method: str, path: str, body: object = None, *, role: str = "editor") -> dict[str, Any]:
    answer = deployed.coordinate(method, path, body, role=role)
    assert answer.is_success, answer.text
    given: dict[str, Any] = answer.json()
    return given


def published(deployed: Deployed, **changes: Any) -> dict[str, Any]:
    draft = edit(deployed, "POST", "/webinars", a_webinar(**changes))
    edit(deployed, "POST", f"/webinars/{draft['id']}/captions", {"language": "da", "text": VTT})
    return edit(deployed, "POST", f"/webinars/{draft['id']}/publish")


def says(deployed: Deployed, path: str, words: str) -> bool:
    answer = deployed.web.get(path)
    return answer.status_code == 200 and words in answer.text


def there(deployed: Deployed, address: str) -> httpx.Response | None:
    """Return what is at an address, once something is: what was published a moment ago may not be known yet."""
    answer = deployed.web.get(address)
    return None if answer.status_code == httpx.codes.NOT_FOUND else answer


def themed(deployed: Deployed, name: str) -> str:
    theme = edit(deployed, "POST", "/themes", {"name": {"da": f"{name} {next(_numbers)}"}}, role="coordinator")
    return str(theme["slug"])


@pytest.fixture
def webinar(deployed: Deployed) -> dict[str, Any]:
    made = published(deployed, themes=[themed(deployed, "Bier")])
    eventually(lambda: says(deployed, "/webinarer/", made["title"]["da"]), "place in the list")
    return made


def test_what_is_published_is_found_in_both_languages_and_in_every_list_it_belongs_to(
    deployed: Deployed, webinar: dict[str, Any]
) -> None:
    address, title = f"/webinarer/{webinar['slug']}", webinar["title"]["da"]

    assert says(deployed, address, "biernes bibliotek")
    assert says(deployed, f"/en{address}", "A recording about bees")
    for path in (f"/temaer/{webinar['themes'][0]}", "/webinarer/maal/15"):
        assert says(deployed, path, title), path


def test_what_is_hidden_says_so_and_is_in_no_list(deployed: Deployed, webinar: dict[str, Any]) -> None:
    edit(deployed, "POST", f"/webinars/{webinar['id']}/hide", {"because": {"da": "Oplysningerne er forældede."}})

    eventually(lambda: says(deployed, f"/webinarer/{webinar['slug']}", "Oplysningerne er forældede."), "page")
    eventually(lambda: not says(deployed, "/webinarer/", webinar["title"]["da"]), "end of its place in the list")


def test_a_theme_that_is_renamed_is_so_on_every_page(deployed: Deployed) -> None:
    theme = themed(deployed, "Biernes verden")
    webinar = published(deployed, themes=[theme])
    eventually(lambda: says(deployed, f"/temaer/{theme}", webinar["title"]["da"]), "page of the theme")

    name = {"da": "Humlebiernes verden"}
    edit(deployed, "PATCH", f"/themes/{theme}", {"version": 1, "name": name}, role="coordinator")

    for path in (f"/webinarer/{webinar['slug']}", f"/temaer/{theme}"):
        eventually(partial(says, deployed, path, name["da"]), f"name on {path}")


def test_what_is_not_there_has_a_page_of_ours(deployed: Deployed) -> None:
    for path, language in (("/webinarer/findes-ikke", "da"), ("/en/temaer/findes-ikke", "en")):
        answer = deployed.web.get(path)

        assert (answer.status_code, answer.headers["Content-Language"]) == (404, language)
        assert "DB2030" in answer.text


def test_feed_readers_are_told_of_it(deployed: Deployed, webinar: dict[str, Any]) -> None:
    for path, title in (
        ("/webinarer/feed.xml", webinar["title"]["da"]),
        (f"/temaer/{webinar['themes'][0]}/feed.xml", webinar["title"]["da"]),
        (f"/en/temaer/{webinar['themes'][0]}/feed.xml", "A recording about bees"),
    ):
        answer = deployed.web.get(path)
        read = feedparser.parse(answer.content)

        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/rss+xml"), path
        assert not read.bozo, path
        assert title in [item.title for item in read.entries], path


def test_a_crawler_finds_it_in_every_language_and_what_is_hidden_no_more(
    deployed: Deployed, webinar: dict[str, Any]
) -> None:
    gathering, base = deployed.publish(), deployed.stack.base_url
    wanted = {f"{base}{language}/webinarer/{webinar['slug']}" for language in ("", "/en")}

    def found() -> set[str]:
        return {page.url for page in sitemap_tree_for_homepage(base, use_known_paths=False).all_pages()}

    assert wanted | {f"{base}/", f"{base}/en/arrangementer/{gathering['slug']}"} <= found()
    edit(deployed, "POST", f"/webinars/{webinar['id']}/hide", {"because": {"da": "Forældet."}})
    eventually(lambda: wanted.isdisjoint(found()), "end of its place in the sitemap")


def test_other_sites_make_a_frame_of_its_address(deployed: Deployed, webinar: dict[str, Any]) -> None:
    page = deployed.web.get(f"/en/webinarer/{webinar['slug']}").text

    for kind, answered in (("application/json", "application/json"), ("text/xml", "text/xml; charset=utf-8")):
        [leading] = re.findall(rf'type="{kind}\+oembed" title="[^"]+" href="([^"]+)"', page)
        answer = eventually(partial(there, deployed, unescape(leading)), "frame")

        assert (answer.status_code, answer.headers["Content-Type"]) == (200, answered)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "A recording about bees" in answer.text
        assert f"/en/webinarer/{webinar['slug']}" in answer.text


def test_what_networks_show_beside_a_link_is_there(deployed: Deployed, webinar: dict[str, Any]) -> None:
    page = deployed.web.get(f"/webinarer/{webinar['slug']}").text
    [picture] = re.findall('<meta property="og:image" content="([^"]+)">', page)

    assert picture.startswith(f"{deployed.stack.base_url}/")
    assert deployed.web.get(picture).headers["Content-Type"] == "image/png"


@pytest.mark.usefixtures("webinar")
def test_writing_it_anew_writes_nothing(deployed: Deployed) -> None:
    write(deployed)
    before = written(deployed)

    write(deployed)

    assert written(deployed) == before
    assert {"webinarer/feed.xml", "sitemap-webinarer.xml"} <= before.keys()


def write(deployed: Deployed) -> None:
    """Have the catalogue written, as every night."""
    name = json.loads(deployed.stack.outputs["FunctionNames"])["generate_catalogue"]
    answer = deployed.stack.client("lambda").invoke(FunctionName=name, Payload=b"{}")
    assert "FunctionError" not in answer


def written(deployed: Deployed) -> dict[str, Any]:
    """Return when each file of the site was written."""
    pages = deployed.stack.client("s3").get_paginator("list_objects_v2")
    found = pages.paginate(Bucket=deployed.stack.outputs["SiteBucket"])
    return {entry["Key"]: entry["LastModified"] for page in found for entry in page["Contents"]}


def test_pages_answer_when_the_api_and_the_table_do_not(deployed: Deployed, webinar: dict[str, Any]) -> None:
    with deployed.denied("web"):
        assert deployed.web.get("/arrangementer/").status_code >= 500, "the API is there after all"

        for path in (
            *("/webinarer/", f"/webinarer/{webinar['slug']}", "/en/webinarer/", "/webinarer/maal/15"),
            *("/webinarer/feed.xml", "/sitemap-webinarer.xml"),
        ):
            assert deployed.web.get(path).status_code == 200, path
