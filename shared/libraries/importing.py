"""Importing a list of libraries: shown first, then kept exactly as it was shown."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from pydantic import TypeAdapter

from shared.ids import new_id
from shared.libraries.imports import COLUMNS, Preview, plan
from shared.libraries.service import Directory
from shared.spreadsheets.previews import KeptPreview, PreviewNotFound, PreviewStore
from shared.spreadsheets.reading import read

KIND: Final = "libraries"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an import: numbers of libraries kept, and of those that somebody had changed meanwhile."""

    kept: tuple[str, ...]
    passed_over: tuple[str, ...]


def preview_import(
    content: bytes, *, directory: Directory, previews: PreviewStore, now: datetime
) -> tuple[str, Preview]:
    """Return what a sheet would change, and the id by which to confirm it. Raise a SheetUnreadable."""
    preview = plan(read(content, COLUMNS).rows, directory.fresh())
    preview_id = new_id()
    previews.keep(KeptPreview(preview_id, KIND, _document().dump_json(preview).decode()), now=now)
    return preview_id, preview


def shown_import(preview_id: str, *, previews: PreviewStore, now: datetime) -> Preview | Outcome:
    """Return what an import would change, or if it was confirmed, what came of it. Raise PreviewNotFound."""
    shown = previews.get(preview_id, now=now)
    if shown.kind != KIND:
        raise PreviewNotFound
    if shown.outcome is not None:
        return _outcome().validate_json(shown.outcome)
    return _document().validate_json(shown.document)


def confirm_import(preview_id: str, *, directory: Directory, previews: PreviewStore, now: datetime) -> Outcome:
    """Keep what was shown, and nothing else: a library that somebody has changed since is passed over.

    Confirmed twice, it happens once, and the second time is answered as the first. Raise PreviewNotFound.
    """
    shown = shown_import(preview_id, previews=previews, now=now)
    if isinstance(shown, Outcome):
        return shown
    passed_over = tuple(library.id for library in directory.keep(shown.wanted))
    outcome = Outcome(tuple(one.id for one in shown.wanted if one.id not in passed_over), passed_over)
    previews.settle(preview_id, _outcome().dump_json(outcome).decode())
    return outcome


@lru_cache
def _document() -> TypeAdapter[Preview]:
    return TypeAdapter(Preview)


@lru_cache
def _outcome() -> TypeAdapter[Outcome]:
    return TypeAdapter(Outcome)
