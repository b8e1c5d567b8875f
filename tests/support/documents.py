"""Files of every kind that can come here, made as small as they can be, and where they arrive, in memory."""

import io
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from shared.documents.model import DOCX, JPEG, ODP, ODS, ODT, PDF, PNG, PPTX, XLSX, Document
from shared.documents.ports import Arrived
from tests.support import aws
from tests.support.memory_webinars import InMemoryFiles


def archive(*names: str, mimetype: str = "") -> bytes:
    """Return an archive of files with these names; one of OpenDocument says first which type it is."""
    made = io.BytesIO()
    with ZipFile(made, "w") as files:
        if mimetype:
            files.writestr("mimetype", mimetype, ZIP_STORED)
        for name in names:
            files.writestr(name, "<xml/>", ZIP_DEFLATED)
    return made.getvalue()


def office(part: str, *more: str) -> bytes:
    """Return a file of Office with this part."""
    return archive("[Content_Types].xml", part, *more)


CONTENTS: Final[Mapping[str, bytes]] = {
    PDF: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    PNG: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    JPEG: b"\xff\xd8\xff\xe0\0\x10JFIF",
    DOCX: office("word/document.xml"),
    PPTX: office("ppt/presentation.xml"),
    XLSX: office("xl/workbook.xml"),
    **{type: archive("content.xml", mimetype=type) for type in (ODT, ODP, ODS)},
}


def put(url: str, content: bytes) -> None:
    """Do as a browser does with a link."""
    key = urlsplit(url).path.removeprefix("/").removeprefix(f"{aws.FILES}/")
    aws.client("s3").put_object(Bucket=aws.FILES, Key=key, Body=content)


class InMemoryArrivals:
    """Where files arrive, in memory, beside those that are kept."""

    def __init__(self, files: InMemoryFiles) -> None:
        self._files = files
        self.arrived: dict[str, bytes] = {}

    def link(self, key: str, size: int) -> str:
        return f"https://store.example.org/{key}?size={size}"

    def put(self, key: str, content: bytes) -> None:
        self.arrived[key] = content

    def find(self, key: str) -> Arrived | None:
        content = self.arrived.get(key)
        return None if content is None else Arrived(len(content), str(hash(content)), io.BytesIO(content))

    def keep(self, key: str, arrived: Arrived, document: Document) -> None:
        assert str(hash(self.arrived[key])) == arrived.mark, "what was looked into is what is kept"
        self._files.put(document.file, self.arrived[key], document.type)

    def look(self, document: Document) -> str:
        return f"https://store.example.org/{document.file}"
