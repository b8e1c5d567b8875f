"""The form of one library: what stands in its fields, as it was typed, and the library that it means."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from shared.libraries.model import Certification, Certified, Library, tidy_domain
from shared.refusals import N_, Fault, Invalid


@dataclass(frozen=True, slots=True)
class CertificationRow:
    """A line of the history. One in which nothing stands is for a new status; `removed` takes it out."""

    status: str = ""
    since: str = ""
    until: str = ""
    removed: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing."""
        return self.removed or not (self.status or self.since or self.until)


@dataclass(frozen=True, slots=True)
class LibraryForm:
    """The fields. Other spellings and domains stand on lines of their own; `version` is the one they were read in."""

    name: str = ""
    municipality: str = ""
    aliases: str = ""
    domains: str = ""
    rows: tuple[CertificationRow, ...] = ()
    version: int = 0

    @classmethod
    def of(cls, library: Library) -> Self:
        """Return the form as it shows a library, with an empty line for a new status."""
        history = sorted(library.certifications, key=lambda one: one.since)
        rows = [CertificationRow(one.status, _iso(one.since), _iso(one.until)) for one in history]
        return cls(
            library.name,
            library.municipality or "",
            "\n".join(library.aliases),
            "\n".join(library.domains),
            (*rows, CertificationRow()),
            library.version,
        )

    @classmethod
    def read(cls, fields: Mapping[str, str]) -> Self:
        """Return the form as it was sent."""
        numbers = sorted(
            {int(found[1]) for name in fields if (found := re.match(r"certifications\.(\d{1,2})\.", name))}
        )
        rows = tuple(_row(fields, f"certifications.{number}") for number in numbers)
        return cls(
            fields.get("name", "").strip(),
            fields.get("municipality", ""),
            fields.get("aliases", ""),
            fields.get("domains", ""),
            rows,
            version_of(fields),
        )

    def onto(self, library: Library) -> Library:
        """Return the library as the form means it. Raise Invalid for a line of the history that says half of it."""
        told = [(at, row) for at, row in enumerate(self.rows) if not row.is_empty]
        faults = [fault for at, row in told for fault in _row_faults(at, row)]
        if faults:
            raise Invalid(*faults)
        history = [
            Certified(Certification(row.status), date.fromisoformat(row.since), _day(row.until)) for _, row in told
        ]
        return replace(
            library,
            name=self.name,
            municipality=self.municipality or None,
            aliases=_lines(self.aliases),
            domains=tuple(tidy_domain(one) for one in _lines(self.domains)),
            certifications=tuple(history),
            version=self.version,
        )

    def placed(self, fault: Fault) -> Fault:
        """Return a fault of the library as a fault of the field it was typed in."""
        if fault.field.startswith("domains."):
            return replace(fault, field="domains")
        if found := re.fullmatch(r"certifications\.(\d+)\.(\w+)", fault.field):
            told = [at for at, row in enumerate(self.rows) if not row.is_empty]
            return replace(fault, field=f"certifications.{told[int(found[1])]}.{found[2]}")
        return fault

    def with_empty_row(self) -> Self:
        """Return the form with a line for a new status, should it have none."""
        has_one = any(row.is_empty and not row.removed for row in self.rows)
        return self if has_one else replace(self, rows=(*self.rows, CertificationRow()))


def version_of(fields: Mapping[str, str]) -> int:
    """Return the version that a form was made from. What is none of ours is of no version that there can be."""
    typed = fields.get("version", "")
    return int(typed) if re.fullmatch("[0-9]{1,9}", typed) else -1


def _row(fields: Mapping[str, str], name: str) -> CertificationRow:
    status, since, until = (fields.get(f"{name}.{part}", "").strip() for part in ("status", "since", "until"))
    return CertificationRow(status, since, until, removed=f"{name}.removed" in fields)


def _row_faults(at: int, row: CertificationRow) -> list[Fault]:
    faults = []
    if row.status not in tuple(Certification):
        faults.append(Fault(f"certifications.{at}.status", N_("Choose a status, or empty the line.")))
    if _day(row.since) is None:
        faults.append(Fault(f"certifications.{at}.since", N_("Write from which day the status counts.")))
    if row.until and _day(row.until) is None:
        faults.append(Fault(f"certifications.{at}.until", N_("This is not a day. Write it like 2026-03-01.")))
    return faults


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _lines(typed: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.strip() for line in typed.splitlines() if line.strip()))
