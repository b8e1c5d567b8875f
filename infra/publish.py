"""Puts the built assets into the site's bucket, from where the edge serves them."""

import json
import mimetypes
from pathlib import Path
from typing import Any, Final

from shared.bootstrap.catalogue import MANIFEST

FOREVER: Final = "public, max-age=31536000, immutable"
FOR_A_WHILE: Final = "public, max-age=3600"

FOR_PARTNERS: Final = ("embed.js",)
"""What stands on other sites by its own name, for years."""


def publish_assets(s3: Any, bucket: str, assets: Path) -> None:
    """Upload what is missing. Names are made from the content, so what is there already is right.

    The manifest says which are the newest: whoever writes pages ahead goes by it.
    """
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="assets/")
    there = {entry["Key"] for page in pages for entry in page.get("Contents", [])}
    for path in sorted(assets.iterdir()):
        key = f"assets/{path.name}"
        if key not in there and not path.name.startswith(".") and path.suffix != ".json":
            s3.put_object(
                Bucket=bucket,
                Key=key,
                Body=path.read_bytes(),
                ContentType=_content_type(path),
                CacheControl=FOREVER,
            )

    names = json.loads(manifest := (assets / "manifest.json").read_bytes())
    for name in FOR_PARTNERS:
        script = (assets / names[name]).read_bytes()
        s3.put_object(Bucket=bucket, Key=name, Body=script, ContentType="text/javascript", CacheControl=FOR_A_WHILE)
    s3.put_object(Bucket=bucket, Key=MANIFEST, Body=manifest, ContentType="application/json", CacheControl="no-store")


def write_catalogue(functions: Any, name: str) -> None:
    """Have the pages that are written ahead written: they name assets, and there are none before the first time."""
    functions.invoke(FunctionName=name, InvocationType="Event", Payload=b"{}")


def _content_type(path: Path) -> str:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
