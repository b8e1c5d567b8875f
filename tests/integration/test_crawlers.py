"""What search engines are told of the pages that are not written ahead."""

from lxml import etree

from shared.bootstrap import web as bootstrap
from shared.programmes import service as planning
from tests.support import sitemaps
from tests.support.aws import ENVIRONMENT
from tests.support.builders import NETWORK, NOW, a_gathering
from tests.support.programmes import a_programme
from tests.support.site import Site

BASE = ENVIRONMENT["BASE_URL"]


def test_robots_find_the_sitemaps_and_are_forbidden_nothing(site: Site) -> None:
    robots = site.get("/robots.txt")
    [index] = [line.removeprefix(f"Sitemap: {BASE}") for line in robots.text.splitlines() if "Sitemap" in line]

    answer = site.get(index)

    assert robots.headers["content-type"] == "text/plain; charset=utf-8"
    assert "Disallow" not in robots.text
    assert answer.headers["content-type"] == "application/xml; charset=utf-8"
    assert [one.text for one in etree.fromstring(answer.text.encode()).iter("{*}loc")] == [
        f"{BASE}/sitemap-webinarer.xml",
        f"{BASE}/sitemap-arrangementer.xml",
    ]


def test_what_is_public_is_told_of_and_drafts_are_not(site: Site) -> None:
    shown = site.publish(a_gathering())
    drafts = (site.planned(id="another", slug="kladde").slug, "skjult")
    store = bootstrap.programmes()
    for slug in ("forloeb", "skjult"):
        planning.plan(a_programme(id=slug, slug=slug), languages=NETWORK.languages, store=store)
    planning.publish("forloeb", store=store, now=NOW, correlation_id="one")

    found = sitemaps.read(site.get("/sitemap-arrangementer.xml").text)

    for path in ("/", "/privatliv", "/arrangementer/", f"/arrangementer/{shown.slug}", "/forloeb/forloeb"):
        assert {BASE + path, f"{BASE}/en{path}"} <= set(found), path
    assert not [address for address in found if address.endswith(drafts)]
