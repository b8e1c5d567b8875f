"""What is left when a registration is deleted: a count that names nobody.

Whether it was somebody's first is known only while the earlier ones are. So a registration that goes leaves *marks* on
the same person's later ones: not what it was, only what they are no longer the first of.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

EVER: Final = "ever"


@dataclass(frozen=True, slots=True)
class Participation:
    """One registration of somebody, as far as it is counted. `attended` is None where nobody noted it.

    `took_part` says whether it makes the person's later ones no longer the first; one that was cancelled does not.
    `marks` are what the person's deleted earlier ones left.
    """

    gathering_id: str
    programme: str | None
    year: int
    library: str
    role: str
    status: str
    attended: bool | None = None
    took_part: bool = True
    marks: frozenset[str] = field(default_factory=frozenset)

    @property
    def leaves(self) -> frozenset[str]:
        """The marks that the person's later registrations are given when this one is deleted."""
        return self.marks | self._own if self.took_part else self.marks

    @property
    def _own(self) -> frozenset[str]:
        programme = {_in_programme(self.programme)} if self.programme else set[str]()
        return frozenset({EVER, _in_year(self.year)} | programme)


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One registration without the person: what is counted for good."""

    gathering_id: str
    library: str
    role: str
    status: str
    attended: bool | None
    first_ever: bool
    first_in_programme: bool
    first_in_year: bool


def tombstone(one: Participation, earlier: Iterable[Participation]) -> Tombstone:
    """Return what is left of a registration. `earlier` are those of the same person that have not been deleted.

    One that took no part is nobody's first, and neither is one outside programmes the first in a programme.
    """
    before = one.marks.union(*(other.leaves for other in earlier))
    in_programme = None if one.programme is None else _in_programme(one.programme)
    return Tombstone(
        gathering_id=one.gathering_id,
        library=one.library,
        role=one.role,
        status=one.status,
        attended=one.attended,
        first_ever=one.took_part and EVER not in before,
        first_in_programme=one.took_part and in_programme is not None and in_programme not in before,
        first_in_year=one.took_part and _in_year(one.year) not in before,
    )


def _in_programme(programme: str) -> str:
    return f"programme-{programme}"


def _in_year(year: int) -> str:
    return f"year-{year}"
