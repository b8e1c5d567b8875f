"""A page of ours on another site: the lines that show it there."""

from html import escape
from typing import Final

HEIGHT: Final = 700
"""What a page needs to be read without much scrolling, in pixels."""


def link(address: str, words: str) -> str:
    """Return a plain link, which every site lets through."""
    return f'<a href="{escape(address)}">{escape(words)}</a>'


def frame(address: str, words: str, *, width: str = "100%", height: int = HEIGHT) -> str:
    """Return a frame; where frames are taken out, the link is left. `width` as HTML has it, `height` in pixels."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(words)}" width="{width}" height="{height}" loading="lazy" '
        f"allowfullscreen>{link(address, words)}</iframe>"
    )
