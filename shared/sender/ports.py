"""What checking a sender needs of its surroundings."""

from collections.abc import Collection, Mapping
from typing import Protocol

from shared.sender.model import Answer, Identity, Question


class Names(Protocol):
    """The DNS."""

    def answers(self, questions: Collection[Question]) -> Mapping[Question, Answer]:
        """Return the answer to each question, within seconds. Who does not answer in time has not answered."""
        ...


class Identities(Protocol):
    """The domains that SES may send from."""

    def get(self, domain: str) -> Identity:
        """Return what SES knows of a domain now, however little it says."""
        ...
