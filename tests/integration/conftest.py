"""The web app and the functions, each at a moment that stands still."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.support.clock import Clock
from tests.support.sign_in import Pool

if TYPE_CHECKING:
    from tests.support.site import Site


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time that entry points see."""
    import chalicelib.visit
    from shared.bootstrap import web

    clock = Clock()
    monkeypatch.setattr(chalicelib.visit, "utcnow", clock)
    monkeypatch.setattr(web, "utcnow", clock)
    return clock


@pytest.fixture
def pool(clock: Clock) -> Pool:
    return Pool(now=clock.now)


@pytest.fixture
def site(table: None, clock: Clock, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> Iterator["Site"]:
    from shared.bootstrap import web
    from shared.tokens import TokenReader
    from tests.support.aws import ENVIRONMENT
    from tests.support.site import Site, forget

    reader = TokenReader(
        issuer=ENVIRONMENT["TOKEN_ISSUER"],
        keys_url=ENVIRONMENT["TOKEN_KEYS_URL"],
        client_id=ENVIRONMENT["TOKEN_CLIENT_ID"],
        fetch=lambda url: pool.keys(),
    )
    monkeypatch.setattr(web, "tokens", lambda: reader)
    forget()
    yield Site(clock, pool=pool)
    forget()
