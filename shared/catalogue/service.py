"""Writing the catalogue: what pages lead to before the pages, and nothing that is there already."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Final, TypeVar

from shared.catalogue.model import Catalogue, caption_key, document_key, recording_key, stretches
from shared.catalogue.ports import (
    CaptionFiles,
    Copy,
    File,
    Pages,
    Resources,
    Site,
    Spoken,
    ThemesRead,
    Told,
    Turns,
    Webinars,
)
from shared.documents.model import Document
from shared.gatherings.model import GOALS
from shared.themes.model import Themes
from shared.webinars import captions
from shared.webinars.model import State, Webinar
from shared.webinars.recording import JPEG, RECORDINGS

AT_ONCE: Final = 16
"""How many files are read or written at the same time."""

T = TypeVar("T")

VTT: Final = "text/vtt; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the catalogue is written from, and where to."""

    webinars: Webinars
    themes: ThemesRead
    resources: Resources
    captions: CaptionFiles
    pages: Pages
    site: Site


@dataclass(slots=True)
class Written:
    """The keys of files that were written, and how many were right as they were."""

    keys: list[str] = field(default_factory=list)
    kept: int = 0


def keep_up(
    *, turns: Turns, around: Surroundings, clock: Callable[[], datetime], at_night: bool = False
) -> Written | None:
    """Write what is new, until nothing is. Return what was written; None when somebody else has the turn: they go on
    with what is new, unless they die.
    """
    turns.ask()
    written = Written()
    while (seen := turns.take(clock())) is not None:
        with ExitStack() as unfinished:
            unfinished.callback(turns.give_back)
            more = generate(around, at_night=at_night)
            unfinished.pop_all()
        written = Written([*written.keys, *more.keys], more.kept)
        if turns.done(seen):
            return written
    return None


def generate(around: Surroundings, *, at_night: bool = False) -> Written:
    """Write the whole catalogue as it is now, and remove what no page leads to.

    A recording that has been replaced goes at night only: somebody may be watching it.
    """
    themes = around.themes.read()
    catalogue = Catalogue.of(around.webinars.every(), themes, around.resources.every())
    there, written = dict(around.site.there()), Written()
    with ThreadPoolExecutor(AT_ONCE) as workers:

        def write(files: Iterable[File]) -> None:
            """All of them are there before anything else is written."""
            for some in _batches(files):
                changed = [file for file in some if there.pop(file.key, None) != around.site.hashed(file.content)]
                list(workers.map(around.site.write, changed))
                written.keys += [file.key for file in changed]
                written.kept += len(some) - len(changed)

        def bring(copies: Iterable[Copy]) -> None:
            """Our files never change under their names: what is there is right."""
            for some in _batches(copies):
                new = [copy for copy in some if there.pop(copy.key, None) is None]
                list(workers.map(around.site.bring, new))
                written.keys += [copy.key for copy in new]
                written.kept += len(some) - len(new)

        bring(_copy(one.document) for one in catalogue.resources if one.document)
        for some in _batches(around.webinars.every()):
            shown = [one for one in some if one.state is State.PUBLISHED]
            # Captions first: copying takes a while, in which somebody may put others in their place.
            told = list(workers.map(lambda one: _told(one, around.captions), shown))
            bring(copy for one in shown for copy in _copies(one))
            write(file for one in told for file in _captions(one))
            write(file for one in told for file in around.pages.webinar(one, catalogue))
            write(file for one in some if one.state is State.HIDDEN for file in around.pages.hidden(one))
        write(_by_theme(catalogue, themes, around.pages))
        write(_by_goal(catalogue, around.pages))
        write(around.pages.search(catalogue))
        write(around.pages.feed("/webinarer/", catalogue.cards, catalogue, None))
        write([around.pages.index(catalogue)])
        write(file for one in stretches("/webinarer/", catalogue.cards) for file in around.pages.all(one, catalogue))
        write([around.pages.sitemap(catalogue)])
    shown_now = tuple(recording_key(f"{RECORDINGS}{card.id}/") for card in catalogue.cards)
    left = [key for key in there if at_night or not key.startswith(shown_now)]
    around.site.remove(left)
    around.site.refresh([*written.keys, *left])
    return written


def _batches(those: Iterable[T]) -> Iterator[list[T]]:
    left = iter(those)
    while some := list(islice(left, AT_ONCE)):
        yield some


def _copies(webinar: Webinar) -> Iterator[Copy]:
    """Yield what is to be copied for a webinar: its recording with a picture, and the materials that are files."""
    if recording := webinar.recording:
        for key, type in ((recording.poster, JPEG), (recording.file, recording.type)):
            yield Copy(key, recording_key(key), type)
    yield from map(_copy, webinar.documents.values())


def _copy(document: Document) -> Copy:
    return Copy(document.file, document_key(document), document.type, saved=True)


def _told(webinar: Webinar, files: CaptionFiles) -> Told:
    kept = ((one, captions.of_json(files.get(one.file))) for one in webinar.captions)
    return Told(webinar, tuple(Spoken(one, cues, captions.transcript(cues)) for one, cues in kept))


def _captions(told: Told) -> Iterator[File]:
    for one in told.spoken:
        yield File(caption_key(one.captions.file), captions.to_vtt(one.cues).encode(), VTT)


def _by_theme(catalogue: Catalogue, themes: Themes, pages: Pages) -> Iterator[File]:
    for theme in themes.all:
        if theme.merged_into is not None:
            yield from pages.merged(theme.slug, themes.current(theme.slug))
        else:
            cards = catalogue.on(theme.slug)
            for one in stretches(f"/temaer/{theme.slug}", cards):
                yield from pages.theme(theme, one, catalogue)
            yield from pages.feed(f"/temaer/{theme.slug}/", cards, catalogue, theme)


def _by_goal(catalogue: Catalogue, pages: Pages) -> Iterator[File]:
    for goal in GOALS:
        for one in stretches(f"/webinarer/maal/{goal}", catalogue.about(goal)):
            yield from pages.goal(goal, one, catalogue)
