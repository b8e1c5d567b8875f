"""What themes are called."""

from collections.abc import Iterable

from shared.bootstrap import web as bootstrap
from shared.i18n import Voice


def in_words(slugs: Iterable[str], voice: Voice) -> tuple[str, ...]:
    """Return what themes are called, in their order; then those that nobody has described, by the words of the slug."""
    slugs, themes = tuple(slugs), bootstrap.themes().themes()
    return (
        *(voice.text(one.name) for one in themes.known(slugs)),
        *(of_slug(slug) for slug in themes.unknown(slugs)),
    )


def of_slug(slug: str) -> str:
    """Return what a theme is called that nobody has described."""
    return slug.replace("-", " ").capitalize()
