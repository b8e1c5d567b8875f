"""Keys that AWS makes up and only the functions that need them may read."""

import json
import string
from collections.abc import Mapping
from typing import Any

from aws_cdk import CfnResource, RemovalPolicy, aws_iam as iam, aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.config import Deployment
from infra.parts.nag import acknowledge

# Only 0-9 and a-f are left. Punctuation is excluded by name, since the emulator knows no ExcludePunctuation.
_NOT_HEX = "".join(c for c in string.ascii_letters + string.punctuation if c not in "abcdef")


class Secret(Construct):
    """A JSON object with a generated `key` of 64 hex digits beside what the template says."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        description: str,
        template: Mapping[str, Any],
        deployment: Deployment,
    ) -> None:
        super().__init__(scope, id)
        self._secret = secretsmanager.Secret(
            self,
            "Secret",
            description=description,
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template=json.dumps(template),
                generate_string_key="key",
                password_length=64,
                exclude_characters=_NOT_HEX,
                require_each_included_type=False,
            ),
            removal_policy=RemovalPolicy.DESTROY if deployment.local else RemovalPolicy.RETAIN,
        )
        acknowledge(
            self._secret,
            {"SMG4": "Rotation is a command of ours, since old links must hold; see docs/operations.md."},
        )

    @property
    def arn(self) -> str:
        """The ARN. Taken by GetAtt, because a Ref gives the name in the emulator."""
        resource = self._secret.node.default_child
        assert isinstance(resource, CfnResource)
        return resource.get_att("Id").to_string()

    @property
    def key_reference(self) -> str:
        """A dynamic reference to `key`: CloudFormation resolves it, so that the template holds no secret."""
        return self._secret.secret_value_from_json("key").unsafe_unwrap()

    def allow_reading(self, role: iam.IRole) -> None:
        """Let the role read the secret."""
        role.add_to_principal_policy(
            iam.PolicyStatement(actions=["secretsmanager:GetSecretValue"], resources=[self.arn])
        )
