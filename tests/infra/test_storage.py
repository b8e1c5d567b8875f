"""What is kept: that it can be had back, is private, and goes when it should."""

from tests.infra.conftest import Synthesised


def test_the_table_can_be_restored_forgets_and_tells_of_changes(aws: Synthesised) -> None:
    [table] = aws.resources("AWS::DynamoDB::Table").values()

    properties = table["Properties"]
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert properties["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}
    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert properties["DeletionProtectionEnabled"]
    assert table["DeletionPolicy"] == table["UpdateReplacePolicy"] == "Retain"


def test_the_indexes_are_those_that_the_access_patterns_use(aws: Synthesised) -> None:
    [table] = aws.resources("AWS::DynamoDB::Table").values()

    indexes = {
        index["IndexName"]: (
            [key["AttributeName"] for key in index["KeySchema"]],
            index["Projection"]["ProjectionType"],
        )
        for index in table["Properties"]["GlobalSecondaryIndexes"]
    }

    assert indexes == {
        "listing": (["listing_pk", "listing_sk"], "ALL"),
        "unsent": (["unsent", "created_at"], "ALL"),
        "due": (["due", "due_at"], "KEYS_ONLY"),
        "message_id": (["message_id"], "KEYS_ONLY"),
        "person": (["person"], "KEYS_ONLY"),
    }


def test_buckets_are_private_versioned_and_outlive_the_stack(aws: Synthesised) -> None:
    buckets = aws.resources("AWS::S3::Bucket")

    assert len(buckets) == 2
    for bucket in buckets.values():
        assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
        assert bucket["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}
        assert bucket["DeletionPolicy"] == "Retain"


def test_files_that_nobody_keeps_are_gone_after_a_day(aws: Synthesised) -> None:
    [files] = [each for id, each in aws.resources("AWS::S3::Bucket").items() if "Files" in id]

    rules = {rule["Id"]: rule for rule in files["Properties"]["LifecycleConfiguration"]["Rules"]}

    arrivals = rules["forget-arrivals"]
    assert (arrivals["Prefix"], arrivals["ExpirationInDays"], arrivals["Status"]) == ("arrivals/", 1, "Enabled")
    assert {id for id, rule in rules.items() if "ExpirationInDays" in rule} == {"forget-arrivals"}


def test_no_secret_is_written_in_the_template(aws: Synthesised) -> None:
    for secret in aws.resources("AWS::SecretsManager::Secret").values():
        assert "SecretString" not in secret["Properties"]
        assert secret["Properties"]["GenerateSecretString"]["GenerateStringKey"] == "key"
        assert secret["Properties"]["GenerateSecretString"]["PasswordLength"] == 64


def test_idling_costs_at_most_five_dollars_a_month(aws: Synthesised) -> None:
    """At list price, as docs/operations.md itemises it; what is free for every account for good counts nothing."""
    alarms = 0.10 * max(0, len(aws.resources("AWS::CloudWatch::Alarm")) - 10)
    secrets = 0.40 * len(aws.resources("AWS::SecretsManager::Secret"))
    mappings = aws.resources("AWS::Lambda::EventSourceMapping").values()
    queues = sum("StartingPosition" not in each["Properties"] for each in mappings)
    polls = queues * 5 * (30 * 24 * 3600 / 20)  # five pollers, each waiting 20 s for a message
    polling = max(0, polls - 1_000_000) * 0.40e-6

    assert alarms + secrets + polling <= 4.40  # runs of the sweeps, their metrics and a GB of data are the rest
