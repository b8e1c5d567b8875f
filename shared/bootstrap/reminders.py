"""What keeps time for reminders."""

from functools import cache

from shared.bootstrap.aws import client, open_table
from shared.config import ScheduleRemindersSettings
from shared.gatherings.dynamo import DynamoGatheringStore
from shared.messaging.sqs import Queues
from shared.reminders.dynamo import DynamoReminderLog
from shared.reminders.eventbridge import SchedulerClock


@cache
def _settings() -> ScheduleRemindersSettings:
    settings = ScheduleRemindersSettings.read()
    open_table(settings)
    return settings


@cache
def gatherings() -> DynamoGatheringStore:
    """Return where gatherings are kept."""
    _settings()
    return DynamoGatheringStore()


@cache
def log() -> DynamoReminderLog:
    """Return what came of reminders."""
    _settings()
    return DynamoReminderLog()


@cache
def clock() -> SchedulerClock:
    """Return what sends messages at their moments."""
    told = _settings()
    return SchedulerClock(
        client("scheduler"),
        group=told.schedule_group,
        role_arn=told.schedule_role_arn,
        queue_arn=told.schedule_queue_arn,
        dead_letter_arn=told.schedule_dead_letter_arn,
    )


@cache
def queues() -> Queues:
    """Return the queue for what is due at once."""
    return Queues(client("sqs"), _settings().queue_urls)
