"""What somebody filled in, and what it has to be before anybody looks for a seat."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from shared import addresses, free_text
from shared.gatherings import questions
from shared.gatherings.model import WHOLE, Gathering, Mode
from shared.gatherings.needs import Needs, stated
from shared.gatherings.questions import Answer, Given
from shared.gatherings.rounds import Round
from shared.refusals import N_, Fault, Invalid
from shared.registration.model import Invoice, Role

LONGEST_NAME: Final = 120
LONGEST_REFERENCE: Final = 80
MOST_TOGETHER: Final = 25
"""People on one form: each takes three rows of the hundred that one write may hold."""

MOST_OF_ADDRESS: Final = 5
"""People of one form at one address: a small library may have only one, and each gets a mail."""

_LINK: Final = re.compile(r"://|\bwww\.|HYPERLINK\s*\(", re.IGNORECASE)
_INVISIBLE: Final = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_DIRECTING: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Application:
    """One person as typed. `sessions` None are all that are no choice; `mode` may be empty where there is only one."""

    name: str
    email: str
    library: str
    role: str
    mode: str = ""
    sessions: tuple[str, ...] | None = None
    answers: Mapping[str, Given] = field(default_factory=dict)
    diet: str = ""
    accommodation: str = ""
    gln: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Booker:
    """Who fills in the form for others, as typed."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Booking:
    """A whole form: people, who booked for them (None: themselves), and whether all or as many as there is room for.

    With `questions_later`, what the gathering asks is asked on the own page; so it is when somebody else booked.
    """

    participants: tuple[Application, ...]
    language: str
    booker: Booker | None = None
    together: bool = True
    questions_later: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether every question must have been answered."""
        return len(self.participants) == 1 and self.booker is None and not self.questions_later


@dataclass(frozen=True, slots=True)
class Checked:
    """An application that has nothing wrong with it. `email` is as it can be sent to."""

    name: str
    email: str
    library: str
    role: Role
    mode: Mode
    sessions: tuple[str, ...]
    answers: Mapping[str, Answer]
    needs: Needs | None
    invoice: Invoice | None


def check(application: Application, gathering: Gathering, *, email: str | None, knows: bool, complete: bool) -> Checked:
    """Return the application as it is kept. Raise Invalid with every fault at once.

    `email` is the address made fit for sending, None if it is none; `knows`: the library is one of ours. What somebody
    fills in for another need not be `complete`: questions are asked on the person's own page.
    """
    name = tidy(application.name)
    faults = [*_name_faults(application.name, name)]
    if email is None:
        faults.append(_email_fault(application.email))
    if not application.library:
        faults.append(Fault("library", N_("Choose the library.")))
    elif not knows:
        faults.append(Fault("library", N_("We do not know that library. Choose one from the list.")))
    if application.role not in tuple(Role):
        faults.append(Fault("role", N_("Choose staff or leader.")))
    mode = _mode(application.mode, gathering)
    if mode is None:
        faults.append(Fault("mode", N_("Choose on site or online.")))
    sessions = chosen_sessions(application.sessions, gathering, faults)
    gln = re.sub(r"[\s-]", "", application.gln)
    reference = tidy(application.reference)
    faults += _invoice_faults(gathering, gln, application.reference)
    answers, needs = _answers(application, gathering, complete, faults)
    if faults or email is None or mode is None:
        raise Invalid(*faults)
    return Checked(
        name=name,
        email=email,
        library=application.library,
        role=Role(application.role),
        mode=mode,
        sessions=sessions,
        answers=answers,
        needs=needs,
        invoice=Invoice(gln, reference) if gln or reference else None,
    )


def check_group(booking: Booking) -> None:
    """Raise Invalid when there are too many people, too many at one address, or the same one twice."""
    people = booking.participants
    if not people:
        raise Invalid(Fault("participants", N_("Name at least one person.")))
    if len(people) > MOST_TOGETHER:
        limit = {"limit": MOST_TOGETHER}
        raise Invalid(Fault("participants", N_("At most %(limit)s people can be registered at once."), limit))
    seen: dict[tuple[str, str], int] = {}
    sharing: Counter[str] = Counter()
    for at, one in enumerate(people):
        # An address has several spellings, and only one that it is kept in.
        address = sameness(addresses.sendable(one.email) or one.email)
        sharing[address] += 1
        if sharing[address] > MOST_OF_ADDRESS:
            limit = {"limit": MOST_OF_ADDRESS}
            raise Invalid(
                Fault(f"participants.{at}.email", N_("At most %(limit)s people can share an address."), limit)
            )
        if seen.setdefault((address, sameness(one.name)), at) != at:
            raise Invalid(Fault(f"participants.{at}.name", N_("This person is on the form already.")))


def chosen_sessions(
    wanted: Sequence[str] | None, gathering: Gathering, faults: list[Fault], field: str = "sessions"
) -> tuple[str, ...]:
    """Return the ids of the sessions somebody comes to, in their order; add to `faults` what is wrong with them."""
    free = [session.id for session in gathering.sessions_without_choice()]
    choices = gathering.choices()
    if wanted is None:
        wanted = free
    chosen = set(wanted)
    if unknown := chosen - {session.id for session in gathering.sessions}:
        faults.append(Fault(field, N_("There is no session %(ids)s."), {"ids": ", ".join(sorted(unknown))}))
    for sessions in choices.values():
        if len(chosen & {session.id for session in sessions}) != 1:
            faults.append(Fault(field, N_("Choose one of the sessions that take turns.")))
    if not chosen:
        faults.append(Fault(field, N_("Choose at least one session.")))
    elif not gathering.choose_sessions and not chosen.issuperset(free):
        faults.append(Fault(field, N_("Some of these sessions are for everybody: leave none of them out.")))
    return tuple(session.id for session in gathering.sessions if session.id in chosen)


def general_pools(rounds: Sequence[Round]) -> tuple[str, ...]:
    """Return the pools that may seat whom these rounds admit: reserved seats before those for everybody."""
    return (*(one.pool for one in rounds if one.reserved_seats), WHOLE)


def numbered(faults: Sequence[Fault], at: int) -> tuple[Fault, ...]:
    """Return one participant's faults as faults of the whole form."""
    return tuple(replace(fault, field=f"participants.{at}.{fault.field}") for fault in faults)


def tidy_name(typed: str, field: str = "name") -> str:
    """Return a name as it is kept. Raise Invalid."""
    name = tidy(typed)
    if faults := [replace(fault, field=field) for fault in _name_faults(typed, name)]:
        raise Invalid(*faults)
    return name


def tidy(text: str) -> str:
    """Return a one-line text in Unicode's normal form C, without invisible characters or blanks too many."""
    return " ".join(unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).split())


def sameness(text: str) -> str:
    """Return what two spellings of the same name or address have in common."""
    return unicodedata.normalize("NFKC", tidy(text)).casefold()


def email_fault(typed: str, field: str = "email") -> Fault:
    """Return what is wrong with an address that cannot be sent to."""
    return replace(_email_fault(typed), field=field)


def guard(gathering_id: str, name: str, email: str, secret: Callable[[str], str]) -> str:
    """Return the keyed hash of a person in a gathering: who registers twice is one registration."""
    return secret(f"person|{gathering_id}|{sameness(email)}|{sameness(name)}")


def mailbox(email: str, secret: Callable[[str], str]) -> str:
    """Return the keyed hash of an address, by which all that is kept of a person is found."""
    return secret(f"mailbox|{sameness(email)}")


def domain_key(domain: str, secret: Callable[[str], str]) -> str:
    """Return the key under which those at a domain are counted whose addresses nobody has proven.

    There are but 4096, or invented domains could fill the row of the seats. Two domains that meet share a limit.
    """
    return secret(f"unproven|{domain}")[:3]


def _mode(typed: str, gathering: Gathering) -> Mode | None:
    if not typed:
        return gathering.modes[0] if len(gathering.modes) == 1 else None
    return next((mode for mode in gathering.modes if mode == typed), None)


def _answers(
    application: Application, gathering: Gathering, complete: bool, faults: list[Fault]
) -> tuple[Mapping[str, Answer], Needs | None]:
    answers: Mapping[str, Answer] = {}
    needs = None
    try:
        answers = questions.check(gathering.questions, application.answers, complete=complete)
    except Invalid as invalid:
        faults += invalid.faults
    if (application.diet or application.accommodation) and not gathering.asks_needs:
        faults.append(Fault("needs.diet", N_("This gathering does not ask for that.")))
    else:
        try:
            needs = stated(application.diet, application.accommodation)
        except Invalid as invalid:
            faults += invalid.faults
    return answers, needs


def _name_faults(typed: str, name: str) -> Iterator[Fault]:
    if not name:
        yield Fault("name", N_("Write the name."))
    elif len(name) > LONGEST_NAME:
        yield Fault("name", N_("A name can be at most %(limit)s characters long."), {"limit": LONGEST_NAME})
    elif _has_controls(typed.strip()) or _DIRECTING.search(typed):
        yield Fault("name", N_("Write the name on one line, without control characters."))
    elif _LINK.search(name):
        yield Fault("name", N_("A name cannot hold a link."))
    elif free_text.names_a_person(name):
        yield Fault("name", free_text.LOOKS_LIKE_CPR)


def _email_fault(typed: str) -> Fault:
    typed = typed.strip()
    if not typed:
        return Fault("email", N_("Write the work e-mail address."))
    if "," in typed and typed.count("@") == 1:
        return Fault("email", N_("There is a comma in the address. Did you mean a full stop?"))
    if typed.count("@") > 1:
        return Fault("email", N_("Write one address only, and nothing else."))
    if not typed.partition("@")[0].isascii():
        return Fault("email", N_("Mail cannot be sent to an address with letters like æ, ø or å before the @."))
    return Fault("email", N_("This is not an e-mail address. It should look like name@library.dk."))


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
    elif "-" in reference and free_text.names_a_person(reference):
        # Without the hyphen it may be the number of an order, which can have ten digits too.
        yield Fault("reference", free_text.LOOKS_LIKE_CPR)


def _is_gln(text: str) -> bool:
    """Whether it is 13 digits with the right check digit (GS1 General Specifications, 7.9)."""
    if not re.fullmatch(r"[0-9]{13}", text):
        return False
    return sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(text)) % 10 == 0


def _has_controls(text: str) -> bool:
    return any(unicodedata.category(letter) == "Cc" for letter in text)
