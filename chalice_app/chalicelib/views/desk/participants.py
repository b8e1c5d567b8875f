"""Participants: the list of them, what is done to many at once, and the form that adds some."""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from chalice.app import Response

from chalicelib import answers, bodies, desk, routing, seat
from chalicelib.coordinating import MOST_AT_ONCE, act, asked_by_form
from chalicelib.exports import by_name
from chalicelib.forms import registering
from chalicelib.forms.registering import Typed
from chalicelib.participants import PATH, Entry, GatheringScreen, Roster, about, sought
from chalicelib.registration_words import AWAITS, ROLES, STATUSES
from chalicelib.routing import Unavailable
from chalicelib.screens import LibraryChoice
from chalicelib.visit import DeskVisit
from chalicelib.wire_registrations import Action, RegistrationPatch
from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Gathering
from shared.i18n import Voice, danish_order
from shared.ids import new_id
from shared.refusals import N_, Fault, Invalid, Refusal, StoreUnavailable
from shared.registration.applying import MOST_TOGETHER
from shared.registration.model import Actor, Awaits, By, Registration, Status
from shared.registration.ports import Answers
from shared.registration.queries import Sought, found
from shared.registration.service import Invitation
from shared.roles import Role

pages = routing.desk()

PAGE: Final = 50

Counting = Callable[[Voice, int], str]
"""A sentence about so many people."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Something that is done to many: its name, what it asks before and says afterwards, and whom it applies to."""

    name: str
    question: Counting
    done: Counting
    applies: Callable[[Registration], bool]
    warning: str = ""


BATCHES: Final[dict[Action, Batch]] = {
    "approve": Batch(
        N_("Approve"),
        lambda say, number: say.count("Approve %(number)s person?", "Approve %(number)s people?", number),
        lambda say, number: say.count("%(number)s person is approved.", "%(number)s people are approved.", number),
        lambda one: one.status.is_live and Awaits.APPROVAL in one.awaits,
        N_("They get a mail when nothing else is missing."),
    ),
    "accept_library": Batch(
        N_("Confirm their library"),
        lambda say, number: say.count(
            "Confirm that %(number)s person works at the library?",
            "Confirm that %(number)s people work at their libraries?",
            number,
        ),
        lambda say, number: say.count(
            "The library of %(number)s person is confirmed.",
            "The libraries of %(number)s people are confirmed.",
            number,
        ),
        lambda one: one.status.is_live and Awaits.LIBRARY in one.awaits,
        N_("They get a mail when nothing else is missing."),
    ),
    "send_link": Batch(
        N_("Send their link again"),
        lambda say, number: say.count(
            "Send %(number)s person the link again?", "Send %(number)s people their links again?", number
        ),
        lambda say, number: say.count("%(number)s mail is on its way.", "%(number)s mails are on their way.", number),
        lambda one: one.status.is_live,
        N_("Each gets a mail with the link to the own page."),
    ),
    "cancel": Batch(
        N_("Cancel their registrations"),
        lambda say, number: say.count(
            "Cancel the registration of %(number)s person?", "Cancel the registrations of %(number)s people?", number
        ),
        lambda say, number: say.count(
            "%(number)s registration is cancelled.", "%(number)s registrations are cancelled.", number
        ),
        lambda one: one.status.is_live,
        N_("They get a mail, and their seats go on to those who wait. It cannot be undone."),
    ),
}


@dataclass(frozen=True, slots=True)
class ListScreen(GatheringScreen):
    """A page of those who are looked for. `counts` are of all; `waiting` is whom something waits for, by batch.

    `batches` is what can be done to at least one of those, and `addresses` where those who still take part get mail.
    """

    entries: tuple[Entry, ...]
    number_found: int
    begin: int
    counts: Mapping[str, int]
    waiting: tuple[tuple[Action, str, int], ...]
    sought: Sought
    libraries: tuple[tuple[str, str], ...]
    batches: Mapping[Action, Batch]
    addresses: tuple[str, ...]
    now: datetime

    @property
    def statuses(self) -> Mapping[Status, str]:
        """The states, to be translated."""
        return STATUSES

    @property
    def roles(self) -> Mapping[str, str]:
        """The roles, to be translated."""
        return {role.value: name for role, name in ROLES.items()}

    @property
    def awaited(self) -> Mapping[str, str]:
        """What can be missing, to be translated."""
        return {awaits.value: name for awaits, name in AWAITS.items()}

    @property
    def can_invite(self) -> bool:
        """Whether somebody who is invited could still sign up."""
        return self.now < self.gathering.registration_closes_at

    @property
    def number_of_all(self) -> int:
        """How many there are."""
        return sum(self.counts.values())

    @property
    def query(self) -> str:
        """What is looked for, as a query."""
        return _query(self.sought)

    @property
    def before(self) -> str | None:
        """The query of the page before."""
        return _query(self.sought, max(0, self.begin - PAGE)) if self.begin else None

    @property
    def after(self) -> str | None:
        """The query of the next page."""
        end = self.begin + PAGE
        return _query(self.sought, end) if end < self.number_found else None


@dataclass(frozen=True, slots=True)
class BatchScreen(GatheringScreen):
    """What is about to be done, and to whom; or what could not be done, and why.

    `left_out` is how many were chosen whom it does not apply to, `later` how many are too many for once.
    """

    action: Action
    entries: tuple[Entry, ...]
    left_out: int = 0
    later: int = 0
    refused: tuple[tuple[Entry, str], ...] = ()

    @property
    def batch(self) -> Batch:
        """What is done."""
        return BATCHES[self.action]


@dataclass(frozen=True, slots=True)
class AddScreen(GatheringScreen):
    """The form that adds people by hand."""

    typed: Typed
    idempotency_key: str
    libraries: tuple[LibraryChoice, ...]

    @property
    def named_faults(self) -> tuple[tuple[str, Fault], ...]:
        """What is wrong, each with the id of the field."""
        return tuple((name, fault) for name, faults in registering.by_field(self.faults).items() for fault in faults)

    def faults_of(self, name: str) -> tuple[Fault, ...]:
        """What is wrong with one field."""
        return registering.by_field(self.faults).get(name, ())

    def prefix(self, at: int) -> str:
        """What the names of a person's fields begin with."""
        return registering.prefix(at)

    @property
    def most(self) -> int:
        """How many people may be on one form."""
        return MOST_TOGETHER


@pages.get(PATH, Role.COORDINATOR, own=True)
def participants(visit: DeskVisit, gathering_id: str) -> Response:
    """Show those who are looked for, and how many there are of each."""
    return _list(visit, gathering_id)


@pages.get(f"{PATH}/flere", Role.COORDINATOR, own=True)
def ask(visit: DeskVisit, gathering_id: str) -> Response:
    """Ask once more before something is done to many, and say to how many."""
    action = _action(visit.query.get("action", ""))
    gathering, tell = about(visit, gathering_id)
    roster = Roster.of(gathering_id)
    chosen = _chosen(visit, roster, action)
    if not chosen:
        return _list(visit, gathering_id, Invalid(Fault("people", N_("Choose at least one person."))))
    those = by_name([one for one in chosen if BATCHES[action].applies(one)])
    screen = BatchScreen(
        visit.login,
        gathering,
        tell,
        action,
        tuple(map(roster.entry, those[:MOST_AT_ONCE])),
        left_out=len(chosen) - len(those),
        later=max(0, len(those) - MOST_AT_ONCE),
    )
    return desk.page(visit, "desk/participants-batch.html", screen)


@pages.post(f"{PATH}/flere", Role.COORDINATOR, own=True, doing=asked_by_form)
def do(visit: DeskVisit, gathering_id: str) -> Response:
    """Do something to many, one after the other. What could not be done is shown, to be tried again."""
    fields = bodies.fields(visit.request)
    action = _action(fields.get("action", [""])[-1])
    wanted = fields.get("id", [])[:MOST_AT_ONCE]
    done, refused = _each(visit, gathering_id, action, wanted)
    if not refused:
        return answers.see_other(visit, f"{PATH.format(gathering_id=gathering_id)}?done={action}&number={done}")
    gathering, tell = about(visit, gathering_id)
    roster = Roster.of(gathering_id)
    by_id = {one.id: roster.entry(one) for one in roster.registrations}
    left = tuple((by_id[id], why) for id, why in refused.items() if id in by_id)
    screen = BatchScreen(
        visit.login,
        gathering,
        tell,
        action,
        tuple(entry for entry, _ in left),
        refused=left,
        done=BATCHES[action].done(visit.voice, done) if done else None,
    )
    return desk.page(visit, "desk/participants-batch.html", screen)


@pages.get(f"{PATH}/ny", Role.COORDINATOR, own=True)
def new(visit: DeskVisit, gathering_id: str) -> Response:
    """Show the form that adds people."""
    return _form(visit, gathering_id, Typed(together=False), new_id())


@pages.post(f"{PATH}/ny", Role.COORDINATOR, own=True)
def add(visit: DeskVisit, gathering_id: str) -> Response:
    """Register people on the coordinator's word, or show the form again with all that was typed."""
    fields = bodies.fields(visit.request)
    gathering = bootstrap.gatherings().get(gathering_id)
    typed = registering.read(fields, gathering)
    nonce = fields.get("idempotency_key", [""])[-1] or new_id()
    if (grown := typed.after(fields.get("action", [""])[-1])) is not None:
        return _form(visit, gathering_id, grown, nonce)
    try:
        added = _add(visit, gathering, typed, nonce)
    except Refusal as refusal:
        return _form(visit, gathering_id, typed, nonce, refusal)
    except StoreUnavailable:
        return _form(visit, gathering_id, typed, nonce, Unavailable(retry_after=5))
    path = PATH.format(gathering_id=gathering_id)
    if len(added) == 1 and added[0].registration_id is not None:
        return answers.see_other(visit, f"{path}/{added[0].registration_id}?done=added")
    return answers.see_other(visit, f"{path}?{urlencode({'done': 'added', **Counter(one.status for one in added)})}")


def _list(visit: DeskVisit, gathering_id: str, refusal: Refusal | None = None) -> Response:
    gathering, tell = about(visit, gathering_id)
    roster = Roster.of(gathering_id)
    wanted = sought(visit.query)
    those = found(roster.registrations, wanted, roster.library)
    if wanted.status == Status.WAITLISTED:
        those.sort(key=lambda one: (one.place or 0, roster.positions.get(one.id, 0)))
    else:
        those = by_name(those)
    begin = int(visit.query["from"]) if visit.query.get("from", "").isdecimal() else 0
    libraries = {roster.library(one.participant.library) for one in roster.registrations}
    screen = ListScreen(
        visit.login,
        gathering,
        tell,
        tuple(map(roster.entry, those[begin : begin + PAGE])),
        len(those),
        begin,
        Counter(one.status.value for one in roster.registrations),
        tuple(_waiting(roster.registrations)),
        wanted,
        tuple(sorted(((one.id, one.name) for one in libraries), key=lambda one: danish_order(one[1]))),
        {action: batch for action, batch in BATCHES.items() if any(map(batch.applies, those))},
        tuple(dict.fromkeys(one.participant.email for one in those if one.status.is_live)),
        visit.now,
        done=_done(visit.query, visit.voice),
        refusal=refusal,
    )
    return desk.page(visit, "desk/participants.html", screen)


def _waiting(registrations: Sequence[Registration]) -> list[tuple[Action, str, int]]:
    """Return what waits for a coordinator: the batch that does it, what is awaited, and by how many."""
    awaited: tuple[tuple[Action, Awaits], ...] = (("approve", Awaits.APPROVAL), ("accept_library", Awaits.LIBRARY))
    counted = [(action, each.value, sum(each in one.awaits for one in registrations)) for action, each in awaited]
    return [one for one in counted if one[2]]


def _done(query: Mapping[str, str], voice: Voice) -> str | None:
    """Return what a page says was done, from what leads there."""
    done = query.get("done", "")
    counted = {name: int(value) for name, value in query.items() if value.isdecimal() and len(value) < 7}
    if done == "added":
        return " ".join(say(voice, counted[name]) for name, say in _ADDED.items() if name in counted) or None
    batch = next((batch for action, batch in BATCHES.items() if action == done), None)
    return batch.done(voice, counted["number"]) if batch and "number" in counted else None


_ADDED: Final[dict[str, Counting]] = {
    "confirmed": lambda say, number: say.count(
        "%(number)s person has a seat.", "%(number)s people have a seat.", number
    ),
    "pending": lambda say, number: say.count("%(number)s seat is held.", "%(number)s seats are held.", number),
    "offered": lambda say, number: say.count("%(number)s seat is offered.", "%(number)s seats are offered.", number),
    "waitlisted": lambda say, number: say.count(
        "%(number)s person is on the waiting list.", "%(number)s people are on the waiting list.", number
    ),
    "full": lambda say, number: say.count(
        "There was no seat for %(number)s person, who is not registered.",
        "There was no seat for %(number)s people, who are not registered.",
        number,
    ),
    "fair_share": lambda say, number: say.count(
        "%(number)s person is not registered: the library has all the seats that one may have.",
        "%(number)s people are not registered: their libraries have all the seats that one may have.",
        number,
    ),
}


def _action(asked: str) -> Action:
    action = next((action for action in BATCHES if action == asked), None)
    if action is None:
        raise Invalid(Fault("action", N_("Choose what to do.")))
    return action


def _chosen(visit: DeskVisit, roster: Roster, action: Action) -> list[Registration]:
    """Return those who are ticked, or with `all`, those who are looked for and whom it applies to."""
    if "all" in visit.query:
        those = found(roster.registrations, sought(visit.query), roster.library)
        return [one for one in those if BATCHES[action].applies(one)]
    asked = visit.request.query_params
    ticked = set(asked.getlist("id")) if asked and "id" in asked else set()
    return [one for one in roster.registrations if one.id in ticked]


def _each(visit: DeskVisit, gathering_id: str, action: Action, ids: Sequence[str]) -> tuple[int, dict[str, str]]:
    """Return to how many it was done, and why it could not be done to others. A store that is away ends it all."""
    refused: dict[str, str] = {}
    for at, id in enumerate(ids):
        try:
            act(visit, (gathering_id, id), RegistrationPatch(id=id, action=action))
        except Refusal as refusal:
            refused[id] = refusal.message
        except StoreUnavailable:
            refused |= dict.fromkeys(ids[at:], Unavailable.message)
            break
    return len(ids) - len(refused), refused


def _add(visit: DeskVisit, gathering: Gathering, typed: Typed, nonce: str) -> Answers:
    booking = replace(typed.booking(gathering, visit.network.languages[0]), questions_later=True)
    # Going back and changing the name is another request; sending the same twice is not.
    fingerprint = hashlib.sha256(repr(booking).encode()).hexdigest()
    word = Invitation(By(Actor.COORDINATOR, visit.who.id), any_time=True)
    return seat.take(visit, gathering.slug, booking, key=f"desk|{nonce}|{fingerprint}", invitation=word)


def _form(visit: DeskVisit, gathering_id: str, typed: Typed, nonce: str, refusal: Refusal | None = None) -> Response:
    gathering, tell = about(visit, gathering_id)
    libraries = tuple(LibraryChoice(one.id, one.name) for one in bootstrap.libraries().all())
    screen = AddScreen(visit.login, gathering, tell, typed, nonce, libraries, refusal=refusal)
    return desk.page(visit, "desk/participants-new.html", screen)


def _query(wanted: Sought, begin: int = 0) -> str:
    asked = {**asdict(wanted), "q": wanted.text, "from": begin or ""}
    del asked["text"]
    return urlencode({name: value if value is not True else "1" for name, value in asked.items() if value})
