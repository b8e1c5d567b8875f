"""Sending nothing more to a mailbox that takes nothing, and nothing that its owner does not want."""

from datetime import datetime

from events.envelope import Envelope
from events.mail import MailFailed
from shared.mailboxes.model import Mailbox, Reason, Suppression, Topic
from shared.mailboxes.ports import MailboxStore, Registrations
from shared.registration.model import RegistrationNotFound


def suppress(failed: Envelope[MailFailed], *, registrations: Registrations, store: MailboxStore, now: datetime) -> bool:
    """Send no more to a mailbox that a mail came back from for good, or whose owner calls it spam.

    Return False where that was known, is not so, or nobody knows any more whose it is.
    """
    data = failed.data
    if not data.for_good:
        return False
    try:
        one = registrations.get(data.gathering_id, data.registration_id)
    except RegistrationNotFound:
        return False
    why = Suppression(Reason(data.problem), failed.at, one.gathering_id, one.id)
    return store.suppress(one.person, why, now=now)


def of(person: str, *, store: MailboxStore) -> Mailbox:
    """Return what is known of somebody's mailbox."""
    return store.many([person]).get(person, Mailbox(person))


def stop(person: str, topic: Topic, *, store: MailboxStore, now: datetime) -> None:
    """Send no more of a topic. Twice is once."""
    known = of(person, store=store)
    if topic not in known.unwanted:
        store.choose(person, known.unwanted | {topic}, now=now)
