"""Registrations in words, as coordinators read them: how somebody stands, why, and how it came to that."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from shared import addresses
from shared.gatherings.model import Gathering, Mode
from shared.gatherings.questions import NO, YES, Answer, Question, chosen
from shared.i18n import Voice
from shared.notify.model import MailProblem
from shared.refusals import N_
from shared.registration.model import Actor, Awaits, Registration, Role, Status, Step, What

STATUSES: Final = {
    Status.CONFIRMED: N_("Confirmed"),
    Status.PENDING: N_("Seat held"),
    Status.OFFERED: N_("Offered"),
    Status.WAITLISTED: N_("Waiting"),
    Status.CANCELLED: N_("Has cancelled"),
    Status.EXPIRED: N_("Has lapsed"),
}
"""In one word each, in the order of how near to a seat they are."""

AWAITS: Final = {
    Awaits.PROOF: N_("Proof of the address"),
    Awaits.LIBRARY: N_("Proof of the library"),
    Awaits.APPROVAL: N_("A coordinator’s approval"),
}
ROLES: Final = {Role.STAFF: N_("Member of staff"), Role.LEADER: N_("Leader")}
MODES: Final = {Mode.ON_SITE: N_("On site"), Mode.ONLINE: N_("Online")}

MAIL_PROBLEMS: Final = {
    MailProblem.UNKNOWN: N_("Nobody knows whether a mail was sent"),
    MailProblem.REFUSED: N_("A mail could not be sent"),
    MailProblem.BOUNCED: N_("A mail came back"),
    MailProblem.COMPLAINED: N_("A mail was reported as spam"),
}

_ACTORS: Final = {
    Actor.PARTICIPANT: N_("The participant"),
    Actor.BOOKER: N_("Whoever signed the person up"),
    Actor.COORDINATOR: N_("A coordinator"),
    Actor.CLOCK: N_("The system"),
}

_STEPS: Final = {
    What.REGISTERED: N_("%(who)s made the registration."),
    What.WAITLISTED: N_("%(who)s made the registration, and it went on the waiting list."),
    What.OFFERED: N_("It was the person’s turn: a free seat was offered."),
    What.ACCEPTED: N_("%(who)s accepted the seat."),
    What.PROVEN: N_("%(who)s confirmed the address by the button in the mail."),
    What.LIBRARY_ACCEPTED: N_("%(who)s confirmed where the person works."),
    What.APPROVED: N_("%(who)s approved the registration."),
    What.CANCELLED: N_("%(who)s cancelled the registration."),
    What.MOVED: N_("%(who)s moved the person to another gathering."),
    What.NOT_ME: N_("%(who)s said that it was somebody else, and it was cancelled."),
    What.NOT_INTERESTED: N_("%(who)s no longer wanted the seat."),
    What.CALLED_OFF: N_("The gathering was cancelled."),
    What.REJECTED: N_("%(who)s declined the registration."),
    What.HOLD_ENDED: N_("The seat was held until now, and what was missing did not come."),
    What.OFFER_ENDED: N_("The offer was not accepted in time."),
    What.SEATED_OUT_OF_TURN: N_("%(who)s gave a seat out of turn."),
    What.CHANGED: N_("%(who)s changed sessions or answers."),
    What.ADDRESS_CHANGED: N_("%(who)s changed the e-mail address."),
    What.HANDED_OVER: N_("%(who)s handed the seat over to a colleague."),
    What.TAKEN_OVER: N_("%(who)s handed the seat over to this person."),
    What.NOTED: N_("%(who)s wrote the note."),
    What.CORRECTED: N_("%(who)s corrected name, address, library or role."),
}


_UNPROVEN: Final = N_("The address is not proven: nobody has pressed the button in the mail to it yet.")
_SEAT_LASTS: Final = N_("That lasts until %(moment)s; then the seat goes on.")
_PLACE_LASTS: Final = N_(
    "The place in the line is kept until %(moment)s, and lost if the address is not proven by then."
)


@dataclass(frozen=True, slots=True)
class Teller:
    """Puts one gathering's registrations into words."""

    gathering: Gathering
    voice: Voice

    def step(self, step: Step, who: str | None = None) -> str:
        """Return what happened, and by `who`; unless that is known, by a role."""
        return self.voice.say(_STEPS[step.what], who=who or self.voice.say(_ACTORS[step.by.actor]))

    def round(self, one: Registration) -> str:
        """Return the name of the round that somebody came in by; empty for none, or one that is gone."""
        names = {each.id: each.name for each in self.gathering.effective_rounds}
        return self.voice.text(names.get(one.round_id or "", {}))

    def sessions(self, one: Registration) -> str:
        """Return what somebody comes to, where not all come to all of it."""
        if not (self.gathering.choose_sessions or self.gathering.choices()):
            return ""
        return ", ".join(
            self.voice.text(each.title) or self.voice.span(each.starts_at, each.ends_at)
            for each in self.gathering.sessions
            if each.id in one.sessions
        )

    def mode(self, one: Registration) -> str:
        """Return how somebody takes part, where there is a choice."""
        return self.voice.say(MODES[one.mode]) if len(self.gathering.modes) > 1 else ""

    def ways(self, one: Registration) -> str:
        """Return in which ways somebody takes part, in all that they come to."""
        ways = one.ways(self.gathering)
        return ", ".join(self.voice.say(words) for mode, words in MODES.items() if mode in ways)

    def awaits(self, one: Registration) -> str:
        """Return what is missing."""
        return ", ".join(self.voice.say(words) for awaited, words in AWAITS.items() if awaited in one.awaits)

    def mail_problem(self, one: Registration) -> str:
        """Return why a mail may not have arrived; empty if none is known."""
        return self.voice.say(MAIL_PROBLEMS[MailProblem(one.mail_problem)]) if one.mail_problem else ""

    def answer(self, question: Question, answer: Answer | None) -> str:
        """Return an answer in words, on one line."""
        if not question.choices:
            return str(answer or "")
        words = {option.id: self.voice.text(option.label) for option in question.options}
        words |= {YES: self.voice.say(N_("Yes")), NO: self.voice.say(N_("No"))}
        return ", ".join(words.get(one, one) for one in chosen(answer))

    def why(self, one: Registration, library: str, position: int | None) -> tuple[str, ...]:
        """Return why somebody stands as they do, in sentences. `library` is the name of the person's."""
        return tuple(self._why(one, library, position))

    def _why(self, one: Registration, library: str, position: int | None) -> Iterator[str]:
        say = self.voice.say
        match one.status:
            case Status.CONFIRMED:
                yield say(N_("The person has a seat, and nothing is missing."))
            case Status.PENDING:
                yield say(N_("A seat is held for the person, and cannot go to others meanwhile."))
                yield from self._missing(one, library)
            case Status.OFFERED:
                yield say(N_("A seat became free when it was the person’s turn, and is kept for an answer."))
            case Status.WAITLISTED:
                yield say(N_("There was no free seat, or others waited for one already."))
                if position is not None:
                    yield say(N_("The person is number %(position)s in line."), position=position)
                if Awaits.PROOF in one.awaits:
                    yield say(_UNPROVEN)
            case Status.CANCELLED | Status.EXPIRED:
                if one.ending is not None:
                    yield self.step(one.ending)
                yield say(N_("The seat, or the place in the line, has gone on to others."))
        if one.deadline is not None:
            lasts = _PLACE_LASTS if one.status is Status.WAITLISTED else _SEAT_LASTS
            yield say(lasts, moment=self.voice.moment(one.deadline))
        if round_name := self.round(one):
            yield say(N_("The person came in by the round %(round)s."), round=round_name)
        elif one.round_id is None and self.gathering.effective_rounds:
            yield say(N_("The rounds did not apply: the person was invited, or a coordinator made the registration."))

    def _missing(self, one: Registration, library: str) -> Iterator[str]:
        say, domain = self.voice.say, addresses.domain(one.participant.email)
        if Awaits.PROOF in one.awaits:
            yield say(_UNPROVEN)
        if Awaits.LIBRARY in one.awaits:
            yield say(
                N_("The round is for certain libraries, and %(domain)s is not known as a domain of %(library)s."),
                domain=domain,
                library=library,
            )
        if Awaits.APPROVAL in one.awaits:
            yield say(N_("A coordinator has not approved the registration yet."))
