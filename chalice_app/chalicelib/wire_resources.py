"""JSON of resources as the coordinators' API takes and gives it. What each field means stands in the model."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, HttpUrl

from chalicelib import wire_documents
from chalicelib.bodies import validated
from chalicelib.wire import Goals, Language, Slug, Text, Wire, tidy
from shared.resources.model import MOST_THEMES, Kind, Resource


class ResourceBody(Wire):
    """A resource as an editor enters it. `library` is the number of the library that shares it."""

    kind: Kind
    title: Text
    link: HttpUrl | None = None
    library: Annotated[str, Field(max_length=20)]
    language: Language
    themes: list[Slug] = Field(max_length=MOST_THEMES)
    description: Text = {}
    goals: Goals = []
    shown: bool = True

    def to_domain(self, *, id: str, added_at: datetime) -> Resource:
        """Return the resource."""
        return Resource(
            id=id,
            added_at=added_at,
            kind=self.kind,
            title=tidy(self.title),
            link=str(self.link) if self.link else None,
            library=self.library,
            language=self.language,
            themes=tuple(self.themes),
            description=tidy(self.description),
            goals=tuple(self.goals),
            shown=self.shown,
        )


class ResourcePatch(BaseModel):
    """Some fields of a resource, and the version they were changed from."""

    model_config = ConfigDict(extra="allow", defer_build=True)

    version: int = Field(ge=1)

    def onto(self, before: Resource) -> Resource:
        """Return the resource with the fields that were sent. Raise Invalid for a field that does not fit."""
        body = validated(ResourceBody, editable(before) | (self.model_extra or {}))
        return replace(body.to_domain(id=before.id, added_at=before.added_at), version=self.version)


def editable(resource: Resource) -> dict[str, Any]:
    """Return the fields that an editor may change, as the API takes them."""
    return {
        "kind": resource.kind,
        "title": dict(resource.title),
        "link": resource.link,
        "library": resource.library,
        "language": resource.language,
        "themes": list(resource.themes),
        "description": dict(resource.description),
        "goals": list(resource.goals),
        "shown": resource.shown,
    }


def for_editors(resource: Resource) -> dict[str, Any]:
    """Return a resource as the coordinators' API gives it."""
    return {
        "id": resource.id,
        "version": resource.version,
        "added_at": resource.added_at.isoformat(),
        **editable(resource),
        "file": wire_documents.file(resource.document),
    }
