"""Resources: the list, the form of one, whether everybody sees it, and its end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Final

from chalice.app import Response

from chalicelib import answers, bodies, desk, planning, routing, scripted, theme_words, wire_documents
from chalicelib.bodies import validated
from chalicelib.desk import DeskScreen
from chalicelib.editing import EDITORS, EditorScreen, languages, sharing
from chalicelib.forms import resources as forms
from chalicelib.planning import Form, FormScreen
from chalicelib.visit import DeskVisit
from chalicelib.wire_resources import ResourceBody, ResourcePatch
from shared.bootstrap import documents, resources as shelf, web as bootstrap, webinars as workshop
from shared.refusals import N_, Refusal
from shared.resources.model import KINDS, Resource, ResourceChangedMeanwhile, newest_first
from shared.roles import Role
from shared.themes.model import Theme

pages = routing.desk()

PATH: Final = "/tovholder/ressourcer"
ONE: Final = f"{PATH}/{{resource_id}}"

SHOWN: Final = "shown"
HIDDEN: Final = "hidden"
STATES: Final = {SHOWN: N_("Shown"), HIDDEN: N_("Hidden")}
"""One word for each state, to be translated."""

DONE: Final = {
    "added": N_("The resource is saved. Everybody sees it in a moment."),
    "to_come": N_("The resource is saved, and nobody sees it yet: send its file."),
    "filed": N_("The file is here."),
    "saved": N_("Your changes are saved."),
    "shown": N_("Everybody sees the resource again in a moment."),
    "hidden": N_("The resource is hidden."),
    "removed": N_("The resource is deleted."),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A resource in the list, with what its library and its themes are called."""

    resource: Resource
    library: str
    themes: tuple[str, ...]

    @property
    def kind(self) -> str:
        """What it is, to be translated."""
        return KINDS[self.resource.kind]

    @property
    def state(self) -> str:
        """Whether everybody sees it, to be translated."""
        return STATES[_state(self.resource)]


@dataclass(frozen=True, slots=True)
class ListScreen(EditorScreen):
    """Resources on a theme and in a state; empty: on any, in any."""

    entries: tuple[Entry, ...]
    themes: tuple[Theme, ...]
    theme: str
    state: str

    @property
    def states(self) -> tuple[tuple[str, str], ...]:
        """What there is to choose from: values and names, to be translated."""
        return tuple(STATES.items())


@dataclass(frozen=True, slots=True)
class ResourceFormScreen(FormScreen):
    """The form. `resource` is what is kept; None while it is new. `libraries` and `written`, the languages, are what
    there is to choose from, `download` where its file can be had for a while.
    """

    labels: ClassVar[Mapping[str, str]] = forms.LABELS
    lists: ClassVar[Mapping[str, str]] = {}
    resource: Resource | None = None
    libraries: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)
    written: tuple[str, ...] = field(default=(), kw_only=True)
    download: str | None = field(default=None, kw_only=True)

    @property
    def path(self) -> str:
        """Where the form is sent, without language."""
        return f"{PATH}/{self.resource.id}" if self.resource else f"{PATH}/ny"

    @property
    def kinds(self) -> tuple[tuple[str, str], ...]:
        """What it can be: values and names, to be translated."""
        return tuple((kind.value, said) for kind, said in KINDS.items())


@dataclass(frozen=True, slots=True)
class ResourceScreen(DeskScreen):
    """One resource."""

    resource: Resource

    @property
    def path(self) -> str:
        """The address of its form, without language."""
        return f"{PATH}/{self.resource.id}"


@pages.get(PATH, *Role)
def resources(visit: DeskVisit) -> Response:
    """Show resources, the newest first."""
    theme, state = visit.query.get("theme", ""), visit.query.get("state", "")
    themes, libraries = bootstrap.themes().fresh(), bootstrap.libraries()
    entries = tuple(
        Entry(one, libraries.shown(one.library).name, theme_words.in_words(one.themes, visit.voice))
        for kept in newest_first(shelf.around().store.every())
        for one in [kept.on_current(themes)]
        if (not theme or theme in one.themes) and (not state or state == _state(one))
    )
    done = DONE.get(visit.query.get("done", ""))
    screen = ListScreen(visit.login, entries, themes.standing, theme, state, done=done)
    return desk.page(visit, "desk/resources.html", screen)


@pages.get(f"{PATH}/ny", *EDITORS)
def new(visit: DeskVisit) -> Response:
    """Show the form for a new resource."""
    return _form(visit, Form.opening(forms.new(language=visit.network.languages[0])), None)


@pages.post(f"{PATH}/ny", *EDITORS)
def add(visit: DeskVisit) -> Response:
    """Keep a new resource, or show the form again."""
    form = Form.sent(visit)
    refusal = planning.tried(lambda: _add(visit, form))
    if isinstance(refusal, ResourceChangedMeanwhile):
        # Sent twice: what was typed since, after going back, is a change of it.
        return _saved(visit, replace(form, version=1), _get(form.new))
    if refusal:
        return _form(visit, form, None, refusal)
    if not form.fields.get("link", [""])[-1].strip():
        return answers.see_other(visit, f"{PATH}/{form.new}?done=to_come")
    return answers.see_other(visit, f"{PATH}?done=added")


@pages.get(ONE, *EDITORS)
def edit(visit: DeskVisit, resource_id: str) -> Response:
    """Show the form of a resource."""
    kept = _get(resource_id)
    return _form(visit, _opening(visit, kept), kept)


@pages.post(ONE, *EDITORS)
def change(visit: DeskVisit, resource_id: str) -> Response:
    """Keep a changed resource, or show the form again with all that was typed."""
    return _saved(visit, Form.sent(visit), _get(resource_id))


@pages.post(f"{ONE}/vis", *EDITORS)
def show(visit: DeskVisit, resource_id: str) -> Response:
    """Let everybody see it."""
    return _step(visit, resource_id, f"{PATH}?done=shown", lambda: sharing(visit).show(resource_id))


@pages.post(f"{ONE}/skjul", *EDITORS)
def hide(visit: DeskVisit, resource_id: str) -> Response:
    """Let nobody see it any more."""
    sharing(visit).hide(resource_id)
    return answers.see_other(visit, f"{PATH}?done=hidden")


@pages.upload(f"{ONE}/fil", *EDITORS)
def attach(visit: DeskVisit, resource_id: str) -> Response:
    """Let it be a file that comes with the form."""

    def filed() -> None:
        content = bodies.files(visit.request).get("document", b"")
        _file(visit, resource_id, documents.receiving(_get(resource_id).id).bring(content))

    return _step(visit, resource_id, f"{PATH}/{resource_id}?done=filed", filed)


@pages.post(f"{ONE}/fil/plads", *EDITORS)
def begin(visit: DeskVisit, resource_id: str) -> Response:
    """Give a link that its file is put to."""

    def begun() -> dict[str, Any]:
        size = scripted.body(wire_documents.DocumentBody, visit).size
        return wire_documents.begun(*documents.receiving(_get(resource_id).id).begin(size))

    return scripted.told(visit, begun)


@pages.post(f"{ONE}/fil/{{document_id}}/faerdig", *EDITORS)
def finish(visit: DeskVisit, resource_id: str, document_id: str) -> Response:
    """Let it be a file that has come."""

    def finished() -> dict[str, Any]:
        _file(visit, resource_id, document_id)
        return {}

    return scripted.told(visit, finished)


@pages.get(f"{ONE}/slet", *EDITORS)
def ask_to_remove(visit: DeskVisit, resource_id: str) -> Response:
    """Ask whether it is really to be deleted."""
    return desk.page(visit, "desk/resource-remove.html", ResourceScreen(visit.login, _get(resource_id)))


@pages.post(f"{ONE}/slet", *EDITORS)
def remove(visit: DeskVisit, resource_id: str) -> Response:
    """Delete it."""
    sharing(visit).remove(resource_id, files=workshop.files())
    return answers.see_other(visit, f"{PATH}?done=removed")


def _state(resource: Resource) -> str:
    return SHOWN if resource.shown else HIDDEN


def _get(resource_id: str) -> Resource:
    """Return a resource with the themes and the library that its own lead to by now."""
    kept = shelf.around().store.get(resource_id).on_current(bootstrap.themes().fresh())
    return replace(kept, library=bootstrap.libraries().shown(kept.library).id)


def _form(
    visit: DeskVisit,
    form: Form,
    kept: Resource | None,
    refusal: Refusal | None = None,
    theirs: Mapping[str, list[str]] | None = None,
) -> Response:
    libraries = {one.id: one.name for one in bootstrap.libraries().all()}
    if kept:
        libraries.setdefault(kept.library, kept.library)
    screen = ResourceFormScreen(
        visit.login,
        form,
        kept,
        theirs=theirs or {},
        names={**libraries, **{kind.value: said for kind, said in KINDS.items()}},
        themes=planning.themes(form, theirs, visit.voice),
        libraries=tuple(libraries.items()),
        written=languages(visit, *form.fields.get("language", [])),
        download=documents.arrivals().look(kept.document) if kept and kept.document else None,
        refusal=refusal,
        done=DONE.get(visit.query.get("done", "")),
    )
    page = planning.show(visit, "desk/resource-form.html", screen)
    return answers.reaching(page, documents.store_origin()) if kept else page


def _opening(visit: DeskVisit, kept: Resource) -> Form:
    return Form.opening(forms.to_fields(kept, visit.network.languages), version=kept.version)


def _add(visit: DeskVisit, form: Form) -> Resource:
    reader = planning.reader(form, visit)
    fields = forms.to_body(reader)
    # Without an address its file is to come.
    body = reader.checked(ResourceBody, fields | {"shown": fields["link"] is not None})
    return sharing(visit).add(body.to_domain(id=form.new, added_at=visit.now))


def _saved(visit: DeskVisit, form: Form, kept: Resource) -> Response:
    refusal = planning.tried(lambda: _change(visit, form, kept))
    if isinstance(refusal, ResourceChangedMeanwhile):
        kept = _get(kept.id)
        form, theirs = form.merged(_opening(visit, kept))
        return _form(visit, form, kept, refusal, theirs)
    if refusal:
        return _form(visit, form, kept, refusal)
    return answers.see_other(visit, f"{PATH}?done=saved")


def _change(visit: DeskVisit, form: Form, kept: Resource) -> Resource:
    reader = planning.reader(form, visit)
    body = forms.to_body(reader)
    reader.checked(ResourceBody, body)
    wanted = validated(ResourcePatch, {**body, "version": max(form.version, 1)}).onto(kept)
    return sharing(visit).change(wanted, files=workshop.files())


def _file(visit: DeskVisit, resource_id: str, document_id: str) -> None:
    receiving = documents.receiving(resource_id)
    sharing(visit).file(resource_id, document_id, receiving=receiving, files=workshop.files())


def _step(visit: DeskVisit, resource_id: str, then: str, step: Callable[[], object]) -> Response:
    """Do something to a resource and lead on, or show what refused it."""
    refusal = planning.tried(step)
    if refusal:
        kept = _get(resource_id)
        return _form(visit, _opening(visit, kept), kept, refusal)
    return answers.see_other(visit, then)
