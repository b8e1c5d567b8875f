"""Mails: whether they arrive."""

from dataclasses import dataclass
from typing import Final

from chalice.app import Response

from chalicelib import desk, routing
from chalicelib.desk import DeskScreen
from chalicelib.visit import DeskVisit
from shared.addresses import domain
from shared.bootstrap import web as bootstrap
from shared.refusals import N_
from shared.roles import Role
from shared.sender.model import Finding, State
from shared.sender.service import check

pages = routing.desk()

STATES: Final = {
    State.GOOD: N_("Good"),
    State.WEAK: N_("Weak"),
    State.MISSING: N_("Missing"),
    State.WRONG: N_("Wrong"),
    State.UNKNOWN: N_("Unknown"),
}


@dataclass(frozen=True, slots=True)
class MailsScreen(DeskScreen):
    """The address that mails come from, and how its domain stands; no findings unless they were asked for."""

    sender: str
    findings: tuple[Finding, ...]

    def state(self, finding: Finding) -> str:
        """The name of its state, to be translated."""
        return STATES[finding.state]


@pages.get("/tovholder/mails", Role.COORDINATOR)
def mails(visit: DeskVisit) -> Response:
    """Show the sender, and look into its domain where that is asked for: it takes seconds."""
    sender = bootstrap.settings().mail_sender
    findings = _findings(sender) if visit.query.get("check") else ()
    return desk.page(visit, "desk/mails.html", MailsScreen(visit.login, sender, findings))


def _findings(sender: str) -> tuple[Finding, ...]:
    return check(domain(sender), names=bootstrap.names(), identities=bootstrap.identities())
