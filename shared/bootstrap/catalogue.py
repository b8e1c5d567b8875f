"""What the catalogue is written with."""

import json
from functools import cache
from typing import Final

from shared.bootstrap.aws import client, open_table
from shared.catalogue.compose import TemplatedPages
from shared.catalogue.dynamo import DynamoTurns
from shared.catalogue.model import SITEMAP
from shared.catalogue.s3 import BucketSite
from shared.catalogue.service import Surroundings
from shared.config import GenerateCatalogueSettings
from shared.libraries.dynamo import DynamoLibraryStore
from shared.libraries.service import Directory
from shared.network import Network, load
from shared.resources.dynamo import DynamoResourceStore
from shared.themes.dynamo import DynamoThemeStore
from shared.time import utcnow
from shared.webinars.dynamo import DynamoWebinarStore
from shared.webinars.s3 import BucketFiles

COPIED_WITHIN: Final = 240
"""Seconds in which S3 has copied the largest recording."""

MANIFEST: Final = "assets/manifest.json"
"""Where a deployment says what the assets are called: `infra/publish.py` puts it there."""


@cache
def _settings() -> GenerateCatalogueSettings:
    settings = GenerateCatalogueSettings.read()
    open_table(settings)
    return settings


@cache
def turns() -> DynamoTurns:
    """Return whose turn it is."""
    _settings()
    return DynamoTurns()


def around() -> Surroundings:
    """Return what it is written from, and where to. The assets' names are read anew: a deployment changes them."""
    told, s3 = _settings(), client("s3", answers_within=COPIED_WITHIN)
    network: Network = load().model_copy(update={"base_url": told.base_url})
    libraries = Directory(network, DynamoLibraryStore(), clock=utcnow)
    manifest = s3.get_object(Bucket=told.site_bucket, Key=MANIFEST)["Body"].read()
    return Surroundings(
        DynamoWebinarStore(),
        DynamoThemeStore(),
        DynamoResourceStore(),
        BucketFiles(s3, told.files_bucket),
        TemplatedPages(network, json.loads(manifest), lambda number: libraries.shown(number).name),
        BucketSite(
            s3,
            client("cloudfront"),
            bucket=told.site_bucket,
            files=told.files_bucket,
            distribution=told.distribution_id,
            prefixes=(
                SITEMAP,
                *(
                    network.address(path, language).removeprefix("/")
                    for language in network.languages
                    for path in ("/webinarer/", "/temaer/")
                ),
            ),
        ),
    )
