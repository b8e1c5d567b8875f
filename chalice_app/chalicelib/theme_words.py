"""What themes are called, and how a request changes them."""

from collections.abc import Iterable

from chalicelib.visit import Visit
from shared.bootstrap import web as bootstrap
from shared.i18n import Voice
from shared.themes.service import Arranging


def arranging(visit: Visit) -> Arranging:
    """Return what whoever sent this can do with themes."""
    return Arranging(bootstrap.theme_store(), visit.network.languages, visit.now, visit.correlation_id)


def in_words(slugs: Iterable[str], voice: Voice) -> tuple[str, ...]:
    """Return what themes are called, in their order; then those that nobody has described, by the words of the slug."""
    slugs, themes = tuple(slugs), bootstrap.themes().themes()
    return (
        *(voice.text(one.name) for one in themes.known(slugs)),
        *(slug.replace("-", " ").capitalize() for slug in themes.unknown(slugs)),
    )
