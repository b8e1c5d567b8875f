"""What relays facts from outbox to queues."""

from functools import cache

from shared.bootstrap.aws import client, open_table
from shared.config import RelayOutboxSettings
from shared.messaging.sqs import Queues


@cache
def queues() -> Queues:
    """Return the queues that facts are routed to, with the table bound."""
    settings = RelayOutboxSettings.read()
    open_table(settings)
    return Queues(client("sqs"), settings.queue_urls)
