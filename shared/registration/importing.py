"""Importing a list of participants: shown first, then registered line by line, some at a time.

Each line is registered under a key of its own, so a request that was sent twice, or broke off, does nothing twice.
What came of some lines is kept as a step; the next request goes on behind the last one.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from pydantic import TypeAdapter

from shared import addresses
from shared.gatherings.model import Gathering
from shared.ids import new_id
from shared.refusals import N_, Fault, Invalid, Refusal, StoreUnavailable
from shared.registration.allowance import Allowance
from shared.registration.applying import Application, Booking, chosen_sessions, sameness
from shared.registration.imports import COLUMNS, MOST_SUGGESTIONS, ImportLine, NamedLibraries, read_lines
from shared.registration.model import By, Registration
from shared.registration.ports import Surroundings
from shared.registration.service import Invitation, register
from shared.spreadsheets.previews import KeptPreview, PreviewNotFound, PreviewStore
from shared.spreadsheets.reading import read

KIND: Final = "participants"

AT_ONCE: Final = 150
"""Lines that one request registers: API Gateway waits for 29 seconds."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for all lines: the gathering, the language of mails, and what they come to where there is a choice."""

    gathering_id: str
    language: str
    mode: str = ""
    sessions: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A spelling of a library that stands for none, or for several; or a domain, where nothing was written.

    `similar` are the numbers of libraries that may have been meant.
    """

    key: str
    lines: tuple[int, ...]
    similar: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do. `already` are the lines of those who are registered."""

    terms: Terms
    lines: tuple[ImportLine, ...]
    already: frozenset[int]
    unplaced: tuple[Unplaced, ...]

    @property
    def ready(self) -> tuple[ImportLine, ...]:
        """Those who will be registered."""
        return tuple(line for line in self.lines if not line.faults and line.line not in self.already)

    @property
    def registered(self) -> tuple[ImportLine, ...]:
        """Those who are."""
        return tuple(line for line in self.lines if line.line in self.already)

    @property
    def faulty(self) -> tuple[ImportLine, ...]:
        """The lines that are left out."""
        return tuple(line for line in self.lines if line.faults and line.line not in self.already)


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a line: a registration with its status and number in line, or the sentence that says why not."""

    line: int
    name: str
    status: str | None = None
    position: int | None = None
    registration_id: str | None = None
    message: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import has come: what came of lines so far, in how many steps, and how many are to be registered."""

    done: tuple[Done, ...]
    steps: int
    total: int

    @property
    def is_complete(self) -> bool:
        """Whether all lines have been registered, or refused."""
        return len(self.done) >= self.total


def preview_import(
    content: bytes,
    terms: Terms,
    *,
    gathering: Gathering,
    registrations: Iterable[Registration],
    libraries: NamedLibraries,
    previews: PreviewStore,
    now: datetime,
) -> tuple[str, Preview]:
    """Return what a sheet would do, and the id by which to confirm it. Raise a SheetUnreadable, or Invalid terms."""
    if faults := tuple(_faults(terms, gathering)):
        raise Invalid(*faults)
    lines = read_lines(read(content, COLUMNS).rows, libraries)
    there = {_same(one.participant.name, one.participant.email) for one in registrations if one.status.is_live}
    already = frozenset(line.line for line in lines if _same(line.name, line.email) in there)
    return _kept(Preview(terms, lines, already, _unplaced(lines, libraries)), previews, now)


def place_libraries(
    import_id: str, chosen: Mapping[str, str], *, previews: PreviewStore, now: datetime
) -> tuple[str, Preview]:
    """Return a new preview in which each spelling stands for the library that was chosen, by number."""
    preview, _ = shown_import(import_id, previews=previews, now=now)
    return _kept(
        replace(
            preview,
            lines=tuple(_placed(line, chosen) for line in preview.lines),
            unplaced=tuple(one for one in preview.unplaced if one.key not in chosen),
        ),
        previews,
        now,
    )


def shown_import(import_id: str, *, previews: PreviewStore, now: datetime) -> tuple[Preview, Progress]:
    """Return what an import would do, and how far it has come. Raise PreviewNotFound."""
    kept = previews.get(import_id, now=now)
    if kept.kind != KIND:
        raise PreviewNotFound
    preview = _document().validate_json(kept.document)
    done = tuple(one for step in kept.steps for one in _step().validate_json(step))
    return preview, Progress(done, len(kept.steps), len(preview.ready))


def go_on(
    import_id: str,
    by: By,
    *,
    allowance: Allowance,
    around: Surroundings,
    previews: PreviewStore,
    now: datetime,
    correlation_id: str,
) -> Progress:
    """Register the next lines, and return how far the import has come. When all are done, nothing more is.

    Raise PreviewNotFound, or StoreUnavailable when not one line could be registered.
    """
    preview, before = shown_import(import_id, previews=previews, now=now)
    begin = len(before.done)
    lines = preview.ready[begin : begin + AT_ONCE]
    if not lines:
        return before
    gathering = around.gatherings.by_id(preview.terms.gathering_id)
    done: list[Done] = []
    for line in lines:
        try:
            [answer] = register(
                gathering.slug,
                _booking(line, preview.terms),
                key=f"import|{import_id}|{line.line}",
                network="",
                allowance=allowance,
                around=around,
                now=now,
                correlation_id=correlation_id,
                invitation=Invitation(by, any_time=True),
            )
            done.append(Done(line.line, line.name, answer.status, answer.position, answer.registration_id))
        except Refusal as refusal:
            done.append(_refused(line, refusal))
        except StoreUnavailable:
            if not done:
                raise
            break
    previews.add_step(import_id, before.steps, _step().dump_json(tuple(done)).decode(), now=now)
    _, after = shown_import(import_id, previews=previews, now=now)
    return after


def _kept(preview: Preview, previews: PreviewStore, now: datetime) -> tuple[str, Preview]:
    import_id = new_id()
    previews.keep(KeptPreview(import_id, KIND, _document().dump_json(preview).decode()), now=now)
    return import_id, preview


def _faults(terms: Terms, gathering: Gathering) -> Iterator[Fault]:
    """Yield what is wrong with what all lines come to: what is wrong for one is wrong for all."""
    if len(gathering.modes) > 1 and terms.mode not in gathering.modes:
        yield Fault("mode", N_("Say whether they take part on site or online."))
    if gathering.choose_sessions or gathering.choices():
        found: list[Fault] = []
        chosen_sessions(terms.sessions, gathering, found)
        yield from found


def _same(name: str, email: str) -> tuple[str, str]:
    return sameness(name), sameness(email)


def _unplaced(lines: Iterable[ImportLine], libraries: NamedLibraries) -> tuple[Unplaced, ...]:
    found: dict[str, list[int]] = {}
    for line in lines:
        if (key := _key(line)) is not None:
            found.setdefault(key, []).append(line.line)
    return tuple(
        Unplaced(key, tuple(numbers), _similar(key, libraries) if at < MOST_SUGGESTIONS else ())
        for at, (key, numbers) in enumerate(found.items())
    )


def _key(line: ImportLine) -> str | None:
    """Return how a line writes a library that is not known: as it is spelt, or else by the address's domain."""
    fault = next((fault for fault in line.faults if fault.field == "library"), None)
    if fault is None:
        return None
    return str(fault.values.get("name") or f"@{addresses.domain(line.email)}")


def _similar(key: str, libraries: NamedLibraries) -> tuple[str, ...]:
    near = libraries.of_domain(key[1:]) if key.startswith("@") else libraries.find(key) or libraries.similar(key)
    return tuple(one.id for one in near)


def _placed(line: ImportLine, chosen: Mapping[str, str]) -> ImportLine:
    key = _key(line)
    if key is None or key not in chosen:
        return line
    faults = tuple(fault for fault in line.faults if fault.field != "library")
    return replace(line, library_id=chosen[key], faults=faults)


def _booking(line: ImportLine, terms: Terms) -> Booking:
    assert line.library_id is not None, "a line without a library has a fault"
    application = Application(line.name, line.email, line.library_id, line.role, terms.mode, terms.sessions)
    return Booking((application,), terms.language, questions_later=True)


def _refused(line: ImportLine, refusal: Refusal) -> Done:
    fault = refusal.faults[0] if isinstance(refusal, Invalid) else None
    if fault is not None:
        return Done(line.line, line.name, message=fault.message, values=fault.values)
    return Done(line.line, line.name, message=refusal.message)


@lru_cache
def _document() -> TypeAdapter[Preview]:
    return TypeAdapter(Preview)


@lru_cache
def _step() -> TypeAdapter[tuple[Done, ...]]:
    return TypeAdapter(tuple[Done, ...])
