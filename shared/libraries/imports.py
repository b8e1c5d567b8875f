"""What a list of libraries would change, line by line, before anything is changed.

A line names a library by number, by name or by its municipality, and says what is known of it: its certification from
a day until another, the domains of its staff's addresses. Nothing is ever taken away by an import, and a line with a
fault in it is left out whole.
"""

import dataclasses
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from shared.libraries.model import Certification, Certified, Library, domain_fault, faults, spelling, tidy_domain
from shared.libraries.service import Directory
from shared.refusals import N_, Fault
from shared.spreadsheets.reading import Columns, Row

COLUMNS: Final = Columns(
    headings={
        "number": ("biblioteksnummer", "nummer", "bibliotek nr.", "biblioteksnr.", "number", "ISIL", "id"),
        "name": ("bibliotek", "navn", "biblioteksnavn", "library", "name"),
        "municipality": ("kommune", "kommunekode", "municipality"),
        "certification": ("certificering", "certificeringsstatus", "status", "certification"),
        "since": ("fra", "siden", "fra dato", "startdato", "since", "from"),
        "until": ("til", "indtil", "til dato", "slutdato", "until", "to"),
        "domains": ("domæner", "domæne", "mail-domæner", "mail-domæne", "e-mail-domæner", "domains", "domain"),
    },
    needed=(("number", "name", "municipality"),),
)

STATUSES: Final = {
    "ikke": Certification.NONE,
    "ikke certificeret": Certification.NONE,
    "none": Certification.NONE,
    "på vej": Certification.ON_THE_WAY,
    "on the way": Certification.ON_THE_WAY,
    "i gang": Certification.IN_PROGRESS,
    "in progress": Certification.IN_PROGRESS,
    "certificeret": Certification.CERTIFIED,
    "certified": Certification.CERTIFIED,
}
"""What people write of how far a library has come."""

MOST_SUGGESTIONS: Final = 100
"""For how many unknown names a library is suggested. A list where more are unknown is about something else."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that becomes another: of a certification what begins on the same day, None where there was nothing."""

    library: str
    name: str
    field: str
    before: str | Certified | None
    after: str | Certified | None


@dataclass(frozen=True, slots=True)
class LineFault:
    """Why a line is left out, as a Fault says it."""

    line: int
    field: str
    message: str
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do. `changed` are libraries as they are and as they become; `same` lines change nothing."""

    changed: tuple[tuple[Library, Library], ...]
    new: tuple[Library, ...]
    same: int
    faults: tuple[LineFault, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """What changes, one thing at a time."""
        return tuple(change for before, after in self.changed for change in _changes(before, after))

    @property
    def wanted(self) -> tuple[Library, ...]:
        """The libraries to be kept, each in the version that the plan was made from."""
        return (*(after for _, after in self.changed), *self.new)


def plan(rows: Iterable[Row], directory: Directory) -> Preview:
    """Return what the rows of a sheet with COLUMNS would change."""
    planner = _Planner(directory)
    # Lines with a number may bring names that other lines go by. So the order of lines does not matter, and a list that
    # is imported once more finds no name that it did not find at first.
    for row in sorted(rows, key=lambda row: not row.cells.get("number")):
        planner.take(row)
    return planner.preview()


class _Planner:
    """Goes through the lines and remembers what each library has become so far."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._before: dict[str, Library] = {}
        self._becoming: dict[str, Library] = {}
        self._named: dict[str, set[str]] = defaultdict(set)
        self._told: dict[tuple[str, date], Certified] = {}
        self._faults: list[LineFault] = []
        self._same = 0
        self._suggested = 0

    def take(self, row: Row) -> None:
        """Apply a line, or note why not."""
        wrong: list[Fault] = []
        library = self._library(row.cells, wrong)
        certified = _certified(row.cells, wrong)
        domains = _domains(row.cells, wrong)
        if library is not None and not wrong:
            after = library.with_domains(domains)
            if certified is not None:
                after = after.with_certification(certified)
                if self._told.get((library.id, certified.since), certified) != certified:
                    wrong.append(Fault("since", N_("Another line says something else of the same day.")))
            wrong += faults(after, before=library)
            if not wrong:
                if certified is not None:
                    self._told[library.id, certified.since] = certified
                self._same += after == (self._becoming.get(library.id) or self._before.get(library.id))
                self._becoming[library.id] = after
                for name in after.spellings():
                    self._named[name].add(library.id)
        self._faults += (
            LineFault(row.line, one.field, one.message, {name: str(value) for name, value in one.values.items()})
            for one in wrong
        )

    def preview(self) -> Preview:
        """Return what has come of it."""
        changed = [(self._before[number], after) for number, after in self._becoming.items() if number in self._before]
        return Preview(
            changed=tuple((before, after) for before, after in changed if before != after),
            new=tuple(after for number, after in self._becoming.items() if number not in self._before),
            same=self._same,
            faults=tuple(sorted(self._faults, key=lambda fault: fault.line)),
        )

    def _library(self, cells: Mapping[str, str], wrong: list[Fault]) -> Library | None:
        """Return the library that a line is about, by its name in the line if it has another there."""
        number, name, area = (cells.get(column, "") for column in ("number", "name", "municipality"))
        codes = [one.code for one in self._directory.municipalities_named(area)]
        if area and not codes:
            wrong.append(Fault("municipality", N_("There is no municipality called %(name)s."), {"name": area}))
            return None
        if number:
            library = self._numbered(number, name, codes[0] if codes else None, wrong)
        elif name:
            library = self._one_of(name, self._find(name), wrong)
        else:
            of_area = [one for one in self._directory.all() if one.municipality in codes]
            library = self._one_of(area, of_area, wrong)
        if library is not None and codes and library.municipality not in codes:
            stated = self._directory.municipality(library) or "–"
            wrong.append(
                Fault(
                    "municipality",
                    N_("%(name)s belongs to the municipality %(stated)s."),
                    {"name": library.name, "stated": stated},
                )
            )
        return library

    def _numbered(self, typed: str, name: str, municipality: str | None, wrong: list[Fault]) -> Library | None:
        number = self._directory.number(typed)
        if number is None:
            wrong.append(Fault("number", N_("%(number)s is not a library number."), {"number": typed[:40]}))
            return None
        found = self._find(name)
        if others := [one for one in found if one.id != self._now(number)]:
            wrong.append(
                Fault(
                    "number",
                    N_("%(name)s has the number %(number)s. Check which is right."),
                    {"name": others[0].name, "number": others[0].id},
                )
            )
            return None
        if number in self._becoming or self._directory.knows(number):
            library = self._known(self._now(number))
            if not name or found:
                # A name that it goes by already, be it that of a library which has become part of it.
                return library
            # Who knows the old name finds it by that still; so does the next line.
            return replace(library, name=name, aliases=(*library.aliases, library.name))
        if not name:
            wrong.append(Fault("name", N_("The number is new. Write the library's name.")))
            return None
        return Library(number, name, municipality)

    def _one_of(self, text: str, found: Sequence[Library], wrong: list[Fault]) -> Library | None:
        match list(found):
            case [library]:
                return self._known(library.id)
            case []:
                wrong.append(self._unknown(text))
            case several:
                wrong.append(
                    Fault(
                        "name",
                        N_("%(name)s may be several libraries: %(numbers)s. Write the number."),
                        {"name": text, "numbers": ", ".join(one.id for one in several[:5])},
                    )
                )
        return None

    def _unknown(self, text: str) -> Fault:
        self._suggested += 1
        similar = self._directory.similar(text) if self._suggested <= MOST_SUGGESTIONS else ()
        if not similar:
            return Fault("library", N_("We know no library called %(name)s."), {"name": text[:80]})
        return Fault(
            "library",
            N_("We know no library called %(name)s. Did you mean %(similar)s?"),
            {"name": text[:80], "similar": ", ".join(f"{one.name} ({one.id})" for one in similar)},
        )

    def _find(self, name: str) -> list[Library]:
        """Return the libraries of a name, those among them that have it from another line."""
        numbers = [one.id for one in self._directory.find(name)] if name else []
        return [
            self._known(number) for number in dict.fromkeys((*numbers, *sorted(self._named.get(spelling(name), ()))))
        ]

    def _now(self, number: str) -> str:
        """Return the number of the library that stands for it."""
        return self._directory.current(number).id if self._directory.knows(number) else number

    def _known(self, number: str) -> Library:
        """Return a library as the lines so far have made it."""
        if number not in self._becoming:
            return self._before.setdefault(number, self._directory.get(number))
        return self._becoming[number]


def _certified(cells: Mapping[str, str], wrong: list[Fault]) -> Certified | None:
    """Return the status that a line tells, if it tells one."""
    word = cells.get("certification", "")
    status = STATUSES.get(re.sub(r"[\s_-]+", " ", word.casefold()))
    since, until = (_day(cells.get(column, ""), column, wrong) for column in ("since", "until"))
    if not word:
        if since or until:
            wrong.append(Fault("certification", N_("There is a day, and no certification status.")))
        return None
    if status is None:
        wrong.append(
            Fault("certification", N_("Write ikke, på vej, i gang or certificeret, not %(word)s."), {"word": word[:40]})
        )
        return None
    if since is None:
        if not cells.get("since"):
            wrong.append(Fault("since", N_("Write from which day the status counts.")))
        return None
    return Certified(status, since, until)


def _day(typed: str, column: str, wrong: list[Fault]) -> date | None:
    """Return a day written as `2026-03-01`, `1.3.2026`, `1/3-2026` or the like."""
    if not typed:
        return None
    for pattern, order in ((_ISO_DAY, (1, 2, 3)), (_DANISH_DAY, (3, 2, 1))):
        if match := pattern.fullmatch(typed):
            year, month, day = (int(match.group(place)) for place in order)
            try:
                return date(year, month, day)
            except ValueError:
                break
    wrong.append(Fault(column, N_("%(day)s is not a day. Write it like 2026-03-01."), {"day": typed[:40]}))
    return None


_ISO_DAY: Final = re.compile(r"((?:19|20|21)\d\d)-(\d\d?)-(\d\d?)")
_DANISH_DAY: Final = re.compile(r"(\d\d?)[./-] ?(\d\d?)[./-] ?((?:19|20|21)\d\d)")


def _domains(cells: Mapping[str, str], wrong: list[Fault]) -> tuple[str, ...]:
    typed = [tidy_domain(one) for one in re.split(r"[\s,;]+", cells.get("domains", "")) if one]
    wrong += (fault for one in typed if (fault := domain_fault(one, "domains")))
    return tuple(typed)


def _changes(before: Library, after: Library) -> Iterator[Change]:
    def change(name: str, was: str | Certified | None, becomes: str | Certified | None) -> Change:
        return Change(before.id, before.name, name, was, becomes)

    if before.name != after.name:
        yield change("name", before.name, after.name)
    if before.aliases != after.aliases:
        yield change("aliases", ", ".join(before.aliases), ", ".join(after.aliases))
    if before.domains != after.domains:
        yield change("domains", ", ".join(before.domains), ", ".join(after.domains))
    stood = {one.since: one for one in before.certifications}
    for one in after.certifications:
        if stood.get(one.since) != one:
            yield change("certification", stood.get(one.since) or before.holding(one.since), one)
