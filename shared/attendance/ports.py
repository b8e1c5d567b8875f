"""What noting attendance needs of its surroundings."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from shared.registration.model import Registration
from shared.registration.ports import Batch, Outcome
from shared.registration.queries import Pages


class Registrations(Pages, Protocol):
    """Registrations to be read, and written all or nothing."""

    def get(self, gathering_id: str, registration_id: str) -> Registration: ...

    def many(self, keys: Sequence[tuple[str, str]]) -> Mapping[str, Registration]: ...

    def write(self, batch: Batch, *, now: datetime) -> Outcome: ...
