"""Turns a screen into a page.

Jinja is imported with the first page: it costs more than everything else here, and the API needs none of it.
"""

from chalicelib.screens import Screen
from shared.i18n import Voice
from shared.network import Network


def page(template: str, screen: Screen, *, voice: Voice, network: Network, path: str, status: int = 200) -> str:
    """Return the page. `path` is its address without language; a page of an error is not indexed."""
    from chalicelib import templating

    given = {
        "screen": screen,
        "voice": voice,
        "network": network,
        "path": path,
        "indexed": status == 200 and not screen.personal,
        "_": voice.say,
        "ngettext": voice.count,
    }
    return templating.environment().get_template(template).render(given)


def address(path: str, language: str, network: Network) -> str:
    """Return a page's path in a language: the profile's first one lies at the root, others at `/en/…`."""
    return path if language == network.languages[0] else f"/{language}{path}"
