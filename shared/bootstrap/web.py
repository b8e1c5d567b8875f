"""What the pages and the API are made of."""

import json
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Final

from shared.bootstrap.aws import open_table, secret
from shared.config import WebSettings
from shared.gatherings.dynamo import DynamoGatheringStore
from shared.gatherings.queries import GatheringReader
from shared.libraries.dynamo import DynamoLibraryStore
from shared.libraries.service import Directory
from shared.links import KeyRing, Links
from shared.network import Network, load
from shared.registration.dynamo import DynamoRegistrationStore
from shared.registration.service import Allowance, Secret, keyed
from shared.time import utcnow

if TYPE_CHECKING:
    from shared.tokens import TokenReader

MONTH: Final = timedelta(days=30)


@cache
def settings() -> WebSettings:
    """Return the settings, with the table bound."""
    found = WebSettings.read()
    open_table(found)
    return found


@cache
def network() -> Network:
    """Return the profile, with the address this deployment is reached at."""
    return load().model_copy(update={"base_url": settings().base_url})


@cache
def gatherings() -> DynamoGatheringStore:
    """Return where gatherings are kept."""
    settings()
    return DynamoGatheringStore()


@cache
def gathering_reader() -> GatheringReader:
    """Return gatherings by address, remembered."""
    return GatheringReader(gatherings())


@cache
def registrations() -> DynamoRegistrationStore:
    """Return where registrations are kept."""
    settings()
    return DynamoRegistrationStore()


@cache
def libraries() -> Directory:
    """Return all libraries."""
    settings()
    return Directory(network(), DynamoLibraryStore(), clock=utcnow)


@cache
def links() -> Links:
    """Return what makes and reads signed links."""
    return Links(KeyRing.of(secret(settings().link_keys_secret)))


@cache
def hashed() -> Secret:
    """Return the keyed hash of people and addresses. Its key never rotates, or the same person would be two."""
    return keyed(secret(settings().guard_key_secret).encode())


@cache
def origin_secret() -> str:
    """Return what the edge says to be believed. It is the JSON of the secret, as CloudFront is given its key."""
    return str(json.loads(secret(settings().origin_secret))["key"])


@cache
def allowance() -> Allowance:
    """Return how much may be asked for."""
    told = settings()
    return Allowance(told.limit_network_per_second, told.limit_domain_per_second, told.limit_address_per_hour)


@cache
def kept_for() -> timedelta:
    """Return how long registrations are kept after the gathering."""
    return network().legal.kept_months * MONTH


@cache
def tokens() -> "TokenReader":
    """Return what reads coordinators' tokens. Only their requests pay for the cryptography."""
    from shared.tokens import TokenReader

    told = settings()
    return TokenReader(issuer=told.token_issuer, keys_url=told.token_keys_url, client_id=told.token_client_id)
