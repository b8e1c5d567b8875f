"""What belongs to webinars, in a bucket."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from io import SEEK_CUR, SEEK_END, SEEK_SET, BufferedReader, RawIOBase
from typing import Any, BinaryIO, Final, cast
from urllib.parse import urlsplit

from shared.webinars.recording import POSTERS, RECORDINGS, Recording, Upload

LINKS_LAST: Final = 3600
"""Seconds for which a part can be put."""

WATCHED_FOR: Final = 6 * 3600
"""Seconds for which a recording can be watched by who edits it."""

READ_AT_ONCE: Final = 2**20
"""Bytes. Few are needed of a recording: its index, one picture, and its end."""


KINDS: Final = ("captions/", RECORDINGS, POSTERS)
"""What the keys of files of webinars begin with."""


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
        """Yield the keys of all that belongs to webinars, each with when it came."""
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
        length = upload.length(number)
        return self._link("upload_part", LINKS_LAST, **self._way(upload), PartNumber=number, ContentLength=length)

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
        return self._link("get_object", WATCHED_FOR, Bucket=self._bucket, Key=key, ResponseContentType=type)

    @property
    def origin(self) -> str:
        """Where browsers find all this: scheme and host."""
        return "{0.scheme}://{0.netloc}".format(urlsplit(self._link("get_object", 1, Bucket=self._bucket, Key="any")))

    def _link(self, method: str, lasts: int, **parameters: Any) -> str:
        return str(self._client.generate_presigned_url(method, parameters, ExpiresIn=lasts))

    def _way(self, upload: Upload) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": upload.key, "UploadId": upload.multipart}

    def _parts(self, upload: Upload) -> list[dict[str, Any]] | None:
        # A page of the answer is 1000 parts, and no file has as many.
        try:
            return list(self._client.list_parts(**self._way(upload)).get("Parts", ()))
        except self._client.exceptions.NoSuchUpload:
            return None


def opened(client: Any, bucket: str, key: str, size: int) -> BinaryIO:
    """Return a file of so many bytes to read here and there: what is not asked for is not fetched."""
    return cast("BinaryIO", BufferedReader(_Ranges(client, bucket, key, size), READ_AT_ONCE))


class _Ranges(RawIOBase):
    def __init__(self, client: Any, bucket: str, key: str, size: int) -> None:
        self._client = client
        self._bucket = bucket
        self._key = key
        self._size = size
        self._at = 0
        self._is_broken = False

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        self._at = offset + {SEEK_SET: 0, SEEK_CUR: self._at, SEEK_END: self._size}[whence]
        return self._at

    def readinto(self, buffer: Any) -> int:
        room = memoryview(buffer)
        last = min(self._at + len(room), self._size) - 1
        if last < self._at or self._is_broken:
            return 0
        # Raised once: some readers ask again and again, for as long as they are told of a fault.
        self._is_broken = True
        answer = self._client.get_object(Bucket=self._bucket, Key=self._key, Range=f"bytes={self._at}-{last}")
        content = answer["Body"].read()
        room[: len(content)] = content
        self._at += len(content)
        self._is_broken = False
        return len(content)
