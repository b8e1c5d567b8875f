"""One participant: why the person stands so, and what a coordinator can do about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, get_args

from chalice.app import Response

from chalicelib import answers, bodies, desk, mail_history, routing
from chalicelib.coordinating import FOR_COORDINATORS, act, asked_by_form
from chalicelib.forms import merging
from chalicelib.mail_history import MailLine
from chalicelib.participants import PATH, Entry, GatheringScreen, about, coordinators
from chalicelib.registration_words import ROLES, STATUSES
from chalicelib.screens import LibraryChoice
from chalicelib.visit import DeskVisit
from chalicelib.wire_registrations import Action, RegistrationPatch
from shared import addresses, seats
from shared.bootstrap import web as bootstrap
from shared.certificates import service as certifying
from shared.gatherings import service as gatherings
from shared.gatherings.model import Gathering, State
from shared.gatherings.owning import runs
from shared.gatherings.seating import places_left
from shared.mailboxes import service as mailboxes
from shared.notify import service as mailing
from shared.notify.model import MailId, MailKind, NothingToRepeat
from shared.refusals import N_, Fault, Invalid, Refusal
from shared.registration import changes
from shared.registration.line import positions
from shared.registration.model import (
    Awaits,
    Registration,
    RegistrationChangedMeanwhile,
    RegistrationNotFound,
    Status,
    Step,
)
from shared.registration.ports import Overtaking
from shared.registration.queries import everybody, overtaken
from shared.roles import Role

pages = routing.desk()

ONE: Final = f"{PATH}/{{registration_id}}"

ADDED: Final = {
    Status.CONFIRMED: N_("The person has a seat, and gets a mail."),
    Status.PENDING: N_("A seat is held for the person, who gets a mail."),
    Status.WAITLISTED: N_("All seats are taken: the person is on the waiting list, and gets a mail."),
    Status.OFFERED: N_("The person was in line already, and has been offered a seat."),
}
"""What is said of somebody who was just added."""

DONE: Final = {
    "cancel": N_("The registration is cancelled."),
    "reject": N_("The registration is declined."),
    "accept": N_("The offer is accepted."),
    "approve": N_("The registration is approved."),
    "accept_library": N_("The library is confirmed for this person."),
    "accept_domain": N_("The domain is confirmed, and with it all who waited for that."),
    "seat": N_("The person has a seat."),
    "move": N_("The change is saved."),
    "move_to": N_("The person is registered here now, and no longer in the other gathering."),
    "correct": N_("The correction is saved."),
    "note": N_("The note is saved."),
    "send_link": N_("The mail with the link is on its way."),
    "mail": N_("The mail is sent once more."),
    "revoked": N_("The certificate is taken back. Whoever looks it up sees that."),
}


@dataclass(frozen=True, slots=True)
class Namesake:
    """Another registration under an address: the same person elsewhere, or somebody with the same mailbox."""

    one: Registration
    gathering: Gathering

    @property
    def path(self) -> str:
        """The address of its page, without language."""
        return ONE.format(gathering_id=self.gathering.id, registration_id=self.one.id)

    @property
    def status(self) -> str:
        """How it stands, in one word, to be translated."""
        return STATUSES[self.one.status]


@dataclass(frozen=True, slots=True)
class PersonScreen(GatheringScreen):
    """One person. `typed` is what was filled in and not taken, `chosen` the sessions among it.

    `actors` are the addresses by id of those who signed in and did something; `namesakes` are the other registrations
    under the same address, with their gatherings; `mails` what was sent to the person, and is to be.
    `is_silent`: nothing is sent to the address.
    """

    entry: Entry
    booker: str
    overtaken: tuple[Overtaking, ...]
    namesakes: tuple[Namesake, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    chosen: tuple[str, ...] = ()
    actors: Mapping[str, str] = field(default_factory=dict)
    mails: tuple[MailLine, ...] = ()
    is_silent: bool = False

    @property
    def one(self) -> Registration:
        """The registration."""
        return self.entry.one

    @property
    def own_path(self) -> str:
        """The page's address, without language."""
        return f"{self.path}/{self.one.id}"

    @property
    def status(self) -> str:
        """How the person stands, in one word, to be translated."""
        return STATUSES[self.one.status]

    @property
    def work(self) -> str:
        """Who the person is at work, to be translated."""
        return ROLES[self.one.participant.role]

    @property
    def why(self) -> tuple[str, ...]:
        """Why the person stands so."""
        return self.tell.why(self.one, self.entry.library, self.entry.position)

    @property
    def history(self) -> tuple[tuple[Step, str], ...]:
        """What happened, the latest first, in words."""
        return tuple((step, self.tell.step(step, self.actors.get(step.by.id))) for step in reversed(self.one.history))

    @property
    def sessions(self) -> tuple[str, ...]:
        """The sessions that are ticked."""
        return self.chosen or self.one.sessions

    @property
    def mode(self) -> str:
        """The way to take part that is ticked."""
        return self.typed.get("mode", self.one.mode)

    def value(self, name: str) -> str:
        """What stands in a field."""
        return self.typed.get(name, self._kept(name))

    def kept_meanwhile(self, name: str) -> str | None:
        """What somebody else has saved in a field since it was opened, if it is not what stands there."""
        kept = self._kept(name)
        return kept if isinstance(self.refusal, RegistrationChangedMeanwhile) and kept != self.value(name) else None

    def opened(self, action: Action) -> str:
        """The mark of what the action writes over, as it is now."""
        return merging.mark(_written_over(self.one, action).values())

    def _kept(self, name: str) -> str:
        return {**_written_over(self.one, "note"), **_written_over(self.one, "correct")}[name]

    @property
    def domain(self) -> str:
        """The address's domain."""
        return addresses.domain(self.one.participant.email)

    @property
    def can(self) -> frozenset[Action]:
        """What can be done, as the person stands."""
        applies = (action for action in get_args(Action) if _applies(action, self.one, self.gathering))
        everything = Role.COORDINATOR in self.login.person.roles
        return frozenset(action for action in applies if everything or action not in FOR_COORDINATORS)


@dataclass(frozen=True, slots=True)
class ConfirmScreen(PersonScreen):
    """The question before something is done that others notice. `same_domain` is how many here are confirmed with it.

    `has_seat` is whether one is free for the person who waits. `others` are gatherings to move to, and `there` is
    the one that was chosen, with the seats that are left there.
    `libraries` are those to choose from.
    """

    action: Action = field(kw_only=True)
    same_domain: int = field(default=0, kw_only=True)
    has_seat: bool = field(default=True, kw_only=True)
    others: tuple[Gathering, ...] = field(default=(), kw_only=True)
    there: Gathering | None = field(default=None, kw_only=True)
    left_there: int | None = field(default=None, kw_only=True)
    libraries: tuple[LibraryChoice, ...] = field(default=(), kw_only=True)

    @property
    def overtakes(self) -> int:
        """How many come before the person in line."""
        return (self.entry.position or 1) - 1


_ASKED: Final[frozenset[Action]] = frozenset({"cancel", "reject", "accept_domain", "seat", "move_to", "correct"})
"""What has a page of its own, most of them to ask once more."""


@pages.get(ONE, Role.COORDINATOR, own=True)
def participant(visit: DeskVisit, gathering_id: str, registration_id: str) -> Response:
    """Show one person."""
    return _page(visit, gathering_id, registration_id)


@pages.get(f"{ONE}/sikker", Role.COORDINATOR, own=True)
def ask(visit: DeskVisit, gathering_id: str, registration_id: str) -> Response:
    """Ask once more, and say what will follow."""
    action = _action(visit.query.get("action", ""))
    return _question(visit, gathering_id, registration_id, action, visit.query)


@pages.post(ONE, Role.COORDINATOR, own=True, doing=asked_by_form)
def change(visit: DeskVisit, gathering_id: str, registration_id: str) -> Response:
    """Do what a button asks for, and show the page again; with all that was typed if it could not be done."""
    fields = bodies.fields(visit.request)
    typed = {name: values[-1] for name, values in fields.items()}
    action = _action(typed.get("action", ""))
    try:
        patch = bodies.validated(RegistrationPatch, _patch(registration_id, action, fields))
        key = (gathering_id, registration_id)
        changed = act(visit, key, _as_opened(key, patch, typed))
    except RegistrationNotFound:
        raise
    except Refusal as refusal:
        if action in _ASKED:
            return _question(visit, gathering_id, registration_id, action, typed, _chosen(fields), refusal)
        return _page(visit, gathering_id, registration_id, refusal, typed, _chosen(fields))
    path = ONE.format(gathering_id=changed.gathering_id, registration_id=changed.id)
    return answers.see_other(visit, f"{path}?done={action}")


@pages.post(f"{ONE}/bevis", Role.COORDINATOR, own=True)
def revoke(visit: DeskVisit, gathering_id: str, registration_id: str) -> Response:
    """Take a certificate back."""
    one = bootstrap.registrations().get(gathering_id, registration_id)
    if not certifying.revoke(one, store=bootstrap.certificates(), now=visit.now):
        return _page(visit, gathering_id, registration_id, RegistrationChangedMeanwhile())
    path = ONE.format(gathering_id=gathering_id, registration_id=registration_id)
    return answers.see_other(visit, f"{path}?done=revoked")


@pages.post(f"{ONE}/mails", Role.COORDINATOR, own=True)
def send_again(visit: DeskVisit, gathering_id: str, registration_id: str) -> Response:
    """Send a mail once more of which nobody knows whether it was sent, or that was refused."""
    typed = bodies.form(visit.request)
    if typed.get("kind") not in tuple(MailKind):
        raise NothingToRepeat
    mail = MailId(gathering_id, registration_id, MailKind(typed["kind"]), typed.get("occurrence", ""))
    try:
        mailing.send_again(mail, ledger=bootstrap.ledger(), now=visit.now, correlation_id=visit.correlation_id)
    except NothingToRepeat as refusal:
        return _page(visit, gathering_id, registration_id, refusal)
    path = ONE.format(gathering_id=gathering_id, registration_id=registration_id)
    return answers.see_other(visit, f"{path}?done=mail")


def _page(
    visit: DeskVisit,
    gathering_id: str,
    registration_id: str,
    refusal: Refusal | None = None,
    typed: Mapping[str, str] | None = None,
    chosen: Sequence[str] = (),
) -> Response:
    gathering, tell = about(visit, gathering_id)
    entry = _entry(gathering_id, registration_id)
    screen = PersonScreen(
        visit.login,
        gathering,
        tell,
        entry,
        _booker(entry.one),
        overtaken(entry.one, store=bootstrap.registrations()),
        _namesakes(visit, entry.one),
        typed or {},
        tuple(chosen),
        coordinators(visit, entry.one),
        _mails(visit, entry.one, gathering),
        mailboxes.of(entry.one.person, store=bootstrap.mailboxes()).suppression is not None,
        refusal=refusal,
        done=_done(visit.query.get("done", ""), entry.one),
    )
    return desk.page(visit, "desk/participant.html", screen)


def _mails(visit: DeskVisit, one: Registration, gathering: Gathering) -> tuple[MailLine, ...]:
    rows = bootstrap.ledger().history(one.id)
    written = bootstrap.messages().of_gathering(gathering.id)
    return mail_history.lines(one, gathering, rows, written, bootstrap.libraries(), voice=visit.voice, now=visit.now)


def _question(
    visit: DeskVisit,
    gathering_id: str,
    registration_id: str,
    action: Action,
    typed: Mapping[str, str],
    chosen: Sequence[str] = (),
    refusal: Refusal | None = None,
) -> Response:
    if action not in _ASKED:
        return _page(visit, gathering_id, registration_id)
    gathering, tell = about(visit, gathering_id)
    entry = _entry(gathering_id, registration_id)
    others = _others(visit, gathering) if action == "move_to" else ()
    there = next((one for one in others if one.id == typed.get("gathering")), None)
    screen = ConfirmScreen(
        visit.login,
        gathering,
        tell,
        entry,
        _booker(entry.one),
        (),
        (),
        typed,
        tuple(chosen),
        action=action,
        same_domain=_same_domain(entry.one) if action == "accept_domain" else 0,
        has_seat=action != "seat" or _has_seat(entry.one),
        others=others,
        there=there,
        left_there=places_left(there, seats.left_in(there.id)) if there else None,
        libraries=_libraries() if action == "correct" else (),
        refusal=refusal,
    )
    return desk.page(visit, "desk/participant-confirm.html", screen)


def _entry(gathering_id: str, registration_id: str) -> Entry:
    store = bootstrap.registrations()
    one = store.get(gathering_id, registration_id)
    number = one.participant.library
    return Entry(one, bootstrap.libraries().shown(number).name, positions(store.line(gathering_id)).get(one.id))


def _action(asked: str) -> Action:
    found = next((action for action in get_args(Action) if action == asked), None)
    if found is None:
        raise Invalid(Fault("action", N_("Choose what to do.")))
    action: Action = found
    return action


def _patch(registration_id: str, action: Action, fields: Mapping[str, list[str]]) -> dict[str, object]:
    asked: dict[str, object] = {"id": registration_id, "action": action}
    names = ("why", "note", "gathering", "mode", "name", "email", "library", "role")
    asked |= {name: fields[name][-1] for name in names if name in fields}
    chosen = _chosen(fields)
    # What all come to is not asked about.
    given = fields.get("given", [])
    return asked | ({"sessions": [*given, *chosen]} if chosen or "chooses" in fields else {})


def _chosen(fields: Mapping[str, list[str]]) -> list[str]:
    return [value for name, values in fields.items() if name.startswith(("session", "choice-")) for value in values]


def _written_over(one: Registration, action: Action) -> dict[str, str]:
    """Return the fields that an action writes over, as they are kept."""
    who = one.participant
    match action:
        case "note":
            return {"note": one.note}
        case "correct":
            return {"name": who.name, "email": who.email, "library": who.library, "role": who.role.value}
    return {}


def _as_opened(key: tuple[str, str], patch: RegistrationPatch, typed: Mapping[str, str]) -> RegistrationPatch:
    """Return the patch for the version that is kept, if that is as it was when the page was opened.

    Of a registration's many changes, most have nothing to do with a form. Raise RegistrationChangedMeanwhile.
    """
    one = bootstrap.registrations().get(*key)
    if not (kept := _written_over(one, patch.action)):
        return patch
    # To send the same twice is no quarrel.
    wanted = merging.mark(typed.get(name, "") for name in kept)
    if merging.mark(kept.values()) not in (typed.get("opened", ""), wanted):
        raise RegistrationChangedMeanwhile
    return patch.model_copy(update={"version": one.version})


def _applies(action: Action, one: Registration, gathering: Gathering) -> bool:
    live = one.status.is_live
    match action:
        case "approve" | "reject":
            return live and (Awaits.APPROVAL in one.awaits or (action == "reject" and Awaits.LIBRARY in one.awaits))
        case "accept_library" | "accept_domain":
            return live and Awaits.LIBRARY in one.awaits
        case "accept":
            return one.status is Status.OFFERED
        case "seat":
            return one.status is Status.WAITLISTED
        case "move":
            chooses = bool(gathering.choose_sessions or gathering.choices() or len(gathering.modes) > 1)
            return chooses and one.status in (Status.CONFIRMED, Status.PENDING)
        case "send_link" | "cancel" | "move_to" | "correct":
            return live
        case "note":
            return True


def _same_domain(other: Registration) -> int:
    """Return how many in the gathering have a seat once the same domain is known as their library's."""
    numbers = bootstrap.libraries().numbers(other.participant.library)
    return sum(
        one.status is Status.PENDING
        and Awaits.LIBRARY in one.awaits
        and Awaits.APPROVAL not in one.awaits
        and one.participant.library in numbers
        and addresses.domain(one.participant.email) == addresses.domain(other.participant.email)
        for one in everybody(other.gathering_id, store=bootstrap.registrations())
    )


def _others(visit: DeskVisit, gathering: Gathering) -> tuple[Gathering, ...]:
    """Return the gatherings that somebody can be moved to."""
    coming = gatherings.coming(store=bootstrap.gatherings(), now=visit.now)
    return tuple(
        one
        for one in coming
        if one.id != gathering.id
        and one.starts_at > visit.now
        and one.state is State.PUBLISHED
        and runs(one, visit.who)
    )


def _has_seat(one: Registration) -> bool:
    seen = seats.see(one.gathering_id)
    return seen is not None and changes.free_seat(one, seen) is not None


def _libraries() -> tuple[LibraryChoice, ...]:
    return tuple(LibraryChoice(one.id, one.name) for one in bootstrap.libraries().all())


def _done(done: str, one: Registration) -> str | None:
    return ADDED.get(one.status) if done == "added" else DONE.get(done)


def _namesakes(visit: DeskVisit, one: Registration) -> tuple[Namesake, ...]:
    """Return what else there is under an address, as far as this person may see it; the latest gathering first."""
    others = [each for each in bootstrap.registrations().of_person(one.person) if each.id != one.id]
    there = bootstrap.gatherings().many({each.gathering_id for each in others})
    found = [Namesake(each, there[each.gathering_id]) for each in others if each.gathering_id in there]
    seen = [each for each in found if runs(each.gathering, visit.who)]
    return tuple(sorted(seen, key=lambda each: (each.gathering.starts_at, each.one.id), reverse=True))


def _booker(one: Registration) -> str:
    if one.booking_id is None:
        return ""
    try:
        return bootstrap.registrations().receipt(one.gathering_id, one.booking_id).name
    except RegistrationNotFound:
        # The booker has had all data erased since.
        return ""
