"""What happens by itself at a time: the group and role of all schedules, and the recurring ones."""

from aws_cdk import Duration, RemovalPolicy, Stack, aws_iam as iam, aws_scheduler as scheduler
from constructs import Construct

from infra.config import ROOT
from infra.parts.consumed_queue import ConsumedQueue, DeadLetters
from infra.parts.nag import acknowledge
from infra.parts.python_function import Kit, PythonFunction
from shared import network


class Clock(Construct):
    """The schedule group, the role its schedules act in, and where what could not be started waits."""

    def __init__(self, scope: Construct, id: str, *, kit: Kit) -> None:
        super().__init__(scope, id)
        self._group_name = f"tovholder-{kit.deployment.stage}"
        self._local = kit.deployment.local
        self._zone = network.load(ROOT / kit.deployment.network).time_zone
        self.dead_letters = DeadLetters(self, "DeadLetters", of="clock", deployment=kit.deployment)
        self.group = scheduler.ScheduleGroup(
            self,
            "Group",
            schedule_group_name=self._group_name,
            removal_policy=RemovalPolicy.DESTROY,
        )
        # Only schedules of our group may act in this role, so nobody can borrow it for a schedule of theirs.
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
        self.role.add_to_policy(
            iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[self.dead_letters.queue.queue_arn])
        )

    def let_send_to(self, queue: ConsumedQueue) -> None:
        """Let one-time schedules send to the queue."""
        self.role.add_to_policy(iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[queue.queue.queue_arn]))

    def allow_setting(self, role: iam.IRole) -> None:
        """Let the role set and remove schedules of the group, which act in the clock's role."""
        groups = [self.group.schedule_group_name]
        if self._local:  # to the emulator, all schedules are of the default group
            groups.append("default")
        schedules = [
            Stack.of(self).format_arn(service="scheduler", resource="schedule", resource_name=f"{group}/*")
            for group in groups
        ]
        role.add_to_principal_policy(
            iam.PolicyStatement(actions=["scheduler:CreateSchedule", "scheduler:DeleteSchedule"], resources=schedules)
        )
        of_the_group = f"arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/{self._group_name}/*"
        acknowledge(role, {f"IAM5[Resource::{of_the_group}]": "Names of schedules are made at run time."})
        # AWS knows no smaller resource for a list.
        role.add_to_principal_policy(iam.PolicyStatement(actions=["scheduler:ListSchedules"], resources=["*"]))
        role.add_to_principal_policy(
            iam.PolicyStatement(
                actions=["iam:PassRole"],
                resources=[self.role.role_arn],
                conditions={"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}},
            )
        )

    def every(self, minutes: int, function: PythonFunction) -> None:
        """Start the function at this interval. A failed run is not repeated: the next is due anyway."""
        self._start(function, f"rate({minutes} minutes)", within=Duration.minutes(minutes))

    def at_night(self, function: PythonFunction) -> None:
        """Start the function once a night, on the network's wall clock. What failed is found the next night."""
        # Neither in the hour that is skipped in spring nor in the one that comes twice in autumn.
        self._start(function, "cron(30 4 * * ? *)", within=Duration.hours(1), zone=self._zone)

    def _start(self, function: PythonFunction, when: str, *, within: Duration, zone: str | None = None) -> None:
        function.function.configure_async_invoke(retry_attempts=0, max_event_age=within)
        arn = function.function.function_arn
        self.role.add_to_policy(iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[arn]))
        scheduler.CfnSchedule(
            function,
            "Schedule",
            group_name=self.group.schedule_group_name,
            schedule_expression=when,
            schedule_expression_timezone=zone,
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            target=scheduler.CfnSchedule.TargetProperty(
                arn=arn,
                role_arn=self.role.role_arn,
                dead_letter_config=scheduler.CfnSchedule.DeadLetterConfigProperty(
                    arn=self.dead_letters.queue.queue_arn
                ),
                retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                    maximum_event_age_in_seconds=within.to_seconds(), maximum_retry_attempts=2
                ),
            ),
        )
