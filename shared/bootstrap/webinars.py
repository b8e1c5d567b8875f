"""What editors work on webinars with, and what looks into their recordings."""

from datetime import datetime
from functools import cache

from shared.bootstrap.aws import client, open_table
from shared.config import CheckRecordingSettings, TableSettings, WebSettings
from shared.network import load
from shared.webinars.dynamo import DynamoUploads, DynamoWebinarStore
from shared.webinars.ports import Files, Multipart, Surroundings, Uploads
from shared.webinars.s3 import BucketFiles, BucketMultipart
from shared.webinars.uploading import Checking, Uploading


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


@cache
def uploads() -> Uploads:
    """Return which recordings are on their way."""
    return DynamoUploads()


def uploading(now: datetime) -> Uploading:
    """Return what it takes to send a recording."""
    return Uploading(around(), uploads(), multipart(), now)


@cache
def multipart() -> Multipart:
    """Return where recordings arrive."""
    return BucketMultipart(client("s3"), WebSettings.read().files_bucket)


def checking(now: datetime, correlation_id: str) -> Checking:
    """Return what it takes to look into a recording."""
    # Only the function that does so has the layer for it.
    from shared.webinars.media import BucketPlayer

    bucket, s3 = CheckRecordingSettings.read().files_bucket, client("s3")
    files, player = BucketFiles(s3, bucket), BucketPlayer(s3, bucket)
    return Checking(around(), uploads(), files, player, now, correlation_id)
