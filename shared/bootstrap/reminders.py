"""What keeps time for reminders."""

from functools import cache, partial

from shared.bootstrap.aws import client, open_table
from shared.config import ScheduleRemindersSettings
from shared.gatherings.dynamo import DynamoGatheringStore
from shared.messaging.relay import send_on
from shared.messaging.sqs import Queues
from shared.reminders.dynamo import DynamoReminderLog
from shared.reminders.eventbridge import SchedulerClock
from shared.reminders.ports import Timekeeping


@cache
def _settings() -> ScheduleRemindersSettings:
    settings = ScheduleRemindersSettings.read()
    open_table(settings)
    return settings


@cache
def timekeeping() -> Timekeeping:
    """Return all that it takes to keep schedules in step with plans."""
    told = _settings()
    clock = SchedulerClock(
        client("scheduler"),
        group=told.schedule_group,
        role_arn=told.schedule_role_arn,
        queue_arn=told.schedule_queue_arn,
        dead_letter_arn=told.schedule_dead_letter_arn,
    )
    queues = Queues(client("sqs"), told.queue_urls)
    return Timekeeping(DynamoGatheringStore(), clock, DynamoReminderLog(), partial(send_on, queues=queues))
