"""What lets gatherings follow their programmes."""

from functools import cache

from shared.bootstrap.aws import open_table
from shared.config import FollowProgrammeSettings
from shared.gatherings.dynamo import DynamoGatheringStore
from shared.programmes.dynamo import DynamoProgrammeStore


@cache
def _settings() -> FollowProgrammeSettings:
    settings = FollowProgrammeSettings.read()
    open_table(settings)
    return settings


@cache
def programmes() -> DynamoProgrammeStore:
    """Return where programmes are kept."""
    _settings()
    return DynamoProgrammeStore()


@cache
def gatherings() -> DynamoGatheringStore:
    """Return where gatherings are kept."""
    _settings()
    return DynamoGatheringStore()
