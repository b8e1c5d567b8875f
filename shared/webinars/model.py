"""A recording as people watch it, the gate it passes before that, and the states it goes through."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from shared import free_text
from shared.documents.model import Document
from shared.gatherings.model import GOALS, LONGEST_SPEAKERS, RESERVED_SLUGS, Gathering, Text, slug_of
from shared.refusals import N_, Fault, Invalid, NotFound, Refusal
from shared.webinars.recording import Recording

LONGEST: Final[Mapping[str, int]] = {
    "title": 300,
    "summary": 2_000,
    "description": 20_000,
    "speakers": LONGEST_SPEAKERS,
    "alternative": 20_000,
    "hidden_because": 400,
}
"""The texts, each with how many characters it can have in a language."""

MOST_CHAPTERS: Final = 100
MOST_MATERIALS: Final = 30
LONGEST_LABEL: Final = 200

LEFT_STANDING: Final = 5_000
"""For how many ms captions may stand after the recording has ended."""

EXEMPT_BEFORE: Final = date(2020, 9, 23)
"""Recordings published before then need no captions: Directive (EU) 2016/2102, Article 1(4)(a)."""


_LANGUAGE: Final = re.compile("[a-z]{2}")


class State(StrEnum):
    """Where a webinar is in its life. The public sees what is published, and of what is hidden that it was there."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    HIDDEN = "hidden"


class Exemption(StrEnum):
    """Why the law lets a recording be shown without captions."""

    OLD = "old"
    """Published before 23 September 2020: Directive (EU) 2016/2102, Article 1(4)(a)."""

    BURDEN = "burden"
    """A disproportionate burden, which the accessibility statement accounts for: Article 5 of it."""


@dataclass(frozen=True, slots=True)
class Captions:
    """Captions in a language: `file` is their key among the files, `until` where the last one ends, in ms."""

    language: str
    file: str
    until: int


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the recording, and where it begins, in seconds."""

    at: int
    title: Text


@dataclass(frozen=True, slots=True)
class Material:
    """Slides or a handout that goes with it: its address elsewhere, or the file of ours that it is."""

    title: Text
    link: str | None = None
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class Webinar:
    """A recording with what belongs to it.

    `held_on` is the day of the recording, `spoken` the language that is spoken in it, `speakers` their roles, never
    names. `recording` is a file of ours; where there is none, `link` is its address at a video host. `alternative`
    is what there is to see in it and nobody says aloud, for those who do not see it (WCAG 2.2, 1.2.3), `consent_on` the
    day on which it was noted that the speakers agree, `review_on` the day on which somebody looks at it anew, and
    `review_told` the one of these that its owner was told of.

    `asked_by` is who asked for a review, `publish_at` when it is shown by itself, `published_at` when it first was.
    `version` rises with every saved change and guards against two people editing at once.
    """

    id: str
    slug: str
    title: Text
    held_on: date
    spoken: str
    owner: str
    state: State = State.DRAFT
    version: int = 1
    summary: Text = field(default_factory=dict)
    description: Text = field(default_factory=dict)
    speakers: Text = field(default_factory=dict)
    themes: tuple[str, ...] = ()
    goals: tuple[int, ...] = ()
    gathering: str | None = None
    recording: Recording | None = None
    link: str | None = None
    captions: tuple[Captions, ...] = ()
    exemption: Exemption | None = None
    alternative: Text = field(default_factory=dict)
    consent_on: date | None = None
    chapters: tuple[Chapter, ...] = ()
    materials: tuple[Material, ...] = ()
    review_on: date | None = None
    review_told: date | None = None
    asked_by: str | None = None
    publish_at: datetime | None = None
    published_at: datetime | None = None
    hidden_because: Text = field(default_factory=dict)

    @classmethod
    def of_gathering(cls, gathering: Gathering, now: datetime, *, id: str, owner: str, spoken: str) -> "Webinar":
        """Return a draft that takes over what a gathering says. It has no slug yet. Raise GatheringIsToCome."""
        if not gathering.held(now):
            raise GatheringIsToCome
        return cls(
            id=id,
            slug="",
            title=gathering.title,
            held_on=gathering.starts_at.date(),
            spoken=spoken,
            owner=owner,
            summary=gathering.summary,
            description=gathering.description,
            speakers=gathering.speakers,
            themes=gathering.themes,
            goals=gathering.goals,
            gathering=gathering.id,
        )

    def check(self, *, languages: tuple[str, ...], hosts: tuple[str, ...]) -> None:
        """Raise Invalid with every fault that not even a draft may have. `hosts` are the allowed video hosts."""
        if faults := (*self._text_faults(languages), *self._faults(languages, hosts)):
            raise Invalid(*faults)

    def missing(self, first: str) -> tuple[Fault, ...]:
        """Return what it needs before it is shown. `first` is the network's first language."""
        return tuple(self._missing(first))

    def changed_to(self, wanted: "Webinar", *, first: str) -> "Webinar":
        """Return `wanted` as the next version, with what a change may not touch kept.

        Raise Invalid when what is asked for, waits or is shown would lack something.
        """
        changed = replace(
            wanted,
            id=self.id,
            slug=self.slug,
            owner=self.owner,
            gathering=self.gathering,
            recording=self.recording,
            captions=self.captions,
            review_told=self.review_told,
            state=self.state,
            asked_by=self.asked_by,
            publish_at=self.publish_at,
            published_at=self.published_at,
            hidden_because=self.hidden_because,
            version=self.version + 1,
        )
        return changed._kept_whole(first)

    @property
    def files(self) -> frozenset[str]:
        """The keys of its files."""
        found = {one.file for one in self.captions} | {one.file for one in self.documents.values()}
        return frozenset(found | {self.recording.file, self.recording.poster} if self.recording else found)

    @property
    def documents(self) -> Mapping[str, Document]:
        """Those of its materials that are files, by their ids."""
        return {one.document.id: one.document for one in self.materials if one.document}

    def recorded(self, recording: Recording, *, first: str) -> "Webinar":
        """Return it with a recording, in place of what there was. Raise Invalid as `changed_to`."""
        return replace(self, recording=recording, link=None, version=self.version + 1)._kept_whole(first)

    def without_recording(self, *, first: str) -> "Webinar":
        """Return it without its recording. Raise Invalid as `changed_to`."""
        if self.recording is None:
            return self
        return replace(self, recording=None, version=self.version + 1)._kept_whole(first)

    def captions_in(self, language: str) -> Captions:
        """Return its captions in a language. Raise NotFound."""
        for one in self.captions:
            if one.language == language:
                return one
        raise NotFound

    def captioned(self, captions: Captions) -> "Webinar":
        """Return it with captions, in place of those of the same language. Raise Invalid."""
        if not _LANGUAGE.fullmatch(captions.language):
            raise Invalid(Fault("language", N_("Say which language it is, by its two letters.")))
        if self._outlasts(captions):
            raise Invalid(self._too_long(captions))
        others = tuple(one for one in self.captions if one.language != captions.language)
        return replace(self, captions=(*others, captions), version=self.version + 1)

    def without_captions(self, language: str, *, first: str) -> "Webinar":
        """Return it without the captions of a language. Raise Invalid as `changed_to`."""
        left = tuple(one for one in self.captions if one.language != language)
        if left == self.captions:
            return self
        return replace(self, captions=left, version=self.version + 1)._kept_whole(first)

    def check_material(self, title: Text, *, languages: tuple[str, ...]) -> None:
        """Raise Invalid unless a material that is called so can be added."""
        faults = [*_title_faults("title", title, languages)]
        if len(self.materials) >= MOST_MATERIALS:
            faults.append(Fault("materials", N_("There can be at most %(limit)s."), {"limit": MOST_MATERIALS}))
        if faults:
            raise Invalid(*faults)

    def with_material(self, material: Material) -> "Webinar":
        """Return it with one more material."""
        return replace(self, materials=(*self.materials, material), version=self.version + 1)

    def without_document(self, document_id: str) -> "Webinar":
        """Return it without the material that is that file."""
        if document_id not in self.documents:
            return self
        left = tuple(one for one in self.materials if one.document is None or one.document.id != document_id)
        return replace(self, materials=left, version=self.version + 1)

    def for_review(self, by: str, *, first: str, today: date) -> "Webinar":
        """Return it as one that somebody else is to look at. Raise Invalid or NotNow."""
        self._require(State.DRAFT)
        self._pass(first, today)
        return self._moved(State.IN_REVIEW, asked_by=by)

    def published(self, by: str, now: datetime, *, first: str, today: date) -> "Webinar":
        """Return it as shown to everybody. What is, stays. Raise Invalid, or ReviewIsByAnother."""
        if self.state is State.PUBLISHED:
            return self
        self._reviewed(by)
        self._pass(first, today)
        return self._shown(now)

    def scheduled(self, by: str, at: datetime, now: datetime, *, first: str, day: date) -> "Webinar":
        """Return it as one that is shown from a moment on, which is on that day here.

        Raise Invalid, NotNow or ReviewIsByAnother.
        """
        self._require(State.DRAFT, State.IN_REVIEW, State.SCHEDULED)
        self._reviewed(by)
        if at <= now:
            raise Invalid(Fault("publish_at", N_("That time is past. Publish it at once, or choose a later time.")))
        self._pass(first, day)
        return self._moved(State.SCHEDULED, publish_at=at)

    def withdrawn(self) -> "Webinar":
        """Return it as a draft again: it is neither looked at nor shown by itself. Raise NotNow."""
        self._require(State.IN_REVIEW, State.SCHEDULED)
        return self._moved(State.DRAFT)

    def hidden(self, because: Text, *, languages: tuple[str, ...]) -> "Webinar":
        """Return it as no longer shown; its page says so, and why. Raise Invalid or NotNow."""
        self._require(State.PUBLISHED)
        after = replace(self._moved(State.HIDDEN), hidden_because=because)
        if faults := tuple(after._text_faults(languages)):
            raise Invalid(*faults)
        return after

    def come(self, now: datetime, *, today: date) -> "Webinar":
        """Return it as shown, if its moment has come, or as one whose owner is told that its day has; else as it is.

        Nothing can be missing that was there before.
        """
        if self.is_due(now):
            return self._shown(now)
        if self.wants_a_look(today) and self.review_told != self.review_on:
            return replace(self, review_told=self.review_on, version=self.version + 1)
        return self

    def is_due(self, now: datetime) -> bool:
        """Whether its moment has come."""
        return self.state is State.SCHEDULED and self.publish_at is not None and self.publish_at <= now

    def wants_a_look(self, today: date) -> bool:
        """Whether it is shown, and the day has come on which somebody looks at it anew."""
        return self.state is State.PUBLISHED and self.review_on is not None and self.review_on <= today

    def _shown(self, now: datetime) -> "Webinar":
        return replace(self._moved(State.PUBLISHED), published_at=self.published_at or now, hidden_because={})

    def _moved(self, state: State, *, asked_by: str | None = None, publish_at: datetime | None = None) -> "Webinar":
        return replace(self, state=state, version=self.version + 1, asked_by=asked_by, publish_at=publish_at)

    def _require(self, *states: State) -> None:
        if self.state not in states:
            raise NotNow(state=self.state.value)

    def _reviewed(self, by: str) -> None:
        if self.state is State.IN_REVIEW and by == self.asked_by:
            raise ReviewIsByAnother

    def _pass(self, first: str, today: date) -> None:
        faults = list(self.missing(first))
        if self.review_on is not None and self.review_on <= today:
            faults.append(Fault("review_on", N_("Choose a day to come on which somebody looks at it anew.")))
        if faults:
            raise Invalid(*faults)

    def _kept_whole(self, first: str) -> "Webinar":
        if self.state in (State.IN_REVIEW, State.SCHEDULED, State.PUBLISHED) and (faults := self.missing(first)):
            raise Invalid(*faults)
        return self

    def _missing(self, first: str) -> Iterator[Fault]:
        if self.recording is None and self.link is None:
            yield Fault("recording", N_("There is no recording yet."))
        if not self.captions and self.exemption is None:
            yield Fault("captions", N_("There are no captions, and no reason why the law lets it be without."))
        yield from (self._too_long(one) for one in self.captions if self._outlasts(one))
        if not self.alternative.get(first, "").strip():
            yield Fault(
                f"alternative.{first}",
                N_("Say what there is to see and nobody says aloud; or that everything is said."),
            )
        if self.consent_on is None:
            yield Fault("consent_on", N_("It is not noted that the speakers agree to be shown."))
        if not self.themes:
            yield Fault("themes", N_("It has no theme, so nobody finds it."))
        if self.review_on is None:
            yield Fault("review_on", N_("There is no day on which somebody looks at it anew."))

    def _outlasts(self, captions: Captions) -> bool:
        return self.recording is not None and captions.until > self.recording.duration + LEFT_STANDING

    def _too_long(self, captions: Captions) -> Fault:
        assert self.recording is not None
        return Fault(
            "captions",
            N_("The captions go on until %(until)s, but the recording ends at %(end)s: they do not belong together."),
            {"until": place(captions.until // 1000), "end": place(self.recording.duration // 1000)},
        )

    def _text_faults(self, languages: tuple[str, ...]) -> Iterator[Fault]:
        if not self.title.get(languages[0], "").strip():
            yield Fault(f"title.{languages[0]}", N_("Give the webinar a title."))
        for name, longest in LONGEST.items():
            yield from free_text.by_language(name, getattr(self, name), languages=languages, longest=longest)
        titles = {f"chapters.{at}.title": one.title for at, one in enumerate(self.chapters)}
        titles |= {f"materials.{at}.title": one.title for at, one in enumerate(self.materials)}
        for name, title in titles.items():
            yield from _title_faults(name, title, languages)

    def _faults(self, languages: tuple[str, ...], hosts: tuple[str, ...]) -> Iterator[Fault]:
        if not self.slug or self.slug != slug_of(self.slug) or self.slug in RESERVED_SLUGS:
            yield Fault(
                "slug", N_("Use small letters a-z, digits and single hyphens, and not a word the site itself uses.")
            )
        if not _LANGUAGE.fullmatch(self.spoken):
            yield Fault("spoken", N_("Say which language it is, by its two letters."))
        if any(goal not in GOALS for goal in self.goals):
            yield Fault("goals", N_("The goals are numbered 1 to 17."))
        if self.link is not None and self.recording is not None:
            yield Fault("link", N_("The recording lies here already. Take it away first, or leave this empty."))
        elif self.link is not None and not _is_at(self.link, hosts):
            yield Fault(
                "link",
                N_("Recordings can be at these video hosts: %(hosts)s."),
                {"hosts": ", ".join(hosts) or "–"},
            )
        if self.exemption is Exemption.OLD and self.held_on >= EXEMPT_BEFORE:
            yield Fault("exemption", N_("Only recordings from before 23 September 2020 are exempt for their age."))
        if any(one.at <= before.at for before, one in zip(self.chapters, self.chapters[1:], strict=False)):
            yield Fault("chapters", N_("Each chapter must begin after the one above it."))
        for name, most in (("chapters", MOST_CHAPTERS), ("materials", MOST_MATERIALS)):
            if len(getattr(self, name)) > most:
                yield Fault(name, N_("There can be at most %(limit)s."), {"limit": most})
        for at, material in enumerate(self.materials):
            if material.document is None and urlsplit(material.link or "").scheme != "https":
                yield Fault(f"materials.{at}.link", N_("The address must begin with https://."))


def first_shown(webinars: Iterable[Webinar]) -> Webinar | None:
    """Return the one of these that was shown first, of those that are shown; None if none is."""
    shown = (one for one in webinars if one.state is State.PUBLISHED)
    return min(shown, key=lambda one: (one.published_at, one.id), default=None)


def place(second: int) -> str:
    """Return a place in a recording as people write it: 4:05, or 1:02:03."""
    minutes, seconds = divmod(second, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _title_faults(name: str, title: Text, languages: tuple[str, ...]) -> Iterator[Fault]:
    if not title.get(languages[0], "").strip():
        yield Fault(f"{name}.{languages[0]}", N_("Say what it is called."))
    yield from free_text.by_language(name, title, languages=languages, longest=LONGEST_LABEL)


def _is_at(link: str, hosts: tuple[str, ...]) -> bool:
    parts = urlsplit(link)
    return parts.scheme == "https" and parts.netloc in hosts


class WebinarNotFound(Refusal):
    """There is no such webinar."""

    kind = "webinar-not-found"
    status = 404
    message = N_("There is no such webinar.")


class WebinarSlugTaken(Refusal):
    """Another webinar has this address."""

    kind = "webinar-slug-taken"
    status = 409
    message = N_("Another webinar has this address already.")


class WebinarChangedMeanwhile(Refusal):
    """Somebody else saved a change of the webinar since it was read."""

    kind = "changed-meanwhile"
    status = 409
    message = N_("Somebody else has changed this webinar meanwhile. Look at both, and save again.")


class UploadUnderWay(Refusal):
    """Another file is on its way to the webinar."""

    kind = "upload-under-way"
    status = 409
    message = N_(
        "Another file is on its way here already. Throw that away first, or wait until it has been looked into."
    )


class UploadGone(Exception):
    """Nobody waits for the upload any more."""


class GatheringIsToCome(Refusal):
    """The gathering was not held, so there is no recording of it."""

    kind = "gathering-is-to-come"
    status = 409
    message = N_("This gathering has not been held yet, so there is no recording of it.")


class NotNow(Refusal):
    """A webinar in its state, which `state` names, does not take that step."""

    kind = "webinar-not-now"
    status = 409
    message = N_("That cannot be done with the webinar as it is now. Look at it again.")


class ReviewIsByAnother(Refusal):
    """Who asked for a review is not the one to give it."""

    kind = "review-is-by-another"
    status = 403
    message = N_("You asked for this review: somebody else says yes to it, or you take it back first.")
