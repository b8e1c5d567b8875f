"""What all tests share: no network where none belongs, few examples where a rule needs many, AWS in process."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from tests.support.clock import Sleep

if TYPE_CHECKING:
    from tests.support.workers import ByWhatIsShared

# Powertools reads these when it is imported, as Lambda sets them before.
os.environ.setdefault("POWERTOOLS_SERVICE_NAME", "test")
os.environ.setdefault("POWERTOOLS_METRICS_NAMESPACE", "Tovholder")

OFFLINE = frozenset({"unit", "contract", "journeys", "architecture"})

settings.register_profile(
    "tovholder", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("tovholder")


def pytest_sessionstart() -> None:
    # Before tests are collected: some say at once what they will look for, and what is read is remembered.
    from infra.build import catalogues, fonts

    catalogues.compile_all()
    fonts.bring()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    from tests.support.workers import longest_first

    here = Path(__file__).parent
    for item in items:
        if item.path.relative_to(here).parts[0] in OFFLINE:
            item.add_marker(pytest.mark.disable_socket)
    longest_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "ByWhatIsShared":
    from tests.support.workers import ByWhatIsShared

    return ByWhatIsShared(config, log)


@pytest.fixture(scope="session")
def _aws() -> Iterator[None]:
    from tests.support.aws import simulated

    with simulated():
        yield


@pytest.fixture
def table(_aws: None) -> None:
    """An empty table, behind the real storage modules."""
    from tests.support.aws import empty

    empty()


@pytest.fixture
def sleep(monkeypatch: pytest.MonkeyPatch) -> Sleep:
    """Patience that costs no time, everywhere."""
    from shared.table import patiently

    sleeping = Sleep()
    assert patiently.__kwdefaults__ is not None
    monkeypatch.setitem(patiently.__kwdefaults__, "sleep", sleeping)
    monkeypatch.setitem(patiently.__kwdefaults__, "monotonic", sleeping.monotonic)
    return sleeping
