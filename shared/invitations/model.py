"""An invitation, and how addresses are read that somebody has pasted."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shared.refusals import N_, Refusal

MOST: Final = 500
"""Addresses that can be invited at once."""

_PARTS: Final = re.compile(r"[,;\n\t]+")


@dataclass(frozen=True, slots=True)
class Invitation:
    """That an address was invited to a gathering. `person` is the address's keyed hash, as that of a registration."""

    id: str
    gathering_id: str
    email: str
    person: str
    language: str
    invited_at: datetime


def pasted(text: str) -> tuple[str, ...]:
    """Return the addresses in a text, each once in their order: between commas, semicolons, or on lines of their own.

    `Name <address>` is the address. What is none stays as it was written.
    """
    found: list[str] = []
    for part in _PARTS.split(text.replace("\r", "\n")):
        bracketed = re.search(r"<([^<>]+)>", part)
        words = part.split()
        if bracketed:
            found.append(bracketed.group(1).strip())
        elif words and all("@" in word for word in words):
            found += words
        elif words:
            found.append(" ".join(words))
    return tuple(dict.fromkeys(one.removeprefix("mailto:") for one in found))


class NobodyCanRegister(Refusal):
    """The gathering is not public, or registration is over: an invitation would lead nowhere."""

    kind = "nobody-can-register"
    status = 409
    message = N_("Nobody can sign up for this gathering now, so an invitation would lead nowhere.")
