"""Mails as whoever writes them sees them before others get them: on the page, and in the own mailbox."""

from chalicelib.visit import DeskVisit
from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Gathering, Text
from shared.ids import new_id
from shared.messages import service
from shared.messages.model import Trial
from shared.notify.letters import tried


def trial(visit: DeskVisit, gathering_id: str, kind: str, language: str, body: Text, subject: Text) -> Trial:
    """Return a mail of the gathering to whoever is at the desk, with what was written."""
    return Trial(new_id(), gathering_id, kind, visit.login.person.email, language, subject, body)


def said(visit: DeskVisit, trial: Trial, gathering: Gathering) -> tuple[str, str]:
    """Return its subject and text as they would be."""
    subject, text, _ = bootstrap.composer().texts(tried(trial, gathering, visit.now), now=visit.now)
    return subject, text


def send(visit: DeskVisit, trial: Trial) -> None:
    """Have it sent."""
    service.try_out(trial, store=bootstrap.messages(), now=visit.now, correlation_id=visit.correlation_id)
