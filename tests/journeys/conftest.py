"""The world that all journeys are made in."""

import pytest

from tests.support.world import World


@pytest.fixture
def world(request: pytest.FixtureRequest, table: None) -> World:
    return World(getattr(request, "param", None))
