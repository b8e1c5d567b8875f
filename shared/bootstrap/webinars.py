"""What editors work on webinars with."""

from functools import cache

from shared.bootstrap.aws import client, open_table
from shared.config import TableSettings, WebSettings
from shared.network import load
from shared.webinars.dynamo import DynamoWebinarStore
from shared.webinars.ports import Files, Surroundings
from shared.webinars.s3 import BucketFiles


@cache
def around() -> Surroundings:
    """Return what it takes to change webinars."""
    open_table(TableSettings.read())
    network = load()
    return Surroundings(DynamoWebinarStore(), network.languages, network.video.hosts, network.zone)


@cache
def files() -> Files:
    """Return where captions lie."""
    return BucketFiles(client("s3"), WebSettings.read().files_bucket)
