"""One page of paper as fpdf2 makes it, and what it leaves out: structure tags, a file without dates, any character.

The letters are IBM Plex Sans, as on the pages. `infra/build/fonts.py` brings them from the design system, whole and
unchanged: names come from all of Europe, and the licence (SIL OFL) lets nobody call a cut version Plex.

Importing fpdf2 takes a quarter of a second: import this module when something is printed.
"""

import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal, Self

with warnings.catch_warnings():
    # Pillow is for pictures, and left out by `pyproject.toml`: fpdf2 would say so at each start.
    warnings.simplefilter("ignore", UserWarning)
    from fpdf import FPDF
    from fpdf.fonts import TTFFont
    from fpdf.output import OutputProducer, PDFInfo
    from fpdf.prefs import ViewerPreferences

Tag = Literal["H1", "Link", "P"]
"""A standard structure type (ISO 32000-1, 14.8.4)."""

UNKNOWN: Final = "?"
"""Stands for a letter that neither the font nor its compatibility decomposition has."""

_FONTS: Final = Path(__file__).parent / "fonts"
_FAMILY: Final = "Plex"
_CUTS: Final = {"": "Regular", "B": "SemiBold"}
_LINE: Final = 1.3
"""The height of a line, in sizes of its letters."""


class Sheet(FPDF):
    """An A4 page in landscape (ISO 216), without margins. Lengths are in millimetres, sizes of letters in points.

    Everything on it is either tagged, in the order in which it is set, or an artifact (ISO 32000-1, 14.8.2.2). As a
    context it closes its fonts, which fpdf2 leaves open.
    """

    def __init__(self, *, language: str, title: str, author: str) -> None:
        super().__init__(orientation="landscape")
        for style, cut in _CUTS.items():
            self.add_font(_FAMILY, style, _FONTS / f"IBMPlexSans-{cut}.ttf")
        letters = set.intersection(*(set(font.cmap) for font in self._open_fonts()))
        self._letters = {code for code in letters if not unicodedata.combining(chr(code))}
        self.set_lang(language)
        self.set_title(self._known(title))
        self.set_author(self._known(author))
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.alias_nb_pages("")  # or `{nb}` in a text would become the number of pages
        self.set_margin(0)
        self.c_margin = 0
        self.set_auto_page_break(False)
        self.add_page()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for font in self._open_fonts():
            font.ttfont.close()

    def put(
        self,
        text: str,
        x: float,
        y: float,
        width: float,
        *,
        size: float,
        colour: str,
        bold: bool = False,
        tag: Tag = "P",
        link: str | None = None,
    ) -> float:
        """Set a text, broken into lines where it must be, and return where it ends below. No text raises."""
        self.set_font(_FAMILY, "B" if bold else "", size)
        self.set_text_color(colour)
        self.set_xy(x, y)
        # A marked sequence is a figure to fpdf2, and says so to whoever listens.
        with self._marked_sequence() as element:
            element.s = f"/{tag}"
            self.multi_cell(width, self.font_size * _LINE, self._known(text), align="L", link=link)
        return self.y

    def bar(self, x: float, y: float, width: float, height: float, *, colour: str) -> None:
        """Draw what is for eyes only."""
        self.set_fill_color(colour)
        with self._artifact():
            self.rect(x, y, width, height, style="F")

    def file(self) -> bytes:
        """Return the PDF: the same bytes for the same page."""
        return bytes(self.output(output_producer_class=_Undated))

    def file_id(self) -> None:
        """An id is optional (ISO 32000-1, 14.4), and fpdf2's is of the time."""

    def _open_fonts(self) -> list[TTFFont]:
        return [font for font in self.fonts.values() if isinstance(font, TTFFont)]

    @contextmanager
    def _artifact(self) -> Iterator[None]:
        self._out("/Artifact BMC")
        yield
        self._out("EMC")

    def _known(self, text: str) -> str:
        """Return the text on one line, in characters that the font has.

        Accents are composed (Unicode, NFC): nothing here sets one above a letter. Of a character that is not there its
        base is taken (NFKD), and signs that are no letters are left out: `Ǧ` becomes `G`, and an emoji nothing.
        """
        words = ("".join(map(self._nearest, word)) for word in unicodedata.normalize("NFC", text).split())
        return " ".join(filter(None, words))

    def _nearest(self, character: str) -> str:
        if ord(character) in self._letters:
            return character
        parts = unicodedata.normalize("NFKD", character)
        return "".join(part for part in parts if ord(part) in self._letters) or UNKNOWN * character.isalnum()


class _Undated(OutputProducer):
    def _add_info(self) -> PDFInfo:
        info = super()._add_info()
        del info.creation_date
        return info
