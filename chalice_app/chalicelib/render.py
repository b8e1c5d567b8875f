"""Turns a screen into a page.

Jinja is imported with the first page: it costs more than everything else here, and the API needs none of it.
"""

from chalicelib.screens import Screen
from shared.i18n import Voice
from shared.network import Network


def page(template: str, screen: Screen, *, voice: Voice, network: Network, path: str, status: int = 200) -> str:
    """Return the page. `path` is its address without language; a page of an error is not indexed."""
    from chalicelib import templating
    from shared.pages.templating import context

    indexed = status == 200 and not screen.personal
    given = context(voice=voice, network=network, path=path, indexed=indexed)
    return templating.environment().get_template(template).render(given, screen=screen)
