"""The form of one resource: what stands in its fields, and what that is in the words of the API."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from chalicelib.forms import fields
from chalicelib.forms.fields import Reader
from shared.refusals import N_
from shared.resources.model import Resource

LABELS: Final[Mapping[str, str]] = {
    "title": N_("Title"),
    "description": N_("Description"),
    "kind": N_("Kind"),
    "link": N_("Address"),
    "document": N_("File"),
    "language": N_("Language"),
    "library": N_("The library that shares it"),
    "themes": N_("Themes"),
    "goals": N_("Sustainable Development Goals"),
}
"""What the fields are called, to be translated."""


def new(*, language: str) -> dict[str, list[str]]:
    """Return the fields of a resource that is about to be entered."""
    return {"language": [language]}


def to_fields(resource: Resource, languages: Sequence[str]) -> dict[str, list[str]]:
    """Return the fields as they show a resource."""
    return dict(_fields(resource, languages))


def to_body(reader: Reader) -> dict[str, Any]:
    """Return what the fields say as the API takes it; the reader notes what could not be read."""
    return {
        "title": reader.title("title", N_("Say what it is called.")),
        "description": reader.words("description"),
        "kind": reader.required("kind", N_("Choose what it is.")),
        "link": reader.link("link"),
        "language": reader.long("language"),
        "library": reader.required("library", N_("Choose the library that shares it.")),
        "themes": reader.several("themes"),
        "goals": [int(goal) for goal in reader.several("goals") if goal.isdecimal()],
    }


def _fields(resource: Resource, languages: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    for name in ("title", "description"):
        yield from fields.text_fields(name, getattr(resource, name), languages)
    for name in ("kind", "link", "language", "library"):
        yield name, [getattr(resource, name) or ""]
    yield "themes", list(resource.themes)
    yield "goals", [str(goal) for goal in resource.goals]
