"""Sitemaps as their official schema and a crawler's parser read them."""

from typing import Final

from lxml import etree
from usp.objects.page import SitemapPage
from usp.tree import sitemap_from_str

from tests.support import tools

LINK: Final = "{http://www.w3.org/1999/xhtml}link"


def read(sitemap: str | bytes) -> dict[str, SitemapPage]:
    """Return the pages of a sitemap by address. The schema may find nothing wrong with it."""
    content = sitemap.encode() if isinstance(sitemap, str) else sitemap
    document = etree.fromstring(content)
    # The schema lets elements of others in, but only those whose schema it is given: these are the parser's to read.
    etree.strip_elements(document, LINK)
    etree.XMLSchema(etree.parse(tools.modules() / "sitemap" / "schema" / "sitemap.xsd")).assertValid(document)
    pages = [*sitemap_from_str(content.decode()).all_pages()]
    assert len(pages) == len(document), "the parser has left something out"
    return {page.url: page for page in pages}
