"""Which paths the edge answers from where. Pure data, so that whatever plays the edge can read it."""

from dataclasses import dataclass
from typing import Final, Literal

from shared.catalogue.model import SITEMAP

Origin = Literal["site", "pages", "api"]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """A path pattern of CloudFront's, and the origin that answers it."""

    pattern: str
    origin: Origin


_CATALOGUE: Final[tuple[tuple[str, Origin], ...]] = (
    ("/temaer/*/kalender.ics", "api"),
    ("/temaer/*", "pages"),
    ("/webinarer/*", "pages"),
)

BEHAVIOURS: Final = (
    Behaviour("/assets/*", "site"),
    Behaviour("/embed.js", "site"),
    Behaviour(f"/{SITEMAP}", "pages"),
    # The first language lies at the root, others below their two letters.
    *(Behaviour(f"{language}{pattern}", origin) for language in ("", "/??") for pattern, origin in _CATALOGUE),
)
"""In the order in which they are tried. `pages` are written ahead into the bucket; the API says what is not there."""
