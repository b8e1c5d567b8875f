"""Which of the catalogue's pages search engines are told of."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from shared.catalogue.model import Card, Catalogue
from shared.network import Network
from shared.pages.sitemap import Page, of_pages


def of(catalogue: Catalogue, network: Network) -> bytes:
    """Return the sitemap of each webinar that is shown, and of the lists in which there is something."""
    return of_pages(_pages(catalogue), network)


def _pages(catalogue: Catalogue) -> Iterator[Page]:
    yield Page("/webinarer/", _newest(catalogue.cards))
    for theme, _ in catalogue.themes_in_use:
        yield Page(f"/temaer/{theme.slug}", _newest(catalogue.on(theme.slug)))
    for goal, _ in catalogue.goals_in_use:
        yield Page(f"/webinarer/maal/{goal}", _newest(catalogue.about(goal)))
    for card in catalogue.cards:
        yield Page(card.path, card.published_at)


def _newest(cards: Sequence[Card]) -> datetime | None:
    return max((card.published_at for card in cards), default=None)
