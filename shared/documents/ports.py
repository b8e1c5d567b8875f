"""What receiving documents needs of its surroundings."""

from dataclasses import dataclass
from typing import BinaryIO, Protocol

from shared.documents.model import Document


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that has come: its size in bytes, what tells it from another under the same key, and what is in it."""

    size: int
    mark: str
    content: BinaryIO


class Arrivals(Protocol):
    """Where files arrive, by key. What is not kept within a day is gone."""

    def link(self, key: str, size: int) -> str:
        """Return where a file of just so many bytes can be put, for a while."""
        ...

    def put(self, key: str, content: bytes) -> None: ...

    def find(self, key: str) -> Arrived | None:
        """Return what has come; None when nothing has."""
        ...

    def keep(self, key: str, arrived: Arrived, document: Document) -> None:
        """Copy what was found to where the document lies, to be downloaded from there."""
        ...

    def look(self, document: Document) -> str:
        """Return where a document can be downloaded, for a while."""
        ...
