"""What SES reports of a mail after it has taken it."""

import json
from dataclasses import dataclass
from typing import Any

from shared.notify.model import ROW_TAG, MailId, MailProblem


@dataclass(frozen=True, slots=True)
class Report:
    """What SES reports of one mail: its row, if the report names it, its message id, and the problem; None: it arrived.

    `for_good`: the mailbox takes nothing, or its owner wants nothing.
    """

    mail: MailId | None
    message_id: str
    problem: MailProblem | None
    for_good: bool = False


def read_report(body: str) -> Report | None:
    """Read what SES published, from a configuration set (`eventType`) or an identity (`notificationType`).

    Return None for what changes nothing: delays, auto-replies, deliveries of mail that names no row and so is not ours
    (Cognito's codes come from the same domain), and the plain texts that AWS sends when a topic is connected. Raise
    ValueError for what claims to be a report and cannot be read.
    """
    try:
        report = json.loads(body)
    except ValueError:
        return None
    if not isinstance(report, dict) or not (kind := report.get("eventType") or report.get("notificationType")):
        return None
    try:
        problem, arrived = _problem(kind, report), kind == "Delivery"
        if problem is None and not arrived:
            return None
        tags = report["mail"].get("tags", {}).get(ROW_TAG)
        mail = MailId.of_tag(tags[0]) if tags else None
        if mail is None and arrived:
            return None
        return Report(mail, report["mail"]["messageId"], problem, _is_for_good(report, problem))
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise ValueError("not a report of SES") from error


def _is_for_good(report: dict[str, Any], problem: MailProblem | None) -> bool:
    """A full mailbox is emptied; one that does not exist, or a complaint, stays so."""
    return problem is MailProblem.COMPLAINED or (
        problem is MailProblem.BOUNCED and report["bounce"].get("bounceType") == "Permanent"
    )


def _problem(kind: str, report: dict[str, Any]) -> MailProblem | None:
    match kind:
        case "Bounce":
            bounce = report["bounce"]
            # A transient bounce without a closer reason is mostly an auto-reply: the mail arrived.
            harmless = bounce.get("bounceType") == "Transient" and bounce.get("bounceSubType") == "General"
            return None if harmless else MailProblem.BOUNCED
        case "Complaint":
            return MailProblem.COMPLAINED
        case "Reject" | "Rendering Failure":
            return MailProblem.REFUSED
        case _:
            return None
