"""What the privacy page says of logs and backups is what is deployed."""

from datetime import timedelta

from shared.privacy.model import AfterCreation, UntilDone, records
from tests.infra.conftest import Synthesised


def span_of(id: str) -> timedelta:
    [record] = [record for record in records() if record.id == id]
    until = record.until.latest if isinstance(record.until, UntilDone) else record.until
    assert isinstance(until, AfterCreation)
    return until.span


def test_every_log_is_forgotten_as_the_page_says(aws: Synthesised) -> None:
    kept = {group["Properties"]["RetentionInDays"] for group in aws.resources("AWS::Logs::LogGroup").values()}

    assert {timedelta(days=days) for days in kept} == {span_of("logs")}


def test_no_message_waits_longer_than_the_page_says_of_reports_with_addresses(aws: Synthesised) -> None:
    waits = [queue["Properties"]["MessageRetentionPeriod"] for queue in aws.resources("AWS::SQS::Queue").values()]

    assert timedelta(seconds=max(waits)) == span_of("mail-report")


def test_backups_reach_back_as_far_as_the_page_says(aws: Synthesised) -> None:
    [table] = aws.resources("AWS::DynamoDB::Table").values()
    recovery = table["Properties"]["PointInTimeRecoverySpecification"]

    # 35 days is what point-in-time recovery keeps unless told otherwise.
    assert recovery["PointInTimeRecoveryEnabled"]
    assert timedelta(days=recovery.get("RecoveryPeriodInDays", 35)) == span_of("backups")
