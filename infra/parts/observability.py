"""What a person looks at, and what calls one: the alarms beside those of the queues, and one dashboard."""

from collections.abc import Collection, Iterable, Mapping

from aws_cdk import (
    Duration,
    Stack,
    aws_cloudwatch as cloudwatch,
    aws_cloudwatch_actions as actions,
    aws_dynamodb as dynamodb,
    aws_iam as iam,
    aws_lambda as lambda_,
    aws_sns as sns,
    aws_sqs as sqs,
)
from constructs import Construct

from infra.config import Deployment
from infra.parts.consumed_queue import DeadLetters

_PERIOD = Duration.minutes(5)
_AT_LEAST = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD


class Observability(Construct):
    """One topic for all alarms, and a dashboard of fewer than the 50 metrics that are free."""

    def __init__(self, scope: Construct, id: str, *, deployment: Deployment) -> None:
        super().__init__(scope, id)
        self.topic = sns.Topic(self, "Alarms", enforce_ssl=not deployment.local)
        # A topic with a policy of its own, as enforce_ssl gives it, lets nobody in who is not named.
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
            )
        )
        self._dashboard = cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=f"tovholder-{deployment.stage}",
            default_interval=Duration.days(1),
        )

    def watch_functions(self, functions: Mapping[str, lambda_.IFunction], unattended: Collection[str]) -> None:
        """Errors and duration of each. Unattended: no queue and no visitor notices, so an alarm does."""
        for name in unattended:
            errors = functions[name].metric_errors(period=_PERIOD)
            self._alarm(f"Errors-{name}", errors, 1, f"{name} failed or timed out; its log says why.")
        self._dashboard.add_widgets(
            self._graph("Errors by function", [f.metric_errors(label=n, period=_PERIOD) for n, f in functions.items()]),
            self._graph(
                "Slowest in a hundred (ms)",
                [f.metric_duration(label=n, statistic="p99", period=_PERIOD) for n, f in functions.items()],
            ),
        )

    def watch_api(self, api_name: str, stage: str) -> None:
        """Answers of the pages and the API, and an alarm for those that are our fault."""

        def metric(name: str, statistic: str) -> cloudwatch.Metric:
            return cloudwatch.Metric(
                namespace="AWS/ApiGateway",
                metric_name=name,
                dimensions_map={"ApiName": api_name, "Stage": stage},
                statistic=statistic,
                period=_PERIOD,
            )

        faults = metric("5XXError", "Sum")
        self._alarm("ServerFaults", faults, 5, "The pages or the API answer 5xx.")
        self._dashboard.add_widgets(
            self._graph("Answers", [metric("Count", "Sum"), metric("4XXError", "Sum"), faults]),
            self._graph("Time to answer (ms)", [metric("Latency", "p50"), metric("Latency", "p99")]),
        )

    def watch_queues(self, queues: Mapping[str, sqs.Queue], dead_letters: Iterable[DeadLetters]) -> None:
        """Age of the oldest message, and what nobody could handle; dead letters bring their alarms."""
        dead_letters = list(dead_letters)
        for each in dead_letters:
            each.alarm.add_alarm_action(actions.SnsAction(self.topic))
        self._dashboard.add_widgets(
            self._graph(
                "Oldest message (s)",
                [q.metric_approximate_age_of_oldest_message(label=n, period=_PERIOD) for n, q in queues.items()],
            ),
            cloudwatch.AlarmStatusWidget(title="Dead letters", alarms=[each.alarm for each in dead_letters], width=12),
        )

    def watch_table(self, table: dynamodb.Table) -> None:
        """Capacity used, which is what on-demand is billed by."""
        self._dashboard.add_widgets(
            self._graph(
                "Capacity units used",
                [
                    table.metric_consumed_read_capacity_units(period=_PERIOD),
                    table.metric_consumed_write_capacity_units(period=_PERIOD),
                ],
            )
        )

    def watch_mail(self) -> None:
        """Alarms well before SES would look into the account, at 5 % bounces and 0.1 % complaints."""
        bounces, complaints = (
            cloudwatch.Metric(
                namespace="AWS/SES",
                metric_name=f"Reputation.{kind}Rate",
                statistic="Maximum",
                period=Duration.hours(1),
            )
            for kind in ("Bounce", "Complaint")
        )
        self._alarm("Bounces", bounces, 0.03, "More than 3 % of mail bounces: SES reviews an account at 5 %.")
        self._alarm("Complaints", complaints, 0.0005, "More than 0.05 % of mail is complained of: the limit is 0.1 %.")
        self._dashboard.add_widgets(self._graph("Bounce and complaint rates", [bounces, complaints]))

    def _alarm(self, id: str, metric: cloudwatch.IMetric, threshold: float, description: str) -> None:
        alarm = cloudwatch.Alarm(
            self,
            id,
            metric=metric,
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=_AT_LEAST,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description=f"{description} See docs/operations.md, 'Alarms'.",
        )
        alarm.add_alarm_action(actions.SnsAction(self.topic))

    @staticmethod
    def _graph(title: str, metrics: Iterable[cloudwatch.IMetric]) -> cloudwatch.GraphWidget:
        return cloudwatch.GraphWidget(title=title, left=list(metrics), width=12)
