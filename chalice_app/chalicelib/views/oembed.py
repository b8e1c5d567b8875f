"""oEmbed 1.0: a recording for sites that turn an address into what is there, as many CMSs do."""

import re
import sys
from collections.abc import Mapping
from typing import Any, Final

from chalice.app import Response

from chalicelib import answers, frames, routing
from chalicelib.visit import Visit
from shared.bootstrap import web as bootstrap
from shared.i18n import voice
from shared.network import Network
from shared.refusals import N_, Fault, Invalid, NotFound, Refusal

api = routing.api()

WIDTH: Final = 640
ASK_AGAIN: Final = 3600
"""After how many seconds a site should ask anew: a webinar may be hidden."""

_PIXELS: Final = re.compile("[1-9][0-9]{0,5}")


class FormatUnknown(Refusal):
    """A form of answer that is not one of oEmbed's."""

    kind = "format-unknown"
    status = 501
    message = N_("The answer can be had as json or as xml.")


@api.get("/oembed")
def oembed(visit: Visit) -> Response:
    """Give what shows a webinar's page on another site."""
    query = visit.query
    form = query.get("format") or "json"
    if form not in ("json", "xml"):
        raise FormatUnknown
    slug, language = _named(query.get("url"), visit.network)
    told = _told(slug, language, _asked(query, "maxwidth"), _asked(query, "maxheight"), visit.network)
    return answers.public(told) if form == "json" else answers.document(_xml(told), "text/xml")


def _named(url: str | None, network: Network) -> tuple[str, str]:
    """Return the webinar that an address names, and the language of the page there. Raise Invalid or NotFound."""
    if not url:
        raise Invalid(Fault("url", N_("Say which address it is about.")))
    folder, _, slug = url.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")
    for language in network.languages:
        if f"{folder}/" == network.base_url + network.address("/webinarer/", language):
            return slug, language
    raise NotFound


def _told(slug: str, language: str, most_wide: int, most_high: int, network: Network) -> dict[str, Any]:
    width, height = min(WIDTH, most_wide), min(frames.HEIGHT, most_high)
    entry = bootstrap.catalogue().get(slug)
    title = voice(language, network.languages, network.time_zone).text(entry["title"])
    address = network.base_url + network.address(f"/webinarer/{slug}", language)
    return {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "html": frames.frame(address, f"{network.short_name}: {title}", width=str(width), height=height),
        "width": width,
        "height": height,
        "provider_name": network.name,
        "provider_url": f"{network.base_url}/",
        "cache_age": ASK_AGAIN,
        **(_thumbnail(entry["recording"]["poster"], most_wide, most_high) if entry["recording"] else {}),
    }


def _thumbnail(poster: Mapping[str, Any], most_wide: int, most_high: int) -> dict[str, Any]:
    """Return the recording's picture: no larger than was asked for, or it is left out."""
    if poster["width"] > most_wide or poster["height"] > most_high:
        return {}
    return {f"thumbnail_{name}": poster[name] for name in ("url", "width", "height")}


def _asked(query: dict[str, str], name: str) -> int:
    """Return the largest size that is asked for, in pixels."""
    if not (asked := query.get(name)):
        return sys.maxsize
    if not _PIXELS.fullmatch(asked):
        raise Invalid(Fault(name, N_("Give the size as a whole number of pixels.")))
    return int(asked)


def _xml(told: dict[str, Any]) -> str:
    from xml.etree import ElementTree

    root = ElementTree.Element("oembed")
    for name, value in told.items():
        ElementTree.SubElement(root, name).text = str(value)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)).decode()
