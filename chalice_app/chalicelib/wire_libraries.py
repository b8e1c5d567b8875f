"""JSON of libraries and of their imports as the coordinator API takes and gives it. The model says what fields mean."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from chalicelib.wire import Line, Wire
from shared.i18n import Voice
from shared.libraries.importing import Outcome
from shared.libraries.imports import Change, LineFault, Preview
from shared.libraries.model import MOST_CERTIFICATIONS, Certification, Certified, Library, tidy_domain
from shared.libraries.service import Directory

Number = Annotated[str, Field(max_length=20)]


class CertificationBody(Wire):
    """A certification status from a day, until another (exclusive)."""

    status: Certification
    since: date
    until: date | None = None


class KnownBody(Wire):
    """Some of what is known of a library. A domain with a leading dot has everything below it with it.

    `municipality` is a code, or null for one that is no municipality's.
    """

    name: Annotated[Line, Field(min_length=1)] | None = None
    municipality: Number | None = None
    aliases: list[Line] | None = Field(default=None, max_length=20)
    domains: list[Line] | None = Field(default=None, max_length=20)
    certifications: list[CertificationBody] | None = Field(default=None, max_length=MOST_CERTIFICATIONS)

    def onto(self, before: Library) -> Library:
        """Return the library with what was sent."""
        return replace(
            before,
            name=self.name or before.name,
            municipality=self.municipality if "municipality" in self.model_fields_set else before.municipality,
            aliases=before.aliases if self.aliases is None else tuple(self.aliases),
            domains=before.domains if self.domains is None else tuple(map(tidy_domain, self.domains)),
            certifications=before.certifications
            if self.certifications is None
            else tuple(Certified(one.status, one.since, one.until) for one in self.certifications),
        )


class LibraryPatch(KnownBody):
    """Changes of a library, and the version they were made from; without one, the newest is meant."""

    version: Annotated[int, Field(ge=0)] | None = None

    def onto(self, before: Library) -> Library:
        """Return the library with what was sent."""
        changed = super().onto(before)
        return changed if self.version is None else replace(changed, version=self.version)


class LibraryBody(KnownBody):
    """A new library."""

    id: Number
    name: Annotated[Line, Field(min_length=1)]

    def to_domain(self) -> Library:
        """Return the library."""
        return self.onto(Library(self.id, self.name))


class MergeBody(Wire):
    """The number of the library that takes over, and the version that is to become part of it."""

    into: Number
    version: Annotated[int, Field(ge=0)] | None = None


class DomainBody(Wire):
    """A domain that proves work at a library."""

    domain: Line


def for_coordinators(library: Library, today: date, directory: Directory) -> dict[str, Any]:
    """Return a library as the coordinator API gives it."""
    return {
        "id": library.id,
        "name": library.name,
        "municipality": library.municipality,
        "region": directory.region(library, today),
        "aliases": list(library.aliases),
        "domains": list(library.domains),
        "certifications": [_certified(one) for one in library.certifications],
        "certification": library.certification(today),
        "merged_into": library.merged_into,
        "version": library.version,
    }


def previewed(preview_id: str, preview: Preview, voice: Voice) -> dict[str, Any]:
    """Return what an import would do, sentences in the reader's language."""
    return {
        "id": preview_id,
        "kind": "libraries",
        "changes": [_change(one) for one in preview.changes],
        "new": [_new(one) for one in preview.new],
        "same": preview.same,
        "faults": [_fault(one, voice) for one in preview.faults],
    }


def confirmed(preview_id: str, outcome: Outcome) -> dict[str, Any]:
    """Return what came of an import."""
    return {"id": preview_id, "kind": "libraries", **{name: list(value) for name, value in asdict(outcome).items()}}


def _new(library: Library) -> Mapping[str, Any]:
    return {
        "id": library.id,
        "name": library.name,
        "municipality": library.municipality,
        "domains": list(library.domains),
        "certifications": [_certified(one) for one in library.certifications],
    }


def _change(change: Change) -> Mapping[str, Any]:
    return {
        "library": change.library,
        "name": change.name,
        "field": change.field,
        **{
            name: _certified(value) if isinstance(value, Certified) else value
            for name, value in (("before", change.before), ("after", change.after))
        },
    }


def _fault(fault: LineFault, voice: Voice) -> Mapping[str, Any]:
    return {"line": fault.line, "field": fault.field, "detail": voice.say(fault.message, **fault.values)}


def _certified(one: Certified) -> Mapping[str, Any]:
    return {
        "status": one.status,
        "since": one.since.isoformat(),
        "until": one.until.isoformat() if one.until else None,
    }
