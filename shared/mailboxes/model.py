"""What is known of a mailbox: that it takes no mail, and what its owner does not want to get."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.refusals import N_

KEPT: Final = timedelta(days=730)
"""How long it is remembered after it last changed."""

PREFERENCES_LIVE: Final = timedelta(days=730)
"""How long the link to one's preferences lives: mails are looked at again after a long time."""


class Topic(StrEnum):
    """What somebody may choose not to get. What one needs to take part is no topic: that always comes."""

    MESSAGES = "messages"
    AFTERWARDS = "afterwards"
    INVITATIONS = "invitations"


TOPICS: Final = {
    Topic.MESSAGES: N_("Messages from the coordinators about what you are signed up for"),
    Topic.AFTERWARDS: N_("Thanks, recordings and questions after what you took part in"),
    Topic.INVITATIONS: N_("Invitations to sign up for something new"),
}
"""In words."""


class Reason(StrEnum):
    """Why a mailbox gets no mail."""

    BOUNCED = "bounced"
    COMPLAINED = "complained"


@dataclass(frozen=True, slots=True)
class Suppression:
    """That a mailbox gets no mail: why, since when, and from which registration that is known."""

    reason: Reason
    since: datetime
    gathering_id: str
    registration_id: str


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox by the keyed hash of whose it is."""

    person: str
    suppression: Suppression | None = None
    unwanted: frozenset[Topic] = frozenset()
