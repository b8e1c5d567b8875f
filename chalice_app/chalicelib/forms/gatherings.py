"""The form of one gathering: what stands in its fields, and what that is in the words of the API."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, tzinfo
from typing import Any, Final

from chalicelib.forms import fields, reminders, rounds, times
from chalicelib.forms.fields import Fields, Reader
from chalicelib.forms.questions import QuestionDict, questions_from_form
from chalicelib.forms.rounds import INHERITED, OWN, Libraries
from chalicelib.wire_questions import editable
from shared.gatherings.model import WHOLE, Gathering, Kind, Mode, Place, Session
from shared.gatherings.reminders import USUAL as USUAL_REMINDERS
from shared.refusals import N_

LABELS: Final = {
    "kind": N_("Kind"),
    "title": N_("Title"),
    "summary": N_("Summary"),
    "description": N_("Description"),
    "speakers": N_("Speakers’ roles"),
    "programme_sheet": N_("Link to the programme of the day"),
    "certificate_share": N_("Certificate: the share of one’s sessions that one has to be in, in percent"),
    "sessions": N_("Sessions"),
    "sessions.*.date": N_("Date"),
    "sessions.*.starts_at": N_("From"),
    "sessions.*.ends_at": N_("To"),
    "sessions.*.ends_on": N_("Last day"),
    "sessions.*.title": N_("Title of the session"),
    "sessions.*.capacity": N_("Seats in this session"),
    "sessions.*.choose_one_of": N_("Choose one of"),
    "sessions.*.place": N_("Place of the session"),
    "sessions.*.place.name": N_("Name of the place, if it has its own"),
    "sessions.*.place.address": N_("Address of that place"),
    "choose_sessions": N_("People choose which sessions they come to"),
    "place": N_("Place"),
    "place.name": N_("Name of the place"),
    "place.address": N_("Address"),
    "accessibility": N_("Accessibility"),
    "online_link": N_("Link to take part online"),
    "is_recorded": N_("It is recorded, and the recording is published"),
    "capacity": N_("Seats in all"),
    "on_site_capacity": N_("Seats on site"),
    "online_capacity": N_("Seats online"),
    "waiting_list": N_("There is a waiting list when all seats are taken"),
    "approval": N_("A coordinator approves each registration"),
    "fair_share.per_library": N_("At most so many from one library"),
    "fair_share.until": N_("The limit ends, date"),
    "fair_share.until.time": N_("The limit ends, time"),
    "fair_share.until.pass": N_("The limit ends, which of the two"),
    "registration.opens_at": N_("Registration opens, date"),
    "registration.opens_at.time": N_("Registration opens, time"),
    "registration.opens_at.pass": N_("Registration opens, which of the two"),
    "registration.closes_at": N_("Registration closes, date"),
    "registration.closes_at.time": N_("Registration closes, time"),
    "registration.closes_at.pass": N_("Registration closes, which of the two"),
    "registration.changes_until": N_("Changes until, date"),
    "registration.changes_until.time": N_("Changes until, time"),
    "registration.changes_until.pass": N_("Changes until, which of the two"),
    "questions": N_("Questions"),
    "asks_needs": N_("Ask what people need: food and access"),
    "asks_invoice_reference": N_("Ask for EAN/GLN number and reference for an invoice"),
    "programme": N_("Programme and track"),
    "themes": N_("Themes"),
    "goals": N_("Sustainable Development Goals"),
    "contact": N_("Contact (e-mail)"),
    "price_text": N_("Price"),
    **rounds.LABELS,
    **reminders.LABELS,
}
"""What the fields are called, to be translated. `*` is the number of a row."""

LISTS: Final = {
    "sessions": N_("Session %(number)s"),
    "rounds": N_("Round %(number)s"),
    "reminders": N_("Reminder %(number)s"),
}
"""What the rows of the lists are called, to be translated."""

_WINDOW: Final = ("opens_at", "closes_at", "changes_until")
_CAPACITIES: Final = {
    WHOLE: "capacity",
    Mode.ON_SITE.value: "on_site_capacity",
    Mode.ONLINE.value: "online_capacity",
}


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual for a kind of gathering: times on the clock, seats, and what is ticked."""

    starts_at: time
    ends_at: time
    capacity: int | None
    ticked: tuple[str, ...] = ()


USUAL: Final[Mapping[Kind, Usual]] = {
    Kind.WEBINAR: Usual(time(9), time(11, 30), None, ("is_recorded",)),
    Kind.INSPIRATION_DAY: Usual(time(9, 30), time(15, 30), 80, ("asks_needs",)),
    Kind.FESTIVAL: Usual(time(9), time(15), 200, ("asks_needs", "choose_sessions")),
    Kind.WORKSHOP: Usual(time(10), time(14), 24, ("asks_needs",)),
    Kind.COURSE: Usual(time(9), time(12), 24),
}


def new(kind: Kind, *, contact: str, session_id: str, programme: str = "") -> dict[str, list[str]]:
    """Return the fields of a gathering that is about to be planned."""
    empty = {
        "kind": [kind.value],
        "sessions.0.id": [session_id],
        "rounds.from": [INHERITED],
        "programme": [programme],
        "contact": [contact],
        "waiting_list": [fields.YES],
    }
    return with_usual(empty)


def with_usual(typed: Fields) -> dict[str, list[str]]:
    """Return the fields with what is usual for the kind, where nothing stands yet. What was typed is left alone."""
    kind = typed.get("kind", [""])[-1]
    if kind not in tuple(Kind):
        return dict(typed)
    usual = USUAL[Kind(kind)]
    filled = {**typed}
    values = {"sessions.0.starts_at": times.shown_clock(usual.starts_at)}
    values |= {"sessions.0.ends_at": times.shown_clock(usual.ends_at)}
    values |= {"capacity": str(usual.capacity)} if usual.capacity else {}
    for name, value in values.items():
        if not "".join(typed.get(name, [])).strip():
            filled[name] = [value]
    if _is_usual(filled):
        filled = reminders.without(filled) | dict(reminders.to_fields(USUAL_REMINDERS[kind]))
    # What is usual elsewhere is not: a course is not recorded because the form began as a webinar.
    elsewhere = {name for other in USUAL.values() for name in other.ticked} - set(usual.ticked)
    return {name: said for name, said in filled.items() if name not in elsewhere} | {
        name: [fields.YES] for name in usual.ticked
    }


def _is_usual(typed: Fields) -> bool:
    """Whether the reminders are those that are usual for a kind, or none: they are nobody's choice yet."""
    there = {name: values for name, values in typed.items() if name.startswith("reminders.")}
    return not there or any(there == dict(reminders.to_fields(usual)) for usual in USUAL_REMINDERS.values())


def to_fields(
    gathering: Gathering, *, languages: Sequence[str], zone: tzinfo, libraries: Libraries
) -> dict[str, list[str]]:
    """Return the fields as they show a gathering. Its questions have fields of their own (`questions_of`).

    Rounds that it inherits stand there too, so that who wants others changes them, and their seats stay theirs.
    """
    return dict(_fields(gathering, languages, zone, libraries))


def questions_of(gathering: Gathering) -> list[QuestionDict]:
    """Return the questions as the editor takes them."""
    return [editable(question) for question in gathering.questions]


def read_questions(typed: Fields, languages: Sequence[str]) -> list[QuestionDict]:
    """Return the questions that the editor's fields describe, their lines ended as everywhere else."""
    plain = {name: [value.replace("\r\n", "\n") for value in values] for name, values in typed.items()}
    return questions_from_form(plain, languages=languages)


def to_body(reader: Reader, questions: Sequence[QuestionDict], libraries: Libraries) -> dict[str, Any]:
    """Return what the fields say as the API takes it; the reader notes what could not be read."""
    programme, _, track = reader.long("programme").partition("/")
    per_library = reader.number("fair_share.per_library")
    until = reader.moment("fair_share.until")
    if until is not None and per_library is None:
        reader.fault("fair_share.per_library", N_("Say how many may come from one library, or leave the date empty."))
    return {
        "kind": reader.required("kind", N_("Choose the kind.")),
        "title": reader.title("title", N_("Give the gathering a title.")),
        "summary": reader.words("summary"),
        "description": reader.words("description"),
        "speakers": reader.words("speakers"),
        "programme_sheet": reader.link("programme_sheet"),
        "sessions": [_session(reader, row) for row in reader.rows("sessions")],
        "choose_sessions": reader.ticked("choose_sessions"),
        "place": _place(reader, "place"),
        "accessibility": reader.words("accessibility"),
        "online_link": reader.link("online_link"),
        "is_recorded": reader.ticked("is_recorded"),
        "capacity": reader.number("capacity"),
        "on_site_capacity": reader.number("on_site_capacity"),
        "online_capacity": reader.number("online_capacity"),
        "waiting_list": reader.ticked("waiting_list"),
        "approval": reader.ticked("approval"),
        "fair_share": {"per_library": per_library, "until": until} if per_library is not None else None,
        "registration": {part: reader.moment(f"registration.{part}") for part in _WINDOW},
        "rounds": rounds.read(reader, "rounds", libraries) if reader.long("rounds.from") == OWN else None,
        "questions": list(questions),
        "asks_needs": reader.ticked("asks_needs"),
        "asks_invoice_reference": reader.ticked("asks_invoice_reference"),
        "programme": programme or None,
        "track": track or None,
        "themes": reader.several("themes"),
        "goals": [int(goal) for goal in reader.several("goals") if goal.isdecimal()],
        "contact": reader.email("contact"),
        "price_text": reader.words("price_text"),
        "reminders": reminders.read(reader),
        "certificate_share": reader.number("certificate_share"),
    }


def capacity_field(pool: str, typed: Fields) -> str:
    """Return the field that says how many seats a pool has."""
    for name, part, ending in (("sessions", "session-", "capacity"), ("rounds", "round-", "reserved_seats")):
        for row in fields.rows(typed, name):
            if pool == part + typed[f"{row}.id"][-1]:
                return f"{row}.{ending}"
    return _CAPACITIES.get(pool, "capacity")


def session_days(typed: Fields) -> list[date]:
    """Return the days of the sessions that can be read, in their order, each once."""
    return sorted(set(_days(typed)))


def _days(typed: Fields) -> Iterator[date]:
    for row in fields.rows(typed, "sessions"):
        try:
            yield times.day(typed.get(f"{row}.date", [""])[-1])
        except ValueError:
            continue


def _session(reader: Reader, row: str) -> dict[str, Any]:
    day = reader.required_day(f"{row}.date")
    last = reader.day(f"{row}.ends_on") or day
    starts, ends = reader.clock(f"{row}.starts_at"), reader.clock(f"{row}.ends_at")
    return {
        "id": reader.line(f"{row}.id"),
        "title": reader.words(f"{row}.title"),
        "starts_at": reader.on_the_wall(f"{row}.starts_at", day, starts),
        "ends_at": reader.on_the_wall(f"{row}.ends_at", last, ends),
        "capacity": reader.number(f"{row}.capacity"),
        "choose_one_of": reader.line(f"{row}.choose_one_of"),
        "place": _place(reader, f"{row}.place"),
    }


def _place(reader: Reader, field: str) -> dict[str, str] | None:
    name, address = reader.long(f"{field}.name"), reader.long(f"{field}.address")
    return {"name": name, "address": address} if name or address else None


def _fields(
    gathering: Gathering, languages: Sequence[str], zone: tzinfo, libraries: Libraries
) -> Iterator[tuple[str, list[str]]]:
    yield "kind", [gathering.kind.value]
    for name in ("title", "summary", "description", "speakers", "accessibility", "price_text"):
        yield from fields.text_fields(name, getattr(gathering, name), languages)
    for at, session in enumerate(gathering.sessions):
        yield from _session_fields(f"sessions.{at}", session, languages)
    yield from _place_fields("place", gathering.place)
    for name in (*_CAPACITIES_OF_ALL, "online_link", "programme_sheet", "certificate_share"):
        yield name, [_said(getattr(gathering, name))]
    for name in _TICKED:
        yield from fields.tick(name, getattr(gathering, name))
    share = gathering.fair_share
    yield "fair_share.per_library", [_said(share.per_library if share else None)]
    yield from fields.moment_fields("fair_share.until", share.until if share else None, zone)
    for part in _WINDOW:
        yield from fields.moment_fields(f"registration.{part}", getattr(gathering.registration, part), zone)
    yield "rounds.from", [INHERITED if gathering.rounds is None else OWN]
    yield from rounds.to_fields(
        "rounds", gathering.effective_rounds, languages=languages, zone=zone, libraries=libraries
    )
    yield "programme", [programme_choice(gathering.programme, gathering.track)]
    yield "themes", list(gathering.themes)
    yield "goals", [str(goal) for goal in gathering.goals]
    yield "contact", [gathering.contact]
    yield from reminders.to_fields(gathering.effective_reminders)


def programme_choice(programme: str | None, track: str | None) -> str:
    """Return the value of a programme and track in the list to choose from."""
    return f"{programme}/{track}" if programme and track else programme or ""


_CAPACITIES_OF_ALL: Final = ("capacity", "on_site_capacity", "online_capacity")

_TICKED: Final = (
    *("choose_sessions", "is_recorded", "waiting_list", "approval"),
    *("asks_needs", "asks_invoice_reference"),
)


def _session_fields(row: str, session: Session, languages: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    one_day = session.starts.date() == session.ends.date()
    yield f"{row}.id", [session.id]
    yield f"{row}.date", [session.starts.date().isoformat()]
    yield f"{row}.starts_at", [times.shown_clock(session.starts.time())]
    yield f"{row}.ends_at", [times.shown_clock(session.ends.time())]
    yield f"{row}.ends_on", ["" if one_day else session.ends.date().isoformat()]
    yield from fields.text_fields(f"{row}.title", session.title, languages)
    yield f"{row}.capacity", [_said(session.capacity)]
    yield f"{row}.choose_one_of", [_said(session.choose_one_of)]
    yield from _place_fields(f"{row}.place", session.place)


def _place_fields(field: str, place: Place | None) -> Iterator[tuple[str, list[str]]]:
    yield f"{field}.name", [place.name if place else ""]
    yield f"{field}.address", [place.address if place else ""]


def _said(value: object) -> str:
    return "" if value is None else str(value)
