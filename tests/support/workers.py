"""Which tests go to the same worker, when there are several: a file's, and a folder's that share something dear."""

from typing import Final

from xdist.scheduler import LoadScopeScheduling

TOGETHER: Final = ("tests/e2e/", "tests/infra/")
"""A deployed copy, and synthesised templates: made once for all tests of the folder."""


class ByWhatIsShared(LoadScopeScheduling):  # type: ignore[misc]
    """Hands out tests by folder or file. (`--dist=loadgroup` of pytest-xdist 3.8 does nothing under pytest 9.2.)"""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid.partition("::")[0])
