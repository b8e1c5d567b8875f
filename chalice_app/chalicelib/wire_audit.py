"""JSON of what was done, and of what will be deleted."""

from typing import Any

from chalicelib import audit_words
from shared.audit.model import Entry
from shared.erasure.model import Planned
from shared.i18n import Voice


def entry(one: Entry, voice: Voice) -> dict[str, Any]:
    """Return a line of the log; `what` is in the reader's language, `status` null while nobody knows how it ended."""
    return {
        "id": one.id,
        "at": one.at.isoformat(),
        "who": one.who,
        "role": one.role,
        "what": voice.say(audit_words.sentence(one)),
        "action": one.doing.action or None,
        "method": one.method,
        "route": one.route,
        "ids": dict(one.ids),
        "registrations": list(one.doing.registrations),
        "status": one.status,
    }


def planned(one: Planned) -> dict[str, Any]:
    """Return what will be deleted of a gathering."""
    return {"gathering": one.gathering.id, "what": one.group, "on": one.on.isoformat(), "count": one.count}
