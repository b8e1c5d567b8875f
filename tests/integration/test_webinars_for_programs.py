"""The public API of webinars: what is shown, as the catalogue has it."""

import json
from collections.abc import Iterator
from html import unescape
from typing import Any, Final

import pytest

from shared.bootstrap import web as bootstrap
from shared.catalogue.model import INDEX
from shared.catalogue.queries import A_MOMENT, CatalogueReader
from shared.refusals import StoreUnavailable
from shared.roles import Role
from shared.webinars.model import WebinarNotFound
from tests.support import aws
from tests.support.builders import NOW
from tests.support.site import Site

BEES: Final = {
    "slug": "bier",
    "url": "https://tovholder.example.org/webinarer/bier",
    "title": {"da": "Bier og børn"},
    "summary": {"da": "Insekter"},
    "speakers": {"da": "En biolog"},
    "held_on": "2026-06-03",
    "published_at": "2026-06-10T10:00:00+02:00",
    "spoken": "da",
    "captions": ["da"],
    "themes": ["citizen-science"],
    "goals": [15],
}
COFFEE: Final = {**BEES, "slug": "kaffe", "title": {"da": "Repaircafé"}, "themes": ["forbrug"], "goals": [12]}


@pytest.fixture
def _written() -> Iterator[None]:
    content = json.dumps({"webinars": [BEES, COFFEE]}).encode()
    s3 = aws.client("s3")
    s3.put_object(Bucket=aws.SITE, Key=INDEX, Body=content)
    bootstrap.catalogue.cache_clear()
    yield
    s3.delete_object(Bucket=aws.SITE, Key=INDEX)
    bootstrap.catalogue.cache_clear()


@pytest.mark.usefixtures("_written")
@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", ["bier", "kaffe"]),
        ("?theme=forbrug", ["kaffe"]),
        ("?goal=15", ["bier"]),
        ("?q=BIOLOG%20insekter", ["bier", "kaffe"]),
        ("?q=børn", ["bier"]),
        ("?q=børn&goal=12", []),
        ("?theme=nej", []),
    ],
)
def test_webinars_are_found_by_theme_goal_and_words(query: str, slugs: list[str], site: Site) -> None:
    answer = site.get(f"/api/v1/webinars{query}")

    assert [one["slug"] for one in answer.json()["webinars"]] == slugs


@pytest.mark.usefixtures("_written")
def test_one_is_given_by_its_address(site: Site) -> None:
    assert site.get("/api/v1/webinars/bier").json() == BEES
    assert site.get("/api/v1/webinars/nej").status == 404


@pytest.mark.parametrize("goal", ["0", "18", "fire", "4.0"])
def test_a_goal_that_there_is_not_is_refused(goal: str, site: Site) -> None:
    refused = site.get(f"/api/v1/webinars?goal={goal}")

    assert (refused.status, refused.json()["errors"][0]["field"]) == (422, "goal")


def test_before_anything_is_written_there_is_nothing(site: Site) -> None:
    bootstrap.catalogue.cache_clear()

    assert site.get("/api/v1/webinars").json() == {"webinars": []}


def test_what_was_known_is_given_while_the_bucket_is_away() -> None:
    class Index:
        """An index that answers once."""

        answers: list[tuple[Any, ...]] = [(BEES,)]

        def read(self) -> tuple[Any, ...]:
            if not self.answers:
                raise StoreUnavailable
            return self.answers.pop()

    now = [NOW]
    reader = CatalogueReader(Index(), lambda: now[0])
    first = reader.every()
    now[0] = NOW.replace(hour=23)

    assert first == reader.every() == (BEES,)
    with pytest.raises(StoreUnavailable):
        CatalogueReader(Index(), lambda: now[0]).every()


def test_what_has_just_been_published_is_found_and_nobody_makes_us_read_all_the_time() -> None:
    class Index:
        """An index to which something is added after it has been read."""

        reads = 0

        def read(self) -> tuple[Any, ...]:
            self.reads += 1
            return (BEES,) if self.reads > 1 else ()

    now, index = [NOW], Index()
    reader = CatalogueReader(index, lambda: now[0])
    assert reader.every() == ()

    for _ in range(3):
        with pytest.raises(WebinarNotFound):
            reader.get("bier")
    now[0] += A_MOMENT

    assert (reader.get("bier"), index.reads) == (BEES, 2)


def test_the_address_without_the_stroke_leads_to_the_catalogue(site: Site) -> None:
    assert site.get("/webinarer").headers["location"] == "/webinarer/"
    assert site.get("/en/webinarer").headers["location"] == "/en/webinarer/"
    assert site.get("/webinarer/").status == 404, "it was not there, so it leads nowhere"


@pytest.mark.usefixtures("_written")
def test_partners_get_the_lines_for_what_was_picked(site: Site) -> None:
    desk = site.at_the_desk(Role.VIEWER)
    site.signed_in(Role.COORDINATOR).post("/api/v1/coordinator/themes", {"name": {"da": "Bier & børn"}})
    bootstrap.themes().fresh()

    everything = unescape(desk.get("/tovholder/indlejring").text)
    on_theme = unescape(desk.get("/tovholder/indlejring?show=both&theme=bier-boern&language=en&most=3").text)
    single = unescape(desk.get("/tovholder/indlejring?webinar=kaffe").text)
    to_come = unescape(desk.get("/tovholder/indlejring?show=gatherings").text)
    nonsense = unescape(desk.get("/tovholder/indlejring?show=x&theme=x&webinar=x&language=x&most=x").text)

    base = aws.ENVIRONMENT["BASE_URL"]
    assert f'<script type="module" src="{base}/embed.js"></script>' in everything
    for page in (everything, nonsense):
        assert '<tovholder-list show="recordings" language="da" most="5">' in page
    assert '<tovholder-list show="both" theme="bier-boern" language="en" most="3">' in on_theme
    assert f'<a href="{base}/en/temaer/bier-boern">DB2030: Bier & børn</a>' in unescape(on_theme)
    assert "<iframe" not in to_come, "pages with forms may not be in a frame"
    assert f'<iframe src="{base}/webinarer/kaffe" title="DB2030: Repaircafé"' in single
