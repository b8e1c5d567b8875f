"""Which of the catalogue's pages search engines are told of."""

from collections.abc import Iterator

from shared.catalogue.model import Catalogue
from shared.network import Network
from shared.pages.sitemap import of_pages


def of(catalogue: Catalogue, network: Network) -> bytes:
    """Return the sitemap of each webinar that is shown, and of the lists in which there is something."""
    return of_pages(_paths(catalogue), network)


def _paths(catalogue: Catalogue) -> Iterator[str]:
    yield "/webinarer/"
    yield from (f"/temaer/{theme.slug}" for theme, _ in catalogue.themes_in_use)
    yield from (f"/webinarer/maal/{goal}" for goal, _ in catalogue.goals_in_use)
    yield from (card.path for card in catalogue.cards)
