"""Messages in the table."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist

from events.envelope import Envelope
from shared.gatherings.audience import Audience
from shared.messages.model import Message, MessageNotFound, MessageState, Trial
from shared.messaging.outbox import announce
from shared.table import ConditionsFailed, Item, Transaction, patiently
from shared.time import utc_moment, utc_text

DUE: Final = "MESSAGE"

KEPT: Final = timedelta(days=400)
"""As long as it is remembered which mails were sent."""

TRIALS_KEPT: Final = timedelta(days=1)
"""How long a trial stays at most."""

_PREFIX: Final = "MESSAGE#"


class MessageItem(Item):
    """A message: in the index `due` until it leaves."""

    subject: JSONAttribute = JSONAttribute()
    body: JSONAttribute = JSONAttribute()
    audience: JSONAttribute = JSONAttribute()
    state = UnicodeAttribute()
    version = NumberAttribute()
    written_at = UnicodeAttribute()
    send_at = UnicodeAttribute()
    people = NumberAttribute()

    @classmethod
    def of(cls, one: Message) -> "MessageItem":
        """Return the item of a message."""
        waits = one.state is MessageState.PLANNED
        return cls(
            *_key(one.gathering_id, one.id),
            subject=dict(one.subject),
            body=dict(one.body),
            audience=asdict(one.audience),
            state=one.state,
            version=one.version,
            written_at=utc_text(one.written_at),
            send_at=utc_text(one.send_at),
            people=one.people,
            due=DUE if waits else None,
            due_at=utc_text(one.send_at) if waits else None,
            expires_at=one.send_at + KEPT,
        )

    def to_domain(self) -> Message:
        """Return the message."""
        gathering_id, message_id = _ids(self)
        return Message(
            id=message_id,
            gathering_id=gathering_id,
            subject=self.subject,
            body=self.body,
            written_at=utc_moment(self.written_at),
            send_at=utc_moment(self.send_at),
            audience=Audience(**self.audience),
            state=MessageState(self.state),
            version=int(self.version),
            people=int(self.people),
        )


class TrialItem(Item):
    """A mail that somebody wants to see."""

    PERSONAL: ClassVar = frozenset({"email"})

    gathering_id = UnicodeAttribute()
    kind = UnicodeAttribute()
    email = UnicodeAttribute()
    language = UnicodeAttribute()
    subject: JSONAttribute = JSONAttribute()
    body: JSONAttribute = JSONAttribute()


class DynamoMessageStore:
    """Messages in DynamoDB."""

    def plan(self, message: Message, fact: Envelope[Any] | None) -> bool:
        """Keep a new message, and announce that it leaves, if it does. Return False when there is one with its id."""
        return _written(message, MessageItem.pk.does_not_exist(), fact)

    def get(self, gathering_id: str, message_id: str) -> Message:
        """Return a message; raise MessageNotFound."""
        try:
            return patiently(lambda: MessageItem.get(*_key(gathering_id, message_id), consistent_read=True)).to_domain()
        except DoesNotExist as error:
            raise MessageNotFound from error

    def of_gathering(self, gathering_id: str) -> tuple[Message, ...]:
        """Return a gathering's messages, the one that leaves last first."""
        pk, prefix = f"GATHERING#{gathering_id}", MessageItem.sk.startswith(_PREFIX)
        rows = patiently(lambda: list(MessageItem.query(pk, prefix, consistent_read=True)))
        return tuple(sorted((row.to_domain() for row in rows), key=lambda one: one.send_at, reverse=True))

    def due(self, now: datetime) -> Iterable[tuple[str, str]]:
        """Yield gathering's id and own id of the messages whose time has come, the oldest first."""
        for row in Item.query(DUE, Item.due_at <= utc_text(now), index_name="due"):
            yield _ids(row)

    def save(self, before: Message, after: Message, fact: Envelope[Any] | None = None) -> bool:
        """Put a message in the place of what it was, and announce it. Return False when it is no longer that."""
        return _written(after, MessageItem.version == before.version, fact)

    def try_out(self, trial: Trial, fact: Envelope[Any], *, now: datetime) -> None:
        """Keep a trial, and announce it."""
        item = TrialItem(
            *_trial_key(trial.id),
            gathering_id=trial.gathering_id,
            kind=trial.kind,
            email=trial.email,
            language=trial.language,
            subject=dict(trial.subject),
            body=dict(trial.body),
            expires_at=now + TRIALS_KEPT,
        )
        transaction = Transaction()
        transaction.put("trial", item)
        announce(transaction, fact)
        transaction.commit()

    def trial(self, trial_id: str) -> Trial | None:
        """Return a trial; None if it is forgotten."""
        try:
            row = patiently(lambda: TrialItem.get(*_trial_key(trial_id), consistent_read=True))
        except DoesNotExist:
            return None
        return Trial(trial_id, row.gathering_id, row.kind, row.email, row.language, row.subject, row.body)

    def forget_trial(self, trial_id: str) -> None:
        """Forget a trial that has been sent."""
        transaction = Transaction()
        transaction.delete("trial", TrialItem(*_trial_key(trial_id)))
        transaction.commit()


def _written(message: Message, condition: Any, fact: Envelope[Any] | None) -> bool:
    transaction = Transaction()
    transaction.put("message", MessageItem.of(message), condition=condition)
    if fact is not None:
        announce(transaction, fact)
    try:
        transaction.commit()
    except ConditionsFailed:
        return False
    return True


def _trial_key(trial_id: str) -> tuple[str, str]:
    return f"TRIAL#{trial_id}", "TRIAL"


def _key(gathering_id: str, message_id: str) -> tuple[str, str]:
    return f"GATHERING#{gathering_id}", f"{_PREFIX}{message_id}"


def _ids(row: Item) -> tuple[str, str]:
    return row.pk.removeprefix("GATHERING#"), row.sk.removeprefix(_PREFIX)
