"""A queue with everything a queue must have."""

from collections.abc import Iterable

from aws_cdk import (
    Duration,
    aws_cloudwatch as cloudwatch,
    aws_iam as iam,
    aws_lambda_event_sources as sources,
    aws_sqs as sqs,
)
from constructs import Construct

from events.routes import QueueName
from infra.config import Deployment
from infra.parts.nag import acknowledge
from infra.parts.python_function import PythonFunction

_KEPT = Duration.days(14)  # the longest SQS allows: time to notice, mend and redrive


class DeadLetters(Construct):
    """Where what could not be handled waits for a person, and the alarm that calls one."""

    def __init__(self, scope: Construct, id: str, *, of: str, deployment: Deployment) -> None:
        super().__init__(scope, id)
        self.queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=not deployment.local,
            retention_period=_KEPT,
        )
        self.alarm = self.queue.metric_approximate_number_of_messages_visible(
            period=Duration.minutes(5), statistic="Maximum"
        ).create_alarm(
            self,
            "Alarm",
            alarm_description=f"{of}: could not be handled. See docs/operations.md, 'Dead letters'.",
            threshold=1,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        acknowledge(
            self.queue,
            {"SQS3": "Here dead letters end; the rule does not see that a stream or a schedule sends them."},
        )


class ConsumedQueue(Construct):
    """A queue named after its consumer's job, with dead letters, their alarm, and its consumer."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: QueueName,
        consumer: PythonFunction,
        deployment: Deployment,
        max_concurrency: int | None = None,
        batch_size: int = 10,
    ) -> None:
        super().__init__(scope, id)
        self.name = name
        self.dead_letters = DeadLetters(self, "DeadLetters", of=name, deployment=deployment)
        self.queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=not deployment.local,
            # AWS asks for six times the function's timeout, or a slow batch is handed out twice.
            visibility_timeout=Duration.seconds(6 * consumer.timeout.to_seconds()),
            retention_period=Duration.days(4),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letters.queue, max_receive_count=5),
        )
        consumer.function.add_event_source(
            sources.SqsEventSource(
                self.queue, batch_size=batch_size, report_batch_item_failures=True, max_concurrency=max_concurrency
            )
        )


def allow_sending(role: iam.IRole, queues: Iterable[ConsumedQueue], deployment: Deployment) -> None:
    """Allow a role to send to queues."""
    actions = ["sqs:SendMessage"]
    if deployment.local:  # AWS asks for SendMessage alone, the emulator for the name of the call
        actions.append("sqs:SendMessageBatch")
    role.add_to_principal_policy(
        iam.PolicyStatement(actions=actions, resources=[each.queue.queue_arn for each in queues])
    )
