"""What belongs to webinars, in a bucket."""

from typing import Any


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

    def get(self, key: str) -> bytes:
        """Return what a file contains."""
        content: bytes = self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        return content
