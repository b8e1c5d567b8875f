"""The pages and the API: the Chalice app behind a REST API, with a role, log group and layer of our own."""

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any, Final

from aws_cdk import (
    CfnResource,
    RemovalPolicy,
    aws_apigateway as apigateway,
    aws_iam as iam,
    aws_lambda as lambda_,
    aws_logs as logs,
)
from aws_cdk.aws_sam import CfnApi
from chalice.cdk import Chalice
from constructs import Construct

from infra.config import ROOT, Deployment
from infra.parts.nag import acknowledge
from infra.parts.python_function import LOG_RETENTION, Kit, environment, execution_role, function_logs
from shared import network
from shared.config import WebSettings

STAGE: Final = "api"
TIMEOUT: Final = 25  # seconds; API Gateway gives up at 29
MEMORY: Final = 1024  # MB; CPU comes with it, and the first page waits for the imports

# One by one for the emulator, which does not know what API Gateway calls any method.
METHODS: Final = ("get", "head", "post", "put", "patch", "delete", "options")

# Far above what the app's own limits let one network do: this one protects the account, not a visitor.
RATE_LIMIT: Final = 300
BURST_LIMIT: Final = 600

# What API Gateway answers by itself: the status (None: as it is), the app's own kind of problem if it has one, a title.
REFUSALS: Final[Mapping[str, tuple[int | None, str | None, str]]] = {
    "MISSING_AUTHENTICATION_TOKEN": (404, "not-found", "Not found"),  # so it calls an unknown path
    "ACCESS_DENIED": (403, None, "Forbidden"),
    "REQUEST_TOO_LARGE": (413, "too-large", "More than can be sent at once"),
    "THROTTLED": (429, "too-many", "Too many requests at once"),
    "QUOTA_EXCEEDED": (429, "too-many", "Too many requests at once"),
    "INTEGRATION_TIMEOUT": (504, None, "The answer took too long"),
    "DEFAULT_4XX": (None, None, "The request cannot be answered"),
    "DEFAULT_5XX": (None, "fault", "Something went wrong on our side"),
}

# No path, query or address: paths hold signed links (design.md section 7).
ACCESS_LOG: Final = {
    "request_id": "$context.requestId",
    "method": "$context.httpMethod",
    "route": "$context.resourcePath",
    "status": "$context.status",
    "latency_ms": "$context.responseLatency",
    "integration_ms": "$context.integrationLatency",
    "bytes": "$context.responseLength",
    "refused_as": "$context.error.responseType",
}


class Web(Construct):
    """The Chalice app. The names of its resources in the template are Chalice's: RestAPI and APIHandler."""

    def __init__(self, scope: Construct, id: str, *, kit: Kit, values: Mapping[str, str]) -> None:
        super().__init__(scope, id)
        deployment = kit.deployment
        log_group = function_logs(self)
        self.role = execution_role(self, log_group, kit)
        self.chalice = _package(
            self,
            deployment,
            {
                "environment_variables": environment("web", WebSettings, values, kit),
                "layers": [kit.layer.layer_version_arn],
                "manage_iam_role": False,
                "iam_role_arn": self.role.role_arn,
                "lambda_architecture": kit.architecture.name,
                "lambda_memory_size": MEMORY,
                "lambda_timeout": TIMEOUT,
                "xray": not deployment.local,
            },
        )
        handler, self.api = self.chalice.get_resource("APIHandler"), self.chalice.get_resource("RestAPI")
        handler.add_property_override("LoggingConfig.LogGroup", log_group.log_group_name)
        handler.node.add_dependency(self.role.node.find_child("DefaultPolicy"))
        self.function = lambda_.Function.from_function_arn(self, "Function", handler.get_att("Arn").to_string())
        self.function_name: str = handler.ref
        self._methods = METHODS if deployment.local else ("x-amazon-apigateway-any-method",)
        self.api_name = f"tovholder-{deployment.stage}"
        self._configure_api(self.api)

    def _configure_api(self, api: CfnApi) -> None:
        # No TracingEnabled: its traces would keep paths and addresses. The function's own do not (ADR 0012).
        access_log = logs.LogGroup(self, "AccessLog", retention=LOG_RETENTION, removal_policy=RemovalPolicy.DESTROY)
        api.node.add_dependency(self._let_api_gateway_log())
        self._take_everything(api)
        # Metrics go by the name, and an account may hold several deployments.
        api.add_property_override("Name", self.api_name)
        api.add_property_override("DefinitionBody.info.title", self.api_name)
        # Said outright, or SAM makes a second stage, "Stage", without limits and logs.
        api.add_property_override("OpenApiVersion", "2.0")
        api.add_property_override("BinaryMediaTypes", ["*/*"])
        api.add_property_override("GatewayResponses", {kind: _problem(*answer) for kind, answer in REFUSALS.items()})
        api.add_property_override(
            "MethodSettings",
            [
                {
                    "HttpMethod": "*",
                    "ResourcePath": "/*",
                    "ThrottlingRateLimit": RATE_LIMIT,
                    "ThrottlingBurstLimit": BURST_LIMIT,
                }
            ],
        )
        api.add_property_override(
            "AccessLogSetting", {"DestinationArn": access_log.log_group_arn, "Format": json.dumps(ACCESS_LOG)}
        )

    def _take_everything(self, api: CfnApi) -> None:
        """Hand every path and method to the app, which knows its addresses and says 404 and 405 itself (ADR 0019)."""
        body = api.definition_body
        greedy = next(iter(body["paths"]["/{proxy+}"].values()))
        root = next(iter(body["paths"]["/"].values()))
        body["paths"] = {
            "/": dict.fromkeys(self._methods, root),
            "/{proxy+}": dict.fromkeys(self._methods, greedy),
        }
        api.definition_body = body

    def _let_api_gateway_log(self) -> CfnResource:
        """An account has one such role for all its APIs. Kept with the stack gone: others may lean on it."""
        managed = "service-role/AmazonAPIGatewayPushToCloudWatchLogs"
        role = iam.Role(
            self,
            "ApiGatewayLogs",
            assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"),
            managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name(managed)],
        )
        account = apigateway.CfnAccount(self, "Account", cloud_watch_role_arn=role.role_arn)
        for kept in (role, account):
            kept.apply_removal_policy(RemovalPolicy.RETAIN)
        acknowledge(
            role,
            {f"IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{managed}]": "AWS makes it for this role."},
        )
        return account

    @property
    def api_id(self) -> str:
        """The REST API's id."""
        return str(self.api.ref)


def _problem(status: int | None, kind: str | None, title: str) -> dict[str, Any]:
    """RFC 9457 in the words of API Gateway. `about:blank`: no more is known than the status says."""
    problem: dict[str, str | int] = {"type": f"urn:tovholder:problem:{kind}" if kind else "about:blank", "title": title}
    if status is not None:
        problem["status"] = status
    headers = {"Content-Type": "'application/problem+json'", "Cache-Control": "'no-store'"}
    if status == 429:
        headers["Retry-After"] = "'1'"
    answer: dict[str, Any] = {
        "ResponseTemplates": {"application/json": json.dumps(problem)},
        "ResponseParameters": {"Headers": headers},
    }
    return answer | ({"StatusCode": str(status)} if status is not None else {})


def _package(scope: Construct, deployment: Deployment, settings: dict[str, Any]) -> Any:
    """Have Chalice package a clean copy: it writes beside the source and takes what Python left there."""
    with TemporaryDirectory(prefix="tovholder-") as work, _as_it_was(), _profile_of(deployment):
        copy = Path(work, "app")
        shutil.copytree(deployment.web, copy, ignore=shutil.ignore_patterns("__pycache__", "deployments"))
        if deployment.assets is not None:
            # What lies in the source names the own profile's files.
            shutil.copyfile(ROOT / deployment.assets / "manifest.json", copy / "chalicelib" / "assets.json")
        # Chalice asks for a region and never uses it: the API's addresses are CloudFormation's.
        os.environ.setdefault("AWS_DEFAULT_REGION", "eu-north-1")
        with chdir(work):
            return Chalice(scope, "Chalice", source_dir=str(copy), stage_config=settings)


@contextmanager
def _profile_of(deployment: Deployment) -> Iterator[None]:
    """Let the app give itself the addresses of this deployment's languages: it reads its own profile as it starts."""
    own, network.PROFILE = network.PROFILE, ROOT / deployment.network
    try:
        yield
    finally:
        network.PROFILE = own


@contextmanager
def _as_it_was() -> Iterator[None]:
    """Undo what Chalice does to the process to import the app: its environment, path and modules."""
    environ, path, modules = dict(os.environ), list(sys.path), _forget_the_app()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(environ)
        sys.path[:] = path
        _forget_the_app()
        sys.modules.update(modules)


def _forget_the_app() -> dict[str, ModuleType]:
    """Take the app's modules out of the process and return them."""
    names = [name for name in sys.modules if name.partition(".")[0] in ("app", "chalicelib")]
    return {name: sys.modules.pop(name) for name in names}
