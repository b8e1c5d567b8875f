"""What all bodies of the API are made of."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from shared import addresses, free_text
from shared.gatherings.model import YEARS

D = TypeVar("D", bound=date)


def within_reason(day: D) -> D:
    """Refuse days and moments that nothing can be planned for."""
    if day.year not in YEARS:
        raise PydanticCustomError("out_of_reach", "out of reach", {"first": YEARS[0], "last": YEARS[-1]})
    return day


def sendable(typed: str) -> str:
    """Return an address as mail needs it; refuse what is none."""
    if (address := addresses.sendable(typed)) is None:
        raise PydanticCustomError("not_an_address", "not an address")
    return address


def tidy(text: Mapping[str, str]) -> dict[str, str]:
    """Return a text without the languages in which nothing is said."""
    tidied = {language: free_text.tidy(said) for language, said in text.items()}
    return {language: said for language, said in tidied.items() if said}


Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
"""By its two letters, ISO 639-1."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Text = dict[Language, Annotated[str, Field(max_length=20_000)]]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Day = Annotated[date, AfterValidator(within_reason)]
Moment = Annotated[AwareDatetime, AfterValidator(within_reason)]
Goals = Annotated[list[Annotated[int, Field(ge=1, le=17)]], Field(max_length=17)]
CertificateShare = Annotated[int, Field(ge=1, le=100)]
Seats = Annotated[int, Field(ge=1, le=100_000)]


class Wire(BaseModel):
    """Base of all bodies. A field that nobody knows is an error: a misspelt one must not pass unnoticed."""

    # Each request needs few of the bodies: one is made ready when it is first read.
    model_config = ConfigDict(extra="forbid", defer_build=True)
