"""What documents are received with."""

from functools import cache

from shared.bootstrap.aws import client
from shared.buckets import origin
from shared.config import WebSettings
from shared.documents.ports import Arrivals
from shared.documents.s3 import BucketArrivals
from shared.documents.service import Receiving


@cache
def arrivals() -> Arrivals:
    """Return where files arrive."""
    return BucketArrivals(client("s3"), WebSettings.read().files_bucket)


@cache
def store_origin() -> str:
    """Return where browsers send files to, and have them from."""
    return origin(client("s3"), WebSettings.read().files_bucket)


def receiving(owner: str) -> Receiving:
    """Return what it takes to receive documents for something of ours, by its id."""
    return Receiving(arrivals(), owner)
