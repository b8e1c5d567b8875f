"""What mailboxes need of their surroundings."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Protocol

from shared.mailboxes.model import Mailbox, Suppression, Topic
from shared.registration.model import Registration


class MailboxStore(Protocol):
    """Where it is kept what is known of mailboxes."""

    def many(self, persons: Collection[str]) -> Mapping[str, Mailbox]: ...

    def suppress(self, person: str, suppression: Suppression, *, now: datetime) -> bool: ...

    def lift(self, person: str, *, now: datetime) -> bool: ...

    def choose(self, person: str, unwanted: frozenset[Topic], *, now: datetime) -> None: ...

    def suppressed(self) -> Iterable[Mailbox]: ...


class Registrations(Protocol):
    """Registrations by gathering's id and own id."""

    def get(self, gathering_id: str, registration_id: str) -> Registration: ...
