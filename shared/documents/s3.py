"""Documents in a bucket."""

from typing import Any, Final

from botocore.exceptions import ClientError

from shared.buckets import link, opened
from shared.documents.model import Document
from shared.documents.ports import Arrived

LINKS_LAST: Final = 3600
"""Seconds for which a link can be used."""


class BucketArrivals:
    """Where files arrive in S3. The bucket's own rule forgets after a day what has come."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def link(self, key: str, size: int) -> str:
        """Return where a file of just so many bytes can be put, for a while: their number is signed with the rest."""
        return link(self._client, "put_object", LINKS_LAST, Bucket=self._bucket, Key=key, ContentLength=size)

    def put(self, key: str, content: bytes) -> None:
        """Let a file arrive."""
        self._client.put_object(Bucket=self._bucket, Key=key, Body=content)

    def find(self, key: str) -> Arrived | None:
        """Return what has come; None when nothing has."""
        try:
            told = self._client.get_object(Bucket=self._bucket, Key=key, Range="bytes=0-0")
        except ClientError as error:
            # Who may not list what there is, is not told that there is nothing.
            if error.response["Error"]["Code"] in ("NoSuchKey", "AccessDenied"):
                return None
            raise
        told["Body"].read()
        size = int(told["ContentRange"].rpartition("/")[2])
        return Arrived(size, told["ETag"], opened(self._client, self._bucket, key, size))

    def keep(self, key: str, arrived: Arrived, document: Document) -> None:
        """Copy what was found to where the document lies. Its link can still be used: what is put there now is not
        copied.
        """
        self._client.copy_object(
            Bucket=self._bucket,
            Key=document.file,
            CopySource={"Bucket": self._bucket, "Key": key},
            CopySourceIfMatch=arrived.mark,
            MetadataDirective="REPLACE",
            ContentType=document.type,
            ContentDisposition=f'attachment; filename="{document.name}"',
        )

    def look(self, document: Document) -> str:
        """Return where a document can be downloaded, for a while."""
        return link(self._client, "get_object", LINKS_LAST, Bucket=self._bucket, Key=document.file)
