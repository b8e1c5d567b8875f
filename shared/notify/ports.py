"""What sending mail needs of its surroundings."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final, Protocol

from shared.gatherings.model import Gathering, Session
from shared.mailboxes.model import Mailbox
from shared.messages.model import Message, Trial
from shared.notify.model import FollowUp, MailId, MailProblem, MailState, Outcome, Row, Settlement, Turn
from shared.registration.model import Registration
from shared.registration.ports import Receipt
from shared.webinars.model import Webinar

NO_TURNS: Final[Mapping[MailId, Turn]] = {}
NO_FOLLOW_UPS: Final[Mapping[MailId, FollowUp]] = {}


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
class Recipient:
    """Whom a mail is to. The name may be empty; without a language it is the network's first."""

    name: str
    email: str
    language: str | None


@dataclass(frozen=True, slots=True)
class Letter:
    """What one mail is to say, and to whom.

    `gathering` is what it is about (None: several), `registration` whose own page it leads to, `session` the one its
    calendar object is about (None: it has none), `receipt` that of who signed the person up, or the one it leads to.
    `listed` are the registrations that it lists, each with its gathering, `person` the keyed hash of whose they are,
    or of who is invited. `message` is what a coordinator wrote, `webinar` the recording that it leads to.
    """

    mail: MailId
    to: Recipient
    gathering: Gathering | None
    registration: Registration | None = None
    session: Session | None = None
    receipt: Receipt | None = None
    listed: tuple[tuple[Registration, Gathering], ...] = ()
    person: str = ""
    message: Message | None = None
    webinar: Webinar | None = None


class Registrations(Protocol):
    """Registrations by (gathering id, registration id) and by the person's keyed hash, and the receipts of bookings."""

    def many(self, keys: Sequence[tuple[str, str]]) -> Mapping[str, Registration]: ...

    def of_person(self, person: str) -> tuple[Registration, ...]: ...

    def forget_former_address(self, gathering_id: str, registration_id: str) -> None: ...

    def receipt(self, gathering_id: str, receipt_id: str) -> Receipt: ...


class Gatherings(Protocol):
    """Gatherings by id. Those that are gone are left out."""

    def many(self, ids: Collection[str]) -> Mapping[str, Gathering]: ...


class Interest(Protocol):
    """Who is to be told that registration has opened."""

    @property
    def email(self) -> str: ...

    @property
    def language(self) -> str: ...


class LinksRequest(Protocol):
    """Who asked for the links to all their registrations. `person` is the keyed hash of the address."""

    @property
    def email(self) -> str: ...

    @property
    def language(self) -> str: ...

    @property
    def person(self) -> str: ...


class Notices(Protocol):
    """Addresses that are to get one mail, and are forgotten then."""

    def interest(self, gathering_id: str, interest_id: str) -> Interest | None: ...

    def forget(self, gathering_id: str, interest_id: str) -> None: ...

    def request(self, request_id: str) -> LinksRequest | None: ...

    def forget_request(self, request_id: str) -> None: ...


class Invitation(Protocol):
    """Who is invited to register. `person` is the keyed hash of the address."""

    @property
    def email(self) -> str: ...

    @property
    def language(self) -> str: ...

    @property
    def person(self) -> str: ...


class Invitations(Protocol):
    """Invitations by gathering's id and own id; None for one that is gone."""

    def get(self, gathering_id: str, invitation_id: str) -> Invitation | None: ...


class Messages(Protocol):
    """What coordinators wrote, by gathering's id and own id, and what they want to see; None for what is gone.

    Raises MessageNotFound.
    """

    def get(self, gathering_id: str, message_id: str) -> Message: ...

    def trial(self, trial_id: str) -> Trial | None: ...

    def forget_trial(self, trial_id: str) -> None: ...


class Webinars(Protocol):
    """Webinars by id, which raises WebinarNotFound, and by the gathering that they are made of."""

    def get(self, webinar_id: str) -> Webinar: ...

    def of_gathering(self, gathering_id: str) -> tuple[Webinar, ...]: ...


class Ledger(Protocol):
    """Where the life of every mail is kept."""

    def claim(
        self,
        mails: Sequence[MailId],
        *,
        now: datetime,
        turns: Mapping[MailId, Turn] = NO_TURNS,
        follow_ups: Mapping[MailId, FollowUp] = NO_FOLLOW_UPS,
    ) -> list[Claim]: ...

    def waited(self, now: datetime) -> Iterable[MailId]: ...

    def release(self, mail: MailId, states: Collection[MailState], *, now: datetime, correlation_id: str) -> bool: ...

    def close(self, attempts: Sequence[Attempt], *, now: datetime) -> None: ...

    def give_up_on(self, mail: MailId, *, now: datetime, correlation_id: str) -> bool: ...

    def overdue(self, now: datetime) -> Iterable[MailId]: ...

    def find(self, message_id: str) -> MailId | None: ...

    def of_subject(self, subject_id: str) -> list[MailId]: ...

    def history(self, subject_id: str) -> list[Row]: ...

    def note(
        self, mail: MailId, problem: MailProblem, *, for_good: bool = False, now: datetime, correlation_id: str
    ) -> bool: ...

    def arrive(self, mail: MailId, *, now: datetime, correlation_id: str) -> bool: ...

    def withhold(self, mails: Mapping[MailId, MailState], *, now: datetime) -> None: ...


class Mailboxes(Protocol):
    """What is known of mailboxes, by the keyed hash of whose they are."""

    def many(self, persons: Collection[str]) -> Mapping[str, Mailbox]: ...


class Mailer(Protocol):
    """What takes a finished mail and says what became of it. It never raises for what the mail or SES is to blame."""

    def send(self, message: bytes, *, recipient: str, mail: MailId) -> Outcome: ...


class Composer(Protocol):
    """What writes a mail: headers, texts and calendar, as bytes in ASCII."""

    def compose(self, letter: Letter, *, now: datetime) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Office:
    """All that it takes to send mail. `zone` is the network's wall clock; `owner_address` says where who looks after
    something is written to, by id."""

    registrations: Registrations
    gatherings: Gatherings
    notices: Notices
    invitations: Invitations
    messages: Messages
    webinars: Webinars
    mailboxes: Mailboxes
    composer: Composer
    ledger: Ledger
    mailer: Mailer
    zone: tzinfo
    owner_address: Callable[[str], str]
