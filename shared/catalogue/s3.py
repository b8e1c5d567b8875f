"""The site's bucket, and the cache in front of it."""

import hashlib
import json
import time
from collections.abc import Iterable, Mapping
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from shared.catalogue.model import INDEX
from shared.catalogue.ports import Copy, Entry, File
from shared.observability import logger
from shared.refusals import StoreUnavailable

CACHED: Final = "public, max-age=300"
"""How long a browser goes by what it has seen. The cache in front of the bucket is told what is new."""

NEVER_CHANGES: Final = "public, max-age=31536000, s-maxage=300, immutable"
"""Recordings and documents have names of their own: another one has another name. The cache in front of the bucket asks
again all the same: what is hidden must not stay there, whatever becomes of the word that it is.
"""

MOST_PATHS: Final = 100
"""How many addresses are told to the cache by name; for more than that it forgets all."""


class BucketIndex:
    """What is shown, as it was when the catalogue was last written."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def read(self) -> tuple[Entry, ...]:
        """Return all that is shown, the newest recording first. Raise StoreUnavailable."""
        try:
            content = self._client.get_object(Bucket=self._bucket, Key=INDEX)["Body"].read()
        except self._client.exceptions.NoSuchKey:
            return ()
        except (BotoCoreError, ClientError) as error:
            raise StoreUnavailable from error
        return tuple(json.loads(content)["webinars"])


class BucketSite:
    """The catalogue's files in S3. `prefixes` are what their keys begin with, `files` is the bucket of originals."""

    def __init__(
        self, client: Any, cdn: Any, *, bucket: str, files: str, distribution: str, prefixes: tuple[str, ...]
    ) -> None:
        self._client = client
        self._cdn = cdn
        self._bucket = bucket
        self._files = files
        self._distribution = distribution
        self._prefixes = prefixes

    def there(self) -> Mapping[str, str]:
        """Return what the catalogue has written: a hash of the content by key."""
        return {
            entry["Key"]: entry["ETag"].strip('"')
            for prefix in self._prefixes
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
            for entry in page.get("Contents", [])
        }

    def hashed(self, content: bytes) -> str:
        """Return the hash of a content, as S3 has it of what is written at once and encrypted with its own keys."""
        return hashlib.md5(content, usedforsecurity=False).hexdigest()

    def write(self, file: File) -> None:
        """Write a file, in place of what there was."""
        self._client.put_object(
            Bucket=self._bucket,
            Key=file.key,
            Body=file.content,
            ContentType=file.content_type,
            CacheControl=CACHED,
        )

    def bring(self, copy: Copy) -> None:
        """Copy one of our files to where everybody can read it."""
        self._client.copy_object(
            Bucket=self._bucket,
            Key=copy.key,
            CopySource={"Bucket": self._files, "Key": copy.original},
            MetadataDirective="REPLACE",
            ContentType=copy.content_type,
            ContentDisposition="attachment" if copy.saved else "inline",
            CacheControl=NEVER_CHANGES,
        )

    def remove(self, keys: Iterable[str]) -> None:
        """Remove files."""
        for key in keys:
            self._client.delete_object(Bucket=self._bucket, Key=key)

    def refresh(self, keys: Iterable[str]) -> None:
        """Let the cache ask anew for these files."""
        paths = [f"/{key}" for key in keys]
        if not paths:
            return
        if len(paths) > MOST_PATHS:
            paths = ["/*"]
        batch = {"Paths": {"Quantity": len(paths), "Items": paths}, "CallerReference": str(time.time_ns())}
        try:
            self._cdn.create_invalidation(DistributionId=self._distribution, InvalidationBatch=batch)
        except ClientError:
            # Too many at once: it is all written, and what is kept by the cache is not kept for long.
            logger.warning("edge_not_told", extra={"files": len(paths)})
