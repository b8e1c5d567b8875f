"""What sending mail needs of its surroundings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.gatherings.model import Gathering, Session
from shared.notify.model import MailId, MailProblem, Outcome, Settlement
from shared.registration.model import Registration


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that is ours to send. `number` counts attempts from one; `version` is the row's."""

    mail: MailId
    number: int
    version: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of a claim, and the correlation id of the fact that asked for the mail."""

    claim: Claim
    outcome: Outcome
    settlement: Settlement
    correlation_id: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What one mail is to say: `session` is the one its calendar object is about, None when it has none."""

    mail: MailId
    registration: Registration
    gathering: Gathering
    session: Session | None


class Registrations(Protocol):
    """Registrations by (gathering id, registration id)."""

    def many(self, keys: Sequence[tuple[str, str]]) -> Mapping[str, Registration]: ...


class Gatherings(Protocol):
    """Gatherings by id."""

    def get(self, gathering_id: str) -> Gathering: ...


class Ledger(Protocol):
    """Where the life of every mail is kept."""

    def claim(self, mails: Sequence[MailId], *, now: datetime) -> list[Claim]: ...

    def close(self, attempts: Sequence[Attempt], *, now: datetime) -> None: ...

    def give_up_on(self, mail: MailId, *, now: datetime, correlation_id: str) -> bool: ...

    def overdue(self, now: datetime) -> Iterable[MailId]: ...

    def find(self, message_id: str) -> MailId | None: ...

    def note(self, mail: MailId, problem: MailProblem, *, now: datetime, correlation_id: str) -> bool: ...


class Mailer(Protocol):
    """What takes a finished mail and says what became of it. It never raises for what the mail or SES is to blame."""

    def send(self, message: bytes, *, recipient: str, mail: MailId) -> Outcome: ...


class Composer(Protocol):
    """What writes a mail: headers, texts and calendar, as bytes in ASCII."""

    def compose(self, letter: Letter, *, now: datetime) -> bytes: ...
