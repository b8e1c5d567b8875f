"""Which paths the edge answers from where. Pure data, so that whatever plays the edge can read it."""

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Behaviour:
    """A path pattern of CloudFront's, and the origin that answers it."""

    pattern: str
    origin: Literal["site", "api"]


BEHAVIOURS: Final = (Behaviour("/assets/*", "site"),)
DEFAULT: Final[Literal["site", "api"]] = "api"
