"""Libraries: what is known of each, which became part of another, and lists of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from chalice.app import Response

from chalicelib import answers, bodies, desk, routing
from chalicelib.coordinating import domains_listed
from chalicelib.desk import DeskScreen
from chalicelib.forms.libraries import LibraryForm, version_of
from chalicelib.visit import DeskVisit
from shared.bootstrap import web as bootstrap
from shared.i18n import danish_order
from shared.libraries import importing
from shared.libraries.importing import Outcome
from shared.libraries.imports import Change, Preview
from shared.libraries.model import (
    Certification,
    Certified,
    Library,
    LibraryChangedMeanwhile,
    LibraryIsMerged,
    LibraryNotFound,
    mergeable,
)
from shared.libraries.service import Directory
from shared.network import Municipality
from shared.refusals import N_, Fault, Invalid, Refusal
from shared.roles import Role
from shared.spreadsheets.reading import SheetUnreadable

pages = routing.desk()

PATH: Final = "/tovholder/biblioteker"
MOST_SHOWN: Final = 200
"""How many lines of a preview are shown. It says how many there are."""

STATUSES: Final = {
    Certification.NONE: N_("Not certified"),
    Certification.ON_THE_WAY: N_("On the way"),
    Certification.IN_PROGRESS: N_("In progress"),
    Certification.CERTIFIED: N_("Certified"),
}

FIELDS: Final = {
    "name": N_("Name"),
    "aliases": N_("Other spellings"),
    "domains": N_("Domains"),
    "certification": N_("Certification"),
}
"""What an import changes."""

DONE: Final = {
    "added": N_("The library is added."),
    "saved": N_("The library is saved."),
    "merged": N_("The library is now part of another."),
}


@dataclass(frozen=True, slots=True)
class LibraryScreen(DeskScreen):
    """Base of these pages."""

    directory: Directory
    today: date

    @property
    def may_change(self) -> bool:
        """Whether there is anything here to fill in for whoever looks."""
        return Role.COORDINATOR in self.login.person.roles

    @property
    def statuses(self) -> Mapping[Certification, str]:
        """The statuses' names, to be translated."""
        return STATUSES

    @property
    def municipalities(self) -> tuple[Municipality, ...]:
        """All municipalities, by name."""
        return tuple(sorted(self.directory.municipalities, key=lambda one: danish_order(one.name)))

    def status(self, library: Library) -> str:
        """The name of a library's status today, to be translated."""
        return STATUSES[library.certification(self.today)]

    def day(self, day: date | None) -> str:
        """A day in short: `01.03.2026`."""
        return day.strftime("%d.%m.%Y") if day else ""


@dataclass(frozen=True, slots=True)
class Sought:
    """Which libraries to show. An empty field asks for nothing."""

    text: str = ""
    certification: str = ""
    municipality: str = ""
    without_domain: bool = False


@dataclass(frozen=True, slots=True)
class LibrariesScreen(LibraryScreen):
    """Those that were sought, of all that there are."""

    libraries: tuple[Library, ...]
    sought: Sought
    number_of_all: int


@dataclass(frozen=True, slots=True)
class OneLibraryScreen(LibraryScreen):
    """One library, with the form as it was typed. `theirs` is what somebody else has kept meanwhile."""

    library: Library
    form: LibraryForm
    theirs: LibraryForm | None = None

    @property
    def others(self) -> tuple[Library, ...]:
        """The libraries that it could become part of."""
        return tuple(one for one in self.directory.all() if one.id != self.library.id)

    @property
    def path(self) -> str:
        """The page's address, without language."""
        return f"{PATH}/{self.library.id}"

    def kept_meanwhile(self, name: str) -> str | None:
        """What somebody else has kept in a field, if it is not what stands there."""
        if self.theirs is None:
            return None
        kept: str = getattr(self.theirs, name)
        return kept if kept.split() != getattr(self.form, name).split() else None

    @property
    def history_meanwhile(self) -> tuple[Certified, ...] | None:
        """The history as somebody else has kept it, if it is not what stands there."""
        if self.theirs is None:
            return None
        told = {(row.status, row.since, row.until) for row in self.form.rows if not row.is_empty}
        kept = {(row.status, row.since, row.until) for row in self.theirs.rows if not row.is_empty}
        return self.library.certifications if told != kept else None


@dataclass(frozen=True, slots=True)
class NewLibraryScreen(LibraryScreen):
    """The form for a library that the profile does not have."""

    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MergeScreen(LibraryScreen):
    """The question before a library becomes part of another: there is no way back."""

    library: Library
    into: Library


@dataclass(frozen=True, slots=True)
class ImportScreen(LibraryScreen):
    """Where a list is pasted or uploaded."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class PreviewScreen(LibraryScreen):
    """What a list would change, or if it was confirmed, what came of it."""

    import_id: str
    shown: Preview | Outcome

    @property
    def outcome(self) -> Outcome | None:
        """What came of it."""
        return self.shown if isinstance(self.shown, Outcome) else None

    @property
    def most(self) -> int:
        """How many lines of each kind are shown."""
        return MOST_SHOWN

    def field_name(self, change: Change) -> str:
        """What changes, to be translated."""
        return FIELDS[change.field]


@pages.get(PATH, *Role)
def libraries(visit: DeskVisit) -> Response:
    """Show those that are sought."""
    query = visit.query
    sought = Sought(
        query.get("q", "").strip(),
        query.get("certification", ""),
        query.get("municipality", ""),
        "without_domain" in query,
    )
    directory, today = _here(visit)
    every = directory.every()
    named = directory.search(sought.text) if sought.text else every
    found = tuple(one for one in named if _is_sought(one, sought, today))
    screen = LibrariesScreen(visit.login, directory, today, found, sought, len(every), done=_done(visit))
    return desk.page(visit, "desk/libraries.html", screen)


@pages.get(f"{PATH}/ny", Role.COORDINATOR)
def new(visit: DeskVisit) -> Response:
    """Show the form for a library more."""
    return desk.page(visit, "desk/libraries-new.html", NewLibraryScreen(visit.login, *_here(visit)))


@pages.post(f"{PATH}/ny", Role.COORDINATOR)
def add(visit: DeskVisit) -> Response:
    """Add a library."""
    typed = bodies.form(visit.request)
    number, name, municipality = (typed.get(part, "").strip() for part in ("id", "name", "municipality"))
    directory, today = _here(visit)
    wanted = Library(directory.number(number) or number, name, municipality or None)
    try:
        directory.add(wanted)
    except Refusal as refusal:
        screen = NewLibraryScreen(visit.login, directory, today, typed, refusal=refusal)
        return desk.page(visit, "desk/libraries-new.html", screen)
    return answers.see_other(visit, f"{PATH}/{wanted.id}?done=added")


@pages.get(f"{PATH}/importer", Role.COORDINATOR)
def choose(visit: DeskVisit) -> Response:
    """Show where a list is pasted or uploaded."""
    return desk.page(visit, "desk/libraries-import.html", ImportScreen(visit.login, *_here(visit)))


@pages.upload(f"{PATH}/importer", Role.COORDINATOR)
def preview(visit: DeskVisit) -> Response:
    """Read a list and show what it would change."""
    pasted = bodies.form(visit.request).get("text", "")
    uploaded = bodies.files(visit.request).get("sheet", b"")
    directory, today = _here(visit)
    try:
        import_id, _ = importing.preview_import(
            uploaded or pasted.encode(), directory=directory, previews=bootstrap.previews(), now=visit.now
        )
    except SheetUnreadable as unreadable:
        at = "sheet" if uploaded or not pasted else "text"
        refusal = Invalid(*(replace(fault, field=at) for fault in unreadable.faults))
        screen = ImportScreen(visit.login, directory, today, pasted, refusal=refusal)
        return desk.page(visit, "desk/libraries-import.html", screen)
    return answers.see_other(visit, f"{PATH}/importer/{import_id}")


@pages.get(f"{PATH}/importer/{{import_id}}", Role.COORDINATOR)
def previewed(visit: DeskVisit, import_id: str) -> Response:
    """Show what a list would change, or what came of it."""
    shown = importing.shown_import(import_id, previews=bootstrap.previews(), now=visit.now)
    screen = PreviewScreen(visit.login, *_here(visit), import_id, shown)
    return desk.page(visit, "desk/libraries-preview.html", screen)


@pages.post(f"{PATH}/importer/{{import_id}}", Role.COORDINATOR)
def confirm(visit: DeskVisit, import_id: str) -> Response:
    """Keep what was shown."""
    importing.confirm_import(import_id, directory=bootstrap.libraries(), previews=bootstrap.previews(), now=visit.now)
    domains_listed(visit)
    return answers.see_other(visit, f"{PATH}/importer/{import_id}")


@pages.get(f"{PATH}/{{number}}", *Role)
def library(visit: DeskVisit, number: str) -> Response:
    """Show one library."""
    directory, today = _here(visit)
    found = directory.get(number)
    screen = OneLibraryScreen(visit.login, directory, today, found, LibraryForm.of(found), done=_done(visit))
    return desk.page(visit, "desk/libraries-one.html", screen)


@pages.post(f"{PATH}/{{number}}", Role.COORDINATOR)
def change(visit: DeskVisit, number: str) -> Response:
    """Save a library, or show what was typed once more, beside what somebody else has saved meanwhile."""
    form = LibraryForm.read(bodies.form(visit.request))
    directory, today = _here(visit)
    before = directory.get(number)
    theirs = None
    try:
        changed = directory.change(form.onto(before))
        if changed.domains != before.domains:
            domains_listed(visit)
    except LibraryChangedMeanwhile as refused:
        refusal: Refusal = refused
        before = directory.fresh().get(number)
        theirs = LibraryForm.of(before)
        form = replace(form, version=before.version)
    except Invalid as invalid:
        refusal = Invalid(*(form.placed(fault) for fault in invalid.faults))
    else:
        return answers.see_other(visit, f"{PATH}/{number}?done=saved")
    screen = OneLibraryScreen(visit.login, directory, today, before, form.with_empty_row(), theirs, refusal=refusal)
    return desk.page(visit, "desk/libraries-one.html", screen)


@pages.get(f"{PATH}/{{number}}/sammenlaeg", Role.COORDINATOR)
def ask_to_merge(visit: DeskVisit, number: str) -> Response:
    """Ask whether one library is to become part of another."""
    directory, today = _here(visit)
    found = directory.get(number)
    try:
        into = directory.get(visit.query.get("into", ""))
        mergeable(found, into)
    except LibraryNotFound:
        return _not_merged(visit, found, Invalid(Fault("into", N_("Choose the library that takes over."))))
    except (Invalid, LibraryIsMerged) as refusal:
        return _not_merged(visit, found, refusal)
    return desk.page(visit, "desk/libraries-merge.html", MergeScreen(visit.login, directory, today, found, into))


@pages.post(f"{PATH}/{{number}}/sammenlaeg", Role.COORDINATOR)
def merge(visit: DeskVisit, number: str) -> Response:
    """Let one library become part of another."""
    fields = bodies.form(visit.request)
    directory, _ = _here(visit)
    try:
        directory.merge(number, fields.get("into", ""), version=version_of(fields))
        domains_listed(visit)
    except (Invalid, LibraryChangedMeanwhile, LibraryIsMerged) as refusal:
        return _not_merged(visit, directory.fresh().get(number), refusal)
    return answers.see_other(visit, f"{PATH}/{number}?done=merged")


def _not_merged(visit: DeskVisit, found: Library, refusal: Refusal) -> Response:
    screen = OneLibraryScreen(visit.login, *_here(visit), found, LibraryForm.of(found), refusal=refusal)
    return desk.page(visit, "desk/libraries-one.html", screen)


def _here(visit: DeskVisit) -> tuple[Directory, date]:
    return bootstrap.libraries().fresh(), visit.today


def _done(visit: DeskVisit) -> str | None:
    return DONE.get(visit.query.get("done", ""))


def _is_sought(library: Library, sought: Sought, today: date) -> bool:
    return (
        sought.certification in ("", library.certification(today))
        and sought.municipality in ("", library.municipality)
        and not (sought.without_domain and (library.domains or library.merged_into))
    )
