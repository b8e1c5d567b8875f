"""oEmbed: what other sites' editors get when they paste the address of a recording."""

import json
from collections.abc import Iterator
from html import unescape
from typing import Final
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest

from shared.bootstrap import web as bootstrap
from shared.catalogue.model import INDEX
from tests.support import aws
from tests.support.api_gateway import Answer
from tests.support.site import Site

BASE: Final = aws.ENVIRONMENT["BASE_URL"]
POSTER: Final = {"url": f"{BASE}/webinarer/optagelser/one-up.jpg", "width": 1280, "height": 720}
BEES: Final = {"slug": "bier", "title": {"da": 'Bier & "børn" <3', "en": "Bees"}, "recording": None}
WASPS: Final = {"slug": "hvepse", "title": {"da": "Hvepse"}, "recording": {"poster": POSTER}}


@pytest.fixture(autouse=True)
def _written() -> Iterator[None]:
    s3 = aws.client("s3")
    s3.put_object(Bucket=aws.SITE, Key=INDEX, Body=json.dumps({"webinars": [BEES, WASPS]}).encode())
    bootstrap.catalogue.cache_clear()
    yield
    s3.delete_object(Bucket=aws.SITE, Key=INDEX)
    bootstrap.catalogue.cache_clear()


def ask(site: Site, path: str = "/webinarer/bier", **query: str) -> Answer:
    return site.get(f"/oembed?{urlencode({'url': BASE + path} | query)}")


def test_a_recording_is_shown_by_its_own_page_in_a_frame(site: Site) -> None:
    answer = ask(site)
    told = answer.json()

    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert (told["version"], told["type"], told["title"]) == ("1.0", "rich", 'Bier & "børn" <3')
    assert told["provider_url"] == f"{BASE}/"
    assert f'<iframe src="{BASE}/webinarer/bier" title="DB2030: Bier &amp; &quot;børn&quot; &lt;3"' in told["html"]
    assert f'width="{told["width"]}" height="{told["height"]}"' in told["html"]


def test_xml_says_the_same(site: Site) -> None:
    answer = ask(site, format="xml")

    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    said = {one.tag: one.text for one in ElementTree.fromstring(answer.text)}
    assert said == {name: str(value) for name, value in ask(site, format="json").json().items()}


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/webinarer/bier/", 'Bier & "børn" <3'),
        ("/webinarer/bier?fra=nyhedsbrev#chapters", 'Bier & "børn" <3'),
        ("/en/webinarer/bier", "Bees"),
    ],
)
def test_an_address_may_be_as_people_copy_it_and_in_any_language(path: str, title: str, site: Site) -> None:
    told = ask(site, path).json()

    assert told["title"] == title
    assert path.partition("?")[0].rstrip("/") in unescape(told["html"])


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ({"maxwidth": "320"}, (320, 700)),
        ({"maxheight": "300"}, (640, 300)),
        ({"maxwidth": "9999", "maxheight": "9999"}, (640, 700)),
    ],
)
def test_it_is_no_larger_than_there_is_room_for(asked: dict[str, str], given: tuple[int, int], site: Site) -> None:
    told = ask(site, **asked).json()

    assert (told["width"], told["height"]) == given
    assert f'width="{given[0]}" height="{given[1]}"' in told["html"]


def test_a_recordings_picture_goes_with_it_where_there_is_room(site: Site) -> None:
    told = ask(site, "/webinarer/hvepse", maxwidth="1280").json()

    assert {name: told[f"thumbnail_{name}"] for name in POSTER} == POSTER
    for asked in ({"maxwidth": "1279"}, {"maxheight": "500"}):
        assert "thumbnail_url" not in ask(site, "/webinarer/hvepse", **asked).json()
    assert "thumbnail_url" not in ask(site, "/webinarer/bier").json()


@pytest.mark.parametrize(
    "url",
    [
        f"{BASE}/webinarer/kladde",
        f"{BASE}/webinarer/",
        f"{BASE}/da/webinarer/bier",
        f"{BASE}/webinarer/maal/bier",
        f"{BASE}/arrangementer/bier",
        f"{BASE}.example.com/webinarer/bier",
        "https://example.com/webinarer/bier",
        "bier",
    ],
)
def test_what_is_not_shown_here_is_not_found(url: str, site: Site) -> None:
    refused = site.get(f"/oembed?{urlencode({'url': url})}")

    assert (refused.status, refused.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "url"),
        (f"url={BASE}/webinarer/bier&maxwidth=bred", "maxwidth"),
        (f"url={BASE}/webinarer/bier&maxheight=0", "maxheight"),
        (f"url={BASE}/webinarer/bier&maxheight={'9' * 5000}", "maxheight"),
    ],
)
def test_what_cannot_be_understood_is_named(query: str, field: str, site: Site) -> None:
    refused = site.get(f"/oembed?{query}")

    assert (refused.status, refused.json()["errors"][0]["field"]) == (422, field)


def test_another_form_of_answer_is_not_given(site: Site) -> None:
    refused = ask(site, format="yaml")

    assert (refused.status, refused.json()["type"]) == (501, "urn:tovholder:problem:format-unknown")
