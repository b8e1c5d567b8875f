"""What editors work on resources with."""

from shared.bootstrap import web
from shared.resources.dynamo import DynamoResourceStore
from shared.resources.ports import Surroundings


def around() -> Surroundings:
    """Return what it takes to change resources."""
    return Surroundings(DynamoResourceStore(), web.theme_store(), web.libraries(), web.network().languages)
