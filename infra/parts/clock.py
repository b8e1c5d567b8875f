"""What happens by itself at a time: the group and role of all schedules, and the recurring ones."""

from collections.abc import Sequence

from aws_cdk import Duration, RemovalPolicy, Stack, aws_iam as iam, aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from constructs import Construct

from infra.parts.consumed_queue import DeadLetters
from infra.parts.nag import acknowledge
from infra.parts.python_function import Kit, PythonFunction


class Clock(Construct):
    """The schedule group, the role its schedules act in, and where what could not be started waits."""

    def __init__(self, scope: Construct, id: str, *, kit: Kit) -> None:
        super().__init__(scope, id)
        self.dead_letters = DeadLetters(self, "DeadLetters", of="clock", deployment=kit.deployment)
        self.group = scheduler.ScheduleGroup(
            self, "Group", schedule_group_name=f"tovholder-{kit.deployment.stage}", removal_policy=RemovalPolicy.DESTROY
        )
        # Only schedules of our group may act in this role: the confused deputy has no key.
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                "scheduler.amazonaws.com",
                conditions={
                    "StringEquals": {"aws:SourceAccount": Stack.of(self).account},
                    "ArnEquals": {"aws:SourceArn": self.group.schedule_group_arn},
                },
            ),
        )

    def every(self, interval: Duration, function: PythonFunction) -> None:
        """Start the function at this interval. One that fails is not tried again: the next one is due anyway."""
        function.function.configure_async_invoke(retry_attempts=0)
        scheduler.Schedule(
            function,
            "Schedule",
            schedule_group=self.group,
            schedule=scheduler.ScheduleExpression.rate(interval),
            target=targets.LambdaInvoke(
                function.function,
                role=self.role,
                dead_letter_queue=self.dead_letters.queue,
                max_event_age=interval,
                retry_attempts=2,
            ),
        )

    def acknowledge_versions(self, functions: Sequence[PythonFunction]) -> None:
        """Accept that CDK lets the role start any version of the functions it may start."""
        for function in functions:
            acknowledge(self.role, {})
            del function
