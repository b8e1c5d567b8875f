"""Reads a coordinator's list of participants: who stands in which line, and what keeps a line from being taken.

Lists are kept by hand, so much is forgiven: an address with a name before it, a name with the surname first, a library
in any spelling. What could mean two things is never guessed; the line says so and waits for somebody to correct it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol

from shared import addresses
from shared.refusals import N_, Fault, Invalid
from shared.registration.applying import email_fault, sameness, tidy, tidy_name
from shared.registration.model import Role
from shared.spreadsheets.reading import Columns, Row

COLUMNS: Final = Columns(
    headings={
        "name": ("navn", "deltager", "deltagernavn", "fulde navn", "name", "participant"),
        "email": ("e-mail", "mail", "e-mailadresse", "mailadresse", "arbejdsmail", "e-mail address"),
        "library": ("bibliotek", "biblioteksnummer", "kommune", "arbejdsplads", "library", "municipality", "workplace"),
        "leader": ("leder", "er leder", "leader", "manager"),
        "title": ("rolle", "stilling", "titel", "stillingsbetegnelse", "role", "title", "job title"),
    },
    needed=(("name",), ("email",)),
)

_YES: Final = frozenset({"ja", "j", "x", "1", "sand", "true", "yes", "y", "leder", "leader"})
_NO: Final = frozenset({"nej", "n", "0", "falsk", "false", "no", "-", "medarbejder", "staff"})
_LEADING: Final = re.compile(r"(?<!projekt)(leder|chef|direktør|leader|manager|head)$")

MOST_SUGGESTIONS: Final = 100
"""For how many spellings a library is suggested. A list where more are unknown has its libraries in another column."""


class Named(Protocol):
    """A library, as far as a list is concerned."""

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


class NamedLibraries(Protocol):
    """What finds libraries by what people write."""

    def find(self, text: str) -> Sequence[Named]: ...

    def similar(self, text: str) -> Sequence[Named]: ...

    def of_domain(self, email_domain: str) -> Sequence[Named]: ...


@dataclass(frozen=True, slots=True)
class ImportLine:
    """A line of the list. It can be taken when it has no faults; then `library_id` is known and `email` sendable."""

    line: int
    name: str
    email: str
    library_id: str | None
    role: Role
    faults: tuple[Fault, ...] = ()


def read_lines(rows: Iterable[Row], libraries: NamedLibraries) -> tuple[ImportLine, ...]:
    """Return the lines of a sheet with COLUMNS. Who stands there twice is taken once, the first time."""
    reader = _Reader(libraries)
    return tuple(reader.line(row) for row in rows)


class _Reader:
    """Goes through the lines. What has been looked up once is remembered: in a list, libraries repeat."""

    def __init__(self, libraries: NamedLibraries) -> None:
        self._libraries = libraries
        self._found = lru_cache(maxsize=None)(self._find)
        self._suggested = 0
        self._seen: dict[tuple[str, str], int] = {}

    def line(self, row: Row) -> ImportLine:
        """Return one line."""
        cells = row.cells
        name, email = _name(cells.get("name", "")), _address(cells.get("email", ""))
        sendable = addresses.sendable(email)
        if row.filled <= 2 and not cells.get("email"):
            return ImportLine(row.line, name, "", None, Role.STAFF, (_NOT_A_PERSON,))
        library, library_fault = self._library(cells.get("library", ""), sendable)
        role, role_fault = _role(cells)
        found = (
            _name_fault(name),
            None if sendable else _email_fault(email),
            library_fault,
            role_fault,
            self._repeated(row.line, name, sendable or email),
        )
        faults = tuple(fault for fault in found if fault is not None)
        return ImportLine(row.line, name, sendable or email, library, role, faults)

    def _library(self, typed: str, email: str | None) -> tuple[str | None, Fault | None]:
        if typed:
            return self._found(typed)
        near = self._libraries.of_domain(addresses.domain(email)) if email else ()
        if not near:
            return None, Fault("library", N_("There is no library in this line."))
        return None, Fault(
            "library",
            N_("There is no library in this line. By the address, it may be %(similar)s."),
            {"similar": _listed(near)},
        )

    def _find(self, typed: str) -> tuple[str | None, Fault | None]:
        match list(self._libraries.find(typed)):
            case [library]:
                return library.id, None
            case []:
                return None, self._unknown(typed)
            case several:
                return None, Fault(
                    "library",
                    N_("%(name)s may be several libraries: %(similar)s. Write the number."),
                    {"name": typed[:80], "similar": _listed(several)},
                )

    def _unknown(self, typed: str) -> Fault:
        self._suggested += 1
        similar = self._libraries.similar(typed) if self._suggested <= MOST_SUGGESTIONS else ()
        if not similar:
            return Fault("library", N_("We know no library called %(name)s."), {"name": typed[:80]})
        return Fault(
            "library",
            N_("We know no library called %(name)s. Did you mean %(similar)s?"),
            {"name": typed[:80], "similar": _listed(similar)},
        )

    def _repeated(self, line: int, name: str, email: str) -> Fault | None:
        first = self._seen.setdefault((sameness(email), sameness(name)), line)
        if first == line or not email:
            return None
        return Fault("email", N_("The same person stands in line %(line)s."), {"line": first})


_NOT_A_PERSON: Final = Fault(
    "name",
    N_("This line is not a participant. If it parts the list in two, as a waiting list does, import them one by one."),
)


def _name(typed: str) -> str:
    """Return a name as people say it: `Efternavn, Fornavn` is turned round."""
    name = tidy(typed)
    surname, comma, first = name.partition(", ")
    return f"{first} {surname}" if comma and "," not in first else name


def _name_fault(name: str) -> Fault | None:
    if not name:
        return Fault("name", N_("There is no name in this line."))
    if not any(letter.isalpha() for letter in name):
        return Fault("name", N_("%(name)s is not a name."), {"name": name[:80]})
    if re.search(r"\+ ?\d", name):
        return Fault("name", N_("Each line is one person. Give the others a line of their own."))
    try:
        tidy_name(name)
    except Invalid as invalid:
        return invalid.faults[0]
    return None


def _address(typed: str) -> str:
    """Return the address out of `Name <address>` or `mailto:address`."""
    bracketed = re.fullmatch(r"[^<>]*<([^<>]+)>", typed)
    return (bracketed.group(1) if bracketed else typed).removeprefix("mailto:").strip()


def _email_fault(typed: str) -> Fault:
    return email_fault(typed) if typed else Fault("email", N_("There is no e-mail address in this line."))


def _role(cells: Mapping[str, str]) -> tuple[Role, Fault | None]:
    """Return the role by the column that asks for it, else by the title."""
    told = cells.get("leader", "").casefold()
    if told in _YES:
        return Role.LEADER, None
    if told in _NO:
        return Role.STAFF, None
    if told:
        return Role.STAFF, Fault("role", N_("Write ja or nej, not %(word)s."), {"word": told[:40]})
    leads = _LEADING.search(cells.get("title", "").casefold())
    return (Role.LEADER if leads else Role.STAFF), None


def _listed(libraries: Sequence[Named]) -> str:
    return ", ".join(f"{one.name} ({one.id})" for one in libraries[:3])
