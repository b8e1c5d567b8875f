"""How long something is tried that others may be doing at the same moment."""

import random
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from shared.refusals import StoreUnavailable

PATIENCE: Final = timedelta(seconds=5)
"""How long a busy store is tried before the caller is told to come back."""


def tries(patience: timedelta = PATIENCE) -> Iterator[timedelta]:
    """Yield for each try how long it has been going on, and raise StoreUnavailable when patience is at an end.

    The second try comes at once: it knows what the first one had to guess. After that others are in the way, and who
    pauses, with full jitter, gets through sooner than who knocks again and again.
    """
    began = time.monotonic()
    ceiling = 0.0
    while (elapsed := time.monotonic() - began) < patience.total_seconds():
        yield timedelta(seconds=elapsed)
        time.sleep(random.uniform(0, ceiling))  # noqa: S311 (jitter, not a secret)
        ceiling = min(ceiling * 2 or 0.03, 0.3)
    raise StoreUnavailable
