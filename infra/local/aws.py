"""Speaks to the emulator as its administrator."""

from typing import Any, Final

import boto3
from botocore.config import Config

from infra.local.emulator import REGION
from infra.local.options import Options

# The emulator's root user, who may do all. Functions have their roles.
ROOT_KEY: Final = "test"


def client(options: Options, service: str) -> Any:
    """Return a client for a service of the emulator, the developer's own AWS settings left aside."""
    return boto3.Session(aws_access_key_id=ROOT_KEY, aws_secret_access_key=ROOT_KEY, region_name=REGION).client(
        service,
        endpoint_url=options.emulator_url,
        # As long as a function may take: some are called to do their work at once.
        config=Config(retries={"total_max_attempts": 3}, max_pool_connections=32, read_timeout=300),
    )
