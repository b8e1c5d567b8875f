"""Draws the picture that stands beside a link to us in a social network: these take no SVG."""

import subprocess
import textwrap
from html import escape
from pathlib import Path
from typing import Final

from infra.build import ROOT, node

SCRIPT: Final = Path(__file__).with_suffix(".mjs")
WIDTH: Final = 1200
HEIGHT: Final = 630
"""What the networks ask for, in pixels. The frame of all pages says it, too."""

LETTERS: Final = 26
"""How many letters of the name fit into a line."""


def beside_links(name: str, colour: str, *, mark: str, rope: str, font: Path) -> bytes:
    """Return a PNG with the network's name on its colour. `mark` and `rope` are drawings (SVG), `font` is TrueType."""
    lines = textwrap.wrap(name, LETTERS)
    said = "".join(
        f'<text x="80" y="{HEIGHT - 80 - 84 * below}">{escape(line)}</text>'
        for below, line in enumerate(reversed(lines))
    )
    return _drawn(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{colour}"/>'
        f"{_placed(rope, x=640, y=0, width=560, height=368)}{_placed(mark, x=80, y=80, width=120, height=120)}"
        f'<g fill="#fff" font-family="IBM Plex Sans" font-weight="600" font-size="68">{said}</g></svg>',
        font,
    )


def _placed(drawing: str, **where: int) -> str:
    said = " ".join(f'{name}="{value}"' for name, value in where.items())
    return drawing.replace("<svg ", f"<svg {said} ", 1)


def _drawn(svg: str, font: Path) -> bytes:
    command = [str(node.NODE), str(SCRIPT), str(font)]
    done = subprocess.run(
        command, cwd=ROOT, env=node.environment(), input=svg.encode(), stdout=subprocess.PIPE, check=True
    )
    return done.stdout
