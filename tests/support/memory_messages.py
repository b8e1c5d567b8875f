"""Coordinators' messages in memory, as `tests/support/memory.py` keeps the rest."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from events.envelope import Envelope
from shared.messages.model import Message, MessageNotFound, MessageState, Trial
from tests.support.memory import Memory


class InMemoryMessageStore:
    """Messages in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._messages: dict[tuple[str, str], Message] = {}
        self._trials: dict[str, Trial] = {}

    def plan(self, message: Message, fact: Envelope[Any] | None) -> bool:
        if (message.gathering_id, message.id) in self._messages:
            return False
        self._keep(message, fact)
        return True

    def get(self, gathering_id: str, message_id: str) -> Message:
        try:
            return self._messages[gathering_id, message_id]
        except KeyError:
            raise MessageNotFound from None

    def of_gathering(self, gathering_id: str) -> tuple[Message, ...]:
        found = [one for one in self._messages.values() if one.gathering_id == gathering_id]
        return tuple(sorted(found, key=lambda one: one.send_at, reverse=True))

    def due(self, now: datetime) -> Iterable[tuple[str, str]]:
        found = [one for one in self._messages.values() if one.state is MessageState.PLANNED and one.send_at <= now]
        return [(one.gathering_id, one.id) for one in sorted(found, key=lambda one: one.send_at)]

    def save(self, before: Message, after: Message, fact: Envelope[Any] | None = None) -> bool:
        if self.get(before.gathering_id, before.id).version != before.version:
            return False
        self._keep(after, fact)
        return True

    def try_out(self, trial: Trial, fact: Envelope[Any], *, now: datetime) -> None:
        self._trials[trial.id] = trial
        self._memory.outbox.append(fact)

    def trial(self, trial_id: str) -> Trial | None:
        return self._trials.get(trial_id)

    def forget_trial(self, trial_id: str) -> None:
        self._trials.pop(trial_id, None)

    def _keep(self, message: Message, fact: Envelope[Any] | None) -> None:
        self._messages[message.gathering_id, message.id] = message
        if fact is not None:
            self._memory.outbox.append(fact)
