"""Webinars as editors make, change and show them."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from events.envelope import Contract, Envelope
from events.webinars import WebinarChanged, WebinarDue, WebinarHidden, WebinarPublished
from shared import free_text
from shared.documents.service import Receiving
from shared.gatherings.model import Gathering, Text, addresses
from shared.ids import new_id
from shared.refusals import Fault, Invalid
from shared.webinars import captions
from shared.webinars.captions import Cue, Problem, Read
from shared.webinars.model import Captions, Material, State, Webinar, WebinarChangedMeanwhile, WebinarSlugTaken
from shared.webinars.ports import Files, Surroundings
from shared.webinars.recording import Recording, Upload

JSON: Final = "application/json"

MOST_TOLD: Final = 50
"""How many things wrong with a file are told at once."""

CLOCK: Final = "the clock"
"""Who shows what is shown from a moment on, and notes that a day has come."""


@dataclass(frozen=True, slots=True)
class Editing:
    """What somebody, whose id is `by`, does with webinars at a moment.

    Whatever changes one raises WebinarChangedMeanwhile when somebody else does so at the same time.
    """

    around: Surroundings
    by: str
    now: datetime
    correlation_id: str

    def draft(self, webinar: Webinar) -> Webinar:
        """Keep a new draft and return it, with a slug of its title unless it has one.

        Raise Invalid, or WebinarSlugTaken for a slug that was asked for.
        """
        around = self.around
        for slug in addresses(webinar.slug, webinar.title.get(around.languages[0], "")):
            wanted = replace(webinar, slug=slug)
            wanted.check(languages=around.languages, hosts=around.hosts)
            with suppress(WebinarSlugTaken):
                around.store.create(wanted)
                return wanted
        raise WebinarSlugTaken

    def draft_of(self, gathering: Gathering) -> Webinar:
        """Keep a new draft of what was held, and return it. Raise GatheringIsToCome.

        Each call makes another: a day can have several recordings.
        """
        spoken = self._first
        return self.draft(Webinar.of_gathering(gathering, self.now, id=new_id(), owner=self.by, spoken=spoken))

    def change(self, wanted: Webinar, *, files: Files) -> Webinar:
        """Keep a changed webinar, and return it a version on. Raise Invalid; also WebinarChangedMeanwhile when it is
        not of the newest version.
        """

        def changed(before: Webinar) -> Webinar:
            if before.version != wanted.version:
                raise WebinarChangedMeanwhile
            after = before.changed_to(wanted, first=self._first)
            after.check(languages=self.around.languages, hosts=self.around.hosts)
            return after

        return self._with_files(wanted.id, changed, files)

    def caption(self, webinar_id: str, language: str, content: bytes, *, files: Files) -> tuple[Webinar, Read]:
        """Keep captions in a language, and return the webinar and how the file was read. Raise Invalid.

        They are kept under a name of what is in them, so that what a page leads to never changes under it. Those that
        they replace are removed: somebody may have been named in them.
        """
        read = captions.read(content)
        if read.errors:
            raise Invalid(*map(at_line, read.errors[:MOST_TOLD]))
        if any(free_text.names_a_person(cue.text) for cue in read.cues):
            raise Invalid(Fault("captions", free_text.LOOKS_LIKE_CPR))
        content = captions.to_json(read.cues)
        file = f"captions/{webinar_id}/{language}-{hashlib.sha256(content).hexdigest()[:16]}.json"
        kept = Captions(language, file, max(cue.end for cue in read.cues))

        def captioned(before: Webinar) -> Webinar:
            after = before.captioned(kept)
            files.put(file, content, JSON)
            return after

        return self._with_files(webinar_id, captioned, files), read

    def uncaption(self, webinar_id: str, language: str, *, files: Files) -> Webinar:
        """Take the captions of a language away. Raise Invalid when it must have them."""
        return self._with_files(webinar_id, lambda one: one.without_captions(language, first=self._first), files)

    def record(self, webinar_id: str, recording: Recording, upload: Upload, *, files: Files) -> Webinar:
        """Keep a recording that has arrived in place of what there was. Raise Invalid as `change`, or UploadGone."""

        def recorded(before: Webinar) -> Webinar:
            return before.recorded(recording, first=self._first)

        return self._with_files(webinar_id, recorded, files, arrived=upload)

    def unrecord(self, webinar_id: str, *, files: Files) -> Webinar:
        """Take the recording away. Raise Invalid when it must have one."""
        return self._with_files(webinar_id, lambda one: one.without_recording(first=self._first), files)

    def attach(self, webinar_id: str, title: Text, document_id: str, *, receiving: Receiving) -> Webinar:
        """Add a file that has arrived to the materials. What is there already stays. Raise Invalid, or NotFound."""

        def attached(before: Webinar) -> Webinar:
            if document_id in before.documents:
                return before
            before.check_material(title, languages=self.around.languages)
            document = receiving.accept(document_id, title[self._first])
            return before.with_material(Material(title, document=document))

        return self._step(webinar_id, attached)

    def detach(self, webinar_id: str, document_id: str, *, files: Files) -> Webinar:
        """Take a file away from the materials."""
        return self._with_files(webinar_id, lambda one: one.without_document(document_id), files)

    def ask_for_review(self, webinar_id: str) -> Webinar:
        """Ask somebody else to look at a draft. Raise Invalid or NotNow."""
        return self._step(webinar_id, lambda one: one.for_review(self.by, first=self._first, today=self._today))

    def publish(self, webinar_id: str) -> Webinar:
        """Show a webinar to everybody. What is shown stays so. Raise Invalid or ReviewIsByAnother."""
        return self._step(
            webinar_id, lambda one: one.published(self.by, self.now, first=self._first, today=self._today)
        )

    def schedule(self, webinar_id: str, at: datetime) -> Webinar:
        """Let a webinar be shown from a moment on. Raise Invalid, NotNow or ReviewIsByAnother."""
        day = at.astimezone(self.around.zone).date()
        return self._step(webinar_id, lambda one: one.scheduled(self.by, at, self.now, first=self._first, day=day))

    def settle_when_due(self, webinar_id: str) -> bool:
        """Show a webinar whose moment has come, or have its owner told that its day has; return whether either had."""
        before = self.around.store.get(webinar_id)
        return self._save(before, before.come(self.now, today=self._today)) is not before

    def withdraw(self, webinar_id: str) -> Webinar:
        """Make it a draft again. Raise NotNow."""
        return self._step(webinar_id, Webinar.withdrawn)

    def hide(self, webinar_id: str, because: Text) -> Webinar:
        """Show a webinar no longer; its page says so, and why. Raise Invalid or NotNow."""
        return self._step(webinar_id, lambda one: one.hidden(because, languages=self.around.languages))

    @property
    def _first(self) -> str:
        return self.around.languages[0]

    @property
    def _today(self) -> date:
        return self.now.astimezone(self.around.zone).date()

    def _with_files(
        self, webinar_id: str, step: Callable[[Webinar], Webinar], files: Files, *, arrived: Upload | None = None
    ) -> Webinar:
        """Take a step, and remove the files that it leaves behind; should that fail, `remove_left` does so at night."""
        left: set[str] = set()

        def noted(before: Webinar) -> Webinar:
            after = step(before)
            left.update(before.files - after.files)
            return after

        after = self._step(webinar_id, noted, arrived=arrived)
        for file in left:
            files.remove(file)
        return after

    def _step(self, webinar_id: str, step: Callable[[Webinar], Webinar], *, arrived: Upload | None = None) -> Webinar:
        before = self.around.store.get(webinar_id)
        return self._save(before, step(before), arrived=arrived)

    def _save(self, before: Webinar, after: Webinar, *, arrived: Upload | None = None) -> Webinar:
        if after is not before:
            facts = [self._fact(fact, after) for fact in _facts(before, after)]
            self.around.store.save(before, after, facts, arrived=arrived)
        return after

    def _fact(self, data: Contract, webinar: Webinar) -> Envelope[Any]:
        return Envelope[Any].of(
            data,
            id=new_id(),
            subject=webinar.id,
            subject_version=webinar.version,
            at=self.now,
            correlation_id=self.correlation_id,
        )


def settle_due(*, around: Surroundings, now: datetime, correlation_id: str) -> int:
    """Show those whose moment has come, have the owners told whose day has, and return how many webinars that were."""
    clock = Editing(around, CLOCK, now, correlation_id)
    settled = 0
    for webinar_id in list(around.store.due(now)):
        # Somebody who changes it at this moment may have moved it: the next look finds it.
        with suppress(WebinarChangedMeanwhile):
            settled += clock.settle_when_due(webinar_id)
    return settled


def cues(kept: Captions, *, files: Files) -> tuple[Cue, ...]:
    """Return captions that are kept."""
    return captions.of_json(files.get(kept.file))


def at_line(problem: Problem) -> Fault:
    """Return what is wrong with a file of captions as a fault: the field says in which line, `captions.8`."""
    return Fault("captions" if problem.line is None else f"captions.{problem.line}", problem.message, problem.values)


def _facts(before: Webinar, after: Webinar) -> Iterator[Contract]:
    if after.state is State.PUBLISHED and before.state is not State.PUBLISHED:
        yield WebinarPublished(webinar_id=after.id)
    elif after.state is State.HIDDEN and before.state is State.PUBLISHED:
        yield WebinarHidden(webinar_id=after.id)
    elif after.review_told != before.review_told:
        yield WebinarDue(webinar_id=after.id)
    elif after.state in (State.PUBLISHED, State.HIDDEN):
        yield WebinarChanged(webinar_id=after.id)
