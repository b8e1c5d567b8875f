"""The web app and the functions, each at a moment that stands still."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from shared.roles import Role
from tests.support.clock import Clock
from tests.support.sign_in import Pool

if TYPE_CHECKING:
    from tests.support.busy_desk import BusyDesk
    from tests.support.memory_people import InMemoryAccounts
    from tests.support.sign_in import ManagedLoginPages
    from tests.support.site import Site


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time that entry points see."""
    from tests.support.site import rule

    clock = Clock()
    rule(clock, monkeypatch)
    return clock


@pytest.fixture
def pool(clock: Clock) -> Pool:
    return Pool(now=clock.now)


@pytest.fixture
def accounts(pool: Pool) -> "InMemoryAccounts":
    """Those who may sign in."""
    from tests.support.site import a_coordinator_and_another

    return a_coordinator_and_another(pool)


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
    from tests.support.site import opened

    with opened(clock, pool, accounts, managed_login, monkeypatch) as site:
        yield site


@pytest.fixture
def editor(site: "Site") -> "Site":
    """An editor's program."""
    return site.signed_in(Role.EDITOR)


@pytest.fixture
def desk(site: "Site") -> "Site":
    """An editor's browser."""
    return site.at_the_desk(Role.EDITOR)


@pytest.fixture(scope="module")
def busy(_aws: None) -> Iterator["BusyDesk"]:
    """A coordinators' desk with something for every page to show, for all tests of a module."""
    from tests.support.aws import empty
    from tests.support.busy_desk import BusyDesk
    from tests.support.sign_in import ManagedLoginPages
    from tests.support.site import a_coordinator_and_another, opened

    empty()
    clock, pool = Clock(), Pool()
    people = a_coordinator_and_another(pool)
    with (
        pytest.MonkeyPatch.context() as patch,
        opened(clock, pool, people, ManagedLoginPages(pool), patch) as site,
    ):
        yield BusyDesk(site, people)
