"""Which pages there are, as search engines are told (sitemaps.org, protocol 0.9)."""

from collections.abc import Iterable
from typing import Final
from xml.etree import ElementTree

from shared.network import Network

KIND: Final = "application/xml"

_SITEMAPS: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML: Final = "http://www.w3.org/1999/xhtml"


def of_pages(paths: Iterable[str], network: Network) -> bytes:
    """Return a sitemap of pages, by their addresses without language, in every language, each with its others: at most
    50,000 addresses.
    """
    root = ElementTree.Element("urlset", {"xmlns": _SITEMAPS, "xmlns:xhtml": _XHTML})
    for path in paths:
        addresses = {one: network.base_url + network.address(path, one) for one in network.languages}
        others = addresses | {"x-default": addresses[network.languages[0]]} if len(addresses) > 1 else {}
        for address in addresses.values():
            url = _located(root, "url", address)
            for language, other in others.items():
                ElementTree.SubElement(url, "xhtml:link", rel="alternate", hreflang=language, href=other)
    return _written(root)


def of_sitemaps(paths: Iterable[str], network: Network) -> bytes:
    """Return a sitemap that leads to others."""
    root = ElementTree.Element("sitemapindex", xmlns=_SITEMAPS)
    for path in paths:
        _located(root, "sitemap", network.base_url + path)
    return _written(root)


def _located(root: ElementTree.Element, name: str, address: str) -> ElementTree.Element:
    made = ElementTree.SubElement(root, name)
    ElementTree.SubElement(made, "loc").text = address
    return made


def _written(root: ElementTree.Element) -> bytes:
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))
