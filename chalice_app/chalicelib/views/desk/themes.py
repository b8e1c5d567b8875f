"""Themes: their order, names and goals, and which became part of another."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Final

from chalice.app import Response

from chalicelib import answers, bodies, desk, planning, routing
from chalicelib.bodies import validated
from chalicelib.desk import DeskScreen
from chalicelib.editing import arranging
from chalicelib.forms import themes as forms
from chalicelib.planning import Form, FormScreen
from chalicelib.visit import DeskVisit
from chalicelib.wire_themes import ThemeBody, ThemePatch
from shared.bootstrap import web as bootstrap
from shared.refusals import N_, Refusal
from shared.roles import Role
from shared.themes.model import Theme, ThemeChangedMeanwhile, Themes

pages = routing.desk()

PATH: Final = "/tovholder/temaer"
UP: Final = "up"
DONE: Final = {
    "added": N_("The theme is added."),
    "saved": N_("The theme is saved."),
    "moved": N_("The order is saved."),
    "merged": N_("The theme is now part of another. Its address leads there."),
}


@dataclass(frozen=True, slots=True)
class ThemesScreen(DeskScreen):
    """All themes in their order."""

    themes: Themes

    @property
    def may_change(self) -> bool:
        """Whether there is anything here to press for whoever looks."""
        return Role.COORDINATOR in self.login.person.roles

    @property
    def merged(self) -> tuple[tuple[Theme, Theme], ...]:
        """Those that are part of another, each with the one that it leads to."""
        return tuple((one, self.themes.current(one.slug)) for one in self.themes.all if one.merged_into)


@dataclass(frozen=True, slots=True)
class ThemeScreen(FormScreen):
    """The form. `theme` is what is kept; None while it is new. `others` are those that it could become part of."""

    labels: ClassVar[Mapping[str, str]] = forms.LABELS
    lists: ClassVar[Mapping[str, str]] = {}
    theme: Theme | None = None
    others: tuple[Theme, ...] = field(default=(), kw_only=True)

    @property
    def path(self) -> str:
        """Where the form is sent, without language."""
        return f"{PATH}/{self.theme.slug}" if self.theme else f"{PATH}/ny"


@pages.get(PATH, *Role)
def themes(visit: DeskVisit) -> Response:
    """Show all themes."""
    screen = ThemesScreen(visit.login, bootstrap.themes().fresh(), done=DONE.get(visit.query.get("done", "")))
    return desk.page(visit, "desk/themes.html", screen)


@pages.post(PATH, Role.COORDINATOR)
def arrange(visit: DeskVisit) -> Response:
    """Move a theme one place up or down."""
    form = bodies.form(visit.request)
    order = [one.slug for one in bootstrap.themes().fresh().standing]
    arranging(visit).arrange(_moved(order, form.get("theme", ""), up=form.get("way") == UP))
    return answers.see_other(visit, f"{PATH}?done=moved")


@pages.get(f"{PATH}/ny", Role.COORDINATOR)
def new(visit: DeskVisit) -> Response:
    """Show the form for a new theme."""
    return _form(visit, Form.opening({}), None)


@pages.post(f"{PATH}/ny", Role.COORDINATOR)
def add(visit: DeskVisit) -> Response:
    """Keep a new theme, or show the form again."""
    form = Form.sent(visit)
    refusal = planning.tried(lambda: _add(visit, form))
    if refusal:
        return _form(visit, form, None, refusal)
    return answers.see_other(visit, f"{PATH}?done=added")


@pages.get(f"{PATH}/{{slug}}", Role.COORDINATOR)
def edit(visit: DeskVisit, slug: str) -> Response:
    """Show the form of a theme; that of the one it has become part of, if so."""
    kept = bootstrap.themes().fresh().current(slug)
    if kept.slug != slug:
        return answers.see_other(visit, f"{PATH}/{kept.slug}")
    return _form(visit, _opening(visit, kept), kept)


@pages.post(f"{PATH}/{{slug}}", Role.COORDINATOR)
def change(visit: DeskVisit, slug: str) -> Response:
    """Keep a changed theme, or show the form again with all that was typed."""
    kept, form = bootstrap.themes().fresh().get(slug), Form.sent(visit)
    refusal = planning.tried(lambda: _change(visit, form, kept))
    if isinstance(refusal, ThemeChangedMeanwhile):
        kept = bootstrap.themes().fresh().get(slug)
        merged, theirs = form.merged(_opening(visit, kept))
        return _form(visit, merged, kept, refusal, theirs)
    if refusal:
        return _form(visit, form, kept, refusal)
    return answers.see_other(visit, f"{PATH}?done=saved")


@pages.post(f"{PATH}/{{slug}}/sammenlaeg", Role.COORDINATOR)
def merge(visit: DeskVisit, slug: str) -> Response:
    """Let a theme become part of another."""
    form, kept = bodies.form(visit.request), bootstrap.themes().fresh().get(slug)
    typed, into = form.get("version", ""), form.get("into", "")
    version = int(typed) if typed.isdecimal() else 0
    refusal = planning.tried(lambda: arranging(visit).merge(slug, into, version=version))
    if refusal:
        opened = _opening(visit, kept)
        return _form(visit, replace(opened, fields={**opened.fields, "into": [into]}), kept, refusal)
    return answers.see_other(visit, f"{PATH}?done=merged")


def _moved(order: list[str], slug: str, *, up: bool) -> list[str]:
    """Return the order with one of them a place further up or down. What is not there, or at the end, stays."""
    if slug not in order:
        return order
    at = order.index(slug)
    to = max(at - 1, 0) if up else at + 1
    rest = [one for one in order if one != slug]
    return [*rest[:to], slug, *rest[to:]]


def _form(
    visit: DeskVisit,
    form: Form,
    kept: Theme | None,
    refusal: Refusal | None = None,
    theirs: Mapping[str, list[str]] | None = None,
) -> Response:
    others = tuple(one for one in bootstrap.themes().themes().standing if kept and one.slug != kept.slug)
    screen = ThemeScreen(visit.login, form, kept, theirs=theirs or {}, others=others, refusal=refusal)
    return planning.show(visit, "desk/theme-form.html", screen)


def _opening(visit: DeskVisit, kept: Theme) -> Form:
    return Form.opening(forms.to_fields(kept, visit.network.languages), version=kept.version)


def _add(visit: DeskVisit, form: Form) -> Theme:
    reader, languages = planning.reader(form, visit), visit.network.languages
    theme = reader.checked(ThemeBody, forms.to_body(reader)).to_domain(languages[0])
    return arranging(visit).add(theme)


def _change(visit: DeskVisit, form: Form, kept: Theme) -> Theme:
    reader = planning.reader(form, visit)
    body = forms.to_body(reader)
    reader.checked(ThemeBody, body)
    wanted = validated(ThemePatch, {**body, "version": max(form.version, 1)}).onto(kept)
    return arranging(visit).change(wanted)
