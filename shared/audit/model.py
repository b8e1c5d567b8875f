"""One line of the log: who did what kind of thing to what, when, and how it ended. Never what was written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from shared.roles import Role

KEPT: Final = timedelta(days=5 * 365)
"""As long as breaches of the data protection rules can be pursued."""


@dataclass(frozen=True, slots=True)
class Doing:
    """What a request asks for beyond its address: one of the words for that, and the registrations meant."""

    action: str = ""
    registrations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody set out to do. `route` is the template, `ids` what stood in its places, and `doing` what was asked.

    `status` is HTTP's, or None while, or if, nobody knows how it ended.
    """

    id: str
    at: datetime
    who: str
    role: Role
    method: str
    route: str
    ids: Mapping[str, str]
    doing: Doing = field(default_factory=Doing)
    status: int | None = None

    @property
    def month(self) -> str:
        """The month of it in UTC, `2026-09`."""
        return f"{self.at:%Y-%m}"
