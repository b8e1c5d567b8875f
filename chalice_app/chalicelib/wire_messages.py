"""JSON of coordinators' messages as the coordinator API takes and gives it."""

from dataclasses import asdict
from datetime import datetime, tzinfo
from typing import Any, Literal

from chalicelib.wire import Moment, Text, Wire, tidy
from shared.gatherings.audience import Audience
from shared.messages.model import Message
from shared.registration.model import Role, Status


class AudienceBody(Wire):
    """Whom it is for; what is left out does not matter. Without `status`: all whose registrations are in force."""

    status: Status | Literal[""] = ""
    session: str = ""
    round: str = ""
    library: str = ""
    role: Role | Literal[""] = ""

    def to_domain(self) -> Audience:
        """Return the audience."""
        return Audience(self.status, self.session, self.round, self.library, self.role)


class MessageBody(Wire):
    """A message in the coordinator's own words. Without `send_at` it leaves at once."""

    gathering: str
    subject: Text
    body: Text
    audience: AudienceBody = AudienceBody()
    send_at: Moment | None = None

    def to_domain(self, message_id: str, now: datetime) -> Message:
        """Return the message."""
        return Message(
            id=message_id,
            gathering_id=self.gathering,
            subject={language: " ".join(text.split()) for language, text in self.subject.items() if text.strip()},
            body=tidy(self.body),
            written_at=now,
            send_at=self.send_at or now,
            audience=self.audience.to_domain(),
        )


def message(one: Message, zone: tzinfo) -> dict[str, Any]:
    """Return a message."""
    return {
        "id": one.id,
        "gathering": one.gathering_id,
        "subject": dict(one.subject),
        "body": dict(one.body),
        "audience": asdict(one.audience),
        "send_at": one.send_at.astimezone(zone).isoformat(),
        "state": one.state.value,
        "people": one.people,
    }
