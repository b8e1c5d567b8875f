"""Build steps: what is not written by hand lies in `.build`, and is made anew only when needed."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
BUILD: Final = ROOT / ".build"
