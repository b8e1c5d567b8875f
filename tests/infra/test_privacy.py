"""What the privacy page says of logs and backups is what is deployed."""

from datetime import timedelta

from shared.privacy.model import AfterCreation, records
from tests.infra.conftest import Synthesised


def span_of(id: str) -> timedelta:
    [record] = [record for record in records() if record.id == id]
    assert isinstance(record.until, AfterCreation)
    return record.until.span


def test_every_log_is_forgotten_as_the_page_says(aws: Synthesised) -> None:
    kept = {group["Properties"]["RetentionInDays"] for group in aws.resources("AWS::Logs::LogGroup").values()}

    assert {timedelta(days=days) for days in kept} == {span_of("logs")}


def test_backups_reach_back_as_far_as_the_page_says(aws: Synthesised) -> None:
    [table] = aws.resources("AWS::DynamoDB::Table").values()
    recovery = table["Properties"]["PointInTimeRecoverySpecification"]

    # 35 days is what point-in-time recovery keeps unless told otherwise.
    assert recovery["PointInTimeRecoveryEnabled"]
    assert timedelta(days=recovery.get("RecoveryPeriodInDays", 35)) == span_of("backups")
