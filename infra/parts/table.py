"""The one table: everything the system must not lose, and the stream that tells of it."""

from collections.abc import Sequence
from typing import Final

from aws_cdk import RemovalPolicy, aws_dynamodb as dynamodb, aws_iam as iam
from constructs import Construct

from infra.config import Deployment

# Sparse: a row is in an index only while it has the index's key. docs/data.md says what each is for.
INDEXES: Final = {
    "listing": (("listing_pk", "listing_sk"), dynamodb.ProjectionType.ALL),
    "unsent": (("unsent", "created_at"), dynamodb.ProjectionType.ALL),
    "due": (("due", "due_at"), dynamodb.ProjectionType.KEYS_ONLY),
    "message_id": (("message_id",), dynamodb.ProjectionType.KEYS_ONLY),
    "person": (("person",), dynamodb.ProjectionType.KEYS_ONLY),
}


class Table(Construct):
    """The table, its indexes, and grants that name exactly the actions and indexes a function uses."""

    def __init__(self, scope: Construct, id: str, *, deployment: Deployment) -> None:
        super().__init__(scope, id)
        self.table = dynamodb.Table(
            self,
            "Table",
            partition_key=_text("pk"),
            sort_key=_text("sk"),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            time_to_live_attribute="expires_at",
            stream=dynamodb.StreamViewType.NEW_IMAGE,
            deletion_protection=not deployment.local,
            removal_policy=RemovalPolicy.DESTROY if deployment.local else RemovalPolicy.RETAIN,
        )
        for name, (keys, projection) in INDEXES.items():
            self.table.add_global_secondary_index(
                index_name=name,
                partition_key=_text(keys[0]),
                sort_key=_text(keys[1]) if len(keys) > 1 else None,
                projection_type=projection,
            )

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.table_name

    def allow(self, role: iam.IRole, *actions: str, query: Sequence[str] = ()) -> None:
        """Let the role do these actions on the table itself, and Query on these indexes."""
        arn = self.table.table_arn
        role.add_to_principal_policy(
            iam.PolicyStatement(actions=[f"dynamodb:{action}" for action in actions], resources=[arn])
        )
        if query:
            indexes = [f"{arn}/index/{index}" for index in query]
            role.add_to_principal_policy(iam.PolicyStatement(actions=["dynamodb:Query"], resources=indexes))


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
