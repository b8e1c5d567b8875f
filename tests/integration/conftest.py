"""The web app and the functions, each at a moment that stands still."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from shared.people.model import Person
from shared.roles import Role
from tests.support.clock import Clock
from tests.support.sign_in import Pool

if TYPE_CHECKING:
    from tests.support.memory_people import InMemoryAccounts
    from tests.support.sign_in import ManagedLoginPages
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
def accounts(pool: Pool) -> "InMemoryAccounts":
    """Those who may sign in: the pool's one person, and another coordinator."""
    from tests.support.memory_people import InMemoryAccounts
    from tests.support.sign_in import EMAIL

    coordinator = frozenset({Role.COORDINATOR})
    return InMemoryAccounts(
        Person(pool.subject, EMAIL, coordinator), Person("another", "en-anden@example.org", coordinator)
    )


@pytest.fixture
def managed_login(pool: Pool) -> "ManagedLoginPages":
    """Cognito's pages."""
    from tests.support.sign_in import ManagedLoginPages

    return ManagedLoginPages(pool)


@pytest.fixture
def site(
    table: None,
    clock: Clock,
    pool: Pool,
    accounts: "InMemoryAccounts",
    managed_login: "ManagedLoginPages",
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator["Site"]:
    from shared.bootstrap import web
    from shared.logins.cognito import ManagedLogin
    from shared.tokens import TokenReader
    from tests.support.aws import ENVIRONMENT
    from tests.support.site import Site, forget

    reader = TokenReader(
        issuer=ENVIRONMENT["TOKEN_ISSUER"],
        keys_url=ENVIRONMENT["TOKEN_KEYS_URL"],
        client_id=ENVIRONMENT["TOKEN_CLIENT_ID"],
        fetch=lambda url: pool.keys(),
    )
    base = ENVIRONMENT["BASE_URL"]
    door = ManagedLogin(
        url=ENVIRONMENT["SIGN_IN_URL"],
        client_id=ENVIRONMENT["TOKEN_CLIENT_ID"],
        callback=f"{base}/tovholder/login/callback",
        goodbye=f"{base}/",
        post=managed_login.post,
    )
    monkeypatch.setattr(web, "tokens", lambda: reader)
    monkeypatch.setattr(web, "door", lambda: door)
    monkeypatch.setattr(web, "people", lambda: accounts)
    forget()
    yield Site(clock, pool=pool)
    forget()
