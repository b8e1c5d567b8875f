"""Files in a bucket: read here and there, fetching no more than is asked for; and links that browsers follow."""

from io import SEEK_CUR, SEEK_END, SEEK_SET, BufferedReader, RawIOBase
from typing import Any, BinaryIO, Final, cast
from urllib.parse import urlsplit

READ_AT_ONCE: Final = 2**20
"""Bytes. Few are needed of a recording: its index, one picture, and its end."""


def opened(client: Any, bucket: str, key: str, size: int) -> BinaryIO:
    """Return a file of so many bytes to read here and there."""
    return cast("BinaryIO", BufferedReader(_Ranges(client, bucket, key, size), READ_AT_ONCE))


def link(client: Any, method: str, lasts: int, **parameters: Any) -> str:
    """Return where a browser can do what a method does, with these parameters, for so many seconds."""
    return str(client.generate_presigned_url(method, parameters, ExpiresIn=lasts))


def origin(client: Any, bucket: str) -> str:
    """Return where browsers find a bucket: scheme and host."""
    parts = urlsplit(link(client, "get_object", 1, Bucket=bucket, Key="any"))
    return f"{parts.scheme}://{parts.netloc}"


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
