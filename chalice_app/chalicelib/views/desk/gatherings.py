"""Planning gatherings: the list, one gathering, its form, a preview, and who could register when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from chalice.app import Response

from chalicelib import answers, bodies, desk, owners, planning, reminding, routing, theme_words
from chalicelib.audiences import PARTS, Choice, choices
from chalicelib.bodies import validated
from chalicelib.editing import edits
from chalicelib.forms import gatherings as forms, questions as question_forms, reminders as reminder_forms
from chalicelib.narrator import Narrator, RoundInWords
from chalicelib.planning import Advice, Form, FormScreen, Occupancy, PlannerScreen, PoolInFigures
from chalicelib.reminding import ReminderLine
from chalicelib.screens import GatheringScreen, LibraryChoice, Listing, RegisterScreen
from chalicelib.visit import DeskVisit
from chalicelib.wire_gatherings import GatheringBody, PatchBody, editable
from shared import seats
from shared.bootstrap import web as bootstrap
from shared.gatherings import service as use_cases
from shared.gatherings.copies import copy_of
from shared.gatherings.model import (
    CapacityTaken,
    Gathering,
    GatheringChangedMeanwhile,
    Kind,
    Session,
    State,
    Text,
)
from shared.gatherings.owning import owned, require_owner, runs
from shared.gatherings.rounds import Round
from shared.gatherings.rounds_preview import CLOSED_TO_ALL, opens_to_nobody
from shared.gatherings.seating import Seats, places_left
from shared.ids import new_id
from shared.privacy.model import Group
from shared.programmes.model import Programme, ProgrammeNotFound
from shared.refusals import N_, Fault, Invalid, Refusal, StoreUnavailable
from shared.registration.model import Status
from shared.registration.queries import everybody
from shared.roles import Role

pages = routing.desk()

PATH: Final = "/tovholder/arrangementer"
TELL: Final = "tell"
"""The button that saves a move, after it was said who is told."""

AT_ONCE: Final = 200
PAGE: Final = 50

DONE: Final = {
    "planned": N_("The draft is saved. Nobody sees it until you publish it."),
    "saved": N_("Your changes are saved."),
    "moved": N_("Your changes are saved, and those who come are being told by mail."),
    "published": N_("The gathering is published. Everybody can see it."),
    "copied": N_("This is the copy: a draft. Look at the dates, and publish it when it is right."),
    "cancelled": N_("The gathering is cancelled. It says so on its page, and those who come are being told by mail."),
    "put-away": N_("The draft is put away."),
    "given": N_("The editor is saved."),
}


class Tab(StrEnum):
    """A part of the list."""

    COMING = "coming"
    DRAFTS = "drafts"
    PAST = "past"
    CANCELLED = "cancelled"


TABS: Final = {
    Tab.COMING: N_("To come"),
    Tab.DRAFTS: N_("Drafts"),
    Tab.PAST: N_("Past"),
    Tab.CANCELLED: N_("Cancelled ones"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A gathering in the list, with how many have registered and the round that opens next."""

    listing: Listing
    people: Occupancy
    programme: Text | None
    next_round: Round | None

    @property
    def gathering(self) -> Gathering:
        """The gathering."""
        return self.listing.gathering


@dataclass(frozen=True, slots=True)
class ListScreen(PlannerScreen):
    """Gatherings. `counts` is how many there are in each part, `programmes` what they are called by id, `more` the
    address of the next page."""

    entries: tuple[Entry, ...]
    tab: Tab
    counts: Mapping[Tab, int]
    sought: str
    programme: str
    programmes: Mapping[str, str]
    more: str | None

    @property
    def may_plan(self) -> bool:
        """Whether this person plans gatherings: editors plan their own."""
        return bool(self.login.person.roles & {Role.COORDINATOR, Role.EDITOR})

    @property
    def tabs(self) -> tuple[tuple[Tab, str, int, str], ...]:
        """The parts: what each is called, how many there are, and the query that leads there."""
        return tuple((tab, name, self.counts[tab], self.query(tab)) for tab, name in TABS.items())

    def query(self, tab: Tab) -> str:
        """What leads to a part, with what is sought."""
        return urlencode({"tab": tab.value, "q": self.sought, "programme": self.programme})


@dataclass(frozen=True, slots=True)
class OverviewScreen(PlannerScreen):
    """One gathering as it stands. `missing` is what it needs before it can be published, `doubts` what may be meant
    otherwise, `owner` the address of the editor whose own it is, as far as that may be seen. `typed` is what stood in a
    form that could not be done, `reminders` when people are reminded, `reminded` what came of it and what is due.
    """

    listing: Listing
    people: Occupancy
    pools: tuple[PoolInFigures, ...]
    rounds: tuple[RoundInWords, ...]
    programme: Programme | None
    missing: tuple[Fault, ...]
    doubts: tuple[Fault, ...]
    advice: tuple[Advice, ...]
    themes: tuple[str, ...]
    owner: str = ""
    typed: str = field(default="", kw_only=True)
    reminders: tuple[str, ...] = field(default=(), kw_only=True)
    reminded: tuple[ReminderLine, ...] = field(default=(), kw_only=True)

    @property
    def gathering(self) -> Gathering:
        """The gathering."""
        return self.listing.gathering

    @property
    def may_plan(self) -> bool:
        """Whether this person plans this gathering."""
        return runs(self.gathering, self.login.principal)

    @property
    def records(self) -> bool:
        """Whether this person can make a webinar of it."""
        return edits(self.login) and self.gathering.held(self.listing.now)

    @property
    def gives(self) -> bool:
        """Whether this person settles whose own it is."""
        return Role.COORDINATOR in self.login.person.roles

    @property
    def state(self) -> str:
        """Where it is in its life, to be translated."""
        return planning.STATES[self.gathering.state]

    @property
    def path(self) -> str:
        """The page's address, without language."""
        return f"{PATH}/{self.gathering.id}"

    @property
    def track(self) -> Text | None:
        """The name of its track."""
        tracks = self.programme.tracks if self.programme else ()
        return next((one.name for one in tracks if one.id == self.gathering.track), None)


@dataclass(frozen=True, slots=True)
class MoveInWords:
    """What saving would move, and whom it would be told to: how many have a seat, and how many wait."""

    sessions: tuple[Session, ...]
    gathering: Gathering
    seated: int
    waiting: int


@dataclass(frozen=True, slots=True)
class GatheringFormScreen(FormScreen):
    """The form. `gathering` is what is kept; None while it is planned for the first time. `move` is asked about before
    it is saved."""

    labels: ClassVar[Mapping[str, str]] = forms.LABELS
    lists: ClassVar[Mapping[str, str]] = forms.LISTS
    gathering: Gathering | None
    programmes: tuple[Programme, ...]
    advice: tuple[Advice, ...] = ()
    move: MoveInWords | None = field(default=None, kw_only=True)
    audiences: tuple[Choice, ...] = field(default=(), kw_only=True)

    @property
    def kinds(self) -> tuple[tuple[Kind, str], ...]:
        """The kinds and what they are called, to be translated."""
        return tuple(planning.kinds())

    def reminder_kinds(self, row: str) -> tuple[tuple[str, str], ...]:
        """What a row can send, to be translated."""
        return tuple((kind.value, reminding.KINDS[kind]) for kind in reminder_forms.kinds(self.value(f"{row}.kind")))

    def units(self, row: str) -> tuple[tuple[str, str], ...]:
        """What a row's time before or after can be told in, to be translated."""
        return tuple(reminder_forms.units(self.value(f"{row}.kind")).items())

    def is_for_some(self, row: str) -> bool:
        """Whether a row says whom it is for."""
        return self.filled(*(f"{row}.audience.{part}" for part in PARTS))

    def kept_audience(self, row: str) -> tuple[tuple[str, str], ...]:
        """Whom a row is for, as far as it cannot be chosen here, as fields that are not shown."""
        shown = {choice.part for choice in self.audiences}
        names = [f"{row}.audience.{part}" for part in PARTS if part not in shown]
        return tuple((name, self.value(name)) for name in names if self.value(name))

    @property
    def is_published(self) -> bool:
        """Whether people may hold seats, so that sessions stay as they are."""
        return self.gathering is not None and self.gathering.state is State.PUBLISHED

    @property
    def path(self) -> str:
        """Where the form is sent, without language."""
        return f"{PATH}/{self.gathering.id}/rediger" if self.gathering else f"{PATH}/ny"


@dataclass(frozen=True, slots=True)
class PreviewScreen(GatheringScreen):
    """A gathering's public page before the public sees it."""

    personal: ClassVar[bool] = True
    back: str = field(kw_only=True)
    is_public: bool = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class FormPreviewScreen(RegisterScreen):
    """The form of a draft."""

    personal: ClassVar[bool] = True
    is_public: ClassVar[bool] = False
    back: str = field(kw_only=True)


@pages.get(PATH, *Role)
def gatherings(visit: DeskVisit) -> Response:
    """Show the gatherings of one part of the list."""
    query = visit.query
    tab = Tab(query["tab"]) if query.get("tab") in tuple(Tab) else Tab.COMING
    sought, programme = query.get("q", "").strip(), query.get("programme", "")
    programmes = planning.programmes()
    found = [one for one in _every() if _is_sought(one, sought, programme)]
    parts = {part: [one for one in found if _tab(one, visit.now) is part] for part in Tab}
    shown = parts[tab] if tab in (Tab.PAST, Tab.CANCELLED) else parts[tab][::-1]
    begin = int(query["from"]) if query.get("from", "").isdecimal() else 0
    more = None
    if len(shown) > begin + PAGE:
        more = urlencode({"tab": tab.value, "q": sought, "programme": programme, "from": begin + PAGE})
    titles = {one.id: one.title for one in programmes}
    screen = ListScreen(
        visit.login,
        tuple(_entry(one, titles, visit) for one in shown[begin : begin + PAGE]),
        tab,
        {part: len(ones) for part, ones in parts.items()},
        sought,
        programme,
        planning.programme_names(programmes, visit.voice),
        more,
    )
    return desk.page(visit, "desk/gatherings.html", screen)


@pages.get(f"{PATH}/ny", Role.COORDINATOR, Role.EDITOR)
def new(visit: DeskVisit) -> Response:
    """Show the form for a new gathering, with what is usual."""
    chosen = visit.query.get("programme", "")
    typed = forms.with_usual(
        forms.new(Kind.WEBINAR, contact=visit.network.mail.reply_to, session_id=new_id(), programme=chosen)
    )
    return _form(visit, Form.opening(typed), None)


@pages.post(f"{PATH}/ny", Role.COORDINATOR, Role.EDITOR)
def plan(visit: DeskVisit) -> Response:
    """Keep the draft, or show the form again."""
    form = _sent(visit)
    if (after := _after_button(form)) is not None:
        return _form(visit, after, None)
    refusal = planning.tried(lambda: _plan(visit, form))
    if isinstance(refusal, GatheringChangedMeanwhile):
        return _planned_before(visit, form)
    if refusal:
        return _form(visit, form, None, refusal)
    return answers.see_other(visit, f"{PATH}/{form.new}?done=planned")


@pages.get(f"{PATH}/{{gathering_id}}", *Role)
def gathering(visit: DeskVisit, gathering_id: str) -> Response:
    """Show one gathering as it stands."""
    return _overview(visit, _get(gathering_id))


@pages.get(f"{PATH}/{{gathering_id}}/rediger", Role.COORDINATOR, own=True)
def edit(visit: DeskVisit, gathering_id: str) -> Response:
    """Show the form."""
    kept = _get(gathering_id)
    return _form(visit, _opening(visit, kept), kept)


@pages.post(f"{PATH}/{{gathering_id}}/rediger", Role.COORDINATOR, own=True)
def change(visit: DeskVisit, gathering_id: str) -> Response:
    """Keep the changes, or show the form again with all that was typed."""
    kept, form = _get(gathering_id), _sent(visit)
    if (after := _after_button(form)) is not None:
        return _form(visit, after, kept)
    return _saved(visit, form, kept)


@pages.get(f"{PATH}/{{gathering_id}}/forhaandsvisning", *Role)
def preview(visit: DeskVisit, gathering_id: str) -> Response:
    """Show the public page as it will look."""
    kept = _get(gathering_id)
    programme = _programme(kept)
    screen = PreviewScreen(
        planning.previewed(kept, visit.now),
        _narrator(visit).rounds(kept.effective_rounds),
        programme if programme and programme.is_public else None,
        theme_words.in_words(kept.themes, visit.voice),
        back=f"{PATH}/{kept.id}",
        is_public=kept.is_public,
    )
    return answers.page(visit, "desk/preview.html", screen)


@pages.get(f"{PATH}/{{gathering_id}}/forhaandsvisning/tilmelding", *Role)
def preview_form(visit: DeskVisit, gathering_id: str) -> Response:
    """Show the form that people will sign up by, with its questions and choices."""
    kept = _get(gathering_id)
    if kept.is_public:
        return answers.see_other(visit, f"/arrangementer/{kept.slug}/tilmelding")
    periods = visit.network.legal.periods
    screen = FormPreviewScreen(
        planning.previewed(kept, visit.now),
        LibraryChoice.all(bootstrap.libraries()),
        new_id(),
        periods.erased_on(Group.PARTICIPATION, kept.ends_at),
        periods.erased_on(Group.NEEDS, kept.ends_at),
        rounds=_narrator(visit).rounds(kept.effective_rounds),
        back=f"{PATH}/{kept.id}",
    )
    return answers.page(visit, "desk/preview-form.html", screen)


@pages.post(f"{PATH}/{{gathering_id}}/offentliggoer", Role.COORDINATOR, own=True)
def publish(visit: DeskVisit, gathering_id: str) -> Response:
    """Show the gathering to the public, or say what is missing."""
    refusal = planning.tried(
        lambda: use_cases.publish(
            gathering_id, store=bootstrap.gatherings(), now=visit.now, correlation_id=visit.correlation_id
        )
    )
    if refusal:
        return _overview(visit, _get(gathering_id), refusal)
    return answers.see_other(visit, f"{PATH}/{gathering_id}?done=published")


@pages.get(f"{PATH}/{{gathering_id}}/aflys", Role.COORDINATOR, own=True)
def ask_to_cancel(visit: DeskVisit, gathering_id: str) -> Response:
    """Ask once more, and say how many people it is about."""
    return _asking_to_cancel(visit, _get(gathering_id))


@pages.post(f"{PATH}/{{gathering_id}}/aflys", Role.COORDINATOR, own=True)
def cancel(visit: DeskVisit, gathering_id: str) -> Response:
    """Cancel the gathering for good, and tell those who come."""
    words = bodies.form(visit.request).get("words", "")
    try:
        cancelled = use_cases.cancel(
            gathering_id, words, store=bootstrap.gatherings(), now=visit.now, correlation_id=visit.correlation_id
        )
    except Invalid as refusal:
        return _asking_to_cancel(visit, _get(gathering_id), words, refusal)
    done = "cancelled" if cancelled.is_public else "put-away"
    return answers.see_other(visit, f"{PATH}/{gathering_id}?done={done}")


@pages.post(f"{PATH}/{{gathering_id}}/kopier", Role.COORDINATOR, own=True)
def duplicate(visit: DeskVisit, gathering_id: str) -> Response:
    """Plan the gathering anew, in another week."""
    kept, typed = _get(gathering_id), bodies.form(visit.request).get("starts_on", "")
    try:
        starts_on = planning.week(typed, visit)
    except Invalid as refusal:
        screen = replace(_overview_screen(visit, kept, refusal), typed=typed)
        return desk.page(visit, "desk/gathering.html", screen)
    copy = owned(copy_of(kept, starts_on, id=new_id(), session_ids=[new_id() for _ in kept.sessions]), visit.who)
    use_cases.plan(
        copy, languages=visit.network.languages, programmes=bootstrap.programmes(), store=bootstrap.gatherings()
    )
    return answers.see_other(visit, f"{PATH}/{copy.id}?done=copied")


def _asking_to_cancel(visit: DeskVisit, kept: Gathering, words: str = "", refusal: Refusal | None = None) -> Response:
    screen = replace(_overview_screen(visit, kept, refusal), typed=words)
    return desk.page(visit, "desk/gathering-cancel.html", screen)


def _get(gathering_id: str) -> Gathering:
    return bootstrap.gatherings().get(gathering_id)


def _every() -> Iterator[Gathering]:
    """Yield all gatherings, the latest start first."""
    after = None
    while True:
        page = bootstrap.gatherings().listed(latest_first=True, after=after, limit=AT_ONCE)
        yield from page.gatherings
        if page.next is None:
            return
        after = page.next


def _is_sought(one: Gathering, sought: str, programme: str) -> bool:
    in_title = any(sought.casefold() in title.casefold() for title in one.title.values())
    return in_title and (not programme or one.programme == programme)


def _tab(one: Gathering, now: datetime) -> Tab:
    if one.state is State.CANCELLED:
        return Tab.CANCELLED
    if one.state is State.DRAFT:
        return Tab.DRAFTS
    return Tab.PAST if one.ends_at <= now else Tab.COMING


def _entry(one: Gathering, programmes: Mapping[str, Text], visit: DeskVisit) -> Entry:
    seen = _seats(one)
    coming = (each for each in one.effective_rounds if each.opens_at > visit.now)
    return Entry(
        _listing(one, seen, visit.now),
        Occupancy.of(one, seen),
        programmes.get(one.programme or ""),
        min(coming, key=lambda each: each.opens_at, default=None),
    )


def _seats(one: Gathering) -> Seats | None:
    return seats.see(one.id) if one.is_public else None


def _listing(one: Gathering, seen: Seats | None, now: datetime) -> Listing:
    return Listing(one, now, places_left(one, seen.shown()) if seen else one.capacity)


def _overview(visit: DeskVisit, kept: Gathering, refusal: Refusal | None = None) -> Response:
    return desk.page(visit, "desk/gathering.html", _overview_screen(visit, kept, refusal))


def _overview_screen(visit: DeskVisit, kept: Gathering, refusal: Refusal | None = None) -> OverviewScreen:
    seen = _seats(kept)
    return OverviewScreen(
        visit.login,
        _listing(kept, seen, visit.now),
        Occupancy.of(kept, seen),
        tuple(planning.pools(kept, seen)),
        _narrator(visit).rounds(kept.effective_rounds),
        _programme(kept),
        _missing(kept, visit.now),
        tuple(_doubts(kept, visit)),
        _advice(kept, visit),
        theme_words.in_words(kept.themes, visit.voice),
        _owner(visit, kept),
        reminders=tuple(
            reminding.in_words(one, visit.voice)
            for one in kept.effective_reminders
            if one.is_by_clock or kept.is_recorded
        ),
        reminded=reminding.lines(kept, bootstrap.reminder_log().of_gathering(kept.id), visit.voice),
        refusal=refusal,
        done=None if refusal else DONE.get(visit.query.get("done", "")),
    )


def _advice(kept: Gathering, visit: DeskVisit) -> tuple[Advice, ...]:
    is_to_come = kept.state is not State.CANCELLED and kept.ends_at > visit.now
    return tuple(planning.advice_on(kept, visit.voice)) if is_to_come else ()


def _owner(visit: DeskVisit, kept: Gathering) -> str:
    """Return the address of the editor whose own it is, for coordinators. The page is none the worse without."""
    if kept.owner is None or Role.COORDINATOR not in visit.who.roles:
        return ""
    try:
        return next((one.email for one in owners.editors() if one.id == kept.owner), "")
    except StoreUnavailable:
        return ""


def _narrator(visit: DeskVisit) -> Narrator:
    return Narrator(visit.now, visit.voice, bootstrap.libraries().names())


def _programme(kept: Gathering) -> Programme | None:
    try:
        return bootstrap.programmes().get(kept.programme) if kept.programme else None
    except ProgrammeNotFound:
        return None


def _missing(kept: Gathering, now: datetime) -> tuple[Fault, ...]:
    if kept.state is not State.DRAFT:
        return ()
    try:
        kept.published(now)
    except Invalid as invalid:
        return invalid.faults
    return ()


def _doubts(kept: Gathering, visit: DeskVisit) -> Iterator[Fault]:
    if kept.state is State.CANCELLED or kept.starts_at <= visit.now:
        return
    if opens_to_nobody(kept, kept.published_at or visit.now):
        yield Fault("rounds", CLOSED_TO_ALL)
    yield from planning.without_addresses(kept.effective_rounds, visit.voice)


def _form(
    visit: DeskVisit,
    form: Form,
    kept: Gathering | None,
    refusal: Refusal | None = None,
    theirs: Mapping[str, list[str]] | None = None,
    move: MoveInWords | None = None,
) -> Response:
    programmes = planning.programmes()
    screen = GatheringFormScreen(
        visit.login,
        form,
        kept,
        programmes,
        tuple(planning.advice(forms.session_days(form.fields), visit.voice)),
        theirs=theirs or {},
        names=_choices(programmes, visit),
        themes=planning.themes(form, theirs, visit.voice),
        refusal=refusal,
        move=move,
        audiences=tuple(
            choices(kept, ((one.id, one.name) for one in bootstrap.libraries().all()), visit.voice, by_status=False)
        ),
    )
    return planning.show(visit, "desk/gathering-form.html", screen)


def _choices(programmes: tuple[Programme, ...], visit: DeskVisit) -> dict[str, str]:
    text, names = visit.voice.text, planning.programme_names(programmes, visit.voice)
    return names | {
        f"{one.id}/{track.id}": f"{names[one.id]}: {text(track.name)}" for one in programmes for track in one.tracks
    }


def _opening(visit: DeskVisit, kept: Gathering) -> Form:
    # An editor may use the programme's rounds, but not see whom the coordinators have invited.
    if Role.COORDINATOR not in visit.who.roles:
        kept = replace(kept, inherited_rounds=tuple(one.without_addresses() for one in kept.inherited_rounds))
    fields = forms.to_fields(
        kept, languages=visit.network.languages, zone=visit.network.zone, libraries=bootstrap.libraries()
    )
    return Form.opening(fields, forms.questions_of(kept), version=kept.version)


def _sent(visit: DeskVisit) -> Form:
    return Form.sent(visit, lambda fields: forms.read_questions(fields, visit.network.languages))


def _after_button(form: Form) -> Form | None:
    """Return the form after a button that saves nothing; None when it is to be saved."""
    if form.action == "usual":
        return replace(form, fields=forms.with_usual(form.fields))
    questions = question_forms.pressed(form.action, form.questions, new_id=new_id)
    return replace(form, questions=questions) if questions is not None else form.after_button()


def _plan(visit: DeskVisit, form: Form) -> Gathering:
    body = validated(GatheringBody, _body(visit, form))
    return use_cases.plan(
        owned(body.to_domain(visit.network, id=form.new), visit.who),
        languages=visit.network.languages,
        programmes=bootstrap.programmes(),
        store=bootstrap.gatherings(),
    )


def _planned_before(visit: DeskVisit, form: Form) -> Response:
    """Lead who presses twice to the draft that is there. What was typed since, after going back, is a change of it."""
    kept, form = _get(form.new), replace(form, version=1)
    require_owner(kept, visit.who)
    if editable(_patch(visit, form).onto(kept, visit.network)) == editable(kept):
        return answers.see_other(visit, f"{PATH}/{kept.id}?done=planned")
    return _saved(visit, form, kept)


def _saved(visit: DeskVisit, form: Form, kept: Gathering) -> Response:
    move = _move(visit, form, kept)
    if move is not None and form.action != TELL:
        return _form(visit, form, kept, move=move)
    refusal = planning.tried(lambda: _change(visit, form, kept))
    if isinstance(refusal, GatheringChangedMeanwhile):
        kept = _get(kept.id)
        form, theirs = form.merged(_opening(visit, kept))
        return _form(visit, form, kept, refusal, theirs)
    if isinstance(refusal, CapacityTaken):
        refusal = _too_few(refusal, form)
    if refusal:
        return _form(visit, form, kept, refusal, move=move)
    moved = kept.is_public and _get(kept.id).sequence != kept.sequence
    return answers.see_other(visit, f"{PATH}/{kept.id}?done={'moved' if moved else 'saved'}")


def _patch(visit: DeskVisit, form: Form) -> PatchBody:
    return validated(PatchBody, {**_body(visit, form), "version": max(form.version, 1)})


def _body(visit: DeskVisit, form: Form) -> dict[str, Any]:
    reader = planning.reader(form, visit)
    body = forms.to_body(reader, form.questions, bootstrap.libraries())
    if form.loses_rounds:
        reader.fault("rounds.from", N_("You have changed the rounds below: choose rounds of its own, or remove them."))
    reader.checked(GatheringBody, body)
    return body


def _change(visit: DeskVisit, form: Form, kept: Gathering) -> Gathering:
    patch = _patch(visit, form)
    return use_cases.change(
        patch.onto(kept, visit.network),
        version=patch.version,
        languages=visit.network.languages,
        programmes=bootstrap.programmes(),
        store=bootstrap.gatherings(),
        now=visit.now,
        correlation_id=visit.correlation_id,
        words=form.words,
    )


def _move(visit: DeskVisit, form: Form, kept: Gathering) -> MoveInWords | None:
    """Return what saving would move, if anybody comes to it. What does not fit is left for saving to refuse."""
    if kept.state is not State.PUBLISHED or form.version != kept.version:
        return None
    try:
        wanted = kept.changed_to(_patch(visit, form).onto(kept, visit.network), visit.now)
        wanted.check(languages=visit.network.languages)
    except Refusal:
        return None
    moved = kept.moves_to(wanted)
    told = [one for one in everybody(kept.id, store=bootstrap.registrations()) if one.comes_to_any(moved)]
    if not told:
        return None
    seated = sum(one.status is not Status.WAITLISTED for one in told)
    sessions = tuple(session for session in wanted.sessions if session.id in moved)
    return MoveInWords(sessions, wanted, seated, len(told) - seated)


def _too_few(refusal: CapacityTaken, form: Form) -> Refusal:
    """Return the refusal as faults of the fields that ask for too few seats, each with the number there must be."""
    needed = refusal.details["needed"]
    assert isinstance(needed, dict), "a number for each set of seats that is too small"
    return Invalid(
        *(
            Fault(forms.capacity_field(pool, form.fields), CapacityTaken.message, {"least": least})
            for pool, least in needed.items()
        )
    )
