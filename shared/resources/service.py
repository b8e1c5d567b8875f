"""Resources as editors enter, change, hide and delete them."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from events.envelope import Envelope
from events.resources import ResourceChanged
from shared.documents.service import Receiving
from shared.ids import new_id
from shared.refusals import N_, Fault, Invalid
from shared.resources.model import Resource
from shared.resources.ports import Files, Surroundings


@dataclass(frozen=True, slots=True)
class Sharing:
    """What somebody does with resources at a moment.

    Whatever changes one raises ResourceNotFound, or ResourceChangedMeanwhile when somebody else does so at the same
    time.
    """

    around: Surroundings
    now: datetime
    correlation_id: str

    def add(self, resource: Resource) -> Resource:
        """Keep a new resource and return it. Raise Invalid."""
        self._check(resource)
        self.around.store.create(resource, self._facts(resource.shown, resource))
        return resource

    def change(self, wanted: Resource, *, files: Files) -> Resource:
        """Keep a changed resource, and return it a version on. Raise Invalid."""

        def changed(before: Resource) -> Resource:
            after = before.changed_to(wanted)
            self._check(after, before)
            return after

        return self._step(wanted.id, changed, files)

    def file(self, resource_id: str, document_id: str, *, receiving: Receiving, files: Files) -> Resource:
        """Let it be a file that has arrived, whatever it was before. What it is already stays. Raise Invalid, or
        NotFound.
        """

        def filed(before: Resource) -> Resource:
            if before.document and before.document.id == document_id:
                return before
            return before.filed(receiving.accept(document_id, before.title[self.around.languages[0]]))

        return self._step(resource_id, filed, files)

    def show(self, resource_id: str) -> Resource:
        """Let everybody see it, and return it. Raise Invalid when there is nothing to see."""
        return self._step(resource_id, lambda one: one.seen(True))

    def hide(self, resource_id: str) -> Resource:
        """Let nobody see it any more, and return it."""
        return self._step(resource_id, lambda one: one.seen(False))

    def remove(self, resource_id: str, *, files: Files) -> Resource:
        """Delete it with its file, and return what it was."""
        gone = self.around.store.get(resource_id)
        self.around.store.remove(gone, self._facts(gone.shown, replace(gone, version=gone.version + 1)))
        _remove(gone.files, files)
        return gone

    def _check(self, resource: Resource, before: Resource | None = None) -> None:
        if faults := (*resource.faults(self.around.languages), *self._unknown(resource, before)):
            raise Invalid(*faults)

    def _unknown(self, resource: Resource, before: Resource | None) -> Iterator[Fault]:
        """Yield what it names and there is not."""
        unknown = self.around.themes.read().unknown(resource.themes)
        for at, slug in enumerate(resource.themes):
            if slug in unknown:
                yield Fault(f"themes.{at}", N_("There is no theme “%(typed)s”."), {"typed": slug})
        # The one that was named before has been a library: it may have gone since, and stands in no other change's way.
        is_new = before is None or resource.library != before.library
        if is_new and not self.around.libraries.knows(resource.library):
            yield Fault("library", N_("There is no library “%(typed)s”."), {"typed": resource.library})

    def _step(self, resource_id: str, step: Callable[[Resource], Resource], files: Files | None = None) -> Resource:
        """Take a step, and remove the file that it leaves behind."""
        before = self.around.store.get(resource_id)
        after = step(before)
        if after is not before:
            self.around.store.save(before, after, self._facts(before.shown or after.shown, after))
        if files:
            _remove(before.files - after.files, files)
        return after

    def _facts(self, seen: bool, resource: Resource) -> list[Envelope[ResourceChanged]]:
        """Return what is announced of a change that everybody sees, or nobody."""
        if not seen:
            return []
        fact = Envelope[ResourceChanged].of(
            ResourceChanged(resource_id=resource.id),
            id=new_id(),
            subject=resource.id,
            subject_version=resource.version,
            at=self.now,
            correlation_id=self.correlation_id,
        )
        return [fact]


def _remove(left: Collection[str], files: Files) -> None:
    for file in left:
        files.remove(file)
