"""The way mail leaves, and the way back for what became of it."""

from aws_cdk import (
    Stack,
    aws_iam as iam,
    aws_ses as ses,
    aws_sns as sns,
    aws_sns_subscriptions as subscriptions,
)
from constructs import Construct

from infra.config import Deployment
from infra.parts.consumed_queue import ConsumedQueue
from infra.parts.nag import acknowledge

OUTCOMES = (
    ses.EmailSendingEvent.DELIVERY,
    ses.EmailSendingEvent.BOUNCE,
    ses.EmailSendingEvent.COMPLAINT,
    ses.EmailSendingEvent.REJECT,
    ses.EmailSendingEvent.RENDERING_FAILURE,
)


class MailChannel(Construct):
    """The sender's domain as an SES identity, its configuration set, and the topic of what became of mail."""

    def __init__(self, scope: Construct, id: str, *, deployment: Deployment) -> None:
        super().__init__(scope, id)
        self._local = deployment.local
        self.configuration_set = ses.ConfigurationSet(
            self,
            "ConfigurationSet",
            reputation_metrics=True,
            tls_policy=ses.ConfigurationSetTlsPolicy.REQUIRE,
        )
        # Signed by Easy DKIM. What became of a mail comes by the topic, not as one more mail.
        self.identity = ses.EmailIdentity(
            self,
            "Identity",
            identity=ses.Identity.domain(deployment.mail_domain),
            configuration_set=self.configuration_set,
            feedback_forwarding=False,
        )
        self.outcomes = sns.Topic(self, "Outcomes", enforce_ssl=not deployment.local)
        self.configuration_set.add_event_destination(
            "OutcomesDestination",
            destination=ses.EventDestination.sns_topic(self.outcomes),
            events=list(OUTCOMES),
        )

    @property
    def domain(self) -> str:
        """The identity's name."""
        return self.identity.email_identity_name

    def deliver_outcomes_to(self, queue: ConsumedQueue) -> None:
        """Let the queue have each outcome as SES wrote it, without SNS's envelope."""
        self.outcomes.add_subscription(
            subscriptions.SqsSubscription(
                queue.queue, raw_message_delivery=True, dead_letter_queue=queue.dead_letters.queue
            )
        )

    def allow_sending(self, role: iam.IRole) -> None:
        """Let the role send mail from the identity by the configuration set."""
        configuration_set = Stack.of(self).format_arn(
            service="ses",
            resource="configuration-set",
            resource_name=self.configuration_set.configuration_set_name,
        )
        resources = [self.identity.email_identity_arn, configuration_set]
        if self._local:  # the emulator cannot tell which identity a raw mail is sent from, and asks for *
            resources = ["*"]
        role.add_to_principal_policy(iam.PolicyStatement(actions=["ses:SendRawEmail"], resources=resources))

    def allow_looking_into_identities(self, role: iam.Role) -> None:
        """Let the role ask how mail is signed, and what stands in MAIL FROM."""
        actions = ["ses:GetIdentityDkimAttributes", "ses:GetIdentityMailFromDomainAttributes"]
        role.add_to_policy(iam.PolicyStatement(actions=actions, resources=["*"]))
        acknowledge(role, {"IAM5[Resource::*]": "SES knows no resources: AWS demands * for these two actions."})
