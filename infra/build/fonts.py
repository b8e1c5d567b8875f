"""Brings the letters that certificates are set in from the design system to `shared/certificates/fonts`.

They are copied whole, with their licence, and not committed: npm's lock says which they are.
"""

import os
from typing import Final

from infra.build import ROOT, assets

SOURCE: Final = assets.DESIGN_SYSTEM / "fonts" / "IBMPlexSans" / "complete" / "ttf"
FONTS: Final = ROOT / "shared" / "certificates" / "fonts"
FILES: Final = ("IBMPlexSans-Regular.ttf", "IBMPlexSans-SemiBold.ttf", "license.txt")


def bring() -> None:
    """Copy what is not there yet, or is of another version."""
    assets.npm_install()
    FONTS.mkdir(exist_ok=True)
    for name in FILES:
        content, there = (SOURCE / name).read_bytes(), FONTS / name
        if there.exists() and there.read_bytes() == content:
            continue
        # At one stroke: another process may be reading.
        fresh = there.with_name(f".{name}.{os.getpid()}")
        fresh.write_bytes(content)
        fresh.replace(there)
