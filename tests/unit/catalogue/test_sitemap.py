"""The catalogue's pages as search engines find them."""

import pytest

from shared.catalogue.model import SITEMAP
from shared.pages.sitemap import of_pages
from tests.support import sitemaps
from tests.support.builders import NETWORK
from tests.support.catalogue_works import Works

BASE = NETWORK.base_url


@pytest.fixture
def works() -> Works:
    return Works()


def test_all_that_is_shown_is_told_of_and_where_it_is_in_other_languages(works: Works) -> None:
    works.shown("ny", goals=(4,))
    works.shown("gammel")

    works.generate()
    found = sitemaps.read(works.site.text(SITEMAP))

    paths = ["/webinarer/", "/temaer/unge", "/webinarer/maal/4", "/webinarer/ny", "/webinarer/gammel"]
    assert set(found) == {f"{BASE}{language}{path}" for path in paths for language in ("", "/en")}
    danish, english = f"{BASE}/webinarer/ny", f"{BASE}/en/webinarer/ny"
    for address in (danish, english):
        assert found[address].alternates == [("da", danish), ("en", english), ("x-default", danish)]


def test_what_is_hidden_is_not(works: Works) -> None:
    webinar = works.shown()
    works.keep(webinar.hidden({"da": "Forældet."}, languages=NETWORK.languages))

    works.generate()

    assert list(sitemaps.read(works.site.text(SITEMAP))) == [f"{BASE}/webinarer/", f"{BASE}/en/webinarer/"]


def test_it_is_written_last_and_once(works: Works) -> None:
    works.shown()

    assert works.generate()[-1] == SITEMAP
    assert works.generate() == []


def test_where_there_is_one_language_there_are_no_others() -> None:
    network = NETWORK.model_copy(update={"languages": ("da",)})

    [(address, page)] = sitemaps.read(of_pages(["/"], network)).items()

    assert (address, page.alternates) == (f"{BASE}/", None)
