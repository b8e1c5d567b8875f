"""JSON of documents on their way and kept."""

from typing import Annotated, Any

from pydantic import Field

from chalicelib.wire import Text, Wire
from shared.documents.model import Document


class DocumentBody(Wire):
    """A file that is to be sent: its size in bytes."""

    size: int


class TitleBody(Wire):
    """A file that has been sent: what it is called."""

    title: Text


class FileBody(Wire):
    """A file that is kept, as it is given: the id tells which it is, and what else is said of it changes nothing."""

    id: Annotated[str, Field(max_length=64)]
    name: str | None = None
    type: str | None = None
    size: int | None = None


def begun(document_id: str, url: str) -> dict[str, Any]:
    """Return where a file is to be put."""
    return {"id": document_id, "url": url}


def file(document: Document | None) -> dict[str, Any] | None:
    """Return a file that is kept: what it is saved as, and its size in bytes."""
    if document is None:
        return None
    return {"id": document.id, "name": document.name, "type": document.type, "size": document.size}
