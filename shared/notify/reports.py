"""What SES reports of a mail after it has taken it."""

import json
from dataclasses import dataclass
from typing import Any

from shared.notify.model import ROW_TAG, MailId, MailProblem


@dataclass(frozen=True, slots=True)
class Report:
    """What SES reports of one mail: its row, if the report names it, its message id, and the problem.

    `for_good`: the mailbox takes nothing, or its owner wants nothing.
    """

    mail: MailId | None
    message_id: str
    problem: MailProblem
    for_good: bool = False


def read_report(body: str) -> Report | None:
    """Read what SES published, from a configuration set (`eventType`) or an identity (`notificationType`).

    Return None for what is no problem: deliveries, delays, auto-replies, and the plain texts that AWS sends when a
    topic is connected. Raise ValueError for what claims to be a report and cannot be read.
    """
    try:
        report = json.loads(body)
    except ValueError:
        return None
    if not isinstance(report, dict) or not (kind := report.get("eventType") or report.get("notificationType")):
        return None
    try:
        problem = _problem(kind, report)
        if problem is None:
            return None
        mail = report["mail"]
        tags = mail.get("tags", {}).get(ROW_TAG)
        return Report(
            MailId.of_tag(tags[0]) if tags else None, mail["messageId"], problem, _is_for_good(report, problem)
        )
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise ValueError("not a report of SES") from error


def _is_for_good(report: dict[str, Any], problem: MailProblem) -> bool:
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
