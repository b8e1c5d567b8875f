"""Documents on their way: they arrive, are looked into, and only then are kept."""

import re
from dataclasses import dataclass
from typing import Final

from shared.documents.model import ARRIVALS, DOCUMENTS, Document, check_size, name_of
from shared.documents.ports import Arrivals
from shared.documents.reading import type_of
from shared.ids import new_id
from shared.refusals import NotFound

_ID: Final = re.compile("[a-z2-7]{16}")


@dataclass(frozen=True, slots=True)
class Receiving:
    """What becomes of the files that are sent for something of ours, whose id is `owner`."""

    arrivals: Arrivals
    owner: str

    def begin(self, size: int) -> tuple[str, str]:
        """Return the id of a document of so many bytes that is to come, and where it is to be put. Raise Invalid."""
        check_size(size)
        document_id = new_id()
        return document_id, self.arrivals.link(self._arrives_at(document_id), size)

    def bring(self, content: bytes) -> str:
        """Let something arrive that has come with a form, and return the id of the document. Raise Invalid."""
        check_size(len(content))
        document_id = new_id()
        self.arrivals.put(self._arrives_at(document_id), content)
        return document_id

    def accept(self, document_id: str, title: str) -> Document:
        """Keep what has arrived, and return it; asked twice, it is kept once.

        Raise NotFound when nothing has arrived, and Invalid for what cannot be used here.
        """
        arrived = self.arrivals.find(self._arrives_at(document_id)) if _ID.fullmatch(document_id) else None
        if arrived is None:
            raise NotFound
        check_size(arrived.size)
        type = type_of(arrived.content)
        document = Document(f"{DOCUMENTS}{self.owner}/{document_id}", name_of(title, type), type, arrived.size)
        self.arrivals.keep(self._arrives_at(document_id), arrived, document)
        return document

    def _arrives_at(self, document_id: str) -> str:
        return f"{ARRIVALS}{self.owner}/{document_id}"
