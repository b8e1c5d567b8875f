"""What search engines ask for: what they may read, and which pages there are."""

from typing import Final

from chalice.app import Response

from chalicelib import answers, routing
from chalicelib.visit import Visit
from shared.bootstrap import web as bootstrap
from shared.gatherings import service as gatherings
from shared.programmes import service as programmes

api = routing.api()

ALL: Final = "/sitemap.xml"
GATHERINGS: Final = "/sitemap-arrangementer.xml"


@api.get("/robots.txt")
def robots(visit: Visit) -> Response:
    """Lead to the sitemap (RFC 9309). Nothing is forbidden: each page says itself whether it may be found."""
    return answers.document(f"User-agent: *\nAllow: /\n\nSitemap: {visit.network.base_url}{ALL}\n", "text/plain")


@api.get(ALL)
def sitemap(visit: Visit) -> Response:
    """Lead to what is written ahead, and to what is not."""
    from shared.catalogue.model import SITEMAP
    from shared.pages.sitemap import KIND, of_sitemaps

    return answers.document(of_sitemaps((f"/{SITEMAP}", GATHERINGS), visit.network).decode(), KIND)


@api.get(GATHERINGS)
def sitemap_of_gatherings(visit: Visit) -> Response:
    """Name the pages that are not written ahead, and that anybody may find."""
    from shared.pages.sitemap import KIND, of_pages

    paths = ["/", "/arrangementer/", "/privatliv"]
    paths += [f"/arrangementer/{one.slug}" for one in gatherings.between(None, None, store=bootstrap.gatherings())]
    paths += [f"/forloeb/{one.slug}" for one in programmes.every(store=bootstrap.programmes()) if one.is_public]
    return answers.document(of_pages(paths, visit.network).decode(), KIND)
