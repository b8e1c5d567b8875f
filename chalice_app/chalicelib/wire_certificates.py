"""JSON of certificates as the coordinator API takes it."""

from typing import Annotated

from pydantic import Field

from chalicelib.wire import Wire


class IssueBody(Wire):
    """The gathering whose people are to have their certificates."""

    gathering: Annotated[str, Field(max_length=64)]
