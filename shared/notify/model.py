"""The life of one mail: planned, sending, then sent, refused or unknown; and what came back later.

The ledger has one row per (subject, kind, occurrence), so that the same fact delivered twice is one mail. What timed
out is *unknown* and never sent again by itself: two mails are worse than a button that asks a person.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

MOST_ATTEMPTS: Final = 3
"""How often a definite refusal is tried again."""

SENDING_FOR: Final = timedelta(minutes=2)
"""Twice what the sending function may run: a row still sending by then was left by a crash."""


ROW_TAG: Final = "mail_row"
"""The name of the SES message tag that carries a mail's row."""


class MailKind(StrEnum):
    """What a mail is about."""

    CONFIRMATION = "confirmation"
    CANCELLATION = "cancellation"
    LINK = "link"


class MailProblem(StrEnum):
    """Why a mail did not, or may not, reach the person."""

    UNKNOWN = "unknown"
    REFUSED = "refused"
    BOUNCED = "bounced"
    COMPLAINED = "complained"

    def outranks(self, known: "MailProblem | None") -> bool:
        """Whether it says more than what is known: reports come twice and in any order."""
        ranks = list(MailProblem)
        return known is None or ranks.index(self) > ranks.index(known)


class MailState(StrEnum):
    """How far a mail has come."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class MailId:
    """Which mail: about which registration in which gathering, of what kind, and which of its occurrences.

    The occurrence is the session that the mail's calendar object is about, or the fact that asked for the mail.
    """

    gathering_id: str
    registration_id: str
    kind: MailKind
    occurrence: str

    @property
    def tag(self) -> str:
        """The row as an SES message tag, which takes letters, digits, `_` and `-` only."""
        return f"{self.gathering_id}_{self.registration_id}_{self.kind}_{self.occurrence}"

    @classmethod
    def of_tag(cls, tag: str) -> "MailId":
        """Read a tag; raise ValueError when it is none of ours."""
        gathering_id, registration_id, kind, occurrence = tag.split("_")
        return cls(gathering_id, registration_id, MailKind(kind), occurrence)


@dataclass(frozen=True, slots=True)
class Sent:
    """SES took it, under this id."""

    message_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """SES said no to this very mail."""


@dataclass(frozen=True, slots=True)
class Throttled:
    """SES said not now."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody knows: the answer never came."""


Outcome = Sent | Refused | Throttled | Unknown


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a row becomes after an attempt: its new state, a problem to make known, and whether to try again."""

    state: MailState
    problem: MailProblem | None
    again: bool


def settle(outcome: Outcome, attempts: int) -> Settlement:
    """Return what follows from the outcome of attempt number `attempts`."""
    match outcome:
        case Sent():
            return Settlement(MailState.SENT, None, again=False)
        case Throttled():
            return Settlement(MailState.PLANNED, None, again=True)
        case Refused() if attempts < MOST_ATTEMPTS:
            return Settlement(MailState.REFUSED, None, again=True)
        case Refused():
            return Settlement(MailState.REFUSED, MailProblem.REFUSED, again=False)
        case Unknown():
            return Settlement(MailState.UNKNOWN, MailProblem.UNKNOWN, again=False)
