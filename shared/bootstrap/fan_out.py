"""What goes from a gathering to those whom something concerns."""

from functools import cache

from shared.bootstrap import line
from shared.bootstrap.aws import client
from shared.config import FanOutSettings
from shared.messaging.sqs import Queues
from shared.registration.ports import Bookkeeping


def around() -> Bookkeeping:
    """Return what it takes to change registrations."""
    return line.around()


@cache
def queues() -> Queues:
    """Return the queues that pages are routed to."""
    return Queues(client("sqs"), FanOutSettings.read().queue_urls)
