"""Libraries: where participants work, and what counts them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.refusals import N_, Refusal


class Certification(StrEnum):
    """How far a library has come with its certification."""

    NONE = "none"
    ON_THE_WAY = "on_the_way"
    IN_PROGRESS = "in_progress"
    CERTIFIED = "certified"


@dataclass(frozen=True, slots=True)
class Certified:
    """A status, from a day and until another (exclusive). Action plans are for three years, so most have an end."""

    status: Certification
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Library:
    """A library by its number. `municipality` is a code, or None for a research library or another organisation."""

    id: str
    name: str
    municipality: str | None = None
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    certifications: tuple[Certified, ...] = ()

    def certification(self, on: date) -> Certification:
        """Return the status on a day: the one begun last that has not ended."""
        current = [c for c in self.certifications if c.since <= on and (c.until is None or on < c.until)]
        return max(current, key=lambda c: c.since).status if current else Certification.NONE


class LibraryNotFound(Refusal):
    """No library has this number."""

    kind = "library-not-found"
    status = 404
    message = N_("There is no library with this number.")


class LibraryExists(Refusal):
    """Another library has this number."""

    kind = "library-exists"
    status = 409
    message = N_("There is a library with this number already.")
