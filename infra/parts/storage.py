"""The two buckets: what the public reads from the edge, and what people upload."""

from collections.abc import Sequence
from typing import cast

from aws_cdk import Duration, RemovalPolicy, Stack, aws_iam as iam, aws_s3 as s3
from constructs import Construct

from infra.config import Deployment
from infra.parts.consumed_queue import ConsumedQueue
from infra.parts.nag import acknowledge
from shared.documents.model import ARRIVALS


class Storage(Construct):
    """`site`: assets and the generated catalogue. `files`: recordings and materials. Both private."""

    def __init__(self, scope: Construct, id: str, *, deployment: Deployment) -> None:
        super().__init__(scope, id)
        self.site = self._bucket("Site", deployment, kept=Duration.days(30))
        self.files = self._bucket("Files", deployment, kept=Duration.days(90))
        # What was kept has been copied by then.
        self.files.add_lifecycle_rule(id="forget-arrivals", prefix=ARRIVALS, expiration=Duration.days(1))
        # Recordings and documents come straight from the browser, by links that say what may be put where.
        self.files.add_cors_rule(
            allowed_methods=[s3.HttpMethods.GET, s3.HttpMethods.PUT],
            allowed_origins=[deployment.base_url],
            allowed_headers=["*"],
            max_age=Duration.hours(1).to_seconds(),
        )

    def announce(self, prefix: str, queue: ConsumedQueue) -> None:
        """Let a queue know of each file that has come in parts, below a prefix."""
        stack = Stack.of(self)
        queue.queue.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["sqs:SendMessage"],
                principals=[iam.ServicePrincipal("s3.amazonaws.com")],
                resources=[queue.queue.queue_arn],
                # The bucket is made after the queue that it is to tell, so its own name cannot stand here.
                conditions={"StringEquals": {"aws:SourceAccount": stack.account}},
            )
        )
        bucket = cast("s3.CfnBucket", self.files.node.default_child)
        bucket.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            queue_configurations=[
                s3.CfnBucket.QueueConfigurationProperty(
                    event="s3:ObjectCreated:CompleteMultipartUpload",
                    queue=queue.queue.queue_arn,
                    filter=s3.CfnBucket.NotificationFilterProperty(
                        s3_key=s3.CfnBucket.S3KeyFilterProperty(
                            rules=[s3.CfnBucket.FilterRuleProperty(name="prefix", value=prefix)]
                        )
                    ),
                )
            ]
        )
        bucket.node.add_dependency(queue.queue)

    def allow_pages(self, role: iam.Role) -> None:
        """Let a role write pages, and see what is there."""
        actions = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject")
        self._allow(role, self.site, actions, "*")
        role.add_to_policy(iam.PolicyStatement(actions=["s3:ListBucket"], resources=[self.site.bucket_arn]))

    def allow_reading_page(self, role: iam.Role, key: str) -> None:
        """Let a role read one of the pages, and see when it is not there."""
        role.add_to_policy(iam.PolicyStatement(actions=["s3:GetObject"], resources=[self.site.arn_for_objects(key)]))
        role.add_to_policy(iam.PolicyStatement(actions=["s3:ListBucket"], resources=[self.site.bucket_arn]))

    def allow_files(self, role: iam.Role, keys: str, *actions: str) -> None:
        """Let a role do something with the files of these keys."""
        self._allow(role, self.files, [f"s3:{action}" for action in actions], keys)

    def allow_listing_files(self, role: iam.Role) -> None:
        """Let a role see which files there are."""
        role.add_to_policy(iam.PolicyStatement(actions=["s3:ListBucket"], resources=[self.files.bucket_arn]))

    def _allow(self, role: iam.Role, bucket: s3.Bucket, actions: Sequence[str], keys: str) -> None:
        role.add_to_policy(iam.PolicyStatement(actions=list(actions), resources=[bucket.arn_for_objects(keys)]))
        id = Stack.of(self).get_logical_id(cast("s3.CfnBucket", bucket.node.default_child))
        acknowledge(role, {f"IAM5[Resource::<{id}.Arn>/{keys}]": "Names of files are made at run time."})

    def _bucket(self, id: str, deployment: Deployment, *, kept: Duration) -> s3.Bucket:
        """A versioned bucket; what was overwritten or deleted can be had back for a while."""
        bucket = s3.Bucket(
            self,
            id,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=not deployment.local,
            versioned=True,
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="forget",
                    noncurrent_version_expiration=kept,
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                    expired_object_delete_marker=True,
                )
            ],
            removal_policy=RemovalPolicy.DESTROY if deployment.local else RemovalPolicy.RETAIN,
        )
        acknowledge(bucket, {"S1": "An access log would hold addresses of visitors and participants; see ADR 0012."})
        return bucket
