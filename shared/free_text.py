"""What people write in their own words: several lines, links and emoji are fine, numbers that identify them are not."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Final

from shared.refusals import N_, Fault

LOOKS_LIKE_CPR: Final = N_("This looks like a CPR number. Please take it out: we never need it.")

_CIVIL_REGISTRATION_NUMBER: Final = re.compile(
    r"(?<![0-9])([0-9]{2})([0-9]{2})([0-9]{2})\s?[-‐‑–]?\s?[0-9]{4}(?![0-9])"
)


def tidy(text: str) -> str:
    """Return the text in Unicode's normal form C, with one kind of line break and no blanks around its lines."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").split("\n")
    return "\n".join(line.strip(" \t") for line in lines).strip("\n")


def faults(field: str, text: str, *, longest: int) -> Iterator[Fault]:
    """Yield what is wrong with a tidy text, which stands in that field. `longest` is in characters."""
    if len(text) > longest:
        yield Fault(field, N_("This can be at most %(limit)s characters long."), {"limit": longest})
    elif any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text if letter not in "\n\t"):
        yield Fault(field, N_("Write this without control characters."))
    elif names_a_person(text):
        yield Fault(field, LOOKS_LIKE_CPR)


def by_language(field: str, text: Mapping[str, str], *, languages: Collection[str], longest: int) -> Iterator[Fault]:
    """Yield what is wrong with a text by language, which stands in that field, as `faults`."""
    for language, words in text.items():
        if language not in languages:
            yield Fault(f"{field}.{language}", N_("This network does not use that language."))
        yield from faults(f"{field}.{language}", words, longest=longest)


def names_a_person(text: str) -> bool:
    """Whether something in it looks like a Danish civil registration number (CPR): a date, DDMMYY, and four digits.

    The check digit tells nothing: numbers given since 2007 need not have one.
    """
    return any(_is_a_date(*map(int, found)) for found in _CIVIL_REGISTRATION_NUMBER.findall(text))


def _is_a_date(day: int, month: int, year: int) -> bool:
    try:
        # The century is not known; 2000 is the one whose first year was a leap year.
        date(2000 + year, month, day)
    except ValueError:
        return False
    return True
