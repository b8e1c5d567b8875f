"""One-time schedules in Amazon EventBridge Scheduler, which delete themselves when they have sent their message."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mypy_boto3_scheduler import EventBridgeSchedulerClient

LEAST_AGE, MOST_AGE = 60, 86_400
"""How many seconds a message may be late: what EventBridge takes."""

RETRIES: Final = 20


class SchedulerClock:
    """The clock. Its schedules are in a group of their own, act in its role, and send to one queue."""

    def __init__(
        self, client: "EventBridgeSchedulerClient", *, group: str, role_arn: str, queue_arn: str, dead_letter_arn: str
    ) -> None:
        self._client = client
        self._group = group
        self._role_arn = role_arn
        self._queue_arn = queue_arn
        self._dead_letter_arn = dead_letter_arn

    def names(self, prefix: str) -> frozenset[str]:
        """Return the schedules whose names begin so."""
        pages = self._client.get_paginator("list_schedules").paginate(GroupName=self._group, NamePrefix=prefix)
        return frozenset(one["Name"] for page in pages for one in page["Schedules"])

    def set(self, name: str, at: datetime, body: str, until: datetime) -> None:
        """Let the message be sent at a moment, or as soon after as can be, but not after `until`. Twice is once."""
        age = int((until - at).total_seconds())
        with suppress(self._client.exceptions.ConflictException):
            self._client.create_schedule(
                GroupName=self._group,
                Name=name,
                ScheduleExpression=f"at({at.astimezone(UTC):%Y-%m-%dT%H:%M:%S})",
                ScheduleExpressionTimezone="UTC",
                FlexibleTimeWindow={"Mode": "OFF"},
                ActionAfterCompletion="DELETE",
                Target={
                    "Arn": self._queue_arn,
                    "RoleArn": self._role_arn,
                    "Input": body,
                    "DeadLetterConfig": {"Arn": self._dead_letter_arn},
                    "RetryPolicy": {
                        "MaximumEventAgeInSeconds": min(max(age, LEAST_AGE), MOST_AGE),
                        "MaximumRetryAttempts": RETRIES,
                    },
                },
            )

    def remove(self, name: str) -> None:
        """Let it not be sent. One that is gone is no fault."""
        with suppress(self._client.exceptions.ResourceNotFoundException):
            self._client.delete_schedule(GroupName=self._group, Name=name)
