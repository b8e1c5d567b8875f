"""The form of one theme: what stands in its fields, and what that is in the words of the API."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from chalicelib.forms import fields
from chalicelib.forms.fields import Reader
from shared.refusals import N_
from shared.themes.model import Theme

LABELS: Final[Mapping[str, str]] = {
    "name": N_("Name"),
    "description": N_("Description"),
    "goals": N_("Sustainable Development Goals"),
    "into": N_("The theme that takes over"),
}
"""What the fields are called, to be translated."""


def to_fields(theme: Theme, languages: Sequence[str]) -> dict[str, list[str]]:
    """Return the fields as they show a theme."""
    return dict(_fields(theme, languages))


def to_body(reader: Reader) -> dict[str, Any]:
    """Return what the fields say as the API takes it; the reader notes what could not be read."""
    return {
        "name": reader.title("name", N_("Give the theme a name.")),
        "description": reader.words("description"),
        "goals": [int(goal) for goal in reader.several("goals") if goal.isdecimal()],
    }


def _fields(theme: Theme, languages: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    yield from fields.text_fields("name", theme.name, languages)
    yield from fields.text_fields("description", theme.description, languages)
    yield "goals", [str(goal) for goal in theme.goals]
