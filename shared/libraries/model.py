"""Libraries: where participants work, and what counts them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import zip_longest
from typing import Final

from shared.refusals import N_, Fault, Invalid, Refusal

LONGEST_NAME: Final = 200
MOST_CERTIFICATIONS: Final = 40

_PROVIDERS: Final = """
aol.com cybercity.dk email.dk fastmail.com get2net.dk gmail.com gmx.com gmx.de gmx.net googlemail.com hey.com
hotmail.co.uk hotmail.com hotmail.de hotmail.dk hotmail.no hotmail.se icloud.com jubii.dk jubiimail.dk live.com
live.dk live.no live.se mac.com mail.com mail.dk mail.ru me.com msn.com ofir.dk outlook.com outlook.de outlook.dk
pm.me privat.dk proton.me protonmail.com rocketmail.com sol.dk stofanet.dk tdcadsl.dk tdcspace.dk tele.dk
tiscali.dk tuta.io tutanota.com wanadoo.dk web.de webspeed.dk yahoo.co.uk yahoo.com yahoo.de yahoo.dk yahoo.no
yahoo.se yandex.com yandex.ru ymail.com youmail.dk zoho.com
"""
PUBLIC_MAIL: Final = frozenset(_PROVIDERS.split())
"""Where anybody can have an address: providers that Danes use, and the large ones of the world."""

_DOMAIN: Final = re.compile(r"\.?(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+")
_WHAT_IT_IS: Final = re.compile(
    "(kommunes?)?(folke|hoved|central)?(bibliotekerne|biblioteker|biblioteket|bibliotek|bibl|bib)$|kommune$"
)


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

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True)
class Library:
    """A library by its number. `municipality` is a code, or None for a research library or another organisation.

    `domains` are the ends of addresses that prove that somebody works there: `library.dk` alone, or with a leading dot
    everything below it as well. `merged_into` is the number of the library that has taken over what this one was.
    `version` rises by one each time it is kept; 0 is a library as the profile states it.
    """

    id: str
    name: str
    municipality: str | None = None
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    certifications: tuple[Certified, ...] = ()
    merged_into: str | None = None
    version: int = 0

    def holding(self, on: date) -> Certified | None:
        """Return what counts on a day: the status begun last that has not ended."""
        return max((one for one in self.certifications if one.holds(on)), key=lambda one: one.since, default=None)

    def certification(self, on: date) -> Certification:
        """Return the status on a day: the one begun last that has not ended."""
        holding = self.holding(on)
        return holding.status if holding else Certification.NONE

    def timeline(self) -> tuple[Certified, ...]:
        """Return what counts from when until when, without overlap: where two overlap, the one begun last counts."""
        days = sorted({day for one in self.certifications for day in (one.since, one.until) if day is not None})
        counted: list[Certified] = []
        for day, following in zip_longest(days, days[1:]):
            if (holding := self.holding(day)) is None:
                continue
            if counted and counted[-1].until == day and counted[-1].status is holding.status:
                counted[-1] = replace(counted[-1], until=following)
            else:
                counted.append(Certified(holding.status, day, following))
        return tuple(counted)

    def with_certification(self, added: Certified) -> "Library":
        """Return the library with a status more, or corrected: one that begins on the same day is replaced."""
        others = [one for one in self.certifications if one.since != added.since]
        return replace(self, certifications=tuple(sorted([*others, added], key=lambda one: one.since)))

    def with_domains(self, added: Iterable[str]) -> "Library":
        """Return the library with domains more."""
        return replace(self, domains=tuple(dict.fromkeys((*self.domains, *added))))

    def spellings(self) -> frozenset[str]:
        """Return everything it goes by, as `spelling` writes it."""
        return frozenset(spelling(name) for name in (self.name, *self.aliases))

    def same_but_version(self, other: "Library") -> bool:
        """Whether two say the same of the library."""
        return replace(self, version=0) == replace(other, version=0)


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


class LibraryChangedMeanwhile(Refusal):
    """Somebody else kept a change of the library since it was read."""

    kind = "library-changed-meanwhile"
    status = 409
    message = N_("Somebody else has changed this library meanwhile. Look at both, and save again.")


class LibraryIsMerged(Refusal):
    """The library has become part of another one: `into` says which."""

    kind = "library-merged"
    status = 409
    message = N_("This library has become part of another one and cannot be changed.")


def faults(library: Library, *, before: Library | None = None) -> Iterator[Fault]:
    """Yield what is wrong with a library. Domains that stood there `before` are not asked again."""
    if not library.name.strip():
        yield Fault("name", N_("Write the library's name."))
    elif len(library.name) > LONGEST_NAME:
        yield Fault("name", N_("A name can be at most %(limit)s characters long."), {"limit": LONGEST_NAME})
    standing = before.domains if before else ()
    for at, domain in enumerate(library.domains):
        if domain not in standing and (fault := domain_fault(domain, f"domains.{at}")):
            yield fault
    yield from certification_faults(library.certifications)


def certification_faults(certifications: Sequence[Certified]) -> Iterator[Fault]:
    """Yield what is wrong with a history. Statuses may overlap: the one begun last counts while it lasts."""
    if len(certifications) > MOST_CERTIFICATIONS:
        yield Fault("certifications", N_("A history can have at most %(limit)s lines."), {"limit": MOST_CERTIFICATIONS})
    begun: set[date] = set()
    for at, one in enumerate(certifications):
        if one.until is not None and one.until <= one.since:
            yield Fault(f"certifications.{at}.until", N_("A status must end after the day it begins."))
        if one.since in begun:
            yield Fault(f"certifications.{at}.since", N_("Two statuses cannot begin on the same day."))
        begun.add(one.since)


def tidy_domain(typed: str) -> str:
    """Return a domain as it is kept: what stands after the @, in small letters and ASCII (RFC 5891) where it can be."""
    domain = typed.strip().lower().rpartition("@")[2].rstrip(".")
    try:
        return domain.encode("idna").decode() if not domain.isascii() else domain
    except UnicodeError:
        return domain


def domain_fault(domain: str, field: str) -> Fault | None:
    """Return why a domain proves nothing, if so."""
    plain = domain.removeprefix(".")
    if len(domain) > 250 or not _DOMAIN.fullmatch(domain):
        return Fault(field, N_("This is not a domain. It should look like library.dk."))
    if any(plain == public or plain.endswith(f".{public}") for public in PUBLIC_MAIL):
        return Fault(
            field, N_("Anybody can have an address at %(domain)s: it does not prove a workplace."), {"domain": plain}
        )
    return None


def mergeable(library: Library, into: Library) -> None:
    """Raise a refusal unless the one may become part of the other: never of itself, nor of what is merged itself.

    So a chain of mergers always ends, at a library that stands.
    """
    if library.id == into.id:
        raise Invalid(Fault("into", N_("A library cannot become part of itself.")))
    if library.merged_into is not None:
        raise LibraryIsMerged(into=library.merged_into)
    if into.merged_into is not None:
        raise Invalid(
            Fault(
                "into",
                N_("%(name)s has become part of another library itself. Choose that one."),
                {"name": into.name},
            )
        )


def spelling(name: str) -> str:
    """Return what the spellings of a library's name have in common.

    Case, blanks and hyphens go, å and aa are one (Retskrivningsordbogen § 3), and so does the word for library.
    """
    letters = unicodedata.normalize("NFC", name).casefold().replace("å", "aa")
    plain = re.sub(r"[\W_]", "", letters)
    return _WHAT_IT_IS.sub("", plain) or plain
