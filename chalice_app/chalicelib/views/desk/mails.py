"""Mails: whether they arrive."""

from dataclasses import dataclass
from typing import Final

from chalice.app import Response

from chalicelib import answers, desk, routing
from chalicelib.desk import DeskScreen
from chalicelib.visit import DeskVisit
from shared.addresses import domain
from shared.bootstrap import web as bootstrap
from shared.mailboxes.model import Mailbox, Reason
from shared.refusals import N_
from shared.registration.model import Registration
from shared.roles import Role
from shared.sender.model import Finding, State
from shared.sender.service import check

pages = routing.desk()

REASONS: Final = {
    Reason.BOUNCED: N_("Mail came back: the mailbox does not exist, or takes nothing"),
    Reason.COMPLAINED: N_("A mail was reported as spam"),
}

LIFTED: Final = N_("Mail is sent there again. What was not sent can be sent once more from the participant’s page.")

STATES: Final = {
    State.GOOD: N_("Good"),
    State.WEAK: N_("Weak"),
    State.MISSING: N_("Missing"),
    State.WRONG: N_("Wrong"),
    State.UNKNOWN: N_("Unknown"),
}


@dataclass(frozen=True, slots=True)
class MailsScreen(DeskScreen):
    """Mailboxes that get no mail, each with somebody's registration there, if it is known whose it is.

    `sender` is the address that mails come from, `findings` how its domain stands: none unless they were asked for.
    """

    silent: tuple[tuple[Mailbox, Registration | None], ...]
    sender: str
    findings: tuple[Finding, ...]

    def reason(self, mailbox: Mailbox) -> str:
        """Why one gets no mail, to be translated."""
        assert mailbox.suppression is not None, "those that get mail are not listed"
        return REASONS[mailbox.suppression.reason]

    def state(self, finding: Finding) -> str:
        """The name of its state, to be translated."""
        return STATES[finding.state]


@pages.get("/tovholder/mails", Role.COORDINATOR)
def mails(visit: DeskVisit) -> Response:
    """Show the sender, and look into its domain where that is asked for: it takes seconds."""
    sender = bootstrap.settings().mail_sender
    screen = MailsScreen(
        visit.login,
        _silent(),
        sender,
        _findings(sender) if visit.query.get("check") else (),
        done=visit.voice.say(LIFTED) if visit.query.get("done") == "lifted" else None,
    )
    return desk.page(visit, "desk/mails.html", screen)


@pages.post("/tovholder/mails/{person}", Role.COORDINATOR)
def lift(visit: DeskVisit, person: str) -> Response:
    """Let a mailbox get mail again."""
    bootstrap.mailboxes().lift(person, now=visit.now)
    return answers.see_other(visit, "/tovholder/mails?done=lifted")


def _silent() -> tuple[tuple[Mailbox, Registration | None], ...]:
    found = list(bootstrap.mailboxes().suppressed())
    why = [one.suppression for one in found if one.suppression is not None]
    known = bootstrap.registrations().many([(one.gathering_id, one.registration_id) for one in why]) if why else {}
    return tuple((one, known.get(each.registration_id)) for one, each in zip(found, why, strict=True))


def _findings(sender: str) -> tuple[Finding, ...]:
    return check(domain(sender), names=bootstrap.names(), identities=bootstrap.identities())
