"""What deletes when the time is over."""

from datetime import datetime
from functools import cache

from shared.bootstrap.aws import client, open_table
from shared.config import DeleteExpiredSettings
from shared.erasure.dynamo import DynamoPersonalRows
from shared.erasure.ports import Kept
from shared.gatherings.dynamo import DynamoGatheringStore
from shared.network import Network, load
from shared.notices.dynamo import DynamoNoticeStore
from shared.programmes.dynamo import DynamoProgrammeStore
from shared.registration.dynamo import DynamoRegistrationStore
from shared.resources.dynamo import DynamoResourceStore
from shared.spreadsheets.dynamo import DynamoPreviewStore
from shared.webinars.dynamo import DynamoUploads, DynamoWebinarStore
from shared.webinars.s3 import BucketFiles
from shared.webinars.uploading import remove_left


@cache
def network() -> Network:
    """Return the profile."""
    return load()


def remove_left_files(now: datetime) -> int:
    """Remove files that belong to nothing any more, and return how many."""
    settings = DeleteExpiredSettings.read()
    open_table(settings)
    files = BucketFiles(client("s3"), settings.files_bucket)
    return remove_left(
        store=DynamoWebinarStore(),
        resources=DynamoResourceStore(),
        uploads=DynamoUploads(),
        files=files,
        now=now,
    )


@cache
def kept() -> Kept:
    """Return where all that is kept of people lies."""
    open_table(DeleteExpiredSettings.read())
    return Kept(
        DynamoGatheringStore(),
        DynamoProgrammeStore(),
        DynamoRegistrationStore(),
        DynamoNoticeStore(),
        DynamoPersonalRows(),
        DynamoPreviewStore(),
    )
