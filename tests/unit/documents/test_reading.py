"""What a file is, is read from what stands in it."""

import io

import pytest

from shared.documents.model import ENDINGS, LARGEST, PDF, check_size, name_of
from shared.documents.reading import type_of
from shared.refusals import Invalid
from tests.support.documents import CONTENTS, archive, office


def test_there_is_one_of_every_kind_to_try() -> None:
    assert CONTENTS.keys() == ENDINGS.keys()


@pytest.mark.parametrize("type", CONTENTS)
def test_each_kind_is_known_by_what_stands_in_it(type: str) -> None:
    assert type_of(io.BytesIO(CONTENTS[type])) == type


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!doctype html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b"MZ\x90\0",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"just words",
        b" %PDF-1.7",
        b"PK\x03\x04 and then nothing of the kind",
        archive("index.html"),
        archive("[Content_Types].xml"),
        archive("word/document.xml"),
        archive("content.xml", mimetype="application/vnd.oasis.opendocument.text-template"),
        archive("[Content_Types].xml", "word/document.xml", "xl/workbook.xml"),
    ],
    ids=lambda content: repr(content[:9]),  # no more: an archive says when it was made
)
def test_anything_else_is_refused_with_what_to_do(content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        type_of(io.BytesIO(content))

    [fault] = refused.value.faults
    assert fault.field == "document"
    assert "Save it as PDF" in fault.message


@pytest.mark.parametrize(
    "content",
    [
        office("word/document.xml", "word/vbaProject.bin"),
        archive("content.xml", "Basic/script-lc.xml", mimetype="application/vnd.oasis.opendocument.text"),
    ],
)
def test_programs_in_a_file_are_refused_as_such(content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        type_of(io.BytesIO(content))

    assert "macros" in refused.value.faults[0].message


@pytest.mark.parametrize("size", [0, -1, LARGEST + 1])
def test_what_is_too_large_or_nothing_is_refused(size: int) -> None:
    with pytest.raises(Invalid) as refused:
        check_size(size)

    assert refused.value.faults[0].field == "document"


def test_it_is_saved_under_its_title() -> None:
    assert name_of("Slides på Ærø: 1/2", PDF) == "slides-paa-aeroe-1-2.pdf"
    assert name_of("…", PDF) == "document.pdf"
