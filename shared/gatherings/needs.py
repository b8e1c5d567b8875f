"""What somebody needs in order to take part. It may tell of health, so it is apart from all else and soon deleted."""

from dataclasses import dataclass
from typing import Final

from shared import free_text
from shared.refusals import Invalid

LONGEST: Final = 500
"""Characters of each."""


@dataclass(frozen=True, slots=True)
class Needs:
    """Diet, and accommodation: what makes it possible to take part. Either may be empty, not both."""

    diet: str = ""
    accommodation: str = ""


def stated(diet: str, accommodation: str) -> Needs | None:
    """Return what was stated, tidy; None if nothing was. Raise Invalid naming `needs.diet`, `needs.accommodation`."""
    needs = Needs(free_text.tidy(diet), free_text.tidy(accommodation))
    faults = [
        *free_text.faults("needs.diet", needs.diet, longest=LONGEST),
        *free_text.faults("needs.accommodation", needs.accommodation, longest=LONGEST),
    ]
    if faults:
        raise Invalid(*faults)
    return needs if needs != Needs() else None
