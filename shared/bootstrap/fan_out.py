"""What goes from a gathering to those whom something concerns."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from events.envelope import Envelope
from shared.bootstrap import line
from shared.bootstrap.aws import client
from shared.config import FanOutSettings
from shared.libraries.dynamo import DynamoLibraryStore
from shared.libraries.service import Directory
from shared.messages.dynamo import DynamoMessageStore
from shared.messages.ports import Writing
from shared.messaging.relay import send_on
from shared.messaging.sqs import Queues
from shared.network import load
from shared.reminders.dynamo import DynamoReminderLog
from shared.reminders.ports import Reminding
from shared.time import utcnow
from shared.webinars.dynamo import DynamoWebinarStore


def send(pages: Iterable[Envelope[Any]]) -> tuple[int, int]:
    """Send pages to the queues of their routes; return how many went, and how many did not."""
    return send_on(pages, queues=_queues())


@cache
def writing() -> Writing:
    """Return all that it takes to send a coordinator's message on its way."""
    return Writing(DynamoMessageStore(), line.around().store, _libraries(), send)


@cache
def reminding() -> Reminding:
    """Return all that it takes to remind people."""
    store = line.around().store
    return Reminding(line.gatherings(), DynamoWebinarStore(), store, _libraries(), DynamoReminderLog(), send)


@cache
def _libraries() -> Directory:
    return Directory(load(), DynamoLibraryStore(), clock=utcnow)


@cache
def _queues() -> Queues:
    return Queues(client("sqs"), FanOutSettings.read().queue_urls)
