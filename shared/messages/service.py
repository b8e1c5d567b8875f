"""Writing to people: a message is planned, leaves at its time, and reaches each person once."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

from events.envelope import Envelope
from events.messages import MessageDue, RegistrationsMessaged, TrialAsked
from shared.gatherings.model import Gathering
from shared.ids import new_id
from shared.messages.model import Message, MessageNotFound, MessageState, MessageWithdrawn, Trial
from shared.messages.ports import MessageStore, Writing
from shared.registration.audience import among
from shared.registration.fan_out import in_pages
from shared.registration.queries import each


def write(
    message: Message,
    gathering: Gathering,
    *,
    languages: tuple[str, ...],
    store: MessageStore,
    now: datetime,
    correlation_id: str,
) -> Message:
    """Keep a message, and let it leave if it is to leave now. The same id again changes nothing.

    Raise Invalid or NobodyToWriteTo.
    """
    message.check(gathering, languages=languages, now=now)
    leaves = message.send_at <= now
    planned = message.leaving() if leaves else message
    if not store.plan(planned, _due(planned, now, correlation_id) if leaves else None):
        return store.get(message.gathering_id, message.id)
    return planned


def try_out(trial: Trial, *, store: MessageStore, now: datetime, correlation_id: str) -> None:
    """Have a mail sent to whoever writes it."""
    asked = Envelope[TrialAsked].of(
        TrialAsked(trial_id=trial.id),
        id=new_id(),
        subject=trial.id,
        subject_version=1,
        at=now,
        correlation_id=correlation_id,
    )
    store.try_out(trial, asked, now=now)


def withdraw(gathering_id: str, message_id: str, *, store: MessageStore) -> Message:
    """Call a message back that has not left. Raise MessageNotFound or MessageGone."""
    while True:
        before = store.get(gathering_id, message_id)
        after = before.withdrawn()
        if after is before or store.save(before, after):
            return after


def release_due(*, store: MessageStore, now: datetime, correlation_id: str) -> int:
    """Let the messages leave whose time has come, and return how many."""
    released = 0
    for key in list(store.due(now)):
        with suppress(MessageNotFound, MessageWithdrawn):
            before = store.get(*key)
            after = before.leaving()
            released += after is not before and store.save(before, after, _due(after, now, correlation_id))
    return released


def send_out(fact: Envelope[MessageDue], *, around: Writing) -> bool:
    """Send a message on its way to its audience. Return False when it has to be done again."""
    try:
        message = around.messages.get(fact.data.gathering_id, fact.data.message_id)
    except MessageNotFound:
        return True
    if message.state is not MessageState.LEAVING:
        return True
    people = 0

    def pages() -> Iterator[Envelope[Any]]:
        nonlocal people
        everybody = each(message.gathering_id, store=around.registrations)
        ids = (one.id for one in among(everybody, message.audience, around.libraries))
        for page in in_pages(
            fact,
            ids,
            lambda some: RegistrationsMessaged(
                gathering_id=message.gathering_id, registration_ids=some, message_id=message.id
            ),
        ):
            people += len(page.data.registration_ids)
            yield page

    _, failed = around.send(pages())
    if not failed:
        # Whoever did this at the same time has said so, and of as many.
        around.messages.save(message, message.sent(people))
    return not failed


def _due(message: Message, now: datetime, correlation_id: str) -> Envelope[MessageDue]:
    return Envelope[MessageDue].of(
        MessageDue(gathering_id=message.gathering_id, message_id=message.id),
        id=f"{message.id}-due",
        subject=message.id,
        subject_version=message.version,
        at=now,
        correlation_id=correlation_id,
    )
