"""What all bodies of the API are made of."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints


def within_reason(moment: datetime) -> datetime:
    """Refuse moments that no gathering can have: at the ends of time, other zones overflow."""
    if not 2000 <= moment.year < 2200:
        raise ValueError("out of reach")
    return moment


Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Text = dict[Annotated[str, Field(pattern=r"^[a-z]{2}$")], Annotated[str, Field(max_length=20_000)]]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Moment = Annotated[AwareDatetime, AfterValidator(within_reason)]
Seats = Annotated[int, Field(ge=1, le=100_000)]


class Wire(BaseModel):
    """Base of all bodies. A field that nobody knows is an error: a misspelt one must not pass unnoticed."""

    model_config = ConfigDict(extra="forbid")
