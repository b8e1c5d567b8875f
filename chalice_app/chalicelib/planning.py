"""What the pages for planning gatherings and programmes share: their forms, seats in figures, and advice on days."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, ClassVar, Final

from chalice.app import Response

from chalicelib import bodies, desk, theme_words
from chalicelib.desk import DeskScreen
from chalicelib.forms import fields as form_fields, merging, rounds as round_forms, times
from chalicelib.forms.fields import Fields, Reader
from chalicelib.forms.questions import Editor, QuestionDict
from chalicelib.participants import GATHERING
from chalicelib.routing import Unavailable
from chalicelib.screens import KINDS, Listing
from chalicelib.visit import DeskVisit
from shared import seats
from shared.bootstrap import web as bootstrap
from shared.gatherings import wording
from shared.gatherings.model import WHOLE, Gathering, Kind, State, Text
from shared.gatherings.rounds import Round
from shared.gatherings.seating import UNLIMITED, Seats, opened
from shared.i18n import Voice
from shared.ids import new_id
from shared.pages.goals import GOALS
from shared.programmes import service as programme_planning
from shared.programmes.model import Programme
from shared.refusals import N_, Fault, Invalid, Refusal, StoreUnavailable
from shared.roles import Role

ROLES: Final = {"staff": N_("Staff"), "leader": N_("Leaders")}
CERTIFICATIONS: Final = {
    "none": N_("Not certified"),
    "on_the_way": N_("On the way"),
    "in_progress": N_("Working on it"),
    "certified": N_("Certified"),
}
STATES: Final = {"draft": N_("Draft"), "published": N_("Published"), "cancelled": N_("Cancelled")}

_OURS: Final = frozenset({"csrf", "action", "version", "opened", "new", "words"})
_QUESTIONS: Final = "questions"
_NUMBER: Final = re.compile(r"\.([0-9]+)(?=\.)")


@dataclass(frozen=True, slots=True)
class PlannerScreen(DeskScreen):
    """Base of the pages that show more to who plans than to who looks."""

    @property
    def may_plan(self) -> bool:
        """Whether this person plans."""
        return Role.COORDINATOR in self.login.person.roles


@dataclass(frozen=True, slots=True)
class Form:
    """What a form was sent with. `version` and `opened` say what was kept when it was opened, `new` is the id of what
    is planned for the first time, `words` what goes to those who come. Themes in it are those that the chosen ones lead
    to by now."""

    fields: dict[str, list[str]]
    questions: list[QuestionDict] = field(default_factory=list)
    version: int = 0
    opened: str = ""
    new: str = ""
    action: str = ""
    words: str = ""

    @classmethod
    def opening(
        cls, fields: dict[str, list[str]], questions: list[QuestionDict] | None = None, *, version: int = 0
    ) -> "Form":
        """Return the form as it is when it is opened."""
        asked, fields = questions or [], _on_current_themes(fields)
        return cls(fields, asked, version, merging.marks(_with_questions(fields, asked)), new_id())

    @classmethod
    def sent(cls, visit: DeskVisit, questions: Callable[[Fields], list[QuestionDict]] = lambda _: []) -> "Form":
        """Return the form as it was sent. `questions` reads those of the editor."""
        sent = bodies.fields(visit.request)
        last = {name: sent.get(name, [""])[-1] for name in _OURS}
        typed = {
            name: values for name, values in sent.items() if name not in _OURS and not name.startswith("question-")
        }
        return cls(
            _on_current_themes(typed),
            questions(sent),
            int(last["version"]) if last["version"].isdecimal() else 0,
            last["opened"],
            last["new"] if re.fullmatch("[a-z2-7]{16}", last["new"]) else new_id(),
            last["action"],
            last["words"],
        )

    @property
    def loses_rounds(self) -> bool:
        """Whether rounds were typed while those that are inherited were left to hold."""
        source = self.fields.get("rounds.from", [""])[-1]
        return (
            source == round_forms.INHERITED
            and bool(form_fields.rows(self.fields, "rounds"))
            and merging.stayed("rounds.from", self.fields, self.opened)
            and merging.changed("rounds", self.fields, self.opened)
        )

    def after_button(self) -> "Form | None":
        """Return the form after one of its buttons for rows; None when another was pressed."""
        after = round_forms.pressed(self.action, self.fields, new_id=new_id)
        return None if after is None else replace(self, fields=after)

    def merged(self, now: "Form") -> tuple["Form", Mapping[str, list[str]]]:
        """Return the form with what somebody else has changed since it was opened, and what that is by field."""
        found = merging.merged(
            _with_questions(self.fields, self.questions), _with_questions(now.fields, now.questions), self.opened
        )
        fields, theirs = dict(found.fields), dict(found.theirs)
        questions = json.loads(fields.pop(_QUESTIONS)[0])
        if _QUESTIONS in theirs:
            theirs[_QUESTIONS] = [next(iter(one["label"].values()), "") for one in now.questions]
        for name in theirs:
            if name in ("sessions", "rounds", "tracks"):
                theirs[name] = _rows_in_words(name, now.fields)
        return replace(self, fields=fields, questions=questions, version=now.version, opened=now.opened), theirs


@dataclass(frozen=True, slots=True)
class FormScreen(DeskScreen):
    """A form with what stands in its fields. `theirs` is what somebody else changed meanwhile, by field; `labels` and
    `lists` are what fields and rows are called, to be translated, and `names` what values of lists are called. `themes`
    are those to choose from, with their names."""

    labels: ClassVar[Mapping[str, str]]
    lists: ClassVar[Mapping[str, str]]
    form: Form
    theirs: Mapping[str, list[str]] = field(default_factory=dict, kw_only=True)
    names: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    themes: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)

    @property
    def editor(self) -> Editor:
        """The editor of questions."""
        return Editor(self.form.questions, tuple(one for one in self.faults if one.field.startswith(_QUESTIONS)))

    @property
    def named_faults(self) -> tuple[tuple[Fault, str], ...]:
        """What is wrong, each with the id of the element to lead to."""
        return tuple((fault, form_fields.anchor(fault.field)) for fault in self.faults)

    @property
    def certifications(self) -> tuple[tuple[str, str], ...]:
        """How far a library can have come, and what that is called, to be translated."""
        return tuple(CERTIFICATIONS.items())

    @property
    def roles(self) -> tuple[tuple[str, str], ...]:
        """The roles and what they are called, to be translated."""
        return tuple(ROLES.items())

    @property
    def goals(self) -> tuple[tuple[int, str], ...]:
        """The goals' numbers and names, to be translated."""
        return tuple(GOALS.items())

    def value(self, name: str) -> str:
        """What stands in a field."""
        return self.form.fields.get(name, [""])[-1]

    def day(self, name: str) -> tuple[str, str]:
        """The kind of field that shows a day, and what stands in it: what is no day is shown as it was typed."""
        typed = self.value(name)
        try:
            return "date", times.day(typed).isoformat() if typed else ""
        except ValueError:
            return "text", typed

    def clock(self, name: str) -> tuple[str, str]:
        """The kind of field that shows a time, and what stands in it, as `day`."""
        typed = self.value(name)
        try:
            return "time", times.shown_clock(times.clock(typed)) if typed else ""
        except ValueError:
            return "text", typed

    def values(self, name: str) -> list[str]:
        """What is ticked."""
        return self.form.fields.get(name, [])

    def rows(self, name: str) -> list[str]:
        """The rows of a list, each as what its fields' names begin with."""
        return form_fields.rows(self.form.fields, name)

    def has_own_rounds(self, name: str) -> bool:
        """Whether a list of rounds is not inherited."""
        return self.value(f"{name}.from") == round_forms.OWN

    def filled(self, *names: str) -> bool:
        """Whether something stands in one of the fields, or in one whose name begins so; or is wrong there."""
        return any(
            name == one or name.startswith(f"{one}.")
            for one in names
            for name, values in [*self.form.fields.items(), *((fault.field, ["!"]) for fault in self.faults)]
            if any(values)
        )

    def label(self, name: str) -> str:
        """What a field is called, to be translated."""
        plain = _NUMBER.sub(".*", name)
        return self.labels.get(plain) or self.labels.get(plain.rpartition(".")[0], "")

    def row_names(self, name: str) -> list[tuple[str, int]]:
        """The rows that a field stands in, each as a sentence with `%(number)s`, and the number."""
        found = re.findall(r"([a-z]+)\.([0-9]+)(?=\.|$)", name)
        return [(self.lists[of], int(at) + 1) for of, at in found if of in self.lists]

    def in_words(self, name: str) -> list[str]:
        """What somebody else's field says: words to be translated where it is one of a few values."""
        values = self.theirs[name]
        names: Mapping[str, str] = {
            **CERTIFICATIONS,
            **ROLES,
            **{kind.value: name for kind, name in KINDS.items()},
            form_fields.YES: N_("Yes"),
            **_FROM,
            **self.names,
        }
        if name == "goals":
            names = {str(number): goal for number, goal in GOALS.items()}
        elif name == "themes":
            names = dict(self.themes)
        return [names.get(value, value) for value in values if value]


@dataclass(frozen=True, slots=True)
class WritingScreen(FormScreen):
    """Base of the forms in which one writes to those of a gathering in one's own words."""

    lists: ClassVar[Mapping[str, str]] = {}
    gathering: Gathering = field(kw_only=True)

    @property
    def gathering_path(self) -> str:
        """The address of the gathering's own page, without language."""
        return GATHERING.format(gathering_id=self.gathering.id)

    @property
    def written(self) -> tuple[tuple[str, str], ...]:
        """The fields that can be written in a text, each with what it becomes, to be translated."""
        return tuple(wording.FIELDS.items())

    def written_besides(self, kind: str) -> tuple[tuple[str, str], ...]:
        """The fields that mails of a kind have besides."""
        return tuple(wording.OF_ONE_KIND.get(kind, {}).items())


_FROM: Final = {round_forms.OWN: N_("Rounds of its own"), round_forms.INHERITED: N_("Inherited")}


@dataclass(frozen=True, slots=True)
class PoolInFigures:
    """A set of seats. None is no limit, or not known yet."""

    name: Text | str
    capacity: int | None
    taken: int | None = None
    left: int | None = None
    waiting: int | None = None


@dataclass(frozen=True, slots=True)
class Occupancy:
    """How many people hold seats of a gathering, and how many wait for one."""

    taken: int
    waiting: int

    @classmethod
    def of(cls, gathering: Gathering, seats: Seats | None) -> "Occupancy":
        """Return the figures. A person may wait for several sets of seats at once: the longest line is told."""
        if seats is None:
            return cls(0, 0)
        kept = sum(seats.left.get(pool, 0) for pool in gathering.reserved())
        waiting = seats.waiting
        by_mode = waiting.get("on_site", 0) + waiting.get("online", 0)
        return cls(
            _size(gathering.capacity) - seats.left[WHOLE] - kept,
            max([0, by_mode, *(waiting[pool] for pool in waiting)]),
        )


def pools(gathering: Gathering, seats: Seats | None) -> list[PoolInFigures]:
    """Return the sets of seats that have a limit, and the whole, each in figures."""
    return [
        _whole(gathering, seats),
        *(_pool(name, pool, size, seats) for name, pool, size in _parts(gathering) if size is not None),
    ]


def _whole(gathering: Gathering, seats: Seats | None) -> PoolInFigures:
    name = N_("The whole gathering")
    if seats is None:
        return PoolInFigures(name, gathering.capacity)
    people = Occupancy.of(gathering, seats)
    left = None if gathering.capacity is None else gathering.capacity - people.taken
    return PoolInFigures(name, gathering.capacity, people.taken, left, people.waiting)


def _parts(gathering: Gathering) -> Iterable[tuple[Text | str, str, int | None]]:
    yield N_("On site"), "on_site", gathering.on_site_capacity
    yield N_("Online"), "online", gathering.online_capacity
    for session in gathering.sessions:
        yield session.title or session.starts_at.date().isoformat(), session.pool, session.capacity
    for one in gathering.effective_rounds:
        yield one.name, one.pool, one.reserved_seats


def _pool(name: Text | str, pool: str, size: int | None, seats: Seats | None) -> PoolInFigures:
    if seats is None or pool not in seats.left:
        return PoolInFigures(name, size)
    left = seats.left[pool]
    return PoolInFigures(name, size, _size(size) - left, left, seats.waiting.get(pool, 0))


def _size(capacity: int | None) -> int:
    return UNLIMITED if capacity is None else capacity


def previewed(gathering: Gathering, now: datetime) -> Listing:
    """Return a gathering as the public will see it: a draft as if it were published now."""
    if gathering.is_public:
        return Listing.of(gathering, now, seats.left_in(gathering.id))
    shown = replace(gathering, state=State.PUBLISHED, published_at=now)
    return Listing.of(shown, now, opened(shown, now).shown())


@dataclass(frozen=True, slots=True)
class Advice:
    """What speaks against a day, in the reader's words."""

    day: str
    why: str


def advice(days: Iterable[date], voice: Voice) -> list[Advice]:
    """Return what speaks against days."""
    workdays = bootstrap.workdays()
    return [
        Advice(_day_in_words(day, voice), voice.say(one.message, **one.values))
        for day in days
        for one in workdays.warnings(day, language=voice.language)
    ]


def advice_on(gathering: Gathering, voice: Voice) -> list[Advice]:
    """Return what speaks against the days of a gathering."""
    return advice(sorted({session.starts.date() for session in gathering.sessions}), voice)


def without_addresses(rounds: Iterable[Round], voice: Voice, *, name: str = "rounds") -> Iterator[Fault]:
    """Yield a doubt for each round that is for people by address, and has none: so are those of a copy."""
    message = N_("“%(round)s” is for people by e-mail address, but no address stands there: it lets nobody in.")
    for at, one in enumerate(rounds):
        if one.who.is_nobody:
            yield Fault(f"{name}.{at}.who.emails", message, {"round": voice.text(one.name)})


def reader(form: Form, visit: DeskVisit) -> Reader:
    """Return what reads a form's fields."""
    return Reader(form.fields, visit.network.languages, visit.network.zone)


def week(typed: str, visit: DeskVisit) -> date:
    """Return a day in the week that a copy begins in. Raise Invalid when it is none."""
    reader = Reader({"starts_on": [typed]}, visit.network.languages, visit.network.zone)
    day = reader.required_day("starts_on")
    if day is None:
        raise Invalid(*reader.faults)
    return day


def show(visit: DeskVisit, template: str, screen: FormScreen) -> Response:
    """Answer with a form. What is wrong stands at the field that shows it."""
    if isinstance(screen.refusal, Invalid):
        # The address follows from the title.
        at = {"slug": f"title.{visit.network.languages[0]}"}
        placed = (form_fields.where(fault) for fault in screen.refusal.faults)
        faults = {(one.field, one.message, str(one.values)): one for one in placed}
        screen = replace(
            screen, refusal=Invalid(*(replace(f, field=at.get(f.field, f.field)) for f in faults.values()))
        )
    return desk.page(visit, template, screen)


def tried(do: Callable[[], Any]) -> Refusal | None:
    """Do something with a form, and return what refused it, so that the form can come back with all that was typed."""
    try:
        do()
    except Refusal as refusal:
        return refusal
    except StoreUnavailable:
        return Unavailable(retry_after=5)
    return None


def programme_names(programmes: Iterable[Programme], voice: Voice) -> dict[str, str]:
    """Return what programmes are called, by id: copies have the title of what they were copied from."""
    return {
        one.id: voice.say(
            N_("%(title)s (%(year)s, draft)") if one.state is State.DRAFT else N_("%(title)s (%(year)s)"),
            title=voice.text(one.title),
            year=one.starts_on.year,
        )
        for one in programmes
    }


def programmes() -> tuple[Programme, ...]:
    """Return all programmes to choose from; none while the store is away, so that a form can come back even then."""
    try:
        return programme_planning.every(store=bootstrap.programmes())
    except StoreUnavailable:
        return ()


def themes(form: Form, theirs: Fields | None, voice: Voice) -> tuple[tuple[str, str], ...]:
    """Return the themes to choose from, with what they are called: those that stand, and of what is chosen, or was by
    somebody else, what nobody has described."""
    known = bootstrap.themes().fresh()
    chosen = (*form.fields.get("themes", ()), *(theirs or {}).get("themes", ()))
    return (
        *((one.slug, voice.text(one.name)) for one in known.standing),
        *((slug, theme_words.of_slug(slug)) for slug in known.unknown(chosen)),
    )


def kinds() -> Sequence[tuple[Kind, str]]:
    """Return the kinds of gatherings and what they are called, to be translated."""
    return tuple(KINDS.items())


def _on_current_themes(fields: dict[str, list[str]]) -> dict[str, list[str]]:
    chosen = fields.get("themes")
    return {**fields, "themes": list(bootstrap.themes().fresh().targets(chosen))} if chosen else fields


def _with_questions(fields: Fields, questions: Sequence[QuestionDict]) -> dict[str, list[str]]:
    return {**fields, _QUESTIONS: [json.dumps(questions, sort_keys=True)]}


def _rows_in_words(name: str, fields: Fields) -> list[str]:
    return [
        " · ".join(
            value
            for field_name, values in fields.items()
            for value in values
            if value and field_name.startswith(f"{row}.") and not field_name.endswith(".id")
        )
        for row in form_fields.rows(fields, name)
    ]


def _day_in_words(day: date, voice: Voice) -> str:
    return voice.day(datetime(day.year, day.month, day.day, 12, tzinfo=voice.zone))
