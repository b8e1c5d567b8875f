"""JSON of webinars as the coordinators' API takes and gives it. What each field means stands in the model."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, HttpUrl

from chalicelib import wire_documents, wire_recordings
from chalicelib.bodies import validated
from chalicelib.wire import Day, Goals, Language, Moment, Slug, Text, Wire, tidy
from shared.documents.model import Document
from shared.refusals import N_, Fault, Invalid
from shared.webinars.captions import Cue
from shared.webinars.model import MOST_CHAPTERS, MOST_MATERIALS, Chapter, Exemption, Material, Webinar


class ChapterBody(Wire):
    """A part of the recording: where it begins, in seconds, and what it is called."""

    at: Annotated[int, Field(ge=0, le=100_000)]
    title: Text


class MaterialBody(Wire):
    """Something that goes with it: what it is called, and its address, or the file that it is."""

    title: Text
    link: HttpUrl | None = None
    file: wire_documents.FileBody | None = None

    def to_domain(self, documents: Mapping[str, Document]) -> Material:
        """Return the material. `documents` are the files that are kept."""
        if self.file:
            return Material(tidy(self.title), document=documents[self.file.id])
        return Material(tidy(self.title), str(self.link) if self.link else None)


class WebinarBody(Wire):
    """A webinar as an editor writes it. Without a slug its address follows from the title."""

    slug: Slug | None = None
    title: Text
    held_on: Day
    spoken: Language
    summary: Text = {}
    description: Text = {}
    speakers: Text = {}
    themes: list[Slug] = Field(default=[], max_length=20)
    goals: Goals = []
    link: HttpUrl | None = None
    exemption: Exemption | None = None
    alternative: Text = {}
    consent_on: Day | None = None
    chapters: list[ChapterBody] = Field(default=[], max_length=MOST_CHAPTERS)
    materials: list[MaterialBody] = Field(default=[], max_length=MOST_MATERIALS)
    review_on: Day | None = None

    def to_domain(self, *, id: str, owner: str, documents: Mapping[str, Document] = {}) -> Webinar:
        """Return the webinar. `documents` are its files that are kept. Raise Invalid for one that is not."""
        not_here = N_("This file is not here: send it first.")
        files = {f"materials.{at}.file": one.file.id for at, one in enumerate(self.materials) if one.file}
        if faults := [Fault(name, not_here) for name, id in files.items() if id not in documents]:
            raise Invalid(*faults)
        return Webinar(
            id=id,
            owner=owner,
            slug=self.slug or "",
            title=tidy(self.title),
            held_on=self.held_on,
            spoken=self.spoken,
            summary=tidy(self.summary),
            description=tidy(self.description),
            speakers=tidy(self.speakers),
            themes=tuple(self.themes),
            goals=tuple(self.goals),
            link=str(self.link) if self.link else None,
            exemption=self.exemption,
            alternative=tidy(self.alternative),
            consent_on=self.consent_on,
            chapters=tuple(Chapter(one.at, tidy(one.title)) for one in self.chapters),
            materials=tuple(one.to_domain(documents) for one in self.materials),
            review_on=self.review_on,
        )


class WebinarPatch(BaseModel):
    """Some fields of a webinar, and the version they were changed from; null empties a field that may be empty."""

    model_config = ConfigDict(extra="allow", defer_build=True)

    version: int = Field(ge=1)

    def onto(self, before: Webinar) -> Webinar:
        """Return the webinar with the fields that were sent. Raise Invalid for a field that does not fit."""
        body = validated(WebinarBody, editable(before) | (self.model_extra or {}))
        wanted = body.to_domain(id=before.id, owner=before.owner, documents=before.documents)
        return replace(wanted, version=self.version)


class CaptionsBody(Wire):
    """Captions, or the transcript of a meeting, as they stand in the file: WebVTT or SRT."""

    language: Language
    text: str


class PublishAtBody(Wire):
    """When a webinar is shown by itself."""

    publish_at: Moment


class HideBody(Wire):
    """Why a webinar is shown no longer: its page says so."""

    because: Text = {}

    def to_domain(self) -> dict[str, str]:
        """Return the reason."""
        return tidy(self.because)


def editable(webinar: Webinar) -> dict[str, Any]:
    """Return the fields that an editor may change, as the API takes them."""
    return {
        "slug": webinar.slug,
        "title": dict(webinar.title),
        "held_on": webinar.held_on.isoformat(),
        "spoken": webinar.spoken,
        "summary": dict(webinar.summary),
        "description": dict(webinar.description),
        "speakers": dict(webinar.speakers),
        "themes": list(webinar.themes),
        "goals": list(webinar.goals),
        "link": webinar.link,
        "exemption": webinar.exemption,
        "alternative": dict(webinar.alternative),
        "consent_on": _day(webinar.consent_on),
        "chapters": [{"at": one.at, "title": dict(one.title)} for one in webinar.chapters],
        "materials": [
            {"title": dict(one.title), "link": one.link, "file": wire_documents.file(one.document)}
            for one in webinar.materials
        ],
        "review_on": _day(webinar.review_on),
    }


def for_editors(webinar: Webinar, first: str) -> dict[str, Any]:
    """Return a webinar as the coordinators' API gives it. `missing` are the fields it needs before it is shown."""
    return {
        "id": webinar.id,
        "state": webinar.state,
        "version": webinar.version,
        "gathering": webinar.gathering,
        **editable(webinar),
        "recording": wire_recordings.recording(webinar.recording),
        "captions": [{"language": one.language, "until": one.until} for one in webinar.captions],
        "missing": [fault.field for fault in webinar.missing(first)],
        "publish_at": webinar.publish_at.isoformat() if webinar.publish_at else None,
        "published_at": webinar.published_at.isoformat() if webinar.published_at else None,
        "hidden_because": dict(webinar.hidden_because),
    }


def cue(one: Cue) -> dict[str, Any]:
    """Return a caption: from when until when, in milliseconds, and what it says."""
    return {"start": one.start, "end": one.end, "text": one.text}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
