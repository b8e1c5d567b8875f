"""What belongs to webinars, in a bucket."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from shared.buckets import link
from shared.documents.model import DOCUMENTS
from shared.webinars.recording import POSTERS, RECORDINGS, Recording, Upload

LINKS_LAST: Final = 3600
"""Seconds for which a part can be put."""

WATCHED_FOR: Final = 6 * 3600
"""Seconds for which a recording can be watched by who edits it."""

KINDS: Final = ("captions/", RECORDINGS, POSTERS, DOCUMENTS)
"""What the keys of files begin with that are kept for something."""


class BucketFiles:
    """Files in S3, by key."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Keep a file."""
        self._client.put_object(Bucket=self._bucket, Key=key, Body=content, ContentType=content_type)

    def remove(self, key: str) -> None:
        """Remove a file. Older versions of it go after a while, by the bucket's own rule."""
        self._client.delete_object(Bucket=self._bucket, Key=key)

    def listed(self) -> Iterator[tuple[str, datetime]]:
        """Yield the keys of all that is kept, each with when it came."""
        listing = self._client.get_paginator("list_objects_v2")
        for kind in KINDS:
            for page in listing.paginate(Bucket=self._bucket, Prefix=kind):
                yield from ((one["Key"], one["LastModified"]) for one in page.get("Contents", ()))

    def get(self, key: str) -> bytes:
        """Return what a file contains."""
        content: bytes = self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        return content


class BucketMultipart:
    """Files that come to S3 in parts."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def begin(self, key: str) -> str:
        """Return what the way to a key is called."""
        begun = self._client.create_multipart_upload(Bucket=self._bucket, Key=key)
        return str(begun["UploadId"])

    def lengths(self, upload: Upload) -> Mapping[int, int] | None:
        """Return how many bytes have come, by part; None when the way is closed."""
        parts = self._parts(upload)
        return None if parts is None else {one["PartNumber"]: one["Size"] for one in parts}

    def link(self, upload: Upload, number: int) -> str:
        """Return where a part of just its length can be put, for a while: its length is signed with the rest."""
        part = {"PartNumber": number, "ContentLength": upload.length(number)}
        return link(self._client, "upload_part", LINKS_LAST, **self._way(upload), **part)

    def complete(self, upload: Upload) -> None:
        """Make one file of the parts."""
        parts = [{"PartNumber": one["PartNumber"], "ETag": one["ETag"]} for one in self._parts(upload) or ()]
        self._client.complete_multipart_upload(**self._way(upload), MultipartUpload={"Parts": parts})

    def abort(self, upload: Upload) -> None:
        """Close the way and forget the parts. What is closed stays so."""
        with suppress(self._client.exceptions.NoSuchUpload):
            self._client.abort_multipart_upload(**self._way(upload))

    def look(self, recording: Recording) -> str:
        """Return where a recording can be watched, for as long as one may take."""
        type, key = recording.type, recording.file
        return link(self._client, "get_object", WATCHED_FOR, Bucket=self._bucket, Key=key, ResponseContentType=type)

    def _way(self, upload: Upload) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": upload.key, "UploadId": upload.multipart}

    def _parts(self, upload: Upload) -> list[dict[str, Any]] | None:
        # A page of the answer is 1000 parts, and no file has as many.
        try:
            return list(self._client.list_parts(**self._way(upload)).get("Parts", ()))
        except self._client.exceptions.NoSuchUpload:
            return None
