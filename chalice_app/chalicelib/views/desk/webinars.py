"""Webinars: the list, one with what it lacks and its captions, its form, and its way to everybody."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import ClassVar, Final

from chalice.app import Response

from chalicelib import answers, bodies, desk, planning, routing, theme_words
from chalicelib.bodies import validated
from chalicelib.editing import EDITORS, EditorScreen, editing, languages
from chalicelib.forms import webinars as forms
from chalicelib.planning import Form, FormScreen
from chalicelib.visit import DeskVisit
from chalicelib.wire_webinars import WebinarBody, WebinarPatch
from shared.bootstrap import documents, web as bootstrap, webinars as workshop
from shared.refusals import N_, Fault, Invalid, Refusal
from shared.roles import Role
from shared.webinars import service
from shared.webinars.captions import Cue
from shared.webinars.model import Captions, State, Webinar, WebinarChangedMeanwhile, place
from shared.webinars.recording import Upload

pages = routing.desk()

PATH: Final = "/tovholder/webinarer"
ONE: Final = f"{PATH}/{{webinar_id}}"
CAPTIONS: Final = f"{ONE}/undertekster"

STATES: Final[Mapping[State, str]] = {
    State.DRAFT: N_("Draft"),
    State.IN_REVIEW: N_("In review"),
    State.SCHEDULED: N_("Scheduled"),
    State.PUBLISHED: N_("Published"),
    State.HIDDEN: N_("Hidden"),
}
"""One word for each state, to be translated."""

DONE: Final = {
    "made": N_("The draft is saved. Nobody sees it until you publish it."),
    "saved": N_("Your changes are saved."),
    "captioned": N_("The captions are saved."),
    "uncaptioned": N_("The captions are taken away."),
    "unrecorded": N_("The recording is taken away."),
    "attached": N_("The file is among the materials now."),
    "detached": N_("The file is taken away."),
    "given_up": N_("What had been sent is thrown away."),
    "review": N_("Somebody else can look at it now."),
    "published": N_("The webinar is published."),
    "scheduled": N_("It is published by itself at that time."),
    "withdrawn": N_("It is a draft again."),
    "hidden": N_("The webinar is hidden. Its page says so."),
}

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class ListScreen(EditorScreen):
    """Some webinars, and the cursor behind the last of them if there are more. `waiting` are those to be looked at
    anew."""

    webinars: tuple[Webinar, ...]
    waiting: tuple[Webinar, ...]
    first: str
    today: date
    next: str | None

    def state(self, webinar: Webinar) -> str:
        """Where a webinar is in its life, to be translated."""
        return STATES[webinar.state]


@dataclass(frozen=True, slots=True)
class WebinarScreen(EditorScreen):
    """One webinar. `missing` is what it needs before it is shown, `wants_a_look` whether it is to be looked at anew,
    `spoken` the languages that captions can be in, and `doubts` what is odd about captions just sent. `upload` is a
    recording on its way, `video` where the one that is kept can be seen for a while, and `downloads` where the files
    among the materials can be had, by their ids.
    """

    webinar: Webinar
    missing: tuple[Fault, ...]
    wants_a_look: bool
    themes: tuple[str, ...]
    spoken: tuple[str, ...]
    doubts: tuple[Fault, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    upload: Upload | None = None
    video: str | None = None
    downloads: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The page's address, without language."""
        return f"{PATH}/{self.webinar.id}"

    @property
    def length(self) -> str:
        """How long the recording is."""
        assert self.webinar.recording is not None
        return place(self.webinar.recording.duration // 1000)

    @property
    def may_approve(self) -> bool:
        """Whether this person can say yes to it: not who asked for the review."""
        asked = self.webinar.asked_by == self.login.person.id
        return not (self.webinar.state is State.IN_REVIEW and asked)

    @property
    def state(self) -> str:
        """Where it is in its life, to be translated."""
        return STATES[self.webinar.state]

    def label(self, name: str) -> str:
        """What a field is called, to be translated."""
        return forms.LABELS.get(name) or forms.LABELS.get(name.partition(".")[0], "")

    def exemption(self) -> str | None:
        """Why there need not be captions, to be translated."""
        return forms.EXEMPTIONS[self.webinar.exemption] if self.webinar.exemption else None

    def value(self, name: str) -> str:
        """What was typed."""
        return self.typed.get(name, "")


@dataclass(frozen=True, slots=True)
class CaptionsScreen(EditorScreen):
    """The captions of a webinar in a language."""

    webinar: Webinar
    captions: Captions
    cues: tuple[Cue, ...]

    @property
    def path(self) -> str:
        """The address of the webinar's page, without language."""
        return f"{PATH}/{self.webinar.id}"

    def begins(self, cue: Cue) -> str:
        """Where in the recording a caption begins."""
        return place(cue.start // 1000)


@dataclass(frozen=True, slots=True)
class WebinarFormScreen(FormScreen):
    """The form. `webinar` is what is kept; None while it is new. `spoken` are the languages to choose from."""

    labels: ClassVar[Mapping[str, str]] = forms.LABELS
    lists: ClassVar[Mapping[str, str]] = forms.LISTS
    webinar: Webinar | None = None
    hosts: tuple[str, ...] = field(default=(), kw_only=True)
    spoken: tuple[str, ...] = field(default=(), kw_only=True)

    @property
    def path(self) -> str:
        """Where the form is sent, without language."""
        return f"{PATH}/{self.webinar.id}/rediger" if self.webinar else f"{PATH}/ny"

    @property
    def exemptions(self) -> tuple[tuple[str, str], ...]:
        """That there are captions, or why there need not be, to be translated."""
        return (("", N_("It has captions")), *((one.value, said) for one, said in forms.EXEMPTIONS.items()))


@pages.get(PATH, *Role)
def webinars(visit: DeskVisit) -> Response:
    """Show webinars, the newest recording first; and above them those to be looked at anew."""
    store, today = workshop.around().store, visit.today
    page = store.listed(after=visit.query.get("after") or None, limit=PAGE)
    waiting = tuple(one for one in store.to_be_reviewed() if one.wants_a_look(today))
    screen = ListScreen(visit.login, page.webinars, waiting, visit.network.languages[0], today, page.next)
    return desk.page(visit, "desk/webinars.html", screen)


@pages.get(f"{PATH}/ny", *EDITORS)
def new(visit: DeskVisit) -> Response:
    """Show the form for a new webinar."""
    return _form(visit, Form.opening(forms.new(spoken=visit.network.languages[0])), None)


@pages.post(f"{PATH}/ny", *EDITORS)
def draft(visit: DeskVisit) -> Response:
    """Keep the draft, or show the form again."""
    form = Form.sent(visit)
    if (after := form.after_button()) is not None:
        return _form(visit, after, None)
    refusal = planning.tried(lambda: _draft(visit, form))
    if isinstance(refusal, WebinarChangedMeanwhile):
        # Sent twice: what was typed since, after going back, is a change of it.
        return _saved(visit, replace(form, version=1), _get(form.new))
    if refusal:
        return _form(visit, form, None, refusal)
    return answers.see_other(visit, f"{PATH}/{form.new}?done=made")


@pages.post("/tovholder/arrangementer/{gathering_id}/webinar", *EDITORS)
def draft_of(visit: DeskVisit, gathering_id: str) -> Response:
    """Make a draft of a gathering that was held, and lead to its form."""
    made = editing(visit).draft_of(bootstrap.gatherings().get(gathering_id))
    return answers.see_other(visit, f"{PATH}/{made.id}?done=made")


@pages.get(ONE, *Role)
def webinar(visit: DeskVisit, webinar_id: str) -> Response:
    """Show one webinar as it stands."""
    return _shown(visit, _screen(visit, webinar_id))


@pages.get(f"{ONE}/rediger", *EDITORS)
def edit(visit: DeskVisit, webinar_id: str) -> Response:
    """Show the form."""
    kept = _get(webinar_id)
    return _form(visit, _opening(visit, kept), kept)


@pages.post(f"{ONE}/rediger", *EDITORS)
def change(visit: DeskVisit, webinar_id: str) -> Response:
    """Keep the changes, or show the form again with all that was typed."""
    kept, form = _get(webinar_id), Form.sent(visit)
    if (after := form.after_button()) is not None:
        return _form(visit, after, kept)
    return _saved(visit, form, kept)


@pages.upload(CAPTIONS, *EDITORS)
def caption(visit: DeskVisit, webinar_id: str) -> Response:
    """Keep captions in a language, and say what is odd about them."""
    language = bodies.form(visit.request).get("language", "")
    content = bodies.files(visit.request).get("captions", b"")
    try:
        _, read = editing(visit).caption(webinar_id, language, content, files=workshop.files())
    except Refusal as refusal:
        return _refused(visit, webinar_id, refusal, {"language": language})
    if not read.warnings:
        return answers.see_other(visit, f"{PATH}/{webinar_id}?done=captioned")
    doubts = tuple(service.at_line(one) for one in read.warnings[: service.MOST_TOLD])
    screen = replace(_screen(visit, webinar_id), doubts=doubts, done=DONE["captioned"])
    return _shown(visit, screen)


@pages.get(f"{CAPTIONS}/{{language}}", *Role)
def captions(visit: DeskVisit, webinar_id: str, language: str) -> Response:
    """Show what captions say, and when."""
    kept = _get(webinar_id)
    found = kept.captions_in(language)
    cues = service.cues(found, files=workshop.files())
    return desk.page(visit, "desk/webinar-captions.html", CaptionsScreen(visit.login, kept, found, cues))


@pages.post(f"{CAPTIONS}/{{language}}/fjern", *EDITORS)
def uncaption(visit: DeskVisit, webinar_id: str, language: str) -> Response:
    """Take captions away."""
    return step(
        visit, webinar_id, "uncaptioned", lambda: editing(visit).uncaption(webinar_id, language, files=workshop.files())
    )


@pages.post(f"{ONE}/gennemsyn", *EDITORS)
def review(visit: DeskVisit, webinar_id: str) -> Response:
    """Ask somebody else to look at it."""
    return step(visit, webinar_id, "review", lambda: editing(visit).ask_for_review(webinar_id))


@pages.post(f"{ONE}/offentliggoer", *EDITORS)
def publish(visit: DeskVisit, webinar_id: str) -> Response:
    """Show it to everybody."""
    return step(visit, webinar_id, "published", lambda: editing(visit).publish(webinar_id))


@pages.post(f"{ONE}/tidspunkt", *EDITORS)
def schedule(visit: DeskVisit, webinar_id: str) -> Response:
    """Let it be shown from a moment on."""
    form = Form.sent(visit)

    def planned() -> None:
        reader = planning.reader(form, visit)
        day, clock = reader.required_day("publish_at"), reader.clock("publish_at.time")
        at = reader.moment("publish_at") if day and clock else None
        if at is None:
            raise Invalid(*reader.faults)
        editing(visit).schedule(webinar_id, datetime.fromisoformat(at))

    typed = {name: values[-1] for name, values in form.fields.items()}
    return step(visit, webinar_id, "scheduled", planned, typed)


@pages.post(f"{ONE}/traek-tilbage", *EDITORS)
def withdraw(visit: DeskVisit, webinar_id: str) -> Response:
    """Make it a draft again."""
    return step(visit, webinar_id, "withdrawn", lambda: editing(visit).withdraw(webinar_id))


@pages.post(f"{ONE}/skjul", *EDITORS)
def hide(visit: DeskVisit, webinar_id: str) -> Response:
    """Show it no longer."""
    form = Form.sent(visit)
    because = planning.reader(form, visit).words("hidden_because")
    typed = {name: values[-1] for name, values in form.fields.items()}
    return step(visit, webinar_id, "hidden", lambda: editing(visit).hide(webinar_id, because), typed)


def _get(webinar_id: str) -> Webinar:
    return workshop.around().store.get(webinar_id)


def _shown(visit: DeskVisit, screen: WebinarScreen) -> Response:
    """Answer with the page of a webinar, which may send its recording to where it lies, and show it from there."""
    return answers.reaching(desk.page(visit, "desk/webinar.html", screen), documents.store_origin())


def _screen(visit: DeskVisit, webinar_id: str) -> WebinarScreen:
    # In this order: what has arrived meanwhile is not on its way any more, and stands on the webinar.
    upload, kept = workshop.uploads().get(webinar_id), _get(webinar_id)
    return WebinarScreen(
        visit.login,
        kept,
        kept.missing(visit.network.languages[0]),
        kept.wants_a_look(visit.today),
        theme_words.in_words(kept.themes, visit.voice),
        languages(visit, kept.spoken),
        done=DONE.get(visit.query.get("done", "")),
        upload=upload,
        video=workshop.multipart().look(kept.recording) if kept.recording else None,
        downloads={id: documents.arrivals().look(one) for id, one in kept.documents.items()},
    )


def _refused(visit: DeskVisit, webinar_id: str, refusal: Refusal, typed: Mapping[str, str] | None = None) -> Response:
    screen = replace(_screen(visit, webinar_id), refusal=refusal, typed=typed or {}, done=None)
    return _shown(visit, screen)


def step(
    visit: DeskVisit,
    webinar_id: str,
    done: str,
    step: Callable[[], object],
    typed: Mapping[str, str] | None = None,
) -> Response:
    """Do something to a webinar and lead back to it, or show what refused it."""
    refusal = planning.tried(step)
    if refusal:
        return _refused(visit, webinar_id, refusal, typed)
    return answers.see_other(visit, f"{PATH}/{webinar_id}?done={done}")


def _form(
    visit: DeskVisit,
    form: Form,
    kept: Webinar | None,
    refusal: Refusal | None = None,
    theirs: Mapping[str, list[str]] | None = None,
) -> Response:
    screen = WebinarFormScreen(
        visit.login,
        form,
        kept,
        theirs=theirs or {},
        themes=planning.themes(form, theirs, visit.voice),
        hosts=visit.network.video.hosts,
        spoken=languages(visit, *form.fields.get("spoken", [])),
        refusal=refusal,
    )
    return planning.show(visit, "desk/webinar-form.html", screen)


def _opening(visit: DeskVisit, kept: Webinar) -> Form:
    return Form.opening(forms.to_fields(kept, visit.network.languages), version=kept.version)


def _draft(visit: DeskVisit, form: Form) -> Webinar:
    reader = planning.reader(form, visit)
    body = reader.checked(WebinarBody, forms.to_body(reader))
    return editing(visit).draft(body.to_domain(id=form.new, owner=visit.who.id))


def _saved(visit: DeskVisit, form: Form, kept: Webinar) -> Response:
    refusal = planning.tried(lambda: _change(visit, form, kept))
    if isinstance(refusal, WebinarChangedMeanwhile):
        kept = _get(kept.id)
        form, theirs = form.merged(_opening(visit, kept))
        return _form(visit, form, kept, refusal, theirs)
    if refusal:
        return _form(visit, form, kept, refusal)
    return answers.see_other(visit, f"{PATH}/{kept.id}?done=saved")


def _change(visit: DeskVisit, form: Form, kept: Webinar) -> Webinar:
    reader = planning.reader(form, visit)
    body = forms.to_body(reader)
    reader.checked(WebinarBody, body)
    wanted = validated(WebinarPatch, {**body, "version": max(form.version, 1)}).onto(kept)
    return editing(visit).change(wanted, files=workshop.files())
