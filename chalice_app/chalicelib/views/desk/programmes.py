"""Planning programmes: the list, one programme, its form, and doing it again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import ClassVar, Final

from chalice.app import Response

from chalicelib import answers, bodies, desk, planning, routing, theme_words
from chalicelib.bodies import validated
from chalicelib.forms import programmes as forms
from chalicelib.narrator import Narrator, RoundInWords, TrackInWords
from chalicelib.planning import Advice, Form, FormScreen, PlannerScreen
from chalicelib.programme_screens import ProgrammePreviewScreen, period
from chalicelib.screens import Listing
from chalicelib.visit import DeskVisit
from chalicelib.wire_programmes import ProgrammeBody, ProgrammePatch, editable
from shared import seats
from shared.bootstrap import web as bootstrap
from shared.gatherings.copies import moved, weeks_between
from shared.gatherings.model import Gathering, State
from shared.gatherings.seating import places_left
from shared.programmes import service as use_cases
from shared.programmes.model import Programme, ProgrammeChangedMeanwhile, ProgrammeExists
from shared.refusals import N_, Fault, Invalid, Refusal
from shared.roles import Role

pages = routing.desk()

PATH: Final = "/tovholder/forloeb"

DONE: Final = {
    "planned": N_("The draft is saved. Nobody sees it until you publish it."),
    "saved": N_("Your changes are saved. Gatherings with the programme’s rounds follow within a minute."),
    "published": N_("The programme is published. Its gatherings are published one by one."),
    "copied": N_(
        "This is the copy, with its gatherings: all drafts. Look at the dates, and publish when they are right."
    ),
    "cancelled": N_("The programme is cancelled. Its gatherings are cancelled one by one."),
}


@dataclass(frozen=True, slots=True)
class ListScreen(PlannerScreen):
    """All programmes, each with its period in words."""

    programmes: tuple[tuple[Programme, str], ...]

    def state(self, programme: Programme) -> str:
        """Where a programme is in its life, to be translated."""
        return planning.STATES[programme.state]


@dataclass(frozen=True, slots=True)
class OverviewScreen(PlannerScreen):
    """One programme and its gatherings. `doubts` is what may be meant otherwise."""

    programme: Programme
    period: str
    tracks: tuple[TrackInWords, ...]
    rounds: tuple[RoundInWords, ...]
    gatherings: tuple[Listing, ...]
    doubts: tuple[Fault, ...]
    themes: tuple[str, ...]

    @property
    def state(self) -> str:
        """Where it is in its life, to be translated."""
        return planning.STATES[self.programme.state]

    @property
    def path(self) -> str:
        """The page's address, without language."""
        return f"{PATH}/{self.programme.id}"


@dataclass(frozen=True, slots=True)
class Copied:
    """A gathering of the copy as it would be, and what speaks against its days."""

    gathering: Gathering
    advice: tuple[Advice, ...]


@dataclass(frozen=True, slots=True)
class CopyScreen(PlannerScreen):
    """A programme as it would be again: `typed` is the date, and there is nothing to see without one."""

    programme: Programme
    typed: str
    starts_on: date | None = None
    period: str = ""
    copies: tuple[Copied, ...] = ()

    @property
    def path(self) -> str:
        """The programme's address, without language."""
        return f"{PATH}/{self.programme.id}"

    @property
    def advised(self) -> int:
        """How many gatherings something speaks against."""
        return sum(bool(one.advice) for one in self.copies)


@dataclass(frozen=True, slots=True)
class ProgrammeFormScreen(FormScreen):
    """The form. `programme` is what is kept; None while it is planned for the first time."""

    labels: ClassVar[Mapping[str, str]] = forms.LABELS
    lists: ClassVar[Mapping[str, str]] = forms.LISTS
    programme: Programme | None = field(default=None)

    @property
    def path(self) -> str:
        """Where the form is sent, without language."""
        return f"{PATH}/{self.programme.id}/rediger" if self.programme else f"{PATH}/ny"


@pages.get(PATH, *Role)
def programmes(visit: DeskVisit) -> Response:
    """Show all programmes."""
    found = use_cases.every(store=bootstrap.programmes())
    listed = tuple((one, period(one.starts_on, one.ends_on, visit.voice)) for one in found)
    return desk.page(visit, "desk/programmes.html", ListScreen(visit.login, listed))


@pages.get(f"{PATH}/ny", Role.COORDINATOR)
def new(visit: DeskVisit) -> Response:
    """Show the form for a new programme."""
    return _form(visit, Form.opening(forms.new(contact=visit.network.mail.reply_to)), None)


@pages.post(f"{PATH}/ny", Role.COORDINATOR)
def plan(visit: DeskVisit) -> Response:
    """Keep the draft, or show the form again."""
    form = Form.sent(visit)
    if (after := form.after_button()) is not None:
        return _form(visit, after, None)
    refusal = planning.tried(lambda: _plan(visit, form))
    if isinstance(refusal, ProgrammeExists):
        return _planned_before(visit, form)
    if refusal:
        return _form(visit, form, None, refusal)
    return answers.see_other(visit, f"{PATH}/{form.new}?done=planned")


@pages.get(f"{PATH}/{{programme_id}}", *Role)
def programme(visit: DeskVisit, programme_id: str) -> Response:
    """Show one programme as it stands."""
    return desk.page(visit, "desk/programme.html", _overview(visit, _get(programme_id)))


@pages.get(f"{PATH}/{{programme_id}}/rediger", Role.COORDINATOR)
def edit(visit: DeskVisit, programme_id: str) -> Response:
    """Show the form."""
    kept = _get(programme_id)
    return _form(visit, _opening(visit, kept), kept)


@pages.post(f"{PATH}/{{programme_id}}/rediger", Role.COORDINATOR)
def change(visit: DeskVisit, programme_id: str) -> Response:
    """Keep the changes, or show the form again with all that was typed."""
    kept, form = _get(programme_id), Form.sent(visit)
    if (after := form.after_button()) is not None:
        return _form(visit, after, kept)
    return _saved(visit, form, kept)


@pages.get(f"{PATH}/{{programme_id}}/forhaandsvisning", *Role)
def preview(visit: DeskVisit, programme_id: str) -> Response:
    """Show the public page as it will look, with the gatherings that are drafts yet."""
    kept = _get(programme_id)
    as_public = kept if kept.is_public else replace(kept, state=State.PUBLISHED, published_at=visit.now)
    screen = ProgrammePreviewScreen.of(
        as_public,
        [
            planning.previewed(one, visit.now)
            for one in bootstrap.gatherings().of_programme(kept.id)
            if one.is_public or one.state is State.DRAFT
        ],
        _narrator(visit),
        visit,
        back=f"{PATH}/{kept.id}",
        is_public=kept.is_public,
    )
    return answers.page(visit, "desk/programme-preview.html", screen)


@pages.post(f"{PATH}/{{programme_id}}/offentliggoer", Role.COORDINATOR)
def publish(visit: DeskVisit, programme_id: str) -> Response:
    """Show the programme to the public."""
    use_cases.publish(programme_id, store=bootstrap.programmes(), now=visit.now, correlation_id=visit.correlation_id)
    return answers.see_other(visit, f"{PATH}/{programme_id}?done=published")


@pages.get(f"{PATH}/{{programme_id}}/aflys", Role.COORDINATOR)
def ask_to_cancel(visit: DeskVisit, programme_id: str) -> Response:
    """Ask once more."""
    return desk.page(visit, "desk/programme-cancel.html", _overview(visit, _get(programme_id)))


@pages.post(f"{PATH}/{{programme_id}}/aflys", Role.COORDINATOR)
def cancel(visit: DeskVisit, programme_id: str) -> Response:
    """Take the programme off for good."""
    use_cases.cancel(programme_id, store=bootstrap.programmes(), now=visit.now, correlation_id=visit.correlation_id)
    return answers.see_other(visit, f"{PATH}/{programme_id}?done=cancelled")


@pages.get(f"{PATH}/{{programme_id}}/kopi", Role.COORDINATOR)
def look_at_copy(visit: DeskVisit, programme_id: str) -> Response:
    """Show the copy that there would be, with what speaks against its days, before anything is done."""
    return _copy(visit, _get(programme_id), visit.query.get("starts_on"))


@pages.post(f"{PATH}/{{programme_id}}/kopi", Role.COORDINATOR)
def duplicate(visit: DeskVisit, programme_id: str) -> Response:
    """Plan the programme and its gatherings anew."""
    typed = bodies.form(visit.request).get("starts_on", "")
    try:
        starts_on = planning.week(typed, visit)
    except Invalid:
        return _copy(visit, _get(programme_id), typed)
    made = use_cases.duplicate(
        programme_id,
        starts_on,
        languages=visit.network.languages,
        zone=visit.network.zone,
        store=bootstrap.programmes(),
        gatherings=bootstrap.gatherings(),
    )
    return answers.see_other(visit, f"{PATH}/{made.programme.id}?done=copied")


def _get(programme_id: str) -> Programme:
    return bootstrap.programmes().get(programme_id)


def _narrator(visit: DeskVisit) -> Narrator:
    return Narrator(visit.now, visit.voice, bootstrap.libraries().names())


def _overview(visit: DeskVisit, kept: Programme) -> OverviewScreen:
    narrator = _narrator(visit)
    gatherings = bootstrap.gatherings().of_programme(kept.id)
    left = seats.left(one.id for one in gatherings if one.is_public)
    return OverviewScreen(
        visit.login,
        kept,
        period(kept.starts_on, kept.ends_on, visit.voice),
        narrator.tracks(kept),
        narrator.rounds(kept.rounds),
        tuple(
            Listing(one, visit.now, places_left(one, left[one.id]) if one.id in left else one.capacity)
            for one in gatherings
        ),
        tuple(_doubts(kept, visit)),
        theme_words.in_words(kept.themes, visit.voice),
        done=DONE.get(visit.query.get("done", "")),
    )


def _doubts(kept: Programme, visit: DeskVisit) -> Iterator[Fault]:
    if kept.state is State.CANCELLED:
        return
    yield from planning.without_addresses(kept.rounds, visit.voice)
    for at, track in enumerate(kept.tracks):
        yield from planning.without_addresses(track.rounds or (), visit.voice, name=f"tracks.{at}.rounds")


def _copy(visit: DeskVisit, kept: Programme, typed: str | None) -> Response:
    if typed is None:
        return desk.page(visit, "desk/programme-copy.html", CopyScreen(visit.login, kept, ""))
    try:
        starts_on = planning.week(typed, visit)
    except Invalid as refusal:
        return desk.page(visit, "desk/programme-copy.html", CopyScreen(visit.login, kept, typed, refusal=refusal))
    weeks = weeks_between(kept.starts_on, starts_on)
    copy = kept.moved(weeks, id=kept.id, zone=visit.network.zone)
    again = [
        moved(one, weeks, id=one.id, session_ids=[session.id for session in one.sessions])
        for one in bootstrap.gatherings().of_programme(kept.id)
        if one.state is not State.CANCELLED
    ]
    screen = CopyScreen(
        visit.login,
        kept,
        typed,
        starts_on,
        period(copy.starts_on, copy.ends_on, visit.voice),
        tuple(Copied(one, tuple(planning.advice_on(one, visit.voice))) for one in again),
    )
    return desk.page(visit, "desk/programme-copy.html", screen)


def _form(
    visit: DeskVisit,
    form: Form,
    kept: Programme | None,
    refusal: Refusal | None = None,
    theirs: Mapping[str, list[str]] | None = None,
) -> Response:
    screen = ProgrammeFormScreen(
        visit.login,
        form,
        kept,
        theirs=theirs or {},
        themes=planning.themes(form, theirs, visit.voice),
        refusal=refusal,
    )
    return planning.show(visit, "desk/programme-form.html", screen)


def _opening(visit: DeskVisit, kept: Programme) -> Form:
    fields = forms.to_fields(
        kept, languages=visit.network.languages, zone=visit.network.zone, libraries=bootstrap.libraries()
    )
    return Form.opening(fields, version=kept.version)


def _plan(visit: DeskVisit, form: Form) -> Programme:
    reader = planning.reader(form, visit)
    body = reader.checked(ProgrammeBody, forms.to_body(reader, bootstrap.libraries()))
    return use_cases.plan(body.to_domain(form.new), languages=visit.network.languages, store=bootstrap.programmes())


def _planned_before(visit: DeskVisit, form: Form) -> Response:
    """Lead who presses twice to the draft that is there. What was typed since, after going back, is a change of it."""
    kept, form = _get(form.new), replace(form, version=1)
    if editable(_patch(visit, form).onto(kept)) == editable(kept):
        return answers.see_other(visit, f"{PATH}/{kept.id}?done=planned")
    return _saved(visit, form, kept)


def _saved(visit: DeskVisit, form: Form, kept: Programme) -> Response:
    refusal = planning.tried(lambda: _change(visit, form, kept))
    if isinstance(refusal, ProgrammeChangedMeanwhile):
        kept = _get(kept.id)
        form, theirs = form.merged(_opening(visit, kept))
        return _form(visit, form, kept, refusal, theirs)
    if refusal:
        return _form(visit, form, kept, refusal)
    return answers.see_other(visit, f"{PATH}/{kept.id}?done=saved")


def _patch(visit: DeskVisit, form: Form) -> ProgrammePatch:
    reader = planning.reader(form, visit)
    body = forms.to_body(reader, bootstrap.libraries())
    reader.checked(ProgrammeBody, body)
    return validated(ProgrammePatch, {**body, "version": max(form.version, 1)})


def _change(visit: DeskVisit, form: Form, kept: Programme) -> Programme:
    patch = _patch(visit, form)
    return use_cases.change(
        patch.onto(kept),
        version=patch.version,
        languages=visit.network.languages,
        store=bootstrap.programmes(),
        gatherings=bootstrap.gatherings(),
        see=seats.see,
        now=visit.now,
        correlation_id=visit.correlation_id,
    )
