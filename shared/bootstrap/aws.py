"""AWS clients, secrets and the table, made once per process."""

from functools import cache
from typing import Any

from botocore.config import Config
from botocore.session import Session, get_session

from shared.config import TableSettings, region
from shared.table import bind


@cache
def _session() -> Session:
    return get_session()


@cache
def client(service: str, *, attempts: int = 3, answers_within: float = 5) -> Any:
    """Return a client that calls at most `attempts` times, and waits so many seconds for an answer.

    botocore alone: importing boto3 costs a cold start 30 ms.
    """
    config = Config(
        connect_timeout=2,
        read_timeout=answers_within,
        parameter_validation=False,
        retries={"total_max_attempts": attempts, "mode": "standard"},
        # Links that browsers follow lead to the bucket in its region, and sign the length of what is sent.
        signature_version="s3v4" if service == "s3" else None,
        s3={"addressing_style": "virtual"} if service == "s3" else None,
    )
    return _session().create_client(service, config=config)


@cache
def secret(name: str) -> str:
    """Return a secret's text. A rotated one is seen by the next process."""
    return str(client("secretsmanager").get_secret_value(SecretId=name)["SecretString"])


def open_table(settings: TableSettings) -> None:
    """Bind the items to the table."""
    bind(settings.table_name, region())
