"""Importing a list of participants: choose it, look at what it would do, say yes, and see what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from chalice.app import Response

from chalicelib import answers, bodies, desk, planning, routing
from chalicelib.participant_imports import go_on, preview_participants
from chalicelib.participants import PATH, GatheringScreen, about
from chalicelib.registration_words import STATUSES
from chalicelib.visit import DeskVisit
from shared.bootstrap import web as bootstrap
from shared.refusals import Invalid, Refusal
from shared.registration import importing
from shared.registration.importing import AT_ONCE, Preview, Progress, Unplaced
from shared.registration.model import Status
from shared.roles import Role
from shared.spreadsheets.previews import PreviewNotFound
from shared.spreadsheets.reading import SheetUnreadable

pages = routing.desk()

IMPORT: Final = f"{PATH}/import"
MOST_SHOWN: Final = 200
MOST_PLACED: Final = 50


@dataclass(frozen=True, slots=True)
class ImportScreen(GatheringScreen):
    """Where a list is pasted or uploaded."""

    text: str = ""
    mode: str = ""
    sessions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PreviewScreen(GatheringScreen):
    """What a list would do, and how far it has come. `libraries` are names by number.

    Who has `pressed` the button and comes from there need not press it again.
    """

    import_id: str
    preview: Preview
    progress: Progress
    libraries: Mapping[str, str]
    pressed: bool = field(default=False, kw_only=True)
    most: int = field(default=MOST_SHOWN, kw_only=True)

    @property
    def own_path(self) -> str:
        """The page's address, without language."""
        return f"{self.path}/import/{self.import_id}"

    @property
    def goes_on(self) -> bool:
        """Whether the next lines are registered without another press: not after a refusal."""
        return self.pressed and self.refusal is None and not self.progress.is_complete

    @property
    def at_once(self) -> int:
        """How many lines the next press of the button registers."""
        return min(AT_ONCE, self.progress.total - len(self.progress.done))

    @property
    def unplaced(self) -> tuple[Unplaced, ...]:
        """The spellings of libraries to choose for, the most frequent first."""
        return tuple(sorted(self.preview.unplaced, key=lambda one: -len(one.lines))[:MOST_PLACED])

    @property
    def outcomes(self) -> tuple[tuple[str, int], ...]:
        """How many stand how, in words to be translated."""
        statuses = [one.status for one in self.progress.done]
        return tuple((word, statuses.count(status)) for status, word in STATUSES.items() if status in statuses)

    def status(self, status: str) -> str:
        """A status in one word, to be translated."""
        return STATUSES[Status(status)]


@pages.get(IMPORT, Role.COORDINATOR, own=True)
def choose(visit: DeskVisit, gathering_id: str) -> Response:
    """Show where a list is pasted or uploaded."""
    return desk.page(visit, "desk/participants-import.html", ImportScreen(visit.login, *about(visit, gathering_id)))


@pages.upload(IMPORT, Role.COORDINATOR, own=True)
def preview(visit: DeskVisit, gathering_id: str) -> Response:
    """Read a list and show what it would do."""
    form = bodies.form(visit.request)
    pasted, uploaded = form.get("text", ""), bodies.files(visit.request).get("sheet", b"")
    mode = form.get("mode", "")
    sessions = _sessions(visit)
    try:
        import_id, _ = preview_participants(
            visit, gathering_id, uploaded or pasted.encode(), mode=mode, sessions=sessions or None
        )
    except Invalid as invalid:
        refusal: Refusal = invalid
        if isinstance(invalid, SheetUnreadable):
            at = "sheet" if uploaded or not pasted else "text"
            refusal = Invalid(*(replace(fault, field=at) for fault in invalid.faults))
        screen = ImportScreen(visit.login, *about(visit, gathering_id), pasted, mode, sessions, refusal=refusal)
        return desk.page(visit, "desk/participants-import.html", screen)
    return answers.see_other(visit, f"{IMPORT.format(gathering_id=gathering_id)}/{import_id}")


@pages.get(f"{IMPORT}/{{import_id}}", Role.COORDINATOR, own=True)
def previewed(visit: DeskVisit, gathering_id: str, import_id: str) -> Response:
    """Show what a list would do, or what came of it."""
    return _page(visit, gathering_id, import_id)


@pages.post(f"{IMPORT}/{{import_id}}", Role.COORDINATOR, own=True)
def confirm(visit: DeskVisit, gathering_id: str, import_id: str) -> Response:
    """Register the next lines."""
    _shown(visit, gathering_id, import_id)
    if refusal := planning.tried(lambda: go_on(visit, import_id)):
        return _page(visit, gathering_id, import_id, refusal)
    return answers.see_other(visit, f"{IMPORT.format(gathering_id=gathering_id)}/{import_id}?pressed=1")


@pages.post(f"{IMPORT}/{{import_id}}/biblioteker", Role.COORDINATOR, own=True)
def place(visit: DeskVisit, gathering_id: str, import_id: str) -> Response:
    """Take what was chosen for libraries that are not known, and show what the list would do then."""
    form = bodies.form(visit.request)
    shown, _ = _shown(visit, gathering_id, import_id)
    libraries = bootstrap.libraries()
    keys = (one.key for one in shown.unplaced)
    chosen = {key: number for key in keys if libraries.knows(number := form.get(f"library:{key}", ""))}
    new_id, _ = importing.place_libraries(import_id, chosen, previews=bootstrap.previews(), now=visit.now)
    return answers.see_other(visit, f"{IMPORT.format(gathering_id=gathering_id)}/{new_id}")


def _page(visit: DeskVisit, gathering_id: str, import_id: str, refusal: Refusal | None = None) -> Response:
    shown, progress = _shown(visit, gathering_id, import_id)
    libraries = {one.id: one.name for one in bootstrap.libraries().all()}
    screen = PreviewScreen(
        visit.login,
        *about(visit, gathering_id),
        import_id,
        shown,
        progress,
        libraries,
        pressed="pressed" in visit.query,
        refusal=refusal,
    )
    return desk.page(visit, "desk/participants-preview.html", screen)


def _shown(visit: DeskVisit, gathering_id: str, import_id: str) -> tuple[Preview, Progress]:
    shown, progress = importing.shown_import(import_id, previews=bootstrap.previews(), now=visit.now)
    if shown.terms.gathering_id != gathering_id:
        raise PreviewNotFound
    return shown, progress


def _sessions(visit: DeskVisit) -> tuple[str, ...]:
    """Return the sessions that are ticked, with those that all come to."""
    fields = bodies.fields(visit.request)
    named = (values for name, values in fields.items() if name == "given" or name.startswith(("session", "choice-")))
    return tuple(value for values in named for value in values)
