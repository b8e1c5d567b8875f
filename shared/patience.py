"""How long something is tried that others may be doing at the same moment."""

import random
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from shared.refusals import StoreUnavailable

PATIENCE: Final = timedelta(seconds=5)
"""How long a busy store is tried before the caller is told to come back."""


def tries(patience: timedelta = PATIENCE) -> Iterator[None]:
    """Yield once for each try, with full jitter between, and raise StoreUnavailable when patience is at an end.

    The second try comes at once: it knows what the first one had to guess. After that others are in the way, and who
    waits longer gets through sooner than who knocks again and again.
    """
    deadline = time.monotonic() + patience.total_seconds()
    ceiling = 0.0
    while time.monotonic() < deadline:
        yield
        time.sleep(random.uniform(0, ceiling))  # noqa: S311 (jitter, not a secret)
        ceiling = min(max(ceiling * 2, 0.05), 0.4)
    raise StoreUnavailable
