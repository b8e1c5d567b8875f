"""What each function that sends mail does with a batch of facts: send, count, and say what came of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from events.envelope import Envelope
from shared.messaging.batch import log_done
from shared.notify.ports import Office
from shared.notify.service import tell
from shared.observability import count


def post(facts: Sequence[Envelope[Any]], office: Office, *, now: datetime) -> set[str]:
    """Send the mails that the facts call for, and return the ids of those to be delivered again."""
    told = tell(facts, office=office, now=now)
    for state, number in told.states.items():
        count(f"Mails{state.capitalize()}", number)
    log_done("mails_sent", facts, **told.states)
    return told.again
