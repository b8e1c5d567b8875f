"""Recordings on their way: sent in parts, gone on with after a break, and looked into before they are kept."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.ids import new_id
from shared.refusals import N_, Fault, Invalid, NotFound
from shared.webinars.model import UploadGone, UploadUnderWay, Webinar, WebinarChangedMeanwhile, WebinarNotFound
from shared.webinars.ports import Files, Multipart, Player, Resources, Surroundings, Uploads, WebinarStore
from shared.webinars.recording import (
    JPEG,
    POSTERS,
    RECORDINGS,
    Recording,
    Unplayable,
    Upload,
    UploadState,
    check_size,
    playable,
)
from shared.webinars.service import Editing

TRIES: Final = 5
"""How often a recording is tried to be kept while others change its webinar."""

A_DAY: Final = timedelta(days=1)

THE_CHECK: Final = "the check of recordings"
"""Who keeps a recording that has been looked into."""


@dataclass(frozen=True, slots=True)
class Uploading:
    """What somebody does with the recording of a webinar on its way. All raise WebinarNotFound."""

    around: Surroundings
    uploads: Uploads
    multipart: Multipart
    now: datetime

    def begin(self, webinar_id: str, *, size: int, mark: str) -> tuple[Upload, Mapping[int, int]]:
        """Begin to send a file of so many bytes, or go on with it. Return the upload and the parts that are here.

        Raise Invalid, UploadUnderWay while there is another, or WebinarChangedMeanwhile when somebody else begins at
        the same time.
        """
        check_size(size)
        self.around.store.get(webinar_id)
        before = self.uploads.get(webinar_id)
        here = self.multipart.lengths(before) if before and before.state is not UploadState.REFUSED else None
        if before and here is not None:
            if (before.size, before.mark) == (size, mark):
                return before, here
            raise UploadUnderWay
        if before and before.state is UploadState.CHECKING:
            raise UploadUnderWay
        key = f"{RECORDINGS}{webinar_id}/{new_id()}"
        upload = Upload(key, self.multipart.begin(key), size, mark, self.now)
        self.uploads.put(webinar_id, upload, instead_of=before)
        return upload, {}

    def links(self, webinar_id: str, key: str, numbers: Collection[int]) -> dict[int, str]:
        """Return where parts are to be put, for a while. Raise Invalid, or NotFound when the way is closed."""
        upload = self._of(webinar_id, key)
        if upload.state is not UploadState.SENDING or self.multipart.lengths(upload) is None:
            raise NotFound
        for number in numbers:
            upload.length(number)
        return {number: self.multipart.link(upload, number) for number in numbers}

    def finish(self, webinar_id: str, key: str) -> Upload:
        """Make one file of the parts; it is looked into then. Raise Invalid when some are missing, and NotFound."""
        upload = self._of(webinar_id, key)
        here = self.multipart.lengths(upload)
        if here is None and upload.state is UploadState.CHECKING:  # It is one already: somebody asks again.
            return upload
        if here is None:  # It was left for so long that S3 has forgotten it.
            raise NotFound
        if not upload.whole(here):
            raise Invalid(Fault("recording", N_("Not all of the file is here yet. Choose it again to send the rest.")))
        checking = replace(upload, state=UploadState.CHECKING)
        self.uploads.put(webinar_id, checking, instead_of=upload)
        self.multipart.complete(checking)
        return checking

    def give_up(self, webinar_id: str) -> None:
        """Forget what is on its way."""
        if upload := self.uploads.get(webinar_id):
            self.multipart.abort(upload)
            self.uploads.remove(webinar_id, upload)

    def _of(self, webinar_id: str, key: str) -> Upload:
        self.around.store.get(webinar_id)
        upload = self.uploads.get(webinar_id)
        if upload is None or upload.key != key:
            raise NotFound
        return upload


class Checked(StrEnum):
    """What became of a file that has come."""

    KEPT = "kept"
    REFUSED = "refused"
    LEFT = "left"
    """Nobody waits for it: another has taken its place, or it was dealt with before."""


@dataclass(frozen=True, slots=True)
class Checking:
    """What a file that has come is looked into with."""

    around: Surroundings
    uploads: Uploads
    files: Files
    player: Player
    now: datetime
    correlation_id: str

    def check(self, key: str) -> Checked:
        """Keep a file as the webinar's recording if browsers can play it; else say why not, and remove it.

        Raise WebinarChangedMeanwhile when somebody changes the webinar at the same time.
        """
        webinar_id = key.removeprefix(RECORDINGS).partition("/")[0]
        upload = self.uploads.get(webinar_id)
        if upload is None or upload.key != key or upload.state is UploadState.REFUSED:
            self._remove_unless_kept(webinar_id, key)
            return Checked.LEFT
        poster = poster_of(key)
        try:
            media = self.player.look_into(key, upload.size)
            recording = playable(media, file=key, poster=poster, size=upload.size)
            self.files.put(poster, media.poster, JPEG)
            self._keep(webinar_id, recording, upload)
        except UploadGone:
            self._remove_unless_kept(webinar_id, key)
            return Checked.LEFT
        except Unplayable as unplayable:
            return self._refuse(webinar_id, upload, unplayable.fault)
        except Invalid as invalid:
            self.files.remove(poster)
            return self._refuse(webinar_id, upload, invalid.faults[0])
        return Checked.KEPT

    def _keep(self, webinar_id: str, recording: Recording, upload: Upload) -> None:
        """Keep it, though somebody may be changing the webinar: looking into the file once more takes far longer."""
        editing = Editing(self.around, THE_CHECK, self.now, self.correlation_id)
        for _ in range(TRIES - 1):
            with suppress(WebinarChangedMeanwhile):
                editing.record(webinar_id, recording, upload, files=self.files)
                return
        editing.record(webinar_id, recording, upload, files=self.files)

    def _refuse(self, webinar_id: str, upload: Upload, fault: Fault) -> Checked:
        refused = replace(upload, state=UploadState.REFUSED, fault=fault)
        self.uploads.put(webinar_id, refused, instead_of=upload)
        self.files.remove(upload.key)
        return Checked.REFUSED

    def _remove_unless_kept(self, webinar_id: str, key: str) -> None:
        kept: Webinar | None
        try:
            kept = self.around.store.get(webinar_id)
        except WebinarNotFound:
            kept = None
        for one in (key, poster_of(key)):
            if kept is None or one not in kept.files:
                self.files.remove(one)


def remove_left(*, store: WebinarStore, resources: Resources, uploads: Uploads, files: Files, now: datetime) -> int:
    """Remove files that belong to nothing any more, and return how many: whoever saved something may have died before
    they were removed, and somebody may be seen in them. What came within a day may belong to something soon.
    """
    old = [key for key, came_at in files.listed() if came_at < now - A_DAY]
    needed = {key for webinar in store.every() for key in webinar.files}
    needed |= {key for resource in resources.every() for key in resource.files}
    left = [key for key in old if key not in needed and not _is_awaited(key, uploads)]
    for key in left:
        files.remove(key)
    return len(left)


def poster_of(key: str) -> str:
    """Return the key of a recording's picture."""
    return f"{POSTERS}{key.removeprefix(RECORDINGS)}.jpg"


def _is_awaited(key: str, uploads: Uploads) -> bool:
    upload = uploads.get(key.split("/")[1])
    return upload is not None and upload.state is not UploadState.REFUSED and key in (upload.key, poster_of(upload.key))
