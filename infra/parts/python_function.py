"""A function of ours: its code, its role, its log group and an environment that fits its settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aws_cdk import (
    Duration,
    IgnoreMode,
    RemovalPolicy,
    aws_iam as iam,
    aws_lambda as lambda_,
    aws_logs as logs,
)
from constructs import Construct

from infra.config import PYTHON, ROOT, Deployment
from infra.parts.nag import acknowledge
from shared.config import Settings

LOG_RETENTION = logs.RetentionDays.ONE_MONTH


@dataclass(frozen=True, slots=True)
class Kit:
    """What every function of a deployment shares."""

    deployment: Deployment
    layer: lambda_.LayerVersion

    @property
    def architecture(self) -> lambda_.Architecture:
        """arm64 in AWS, a fifth cheaper; the emulator runs functions on its own machine."""
        return lambda_.Architecture.X86_64 if self.deployment.local else lambda_.Architecture.ARM_64

    @property
    def tracing(self) -> lambda_.Tracing:
        """On in AWS, sampled by X-Ray; the emulator has no traces."""
        return lambda_.Tracing.DISABLED if self.deployment.local else lambda_.Tracing.ACTIVE


def shared_layer(scope: Construct, deployment: Deployment) -> lambda_.LayerVersion:
    """The layer with the dependencies, `shared/`, `events/` and the profile."""
    return _layer(scope, "Layer", deployment.layer_path, "Dependencies, shared, events and the network's profile")


def _layer(scope: Construct, id: str, path: Path, description: str) -> lambda_.LayerVersion:
    return lambda_.LayerVersion(
        scope,
        id,
        code=lambda_.Code.from_asset(str(path)),
        compatible_runtimes=[lambda_.Runtime(PYTHON, lambda_.RuntimeFamily.PYTHON)],
        description=description,
        removal_policy=RemovalPolicy.DESTROY,
    )


class PythonFunction(Construct):
    """`functions/<name>/handler.py` with role, log group and environment.

    `values` are by field of `settings`; `extra` is the group of dependencies that it has a layer of its own for.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        kit: Kit,
        settings: type[Settings],
        values: Mapping[str, str],
        timeout: Duration,
        memory: int = 512,
        extra: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        self.timeout = timeout
        log_group = function_logs(self)
        self.role = execution_role(self, log_group, kit)
        self.function = lambda_.Function(
            self,
            "Function",
            description=f"functions/{name}",
            runtime=lambda_.Runtime(PYTHON, lambda_.RuntimeFamily.PYTHON),
            architecture=kit.architecture,
            handler=f"functions.{name}.handler.handler",
            # Git's ignore rules: CDK's default ones would leave our code out without a word.
            code=lambda_.Code.from_asset(
                str(ROOT),
                ignore_mode=IgnoreMode.GIT,
                exclude=[
                    "/*",
                    "!/functions",
                    "/functions/*",
                    "!/functions/__init__.py",
                    f"!/functions/{name}",
                    "__pycache__",
                ],
            ),
            layers=[kit.layer, *([self._extra_layer(kit.deployment, extra)] if extra else [])],
            environment=environment(name, settings, values, kit),
            timeout=timeout,
            memory_size=memory,
            tracing=kit.tracing,
            log_group=log_group,
            role=self.role,
        )
        acknowledge(self.function, {"L1": f"{PYTHON} is the interpreter that builds and tests the code."})

    def _extra_layer(self, deployment: Deployment, name: str) -> lambda_.LayerVersion:
        return _layer(self, "ExtraLayer", deployment.extra_path(name), f"Dependencies of the group {name}")


def environment(name: str, settings: type[Settings], values: Mapping[str, str], kit: Kit) -> dict[str, str]:
    """The environment that the settings will read. Raise ValueError if a value is missing or unknown."""
    fields = settings.model_fields
    missing = {field for field, info in fields.items() if info.is_required()} - values.keys()
    unknown = values.keys() - fields.keys()
    if missing or unknown:
        raise ValueError(f"{name}: {settings.__name__} lacks {sorted(missing)} and does not know {sorted(unknown)}")
    return {field.upper(): value for field, value in values.items()} | {
        "POWERTOOLS_SERVICE_NAME": name,
        "POWERTOOLS_METRICS_NAMESPACE": "Tovholder",
        "POWERTOOLS_LOG_LEVEL": "INFO",
        "POWERTOOLS_TRACE_DISABLED": str(kit.deployment.local).lower(),
    }


def function_logs(scope: Construct) -> logs.LogGroup:
    """A log group that forgets after a month and goes with its function."""
    return logs.LogGroup(scope, "Logs", retention=LOG_RETENTION, removal_policy=RemovalPolicy.DESTROY)


def execution_role(scope: Construct, log_group: logs.LogGroup, kit: Kit) -> iam.Role:
    """A role that may write to its own log group, and send traces, and nothing else yet."""
    role = iam.Role(scope, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    log_group.grant_write(role)
    if not kit.deployment.local:
        role.add_to_policy(
            iam.PolicyStatement(actions=["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resources=["*"])
        )
    acknowledge(role, {"IAM5[Resource::*]": "X-Ray knows no resources: AWS demands * for these two actions."})
    return role
