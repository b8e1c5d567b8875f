"""A refusal is a business no: typed, with a sentence that is safe to show, and never a fault to retry.

The sentence is a gettext message id in English. It is translated where it is shown, so that rules stay free of
languages. `N_` marks it for extraction.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


def N_(message: str) -> str:
    """Mark a sentence for the catalogues."""
    return message


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with what somebody filled in.

    `field` is the path in the request (`participants.0.email`); `values` fill the sentence's `%(name)s` places.
    """

    field: str
    message: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)


class Refusal(Exception):
    """Base of every business no. `kind` becomes the problem type's last part and never changes; `status` is HTTP's."""

    kind: ClassVar[str]
    status: ClassVar[int]
    message: ClassVar[str]

    def __init__(self, **details: object) -> None:
        super().__init__(self.kind)
        self.details = details

    @property
    def retry_after(self) -> int | None:
        """After how many seconds another try may go better, if that is known."""
        seconds = self.details.get("retry_after")
        return seconds if isinstance(seconds, int) else None


class Invalid(Refusal):
    """What was filled in breaks one or more rules; each fault names its field."""

    kind = "invalid"
    status = 422
    message = N_("Some of what you filled in needs to be corrected.")

    def __init__(self, *faults: Fault) -> None:
        super().__init__()
        self.faults = faults


class NotFound(Refusal):
    """There is nothing at this address."""

    kind = "not-found"
    status = 404
    message = N_("We could not find what you are looking for.")


class StoreUnavailable(Exception):
    """The store stayed busy or away past the retry budget. Nothing was kept; the same request is safe to send again."""
