"""A person's seat in a gathering, and the rules for getting and giving back one."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.gatherings.model import Gathering, GatheringIsCancelled, State
from shared.refusals import N_, Fault, Invalid, Refusal

LONGEST_NAME: Final = 120
LONGEST_REFERENCE: Final = 80

_LINK: Final = re.compile(r"://|\bwww\.|HYPERLINK\s*\(", re.IGNORECASE)
_INVISIBLE: Final = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_DIRECTING: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Role(StrEnum):
    """Who a participant is at work."""

    STAFF = "staff"
    LEADER = "leader"


class Status(StrEnum):
    """Where a registration is in its life."""

    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Invoice:
    """What the receiver of an electronic invoice goes by: a GLN of 13 digits (GS1), and the buyer's own reference."""

    gln: str
    reference: str


@dataclass(frozen=True, slots=True)
class Participant:
    """Who takes part. `email` is as it can be sent to: its domain in ASCII."""

    name: str
    email: str
    library: str
    role: Role


@dataclass(frozen=True, slots=True)
class Registration:
    """One person's seat in one gathering.

    `pools` are those a seat was taken from. `kept_until` is when it is erased (GDPR, Article 5(1)(e)). `version` rises
    by one with each change that is a fact. `mail_problem` says why a mail about it may not have arrived.
    """

    id: str
    gathering_id: str
    participant: Participant
    sessions: tuple[str, ...]
    pools: tuple[str, ...]
    language: str
    registered_at: datetime
    kept_until: datetime
    status: Status = Status.CONFIRMED
    version: int = 1
    invoice: Invoice | None = None
    cancelled_at: datetime | None = None
    mail_problem: str | None = None

    def cancelled(self, gathering: Gathering, now: datetime) -> "Registration":
        """Return the registration as given back. Raise TooLateToChange."""
        if self.status is Status.CANCELLED:
            return self
        if now >= gathering.changes_until:
            raise TooLateToChange(contact=gathering.contact)
        return replace(self, status=Status.CANCELLED, cancelled_at=now, version=self.version + 1)


@dataclass(frozen=True, slots=True)
class Application:
    """What somebody filled in, as it was typed."""

    name: str
    email: str
    library: str
    role: str
    language: str
    sessions: tuple[str, ...] | None = None
    gln: str = ""
    reference: str = ""


def admit(gathering: Gathering, now: datetime) -> None:
    """Raise a refusal unless people may register for the gathering now."""
    if gathering.state is State.CANCELLED:
        raise GatheringIsCancelled
    opens_at = gathering.registration.opens_at
    if opens_at is not None and now < opens_at:
        raise RegistrationNotOpenYet(opens_at=opens_at)
    if not gathering.takes_registrations(now):
        raise RegistrationClosed(closed_at=gathering.registration_closes_at)


def seat(
    application: Application,
    gathering: Gathering,
    *,
    registration_id: str,
    email: str | None,
    library_known: bool,
    kept_for: timedelta,
    now: datetime,
) -> Registration:
    """Return the registration that the application asks for, yet without a seat.

    `email` is the address made fit for sending, None if it is none. Raise Invalid with every fault at once.
    """
    name = tidy(application.name)
    gln = re.sub(r"[\s-]", "", application.gln)
    reference = tidy(application.reference)
    faults = [*_name_faults(application.name, name)]
    if email is None:
        faults.append(_email_fault(application.email))
    if not application.library:
        faults.append(Fault("library", N_("Choose your library.")))
    elif not library_known:
        faults.append(Fault("library", N_("We do not know that library. Choose one from the list.")))
    if application.role not in tuple(Role):
        faults.append(Fault("role", N_("Say whether you are staff or a leader.")))
    faults += _session_faults(application, gathering)
    faults += _invoice_faults(gathering, gln, application.reference)
    if faults or email is None:
        raise Invalid(*faults)
    sessions = application.sessions or tuple(session.id for session in gathering.sessions_without_choice())
    return Registration(
        id=registration_id,
        gathering_id=gathering.id,
        participant=Participant(name, email, application.library, Role(application.role)),
        sessions=sessions,
        pools=("whole", *(f"session-{session}" for session in sessions)),
        language=application.language,
        registered_at=now,
        kept_until=gathering.ends_at + kept_for,
        invoice=Invoice(gln, reference) if gln or reference else None,
    )


def tidy(text: str) -> str:
    """Return a one-line text in Unicode's normal form C, without invisible characters or blanks too many."""
    return " ".join(unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).split())


def sameness(text: str) -> str:
    """Return what two spellings of the same name or address have in common."""
    return unicodedata.normalize("NFKC", tidy(text)).casefold()


def _name_faults(typed: str, name: str) -> Iterator[Fault]:
    if not name:
        yield Fault("name", N_("Write your name."))
    elif len(name) > LONGEST_NAME:
        yield Fault("name", N_("A name can be at most %(limit)s characters long."), {"limit": LONGEST_NAME})
    elif _has_controls(typed.strip()) or _DIRECTING.search(typed):
        yield Fault("name", N_("Write the name on one line, without control characters."))
    elif _LINK.search(name):
        yield Fault("name", N_("A name cannot hold a link."))


def _email_fault(typed: str) -> Fault:
    typed = typed.strip()
    if not typed:
        return Fault("email", N_("Write your work e-mail address."))
    if "," in typed and typed.count("@") == 1:
        return Fault("email", N_("There is a comma in the address. Did you mean a full stop?"))
    if typed.count("@") > 1:
        return Fault("email", N_("Write one address only, and nothing else."))
    if not typed.partition("@")[0].isascii():
        return Fault("email", N_("Mail cannot be sent to an address with letters like æ, ø or å before the @."))
    return Fault("email", N_("This is not an e-mail address. It should look like name@library.dk."))


def _session_faults(application: Application, gathering: Gathering) -> Iterator[Fault]:
    if application.sessions is None:
        return
    if set(application.sessions) != {session.id for session in gathering.sessions}:
        yield Fault("sessions", N_("Registration is for the whole gathering: leave the sessions out."))


def _invoice_faults(gathering: Gathering, gln: str, reference: str) -> Iterator[Fault]:
    if (gln or reference) and not gathering.asks_invoice_reference:
        yield Fault("gln", N_("This gathering takes no invoice details."))
        return
    if gln and not _is_gln(gln):
        yield Fault("gln", N_("An EAN/GLN number has 13 digits, and this one is mistyped."))
    if len(reference) > LONGEST_REFERENCE:
        limit = {"limit": LONGEST_REFERENCE}
        yield Fault("reference", N_("The reference can be at most %(limit)s characters long."), limit)
    elif _has_controls(reference.strip()):
        yield Fault("reference", N_("Write the reference on one line, without control characters."))


def _is_gln(text: str) -> bool:
    """Whether it is 13 digits with the right check digit (GS1 General Specifications, 7.9)."""
    if not re.fullmatch(r"[0-9]{13}", text):
        return False
    return sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(text)) % 10 == 0


def _has_controls(text: str) -> bool:
    return any(unicodedata.category(letter) == "Cc" for letter in text)


class RegistrationNotOpenYet(Refusal):
    """Registration opens later; `opens_at` says when."""

    kind = "not-open-yet"
    status = 403
    message = N_("Registration has not opened yet.")


class RegistrationClosed(Refusal):
    """The window is over."""

    kind = "registration-closed"
    status = 409
    message = N_("Registration has closed.")


class GatheringFull(Refusal):
    """Every seat is taken."""

    kind = "full"
    status = 409
    message = N_("All seats are taken.")


class TooManyAttempts(Refusal):
    """A limit is reached; `retry_after` says for how many seconds."""

    kind = "too-many"
    status = 429
    message = N_("That was too many at once. Wait a little and try again.")


class KeyReused(Refusal):
    """The idempotency key came before, with another body."""

    kind = "idempotency-key-reused"
    status = 422
    message = N_("This Idempotency-Key was used for something else.")


class TooLateToChange(Refusal):
    """The participant may no longer cancel; `contact` can."""

    kind = "too-late"
    status = 409
    message = N_("It is too late to cancel here. Write to the contact.")


class RegistrationNotFound(Refusal):
    """No such registration."""

    kind = "registration-not-found"
    status = 404
    message = N_("There is no registration at this address.")
