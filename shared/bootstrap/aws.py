"""AWS clients, secrets and the table, made once per process."""

from functools import cache
from typing import Any, Final

from botocore.config import Config
from botocore.session import Session, get_session

from shared.config import TableSettings, region
from shared.table import bind

_QUICK: Final = Config(connect_timeout=2, read_timeout=5, parameter_validation=False)


@cache
def _session() -> Session:
    return get_session()


@cache
def client(service: str, *, attempts: int = 3) -> Any:
    """Return a client that calls at most `attempts` times. botocore alone: importing boto3 costs a cold start 30 ms."""
    config = _QUICK.merge(Config(retries={"total_max_attempts": attempts, "mode": "standard"}))
    return _session().create_client(service, config=config)


@cache
def secret(name: str) -> str:
    """Return a secret's text. A rotated one is seen by the next process."""
    return str(client("secretsmanager").get_secret_value(SecretId=name)["SecretString"])


def open_table(settings: TableSettings) -> None:
    """Bind the items to the table."""
    bind(settings.table_name, region())
