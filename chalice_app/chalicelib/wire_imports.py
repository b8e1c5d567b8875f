"""JSON of imports as the coordinator API takes and gives it, of whatever kind."""

import base64
from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.wire import Line, Wire
from chalicelib.wire_registrations import Ids
from shared.i18n import Voice
from shared.refusals import N_, Fault, Invalid
from shared.registration.importing import Done, Preview, Progress
from shared.registration.imports import ImportLine


class ImportBody(Wire):
    """A sheet to be imported: pasted lines as `text`, or a file in base64. `filename` is for who reads it again.

    Participants need their `gathering`, and where there is a choice in it, `mode` and `sessions`, for all lines alike.
    """

    kind: Literal["libraries", "participants"]
    text: str | None = None
    content_base64: str | None = None
    filename: Line | None = None
    gathering: Annotated[str, Field(max_length=64)] = ""
    mode: Annotated[str, Field(max_length=20)] = ""
    sessions: Ids | None = None

    def content(self) -> bytes:
        """Return the sheet. Raise Invalid unless there is one, once."""
        if (self.text is None) == (self.content_base64 is None):
            raise Invalid(Fault("text", N_("Send either text or content_base64.")))
        if self.text is not None:
            return self.text.encode()
        try:
            return base64.b64decode(self.content_base64 or "", validate=True)
        except ValueError:
            raise Invalid(Fault("content_base64", N_("This is not base64."))) from None


def previewed_participants(import_id: str, preview: Preview, voice: Voice) -> dict[str, Any]:
    """Return whom an import would register, sentences in the reader's language."""
    return {
        "id": import_id,
        "kind": "participants",
        "gathering": preview.terms.gathering_id,
        "new": [_line(line) for line in preview.ready],
        "already": [_line(line) for line in preview.registered],
        "faults": [
            {"line": line.line, "field": fault.field, "detail": voice.say(fault.message, **fault.values)}
            for line in preview.faulty
            for fault in line.faults
        ],
        "unknown_libraries": [
            {"written": one.key, "lines": list(one.lines), "similar": list(one.similar)} for one in preview.unplaced
        ],
    }


def progressed(import_id: str, progress: Progress, voice: Voice) -> dict[str, Any]:
    """Return how far an import has come. Until it is complete, the same request goes on with it."""
    return {
        "id": import_id,
        "kind": "participants",
        "complete": progress.is_complete,
        "total": progress.total,
        "registrations": [_done(one, voice) for one in progress.done],
    }


def _line(line: ImportLine) -> dict[str, Any]:
    return {
        "line": line.line,
        "name": line.name,
        "email": line.email,
        "library": line.library_id,
        "role": line.role.value,
    }


def _done(one: Done, voice: Voice) -> dict[str, Any]:
    return {
        "line": one.line,
        "id": one.registration_id,
        "status": one.status,
        "position": one.position,
        "refused": voice.say(one.message, **one.values) if one.message else None,
    }
