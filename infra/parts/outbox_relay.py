"""From the outbox to the queues: at once by the stream, and again by the hour for what was left."""

from collections.abc import Iterable

from aws_cdk import (
    Duration,
    Stack,
    aws_lambda as lambda_,
    aws_lambda_event_sources as sources,
)
from constructs import Construct

from infra.parts.consumed_queue import ConsumedQueue, DeadLetters, allow_sending
from infra.parts.python_function import Kit, PythonFunction
from infra.parts.table import Table
from shared.config import RelayOutboxSettings, SweepOutboxSettings


class OutboxRelay(Construct):
    """The function that the stream wakes for new outbox rows, and the sweep for what it left."""

    def __init__(self, scope: Construct, id: str, *, kit: Kit, table: Table, queues: Iterable[ConsumedQueue]) -> None:
        super().__init__(scope, id)
        queues = list(queues)
        values = {
            "table_name": table.name,
            "queue_urls": Stack.of(self).to_json_string({str(q.name): q.queue.queue_url for q in queues}),
        }
        self.relay = PythonFunction(
            self,
            "Relay",
            name="relay_outbox",
            kit=kit,
            settings=RelayOutboxSettings,
            values=values,
            timeout=Duration.seconds(60),
        )
        self.sweep = PythonFunction(
            self,
            "Sweep",
            name="sweep_outbox",
            kit=kit,
            settings=SweepOutboxSettings,
            values=values,
            timeout=Duration.minutes(5),
        )
        table.allow(self.relay.role, "UpdateItem")
        table.allow(self.sweep.role, "UpdateItem", query=["unsent"])
        for function in (self.relay, self.sweep):
            allow_sending(function.role, queues, kit.deployment)
        self.dead_letters = DeadLetters(self, "DeadLetters", of="relay-outbox", deployment=kit.deployment)
        self.relay.function.add_event_source(
            sources.DynamoEventSource(
                table.table,
                starting_position=lambda_.StartingPosition.TRIM_HORIZON,
                batch_size=100,
                filters=[
                    lambda_.FilterCriteria.filter(
                        {
                            "eventName": lambda_.FilterRule.is_equal("INSERT"),
                            "dynamodb": {"Keys": {"pk": {"S": lambda_.FilterRule.begins_with("OUTBOX#")}}},
                        }
                    )
                ],
                report_batch_item_failures=True,
                bisect_batch_on_error=True,
                # Then the shard moves on: the hourly sweep resends, so one bad row holds up nobody for long.
                retry_attempts=5,
                on_failure=sources.SqsDlq(self.dead_letters.queue),
            )
        )
