"""Feeds as feed readers take them."""

import json
import re
from datetime import date, timedelta
from typing import Any

import feedparser
import pytest

from tests.support.builders import NETWORK, NOW, a_recording
from tests.support.catalogue_works import Works


@pytest.fixture
def works() -> Works:
    return Works()


def read(works: Works, key: str) -> Any:
    """Return what a reader makes of RSS. It may find nothing wrong with it."""
    found = feedparser.parse(works.site.files[key].content)
    assert not found.bozo, found.get("bozo_exception")
    return found


def test_a_feed_tells_what_was_published_last_of_all_and_on_each_theme(works: Works) -> None:
    works.shown("gammel", published_at=NOW - timedelta(days=1), held_on=date(2026, 8, 1))
    works.shown("ny", published_at=NOW, held_on=date(2020, 1, 1), summary={"da": "Kort"})
    works.shown("andet", themes=())

    works.generate()
    everything = json.loads(works.site.text("webinarer/feed.json"))
    on_theme = json.loads(works.site.text("en/temaer/unge/feed.json"))

    assert everything["version"] == "https://jsonfeed.org/version/1.1"
    assert everything["feed_url"] == f"{NETWORK.base_url}/webinarer/feed.json"
    assert [one["url"].rpartition("/")[2] for one in everything["items"]][-1] == "gammel"
    assert [one["url"] for one in on_theme["items"]] == [
        f"{NETWORK.base_url}/en/webinarer/ny",
        f"{NETWORK.base_url}/en/webinarer/gammel",
    ]
    assert on_theme["home_page_url"] == f"{NETWORK.base_url}/en/temaer/unge"
    assert {one["id"].rpartition("/")[2]: one["content_text"] for one in on_theme["items"]}["ny"] == "Kort"
    assert on_theme["items"][0]["date_published"] == "2026-09-01T10:00:00+02:00"


def test_rss_tells_the_same(works: Works) -> None:
    works.shown("gammel", published_at=NOW - timedelta(days=1), title={"da": "Bier & <børn>"})
    works.shown("ny", published_at=NOW, summary={"da": "Kort"})

    works.generate()
    everything, on_theme = read(works, "webinarer/feed.xml"), read(works, "en/temaer/unge/feed.xml")

    base = NETWORK.base_url
    assert (on_theme.feed.title, on_theme.feed.language) == ("DB2030: Young people", "en")
    assert (on_theme.feed.subtitle, everything.feed.subtitle[:20]) == ("Om unge.", "Optagede webinarer f")
    assert [(link.rel, link.href) for link in on_theme.feed.links] == [
        ("alternate", f"{base}/en/temaer/unge"),
        ("self", f"{base}/en/temaer/unge/feed.xml"),
    ]
    assert [(item.id, item.link, item.title, item.summary) for item in on_theme.entries] == [
        (f"{base}/webinarer/ny", f"{base}/en/webinarer/ny", "Fremtidens bibliotek", "Kort"),
        (f"{base}/webinarer/gammel", f"{base}/en/webinarer/gammel", "Bier & <børn>", "Bier &amp; &lt;børn&gt;"),
    ]
    assert [tag.term for tag in on_theme.entries[0].tags] == ["Young people"]
    assert on_theme.entries[0].published == "Tue, 01 Sep 2026 10:00:00 +0200"
    assert everything.feed.updated == everything.entries[0].published


def test_a_recording_of_ours_is_enclosed_so_that_readers_play_it(works: Works) -> None:
    works.shown("vores", link=None, recording=a_recording(), published_at=NOW)
    works.shown("andres", published_at=NOW - timedelta(days=1))
    address = f"{NETWORK.base_url}/webinarer/optagelser/one-up"

    works.generate()
    rss, feed = read(works, "webinarer/feed.xml"), json.loads(works.site.text("webinarer/feed.json"))

    [enclosure] = rss.entries[0].enclosures
    assert (enclosure.href, enclosure.type, enclosure.length) == (address, "video/mp4", "9000000")
    assert rss.entries[1].enclosures == []
    assert feed["items"][0]["attachments"] == [
        {"url": address, "mime_type": "video/mp4", "size_in_bytes": 9_000_000, "duration_in_seconds": 90}
    ]
    assert feed["items"][0]["image"] == f"{address}.jpg"
    assert "attachments" not in feed["items"][1]


def test_with_nothing_in_it_rss_is_the_same_in_every_run(works: Works) -> None:
    works.generate()

    assert read(works, "temaer/unge/feed.xml").entries == []
    assert read(works, "temaer/unge/feed.xml").feed.updated == "Thu, 01 Jan 1970 00:00:00 +0000"


@pytest.mark.parametrize(
    ("page", "feeds"),
    [("en/webinarer/", "/en/webinarer/"), ("temaer/unge", "/temaer/unge/"), ("webinarer/maal/4", None)],
)
def test_lists_lead_to_their_feeds(works: Works, page: str, feeds: str | None) -> None:
    works.shown(goals=(4,))

    works.generate()

    leading = re.findall(r'<link rel="alternate" type="([^"]+)" title="[^"]+" href="([^"]+)">', works.site.text(page))
    assert leading == (
        [("application/rss+xml", f"{feeds}feed.xml"), ("application/feed+json", f"{feeds}feed.json")] if feeds else []
    )
