"""A message in a coordinator's own words to those who are registered, or to some of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shared import free_text
from shared.gatherings import wording
from shared.gatherings.audience import Audience
from shared.gatherings.model import Gathering, Text
from shared.refusals import N_, Fault, Invalid, Refusal

LONGEST_SUBJECT: Final = 150
LONGEST_BODY: Final = 5_000
"""In characters."""

FURTHEST: Final = timedelta(days=365)


class MessageState(StrEnum):
    """How far a message has come."""

    PLANNED = "planned"
    LEAVING = "leaving"
    SENT = "sent"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Message:
    """What a coordinator writes to the audience: `subject` and `body` by language.

    It leaves at `send_at`. `people` are those that it was sent on its way to, once it is `sent`.
    """

    id: str
    gathering_id: str
    subject: Text
    body: Text
    written_at: datetime
    send_at: datetime
    audience: Audience = field(default_factory=Audience)
    state: MessageState = MessageState.PLANNED
    version: int = 1
    people: int = 0

    def check(self, gathering: Gathering, *, languages: tuple[str, ...], now: datetime) -> None:
        """Raise Invalid with everything that is wrong with it, or NobodyToWriteTo."""
        if not gathering.is_public:
            raise NobodyToWriteTo
        if faults := tuple(self._faults(languages, now)):
            raise Invalid(*faults)

    def _faults(self, languages: tuple[str, ...], now: datetime) -> Iterator[Fault]:
        first = languages[0]
        if not self.subject.get(first, ""):
            yield Fault(f"subject.{first}", N_("Say in a few words what it is about."))
        if not self.body.get(first, ""):
            yield Fault(f"body.{first}", N_("Write the message."))
        for name, texts, longest in (("subject", self.subject, LONGEST_SUBJECT), ("body", self.body, LONGEST_BODY)):
            for language, text in texts.items():
                if language not in languages:
                    yield Fault(f"{name}.{language}", N_("This network does not use that language."))
                yield from free_text.faults(f"{name}.{language}", text, longest=longest)
                yield from wording.faults(f"{name}.{language}", text)
        for language in languages[1:]:
            if bool(self.subject.get(language)) != bool(self.body.get(language)):
                missing = "body" if self.subject.get(language) else "subject"
                yield Fault(f"{missing}.{language}", N_("Write both, subject and message, or neither."))
        if self.send_at < now:
            yield Fault("send_at", N_("That time is past."))
        elif self.send_at > now + FURTHEST:
            yield Fault("send_at", N_("That is more than a year ahead."))

    def leaving(self) -> "Message":
        """Return it as on its way; itself if it is, or has gone. Raise MessageWithdrawn."""
        if self.state is MessageState.WITHDRAWN:
            raise MessageWithdrawn
        if self.state is not MessageState.PLANNED:
            return self
        return replace(self, state=MessageState.LEAVING, version=self.version + 1)

    def withdrawn(self) -> "Message":
        """Return it as never to be sent; itself if it is that already. Raise MessageGone."""
        if self.state is MessageState.WITHDRAWN:
            return self
        if self.state is not MessageState.PLANNED:
            raise MessageGone
        return replace(self, state=MessageState.WITHDRAWN, version=self.version + 1)

    def sent(self, people: int) -> "Message":
        """Return it as sent to so many; itself if that is known."""
        if self.state is not MessageState.LEAVING:
            return self
        return replace(self, state=MessageState.SENT, version=self.version + 1, people=people)


@dataclass(frozen=True, slots=True)
class Trial:
    """A mail of a gathering that whoever writes it has sent to themselves, at `email`, to see how it looks.

    `kind` is that of the mail; `subject` and `body` are what was written: a message, or the own words of another mail.
    """

    id: str
    gathering_id: str
    kind: str
    email: str
    language: str
    subject: Text = field(default_factory=dict)
    body: Text = field(default_factory=dict)

    def message(self, now: datetime) -> Message:
        """Return what was written, as a message."""
        return Message(self.id, self.gathering_id, self.subject, self.body, now, now)


class MessageNotFound(Refusal):
    """There is no such message."""

    kind = "message-not-found"
    status = 404
    message = N_("There is no such message.")


class MessageGone(Refusal):
    """It has been sent."""

    kind = "message-gone"
    status = 409
    message = N_("This message has been sent, and cannot be called back.")


class MessageWithdrawn(Refusal):
    """Somebody has called it back."""

    kind = "message-withdrawn"
    status = 409
    message = N_("This message has been called back.")


class NobodyToWriteTo(Refusal):
    """The gathering is a draft: nobody can be registered."""

    kind = "nobody-to-write-to"
    status = 409
    message = N_("Nobody is registered for this gathering: it is not published.")
