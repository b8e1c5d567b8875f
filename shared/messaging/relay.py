"""From outbox to queues, at least once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Protocol

from pydantic import BaseModel, ConfigDict

from events.envelope import Envelope
from events.routes import ROUTES, QueueName


class _Header(BaseModel):
    """What the relay needs to know of an envelope; it need not understand the fact."""

    model_config = ConfigDict(extra="ignore")

    id: str
    type: str


AT_ONCE: Final = 10
"""How many envelopes are held at a time: as many as a queue takes at once."""


Send = Callable[[Iterable[Envelope[Any]]], tuple[int, int]]
"""Sends facts to the queues of their routes; returns how many went, and how many did not."""


class Sender(Protocol):
    """What takes facts to queues and says which were not taken."""

    def send(self, letters: Iterable[tuple[QueueName, str, str]]) -> set[str]: ...


@dataclass(frozen=True, slots=True)
class Relayed:
    """What became of some facts, by id. `unrouted` are of a type that this deployment does not know."""

    sent: tuple[str, ...]
    failed: frozenset[str]
    unrouted: tuple[str, ...]


def fact_id(body: str) -> str:
    """Return the id in an envelope's JSON."""
    return _Header.model_validate_json(body).id


def relay(bodies: Iterable[str], *, queues: Sender, mark_sent: Callable[[Iterable[str]], None]) -> Relayed:
    """Send each fact to the queues of its route, and take what all its queues took out of the unsent facts.

    A fact without a queue counts as sent: nobody waits for it. One of an unknown type stays unsent, and the sweep
    tries it again when a newer deployment may know it.
    """
    headers = [(_Header.model_validate_json(body), body) for body in bodies]
    failed = queues.send((queue, header.id, body) for header, body in headers for queue in ROUTES.get(header.type, ()))
    unrouted = tuple(header.id for header, _ in headers if header.type not in ROUTES)
    sent = tuple(header.id for header, _ in headers if header.id not in failed and header.type in ROUTES)
    if sent:
        mark_sent(sent)
    return Relayed(sent, frozenset(failed), unrouted)


def send_on(envelopes: Iterable[Envelope[Any]], *, queues: Sender) -> tuple[int, int]:
    """Send facts that the table need not know to the queues of their routes. Return how many went, and how many not."""
    sent = failed = 0
    left = iter(envelopes)
    while some := list(islice(left, AT_ONCE)):
        letters = [(queue, one.id, one.model_dump_json()) for one in some for queue in ROUTES[one.type]]
        refused = queues.send(letters)
        sent, failed = sent + len(some) - len(refused), failed + len(refused)
    return sent, failed
