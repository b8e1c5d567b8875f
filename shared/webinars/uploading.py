"""Recordings on their way: sent in parts, gone on with after a break, and looked into before they are kept."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from shared.ids import new_id
from shared.refusals import N_, Fault, Invalid, NotFound
from shared.webinars.model import Webinar, WebinarNotFound
from shared.webinars.ports import Files, Multipart, Player, Surroundings, Uploads
from shared.webinars.recording import (
    JPEG,
    POSTERS,
    RECORDINGS,
    Unplayable,
    Upload,
    UploadState,
    check_size,
    playable,
)
from shared.webinars.service import Editing

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

        Raise Invalid, or WebinarChangedMeanwhile when somebody else begins at the same time.
        """
        check_size(size)
        self.around.store.get(webinar_id)
        before = self.uploads.get(webinar_id)
        if before and before.state is not UploadState.REFUSED:
            if (before.size, before.mark) == (size, mark) and (here := self.multipart.lengths(before)) is not None:
                return before, here
            self.multipart.abort(before)
        key = f"{RECORDINGS}{webinar_id}/{new_id()}"
        upload = Upload(key, self.multipart.begin(key), size, mark, self.now)
        self.uploads.put(webinar_id, upload, instead_of=before)
        return upload, {}

    def links(self, webinar_id: str, key: str, numbers: Collection[int]) -> dict[int, str]:
        """Return where parts are to be put, for a while. Raise Invalid, or NotFound when another upload has begun."""
        upload = self._of(webinar_id, key)
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
        webinar_id, _, upload_id = key.removeprefix(RECORDINGS).partition("/")
        upload = self.uploads.get(webinar_id)
        if upload is None or upload.key != key or upload.state is UploadState.REFUSED:
            self._remove_unless_kept(webinar_id, key)
            return Checked.LEFT
        poster = f"{POSTERS}{webinar_id}/{upload_id}.jpg"
        try:
            media = self.player.look_into(key, upload.size)
            recording = playable(media, file=key, poster=poster, size=upload.size)
            self.files.put(poster, media.poster, JPEG)
            Editing(self.around, THE_CHECK, self.now, self.correlation_id).record(
                webinar_id, recording, files=self.files
            )
        except Unplayable as unplayable:
            return self._refuse(webinar_id, upload, unplayable.fault)
        except Invalid as invalid:
            self.files.remove(poster)
            return self._refuse(webinar_id, upload, invalid.faults[0])
        self.uploads.remove(webinar_id, upload)
        return Checked.KEPT

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
        if kept is None or key not in kept.files:
            self.files.remove(key)
