"""What writing to people needs of its surroundings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from events.envelope import Envelope
from shared.messages.model import Message, Trial
from shared.messaging.relay import Send
from shared.registration.audience import Numbers
from shared.registration.queries import Pages


class MessageStore(Protocol):
    """Where messages are kept."""

    def plan(self, message: Message, fact: Envelope[Any] | None) -> bool: ...

    def get(self, gathering_id: str, message_id: str) -> Message: ...

    def of_gathering(self, gathering_id: str) -> tuple[Message, ...]: ...

    def due(self, now: datetime) -> Iterable[tuple[str, str]]: ...

    def save(self, before: Message, after: Message, fact: Envelope[Any] | None = None) -> bool: ...

    def try_out(self, trial: Trial, fact: Envelope[Any], *, now: datetime) -> None: ...

    def trial(self, trial_id: str) -> Trial | None: ...

    def forget_trial(self, trial_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Writing:
    """All that it takes to send a message on its way."""

    messages: MessageStore
    registrations: Pages
    libraries: Numbers
    send: Send
