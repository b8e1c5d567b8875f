"""Writing to those of a gathering: what was written, the form, and what it would say to whom."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final

from chalice.app import Response

from chalicelib import answers, desk, planning, routing, trials
from chalicelib.audiences import Choice, choices, in_words
from chalicelib.exports import by_name
from chalicelib.forms import messages as form
from chalicelib.participants import GATHERING, Entry, Roster
from chalicelib.planning import Form, WritingScreen
from chalicelib.routing import Unavailable
from chalicelib.visit import DeskVisit
from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Gathering
from shared.i18n import Voice, danish_order
from shared.messages import service
from shared.messages.model import Message, MessageState, Trial
from shared.notify.model import MailKind
from shared.refusals import N_, Refusal, StoreUnavailable
from shared.registration.audience import among
from shared.roles import Role

pages = routing.desk()

PATH: Final = f"{GATHERING}/beskeder"

STATES: Final = {
    MessageState.PLANNED: N_("Planned"),
    MessageState.LEAVING: N_("On its way"),
    MessageState.SENT: N_("Sent"),
    MessageState.WITHDRAWN: N_("Called back"),
}

DONE: Final = {
    "sent": N_("The message is on its way."),
    "planned": N_("The message is planned."),
    "withdrawn": N_("The message is called back. Nobody gets it."),
    "tried": N_("A test mail is on its way to you."),
}


@dataclass(frozen=True, slots=True)
class MessagesScreen(desk.DeskScreen):
    """What was written to those of a gathering: each with whom it is for, in words."""

    gathering: Gathering
    messages: tuple[tuple[Message, str], ...]

    @property
    def gathering_path(self) -> str:
        """The address of the gathering's own page, without language."""
        return GATHERING.format(gathering_id=self.gathering.id)

    @property
    def own_path(self) -> str:
        """The page's address, without language."""
        return f"{self.gathering_path}/beskeder"

    def state(self, message: Message) -> str:
        """How far one has come, to be translated."""
        return STATES[message.state]


@dataclass(frozen=True, slots=True)
class MessageScreen(WritingScreen):
    """The form. Once it is to be looked at, `reached` are those whom it would reach, `audience` says who that is, and
    `said` is what the mail says: subject and text.
    """

    labels: ClassVar[Mapping[str, str]] = form.LABELS
    audiences: tuple[Choice, ...] = field(default=(), kw_only=True)
    reached: tuple[Entry, ...] = field(default=(), kw_only=True)
    said: tuple[str, str] = field(default=("", ""), kw_only=True)
    audience: str = field(default="", kw_only=True)

    @property
    def own_path(self) -> str:
        """The address of the list of messages, without language."""
        return f"{self.gathering_path}/beskeder"

    @property
    def sent_fields(self) -> Iterator[tuple[str, str]]:
        """All that stands in the form, to be sent along."""
        return ((name, value) for name, values in self.form.fields.items() for value in values)


@pages.get(PATH, Role.COORDINATOR, own=True)
def messages(visit: DeskVisit, gathering_id: str) -> Response:
    """Show what was written, and what is still to leave."""
    gathering = bootstrap.gatherings().get(gathering_id)
    return _list(visit, gathering, done=_done(visit.query.get("done", ""), visit.voice))


@pages.get(f"{PATH}/ny", Role.COORDINATOR, own=True)
def new(visit: DeskVisit, gathering_id: str) -> Response:
    """Show the form, for those who are chosen already."""
    gathering = bootstrap.gatherings().get(gathering_id)
    return _form(visit, gathering, Form.opening(form.opening(visit.query)))


@pages.post(f"{PATH}/ny", Role.COORDINATOR, own=True)
def write(visit: DeskVisit, gathering_id: str) -> Response:
    """Show what it would say and to whom; or send it, now or at its time; or a test mail to who writes it."""
    gathering, sent = bootstrap.gatherings().get(gathering_id), Form.sent(visit)
    if sent.action == "edit":
        return _form(visit, gathering, sent)
    try:
        message = _read(visit, gathering, sent)
        if sent.action == "send":
            return _send(visit, gathering, message)
        if sent.action == "try":
            trials.send(visit, _trial(visit, message))
    except Refusal as refusal:
        return _form(visit, gathering, sent, refusal)
    except StoreUnavailable:
        return _form(visit, gathering, sent, Unavailable(retry_after=5))
    return _preview(visit, gathering, sent, message)


@pages.post(f"{PATH}/{{message_id}}/kald-tilbage", Role.COORDINATOR, own=True)
def withdraw(visit: DeskVisit, gathering_id: str, message_id: str) -> Response:
    """Call a message back that has not left."""
    refusal = planning.tried(lambda: service.withdraw(gathering_id, message_id, store=bootstrap.messages()))
    if refusal:
        return _list(visit, bootstrap.gatherings().get(gathering_id), refusal)
    return answers.see_other(visit, f"{PATH.format(gathering_id=gathering_id)}?done=withdrawn")


def _done(what: str, voice: Voice) -> str | None:
    return voice.say(DONE[what]) if what in DONE else None


def _read(visit: DeskVisit, gathering: Gathering, sent: Form) -> Message:
    """Return what was written; raise a refusal when it is not to be sent so. The form's id makes a repeat the same."""
    languages, now = visit.network.languages, visit.now
    message = form.read(gathering.id, sent.fields, languages, visit.network.zone).to_domain(sent.new, now)
    message.check(gathering, languages=languages, now=now)
    return message


def _send(visit: DeskVisit, gathering: Gathering, message: Message) -> Response:
    kept = service.write(
        message,
        gathering,
        languages=visit.network.languages,
        store=bootstrap.messages(),
        now=visit.now,
        correlation_id=visit.correlation_id,
    )
    done = "planned" if kept.state is MessageState.PLANNED else "sent"
    return answers.see_other(visit, f"{PATH.format(gathering_id=gathering.id)}?done={done}")


def _trial(visit: DeskVisit, message: Message) -> Trial:
    kind, language = MailKind.MESSAGE, visit.voice.language
    return trials.trial(visit, message.gathering_id, kind, language, message.body, message.subject)


def _list(visit: DeskVisit, gathering: Gathering, refusal: Refusal | None = None, done: str | None = None) -> Response:
    found = bootstrap.messages().of_gathering(gathering.id)
    shown = tuple((one, in_words(one.audience, gathering, visit.voice)) for one in found)
    screen = MessagesScreen(visit.login, gathering, shown, refusal=refusal, done=done)
    return desk.page(visit, "desk/messages.html", screen)


def _form(visit: DeskVisit, gathering: Gathering, typed: Form, refusal: Refusal | None = None) -> Response:
    roster = Roster.of(gathering.id)
    libraries = {roster.library(one.participant.library) for one in roster.registrations}
    named = sorted(((one.id, one.name) for one in libraries), key=lambda one: danish_order(one[1]))
    there = tuple(choices(gathering, named, visit.voice, by_status=True))
    screen = MessageScreen(visit.login, typed, gathering=gathering, audiences=there, refusal=refusal)
    return desk.page(visit, "desk/message-form.html", screen)


def _preview(visit: DeskVisit, gathering: Gathering, typed: Form, message: Message) -> Response:
    roster = Roster.of(gathering.id)
    reached = by_name(list(among(roster.registrations, message.audience, bootstrap.libraries())))
    screen = MessageScreen(
        visit.login,
        typed,
        gathering=gathering,
        reached=tuple(map(roster.entry, reached)),
        said=trials.said(visit, _trial(visit, message), gathering),
        audience=in_words(message.audience, gathering, visit.voice),
        done=_done("tried", visit.voice) if typed.action == "try" else None,
    )
    return desk.page(visit, "desk/message-preview.html", screen)
