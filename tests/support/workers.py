"""Which tests go to the same worker, when there are several: a file's, and a folder's that share something dear."""

from typing import Any, Final

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER: Final = ("tests/e2e/", "tests/infra/")
"""A deployed copy, and synthesised templates: made once for all tests of the folder."""

LONGEST: Final = "tests/e2e/"
"""What keeps one worker busy about as long as the others have with all the rest: begun later, it would end later."""


def longest_first(items: list[pytest.Item]) -> None:
    """Put first what takes longest."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


class ByWhatIsShared(LoadScopeScheduling):  # type: ignore[misc]
    """Hands out tests by folder or file. (`--dist=loadgroup` of pytest-xdist 3.8 does nothing under pytest 9.2.)"""

    def __init__(self, config: pytest.Config, log: Any) -> None:
        # Its own order is by the number of tests, which says little of how long they take.
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid.partition("::")[0])
