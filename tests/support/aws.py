"""AWS in process (moto): one table for all tests of a process, emptied between them."""

import copy
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import moto.dynamodb.models
import moto.sqs.models
from botocore.session import get_session
from moto import mock_aws
from moto.dynamodb.models.dynamo_type import DynamoType

from events.routes import QueueName
from infra.build.assets import BUILT
from shared.bootstrap import aws as bootstrap_aws
from shared.bootstrap.catalogue import MANIFEST
from shared.table import Item, bind
from tests.support.faults import remember_tokens, store_client

TABLE: Final = "tovholder"
FILES: Final = "tovholder-files"
SITE: Final = "tovholder-site"
REGION: Final = "eu-north-1"
ACCOUNT: Final = "123456789012"
"""Moto's own."""
LINK_KEY: Final = "the key of links"
ORIGIN_SECRET: Final = "only the edge knows"
QUEUE_URLS: Final = {queue: f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{queue}" for queue in QueueName}
SENDER: Final = "tilmelding@db2030.example.org"

ENVIRONMENT: Final[Mapping[str, str]] = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "TABLE_NAME": TABLE,
    "BASE_URL": "https://tovholder.example.org",
    "LINK_KEYS_SECRET": "link-keys",
    "GUARD_KEY_SECRET": "guard-key",
    "ORIGIN_SECRET": "origin",
    "TOKEN_ISSUER": "https://cognito-idp.eu-north-1.amazonaws.com/eu-north-1_ExAmPlE01",
    "TOKEN_KEYS_URL": "https://keys.example.org/jwks.json",
    "TOKEN_CLIENT_ID": "1example23456789clientid0",
    "SIGN_IN_URL": "https://login.example.org",
    "USER_POOL_ID": "eu-north-1_ExAmPlE01",
    "MAIL_SENDER": SENDER,
    "FILES_BUCKET": FILES,
    "SITE_BUCKET": SITE,
    "DISTRIBUTION_ID": "E1EXAMPLE",
    "MAIL_CONFIGURATION_SET": "mail",
    "MAILS_PER_SECOND": "1000",
    "SCHEDULE_GROUP": "tovholder-test",
    "SCHEDULE_ROLE_ARN": "arn:aws:iam::123456789012:role/clock",
    "SCHEDULE_QUEUE_ARN": "arn:aws:sqs:eu-north-1:123456789012:fan-out",
    "SCHEDULE_DEAD_LETTER_ARN": "arn:aws:sqs:eu-north-1:123456789012:dead",
    "QUEUE_URLS": json.dumps(QUEUE_URLS),
    "LIMIT_NETWORK_PER_SECOND": "1000",
    "LIMIT_DOMAIN_PER_SECOND": "1000",
    "LIMIT_ADDRESS_PER_HOUR": "1000",
}
_SECRETS: Final = {
    "link-keys": json.dumps({"key": LINK_KEY, "previous": []}),
    "guard-key": "the key of guards",
    "origin": json.dumps({"key": ORIGIN_SECRET}),
}


@contextmanager
def simulated() -> Iterator[None]:
    """Answer every call to AWS in process, with the table, queues, secrets and sender there."""
    before = dict(os.environ)
    os.environ.update(ENVIRONMENT)
    with mock_aws():
        bind(TABLE, REGION)
        Item.create_table(billing_mode="PAY_PER_REQUEST")
        _undo_only_what_is_written()
        # Each deployable binds the table when it is first used, with a client of its own: here all share this one.
        vars(bootstrap_aws)["bind"] = lambda table_name, region: None
        remember_tokens(store_client())
        secrets, sqs, ses = client("secretsmanager"), client("sqs"), client("ses")
        for name, text in _SECRETS.items():
            secrets.create_secret(Name=name, SecretString=text)
        for queue in QueueName:
            sqs.create_queue(QueueName=queue)
        for bucket in (FILES, SITE):
            client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        client("s3").put_object(Bucket=SITE, Key=MANIFEST, Body=(BUILT / "manifest.json").read_bytes())
        os.environ["DISTRIBUTION_ID"] = _distribution()
        client("scheduler").create_schedule_group(Name=ENVIRONMENT["SCHEDULE_GROUP"])
        ses.verify_email_identity(EmailAddress=SENDER)
        ses.create_configuration_set(ConfigurationSet={"Name": "mail"})
        yield
    vars(bootstrap_aws)["bind"] = bind
    os.environ.clear()
    os.environ.update(before)


def _distribution() -> str:
    """Make one that can be told what is new, and return its id."""
    origin = {"Id": "site", "DomainName": f"{SITE}.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}
    behaviour = {"TargetOriginId": "site", "ViewerProtocolPolicy": "allow-all"}
    config = {
        "CallerReference": "test",
        "Comment": "",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": behaviour,
    }
    made = client("cloudfront").create_distribution(DistributionConfig=config)
    return str(made["Distribution"]["Id"])


def empty() -> None:
    """Leave nothing in the table and the queues."""
    _backend().tables[TABLE].items.clear()
    # Asking the queues to purge themselves is allowed once a minute, as in AWS.
    for queue in moto.sqs.models.sqs_backends[ACCOUNT][REGION].queues.values():
        vars(queue)["_messages"].clear()


@contextmanager
def as_it_was() -> Iterator[None]:
    """Let the table be again what it was before, afterwards."""
    table = _backend().tables[TABLE]
    kept = copy.deepcopy(table.items)
    yield
    table.items = kept


def take(queue: QueueName) -> list[str]:
    """Return the bodies of what is on a queue, and leave nothing there."""
    taken = []
    while found := client("sqs").receive_message(QueueUrl=QUEUE_URLS[queue], MaxNumberOfMessages=10).get("Messages"):
        for message in found:
            client("sqs").delete_message(QueueUrl=QUEUE_URLS[queue], ReceiptHandle=message["ReceiptHandle"])
            taken.append(message["Body"])
    return taken


def rows() -> list[dict[str, Any]]:
    """Return everything in the table, as DynamoDB writes it."""
    return list(client("dynamodb").scan(TableName=TABLE)["Items"])


def _undo_only_what_is_written() -> None:
    """Let moto keep, to undo a transaction, the rows that it writes: by itself it copies all of the table for each."""
    backend, table = _backend(), _backend().tables[TABLE]
    write = backend.transact_write_items

    def transact_write_items(writes: list[dict[str, Any]]) -> None:
        keys = [_key(row.get("Key") or row["Item"]) for one in writes for row in one.values()]
        before = [(pk, sk, copy.deepcopy(table.items.get(pk, {}).get(sk))) for pk, sk in keys]
        try:
            write(writes)
        except Exception:
            for pk, sk, row in before:
                if row is None:
                    table.items[pk].pop(sk, None)
                else:
                    table.items[pk][sk] = row
            raise

    vars(table)["__deepcopy__"] = lambda _: table
    vars(backend)["transact_write_items"] = transact_write_items


def _key(row: Mapping[str, Any]) -> tuple[Any, Any]:
    return DynamoType(row["pk"]), DynamoType(row["sk"])


_clients: dict[str, Any] = {}


def client(service: str) -> Any:
    """Return a client of the simulated AWS."""
    if service not in _clients:
        _clients[service] = get_session().create_client(service, region_name=REGION)
    return _clients[service]


def _backend() -> Any:
    return moto.dynamodb.models.dynamodb_backends[ACCOUNT][REGION]
