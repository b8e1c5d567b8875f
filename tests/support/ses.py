"""What Amazon SES reports, as a queue gets it."""

import json
from typing import Any

from shared.notify.model import ROW_TAG, MailId
from tests.support.data import DATA


def a_bounce(mail: MailId | None, *, message_id: str = "message") -> str:
    """Return the report of a permanent bounce: of a configuration set for a mail, else of an identity."""
    return _report("bounce-permanent" if mail else "bounce", mail, message_id)


def a_delivery(mail: MailId) -> str:
    """Return the report that a mail is in its mailbox."""
    return _report("delivery", mail, "message")


def a_complaint(mail: MailId | None, *, message_id: str = "message") -> str:
    """Return the report of a complaint."""
    return _report("complaint", mail, message_id)


def a_full_mailbox(mail: MailId) -> str:
    """Return the report of a mailbox that is full, and may be emptied."""
    return _report("bounce-transient-mailbox-full", mail, "message")


def _report(name: str, mail: MailId | None, message_id: str) -> str:
    folder = "sns-event-publishing" if mail else "sns-identity-feedback"
    envelope = json.loads((DATA / "ses" / folder / f"{name}.json").read_text(encoding="utf-8"))
    report: dict[str, Any] = json.loads(envelope["Message"])
    report["mail"]["messageId"] = message_id
    if mail is not None:
        report["mail"]["tags"][ROW_TAG] = [mail.tag]
    return json.dumps(report)
