"""Certificates on paper: what one says, and how it is set."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from shared.certificates.sheet import Sheet

_INK: Final = "#1a1a1a"
_QUIET: Final = "#595959"
_HAIRLINE: Final = "#d0d0d0"

# In millimetres, from the top left corner of the page.
_BAND: Final = 9
_PAGE_HEIGHT: Final = 210
_LEFT: Final = 34
_WIDTH: Final = 229
_LABELS: Final = 40
_TOP: Final = 22
_BODY_ENDS: Final = 162
_FOOT: Final = 168
_FOOT_ENDS: Final = 196


@dataclass(frozen=True, slots=True)
class Printed:
    """What a certificate says, in words of its language, ready to be set."""

    language: str
    """Of all that is said (BCP 47)."""
    title: str
    name: str
    statement: str
    """What is between name and gathering: `har deltaget i`."""
    gathering: str
    rows: tuple[tuple[str, str], ...]
    """Labels and what they are of."""
    issued: str
    """When and by whom, in a sentence."""
    issuer: str
    """The network's name: it heads the page, and is the author of the file."""
    verify: str
    """How to find out whether it is genuine, in a sentence that the address follows."""
    url: str
    accent: str
    """`#rrggbb`, readable on white."""


def render(printed: Printed) -> bytes:
    """Return a PDF (ISO 32000-1) of one page: the same bytes for the same words.

    Long texts are broken into lines, and what then finds no room is set smaller as a whole. No text raises.
    """
    from shared.certificates.sheet import Sheet

    title = f"{printed.title}: {printed.gathering}"
    scale = 1.0
    while True:
        with Sheet(language=printed.language, title=title, author=printed.issuer) as sheet:
            if _set(sheet, printed, scale):
                return sheet.file()
        scale *= 0.9


def _set(sheet: "Sheet", printed: Printed, scale: float) -> bool:
    """Set everything at a scale, and return whether it found room."""
    sheet.bar(0, 0, _BAND, _PAGE_HEIGHT, colour=printed.accent)
    sheet.bar(_LEFT, _FOOT, _WIDTH, 0.2, colour=_HAIRLINE)
    body = _set_body(sheet, printed, scale)
    foot = _set_foot(sheet, printed, scale)
    return body <= _BODY_ENDS and foot <= _FOOT_ENDS


def _set_body(sheet: "Sheet", printed: Printed, scale: float) -> float:
    put = partial(sheet.put, x=_LEFT, width=_WIDTH)
    y = put(printed.issuer, y=_TOP, size=12 * scale, colour=_QUIET, bold=True)
    y = put(printed.title, y=y + 10 * scale, size=34 * scale, colour=printed.accent, bold=True, tag="H1")
    y = put(printed.name, y=y + 10 * scale, size=26 * scale, colour=_INK, bold=True)
    y = put(printed.statement, y=y + 2 * scale, size=13 * scale, colour=_QUIET)
    y = put(printed.gathering, y=y + 2 * scale, size=18 * scale, colour=_INK, bold=True)
    y += 8 * scale
    for label, value in printed.rows:
        ends = put(label, y=y, width=_LABELS - 4, size=12 * scale, colour=_QUIET)
        y = max(ends, put(value, x=_LEFT + _LABELS, y=y, width=_WIDTH - _LABELS, size=12 * scale, colour=_INK))
        y += 1.5 * scale
    return y


def _set_foot(sheet: "Sheet", printed: Printed, scale: float) -> float:
    put = partial(sheet.put, x=_LEFT, width=_WIDTH)
    y = put(printed.issued, y=_FOOT + 4 * scale, size=12 * scale, colour=_INK)
    y = put(printed.verify, y=y + 2 * scale, size=10 * scale, colour=_QUIET)
    return put(printed.url, y=y, size=10 * scale, colour=printed.accent, tag="Link", link=printed.url)
