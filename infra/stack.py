"""The stack: which parts there are, and who may do what with whom."""

from aws_cdk import CfnOutput, DefaultStackSynthesizer, Duration, Stack, aws_iam as iam
from constructs import Construct

from events.routes import QueueName
from infra.config import Deployment
from infra.parts.clock import Clock
from infra.parts.consumed_queue import ConsumedQueue, allow_sending
from infra.parts.edge import Edge
from infra.parts.mail_channel import MailChannel
from infra.parts.observability import Observability
from infra.parts.outbox_relay import OutboxRelay
from infra.parts.python_function import Kit, PythonFunction, shared_layer
from infra.parts.secret import Secret
from infra.parts.sign_in import SignIn
from infra.parts.storage import Storage
from infra.parts.table import Table
from infra.parts.web import STAGE, Web
from shared.catalogue.model import INDEX
from shared.config import (
    CheckRecordingSettings,
    DeleteExpiredSettings,
    FanOutSettings,
    FollowProgrammeSettings,
    GenerateCatalogueSettings,
    MoveLineSettings,
    NoteMailFailureSettings,
    ReconcileSettings,
    RecordMailOutcomeSettings,
    ScheduleRemindersSettings,
    SendMessagesSettings,
    SendRegistrationMailSettings,
    SweepDueSettings,
    TableSettings,
)
from shared.documents.model import ARRIVALS, DOCUMENTS
from shared.webinars.recording import POSTERS, RECORDINGS
from shared.webinars.s3 import KINDS

SENDERS_AT_ONCE = 2
"""Fewer than two at a time cannot be had. A mail takes some 150 ms, so two that answer people send 13 a second at most,
and seldom for long."""

SHARE_OF_MANY = 0.5
"""How much of what SES takes goes to messages to many: the rest is for those who have just registered."""


class TovholderStack(Stack):
    """One deployment of Tovholder."""

    def __init__(self, scope: Construct, deployment: Deployment) -> None:
        super().__init__(
            scope,
            f"tovholder-{deployment.stage}",
            description="Tovholder: a library network's competence development, from plan to proof",
            termination_protection=not deployment.local,
            # The rule asks for a bootstrapped account, which the emulator is not.
            synthesizer=DefaultStackSynthesizer(generate_bootstrap_version_rule=not deployment.local),
        )
        self.deployment = deployment
        self.kit = Kit(deployment, shared_layer(self, deployment))
        self.table = Table(self, "Table", deployment=deployment)
        self.storage = Storage(self, "Storage", deployment=deployment)
        self.link_keys = Secret(
            self,
            "LinkKeys",
            description="Signed links: the key, and those before it",
            template={"previous": []},
            deployment=deployment,
        )
        self.mail = MailChannel(self, "Mail", deployment=deployment)
        self.sign_in = SignIn(self, "SignIn", deployment=deployment)
        self.clock = Clock(self, "Clock", kit=self.kit)

        origin_secret = Secret(
            self,
            "OriginSecret",
            description="What the edge tells the API",
            template={},
            deployment=deployment,
        )
        self.web = self._web(origin_secret)
        self.edge = Edge(self, "Edge", deployment=deployment, web=self.web, storage=self.storage, secret=origin_secret)

        self.functions: dict[str, PythonFunction] = {}
        self.queues = [
            self._send_registration_mail(),
            self._record_mail_outcome(),
            self._note_mail_failure(),
            self._follow_programme(),
            self._move_line(),
        ]
        self.queues += self._tell_many()
        self.queues.append(self._schedule_reminders())
        self.queues += [self._generate_catalogue(), self._check_recording()]
        self._sweep_due()
        self._reconcile()
        self._delete_expired()
        self.outbox = OutboxRelay(self, "Outbox", kit=self.kit, table=self.table, queues=self.queues)
        self.functions |= {"relay_outbox": self.outbox.relay, "sweep_outbox": self.outbox.sweep}
        self.clock.every(60, self.outbox.sweep)
        self._observe()
        self._tell()

    def _function(
        self,
        id: str,
        name: str,
        settings: type[TableSettings],
        timeout: Duration,
        *,
        extra: str | None = None,
        **values: str,
    ) -> PythonFunction:
        function = PythonFunction(
            self,
            id,
            name=name,
            kit=self.kit,
            settings=settings,
            values={"table_name": self.table.name} | values,
            timeout=timeout,
            extra=extra,
        )
        self.functions[name] = function
        return function

    def _queue(
        self, name: QueueName, consumer: PythonFunction, max_concurrency: int | None = None, batch_size: int = 10
    ) -> ConsumedQueue:
        return ConsumedQueue(
            consumer,
            "Consumed",
            name=name,
            consumer=consumer,
            deployment=self.deployment,
            max_concurrency=max_concurrency,
            batch_size=batch_size,
        )

    def _send_registration_mail(self) -> ConsumedQueue:
        function = self._sender("SendRegistrationMail", "send_registration_mail", SendRegistrationMailSettings)
        self.sign_in.allow_finding_people(function.role)
        return self._queue(QueueName.SEND_REGISTRATION_MAIL, function, max_concurrency=SENDERS_AT_ONCE)

    def _tell_many(self) -> list[ConsumedQueue]:
        """From what happened to a gathering to everybody whom it concerns."""
        per_second = self.deployment.mails_per_second * SHARE_OF_MANY / SENDERS_AT_ONCE
        sender = self._sender("SendMessages", "send_messages", SendMessagesSettings, mails_per_second=str(per_second))
        # A page is as much as is done with in the time a function has.
        messages = self._queue(QueueName.SEND_MESSAGES, sender, max_concurrency=SENDERS_AT_ONCE, batch_size=1)

        function = self._function(
            "FanOut",
            "fan_out",
            FanOutSettings,
            Duration.minutes(5),
            queue_urls=self.to_json_string({str(messages.name): messages.queue.queue_url}),
        )
        self.table.allow(function.role, "GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem")
        allow_sending(function.role, [messages], self.deployment)
        self.fan_out = self._queue(QueueName.FAN_OUT, function, batch_size=1)
        self.clock.let_send_to(self.fan_out)
        return [messages, self.fan_out]

    def _schedule_reminders(self) -> ConsumedQueue:
        function = self._timekeeper(
            "ScheduleReminders", "schedule_reminders", ScheduleRemindersSettings, Duration.seconds(60)
        )
        self.table.allow(function.role, "GetItem", "Query")
        return self._queue(QueueName.SCHEDULE_REMINDERS, function)

    def _generate_catalogue(self) -> ConsumedQueue:
        distribution = self.edge.distribution
        function = self._function(
            "GenerateCatalogue",
            "generate_catalogue",
            GenerateCatalogueSettings,
            Duration.minutes(5),
            base_url=self.deployment.base_url,
            files_bucket=self.storage.files.bucket_name,
            site_bucket=self.storage.site.bucket_name,
            distribution_id=distribution.distribution_id,
        )
        self.table.allow(function.role, "GetItem", "BatchGetItem", "Query", "UpdateItem")
        for keys in ("captions/*", f"{RECORDINGS}*", f"{POSTERS}*", f"{DOCUMENTS}*"):
            self.storage.allow_files(function.role, keys, "GetObject")
        self.storage.allow_pages(function.role)
        function.role.add_to_policy(
            iam.PolicyStatement(actions=["cloudfront:CreateInvalidation"], resources=[distribution.distribution_arn])
        )
        self.clock.at_night(function)
        return self._queue(QueueName.GENERATE_CATALOGUE, function)

    def _check_recording(self) -> ConsumedQueue:
        function = self._function(
            "CheckRecording",
            "check_recording",
            CheckRecordingSettings,
            Duration.minutes(5),
            extra="media",
            files_bucket=self.storage.files.bucket_name,
        )
        self.table.allow(function.role, "GetItem", "PutItem", "DeleteItem")
        self.storage.allow_files(function.role, f"{RECORDINGS}*", "GetObject", "DeleteObject")
        self.storage.allow_files(function.role, f"{POSTERS}*", "PutObject", "DeleteObject")
        queue = self._queue(QueueName.CHECK_RECORDING, function, batch_size=1)
        self.storage.announce(RECORDINGS, queue)
        return queue

    def _timekeeper(
        self, id: str, name: str, settings: type[ScheduleRemindersSettings], timeout: Duration
    ) -> PythonFunction:
        """A function that sets and removes schedules, and sends what is due at once."""
        fan_out = self.fan_out.queue
        function = self._function(
            id,
            name,
            settings,
            timeout,
            queue_urls=self.to_json_string({str(self.fan_out.name): fan_out.queue_url}),
            schedule_group=self.clock.group.schedule_group_name,
            schedule_role_arn=self.clock.role.role_arn,
            schedule_queue_arn=fan_out.queue_arn,
            schedule_dead_letter_arn=self.clock.dead_letters.queue.queue_arn,
        )
        self.clock.allow_setting(function.role)
        allow_sending(function.role, [self.fan_out], self.deployment)
        return function

    def _sender(self, id: str, name: str, settings: type[SendRegistrationMailSettings], **more: str) -> PythonFunction:
        function = self._function(
            id,
            name,
            settings,
            Duration.seconds(60),
            base_url=self.deployment.base_url,
            link_keys_secret=self.link_keys.arn,
            mail_sender=self.deployment.sender,
            mail_configuration_set=self.mail.configuration_set.configuration_set_name,
            user_pool_id=self.sign_in.pool.user_pool_id,
            **more,
        )
        self.table.allow(
            function.role,
            "GetItem",
            "BatchGetItem",
            "Query",
            "PutItem",
            "UpdateItem",
            "DeleteItem",
            query=["person"],
        )
        self.link_keys.allow_reading(function.role)
        self.mail.allow_sending(function.role)
        return function

    def _record_mail_outcome(self) -> ConsumedQueue:
        function = self._function(
            "RecordMailOutcome", "record_mail_outcome", RecordMailOutcomeSettings, Duration.seconds(30)
        )
        self.table.allow(function.role, "GetItem", "PutItem", "UpdateItem", query=["message_id"])
        queue = self._queue(QueueName.RECORD_MAIL_OUTCOME, function)
        self.mail.deliver_outcomes_to(queue)
        return queue

    def _note_mail_failure(self) -> ConsumedQueue:
        function = self._function("NoteMailFailure", "note_mail_failure", NoteMailFailureSettings, Duration.seconds(30))
        self.table.allow(function.role, "GetItem", "UpdateItem")
        return self._queue(QueueName.NOTE_MAIL_FAILURE, function)

    def _follow_programme(self) -> ConsumedQueue:
        function = self._function("FollowProgramme", "follow_programme", FollowProgrammeSettings, Duration.seconds(60))
        self.table.allow(function.role, "GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem")
        return self._queue(QueueName.FOLLOW_PROGRAMME, function)

    def _move_line(self) -> ConsumedQueue:
        function = self._function("MoveLine", "move_line", MoveLineSettings, Duration.seconds(60))
        self.table.allow(function.role, "GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem")
        return self._queue(QueueName.MOVE_LINE, function)

    def _sweep_due(self) -> None:
        function = self._function("SweepDue", "sweep_due", SweepDueSettings, Duration.minutes(2))
        self.table.allow(function.role, "GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", query=["due"])
        self.clock.every(5, function)

    def _reconcile(self) -> None:
        function = self._timekeeper("Reconcile", "reconcile", ReconcileSettings, Duration.minutes(5))
        self.table.allow(
            function.role,
            *("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"),
            query=["listing"],
        )
        self.clock.every(60, function)

    def _delete_expired(self) -> None:
        function = self._function(
            "DeleteExpired",
            "delete_expired",
            DeleteExpiredSettings,
            Duration.minutes(15),
            files_bucket=self.storage.files.bucket_name,
        )
        self.table.allow(
            function.role,
            *("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"),
            query=["listing", "person"],
        )
        for kind in KINDS:
            self.storage.allow_files(function.role, f"{kind}*", "DeleteObject")
        self.storage.allow_listing_files(function.role)
        self.clock.at_night(function)

    def _web(self, origin_secret: Secret) -> Web:
        guard_key = Secret(
            self,
            "GuardKey",
            description="One registration per person; never rotated",
            template={},
            deployment=self.deployment,
        )
        web = Web(
            self,
            "Web",
            kit=self.kit,
            values={
                "table_name": self.table.name,
                "base_url": self.deployment.base_url,
                "link_keys_secret": self.link_keys.arn,
                "guard_key_secret": guard_key.arn,
                "origin_secret": origin_secret.arn,
                "token_issuer": self.sign_in.issuer,
                "token_keys_url": self.sign_in.keys_url,
                "token_client_id": self.sign_in.client.user_pool_client_id,
                "sign_in_url": self.sign_in.url,
                "user_pool_id": self.sign_in.pool.user_pool_id,
                "mail_sender": self.deployment.sender,
                "files_bucket": self.storage.files.bucket_name,
                "site_bucket": self.storage.site.bucket_name,
                **self.deployment.limits,
            },
        )
        self.table.allow(
            web.role,
            "GetItem",
            "BatchGetItem",
            "Query",
            "PutItem",
            "UpdateItem",
            "DeleteItem",
            "ConditionCheckItem",
            query=["listing", "due", "person"],
        )
        for secret in (self.link_keys, guard_key, origin_secret):
            secret.allow_reading(web.role)
        self.storage.allow_files(web.role, "captions/*", "GetObject", "PutObject", "DeleteObject")
        self.storage.allow_files(
            web.role,
            f"{RECORDINGS}*",
            *("GetObject", "PutObject", "DeleteObject", "AbortMultipartUpload", "ListMultipartUploadParts"),
        )
        self.storage.allow_files(web.role, f"{POSTERS}*", "DeleteObject")
        self.storage.allow_files(web.role, f"{ARRIVALS}*", "GetObject", "PutObject")
        self.storage.allow_files(web.role, f"{DOCUMENTS}*", "GetObject", "PutObject", "DeleteObject")
        self.storage.allow_reading_page(web.role, INDEX)
        self.sign_in.allow_managing_people(web.role)
        self.mail.allow_looking_into_identities(web.role)
        return web

    def _observe(self) -> None:
        observability = Observability(self, "Observability", deployment=self.deployment)
        observability.watch_api(self.web.api_name, STAGE)
        observability.watch_functions(
            {"web": self.web.function} | {name: each.function for name, each in self.functions.items()},
            unattended=["sweep_outbox", "sweep_due", "reconcile", "delete_expired", "generate_catalogue"],
        )
        observability.watch_queues(
            {str(each.name): each.queue for each in self.queues},
            [each.dead_letters for each in self.queues] + [self.outbox.dead_letters, self.clock.dead_letters],
        )
        observability.watch_table(self.table.table)
        observability.watch_mail()
        CfnOutput(self, "AlarmTopicArn", value=observability.topic.topic_arn)

    def _tell(self) -> None:
        """The outputs: what people, the local run and the tests need to know of a deployment."""
        distribution = self.edge.distribution
        outputs = {
            "BaseUrl": self.deployment.base_url,
            "TableName": self.table.name,
            "ApiId": self.web.api_id,
            "ApiStage": STAGE,
            "DistributionId": distribution.distribution_id,
            "DistributionDomain": distribution.distribution_domain_name,
            "SiteBucket": self.storage.site.bucket_name,
            "FilesBucket": self.storage.files.bucket_name,
            "UserPoolId": self.sign_in.pool.user_pool_id,
            "UserPoolClientId": self.sign_in.client.user_pool_client_id,
            "SignInDomain": self.sign_in.domain.domain_name,
            "TokenIssuer": self.sign_in.issuer,
            "TokenKeysUrl": self.sign_in.keys_url,
            "MailTopicArn": self.mail.outcomes.topic_arn,
            "MailIdentity": self.mail.domain,
            "MailConfigurationSet": self.mail.configuration_set.configuration_set_name,
            "LinkKeysSecret": self.link_keys.arn,
            "ScheduleGroup": self.clock.group.schedule_group_name,
            "ScheduleRoleArn": self.clock.role.role_arn,
            "QueueUrls": self.to_json_string({str(each.name): each.queue.queue_url for each in self.queues}),
            "DeadLetterUrls": self.to_json_string(
                {str(each.name): each.dead_letters.queue.queue_url for each in self.queues}
                | {
                    "relay-outbox": self.outbox.dead_letters.queue.queue_url,
                    "clock": self.clock.dead_letters.queue.queue_url,
                }
            ),
            "FunctionNames": self.to_json_string(
                {"web": self.web.function_name}
                | {name: each.function.function_name for name, each in self.functions.items()}
            ),
        }
        if not self.deployment.local:  # the emulator signs nothing, and has no records to publish
            outputs["MailDnsRecords"] = self.to_json_string(
                [{"CNAME": record.name, "to": record.value} for record in self.mail.identity.dkim_records]
            )
        for name, value in outputs.items():
            CfnOutput(self, name, value=value)
