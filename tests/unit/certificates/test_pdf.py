"""A certificate on paper says everything on one page, to eyes and to ears, whatever people are called."""

import io
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given, strategies as st
from pypdf import PdfReader

from shared.certificates.pdf import Printed, render

PRINTED: Final = Printed(
    language="da",
    title="Deltagerbevis",
    name="Łukasz Øster",
    statement="har deltaget i",
    gathering="Læselyst i børnehøjde",
    rows=(("Tid", "23. marts 2027"), ("Omfang", "6 timer"), ("Nummer", "7KQ4-M2ZD")),
    issued="Udstedt 24. marts 2027 af Bibliotekernes net",
    issuer="Bibliotekernes net",
    verify="Se, om beviset er ægte:",
    url="https://tovholder.example.org/bevis/7KQ4-M2ZD",
    accent="#1c5f4a",
)
SAID: Final = (
    *(PRINTED.issuer, PRINTED.title, PRINTED.name, PRINTED.statement, PRINTED.gathering),
    *(word for row in PRINTED.rows for word in row),
    *(PRINTED.issued, PRINTED.verify, PRINTED.url),
)
ANY_TEXT: Final = st.text(st.characters(), max_size=60)


def read(printed: Printed) -> PdfReader:
    return PdfReader(io.BytesIO(render(printed)), strict=True)


def text(printed: Printed) -> str:
    [page] = read(printed).pages
    return " ".join(page.extract_text().split())


def catalogue(file: PdfReader) -> Any:
    return file.root_object


def tags(file: PdfReader) -> list[str]:
    [document] = catalogue(file)["/StructTreeRoot"]["/K"]
    return [element.get_object()["/S"] for element in document.get_object()["/K"]]


def test_the_page_says_everything_in_the_order_in_which_it_is_read() -> None:
    assert text(PRINTED) == " ".join(SAID)


def test_the_file_says_its_language_and_what_and_whose_it_is() -> None:
    file = read(PRINTED)

    assert file.metadata is not None
    assert file.metadata.title == "Deltagerbevis: Læselyst i børnehøjde"
    assert file.metadata.author == "Bibliotekernes net"
    assert catalogue(file)["/Lang"] == "da"
    assert catalogue(file)["/ViewerPreferences"]["/DisplayDocTitle"]


def test_each_text_is_tagged_and_the_title_is_the_heading() -> None:
    file = read(PRINTED)
    [page] = file.pages
    content = page.get_contents()

    assert tags(file) == ["/P", "/H1", *["/P"] * (len(SAID) - 3), "/Link"]
    assert content is not None
    drawn = content.get_data().split(b"EMC")
    assert all(b" BDC" in part or b"/Artifact BMC" in part for part in drawn[:-1])
    assert b"Tj" not in drawn[-1]


def test_the_address_can_be_followed() -> None:
    [page] = read(PRINTED).pages

    [link] = page.annotations or []

    assert link.get_object()["/A"]["/URI"] == PRINTED.url


@pytest.mark.parametrize(
    "long",
    [
        replace(PRINTED, name="Deltager " * 200),
        replace(PRINTED, gathering="Læselyst" * 500),
        replace(PRINTED, rows=(("Verdensmål " * 20, "Klimaindsats, " * 200),) * 9),
        replace(PRINTED, verify="Se, om beviset er ægte. " * 200),
    ],
    ids=["name", "one word", "rows", "sentence"],
)
def test_long_texts_stay_whole_and_on_the_page(long: Printed) -> None:
    [page] = read(long).pages
    ends: list[float] = []

    said = page.extract_text(visitor_text=lambda text, _, at, *__: ends.append(at[5]) if text.strip() else None)

    expected = (long.name, long.gathering, *long.rows[-1], long.verify, long.url)
    assert all("".join(one.split()) in "".join(said.split()) for one in expected)
    assert min(ends) > page.mediabox.bottom


@pytest.mark.parametrize(
    ("name", "set_as"),
    [
        ("Łukasz Øster", "Łukasz Øster"),
        ("Ґалина Șöğüş", "Ґалина Șöğüş"),
        ("Zoe\u0308 A\u030angstro\u0308m", "Zoë Ångström"),
        ("Ǧ\u0301", "G"),
        ("王 Wang", "? Wang"),
        ("Fest 🎉 i morgen", "Fest i morgen"),
        ("to\nlinjer\t\x00\u200b", "to linjer"),
        ("{nb} **fed** __skrå__", "{nb} **fed** __skrå__"),
    ],
)
def test_letters_that_are_not_there_are_replaced_and_nobody_is_told_of_them(
    name: str, set_as: str, caplog: pytest.LogCaptureFixture
) -> None:
    printed = replace(PRINTED, name=name, gathering=name)

    assert text(printed) == " ".join(SAID).replace(PRINTED.name, set_as).replace(PRINTED.gathering, set_as)
    assert caplog.text == ""


@given(words=ANY_TEXT, others=ANY_TEXT)
def test_any_text_can_be_set(words: str, others: str) -> None:
    printed = Printed(
        language="da",
        title=others,
        name=words,
        statement=others,
        gathering=words,
        rows=((words, others), (others, words)),
        issued=words,
        issuer=others,
        verify=words,
        url=PRINTED.url,
        accent=PRINTED.accent,
    )

    [page] = read(printed).pages

    assert PRINTED.url in page.extract_text()


def test_the_same_words_make_the_same_file_which_tells_no_time() -> None:
    file = render(PRINTED)

    assert render(PRINTED) == file
    assert b"Date" not in file
