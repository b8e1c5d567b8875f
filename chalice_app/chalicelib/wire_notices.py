"""JSON of notices as the public API takes it. What each field means stands in the use case."""

from typing import Annotated

from pydantic import Field

from chalicelib.wire import Line, Wire


class InterestBody(Wire):
    """An address to be told when its owner can register."""

    email: Line
    library: Annotated[str, Field(max_length=20)] = ""
    role: Annotated[str, Field(max_length=20)] = ""
