"""Sample files of other products, copied from the field: true to format, invented in content."""

from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).parent.parent / "data"
