"""JSON of themes. What each field means stands in the model."""

from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from chalicelib.wire import Goals, Slug, Text, Wire
from shared.gatherings.model import slug_of
from shared.themes.model import MOST_THEMES, Theme

Version = Annotated[int, Field(ge=1)]


class ThemeBody(Wire):
    """A theme. Without a slug its address follows from the name."""

    slug: Slug | None = None
    name: Text
    description: Text = {}
    goals: Goals = []

    def to_domain(self, first: str) -> Theme:
        """Return the theme. `first` is the network's first language."""
        slug = self.slug or slug_of(self.name.get(first, ""))
        return Theme(slug, self.name, self.description, tuple(self.goals))


class ThemePatch(Wire):
    """Some fields of a theme, and the version they were changed from."""

    version: Version
    name: Text | None = None
    description: Text | None = None
    goals: Goals | None = None

    def onto(self, before: Theme) -> Theme:
        """Return the theme with the fields that were sent."""
        return replace(
            before,
            version=self.version,
            name=before.name if self.name is None else self.name,
            description=before.description if self.description is None else self.description,
            goals=before.goals if self.goals is None else tuple(self.goals),
        )


class ThemeMergeBody(Wire):
    """The slug of the theme that takes over, and the version that is to become part of it."""

    into: Slug
    version: Version


class ThemeOrderBody(Wire):
    """Slugs in the order in which people are to see them. Those left out come behind."""

    order: list[Slug] = Field(max_length=MOST_THEMES)


def for_everybody(theme: Theme) -> dict[str, Any]:
    """Return a theme as the public API gives it."""
    return {
        "slug": theme.slug,
        "name": dict(theme.name),
        "description": dict(theme.description),
        "goals": list(theme.goals),
    }


def for_coordinators(theme: Theme) -> dict[str, Any]:
    """Return a theme as the coordinator API gives it."""
    return {**for_everybody(theme), "merged_into": theme.merged_into, "version": theme.version}
