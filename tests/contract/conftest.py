"""Every test that asks for `stores` runs on the fakes and on the table."""

import pytest

from tests.support.stores import KINDS, Desk, Stores


@pytest.fixture(params=KINDS)
def stores(request: pytest.FixtureRequest) -> Stores:
    if request.param == "dynamo":
        request.getfixturevalue("table")
    return KINDS[request.param]()


@pytest.fixture
def desk(stores: Stores) -> Desk:
    return Desk(stores)
